import { ANNOTATIONS_BY_ANY_NAME, type AnnotationFacts } from '../facts/ingressNginxAnnotations.ts';
import { CONTROLLER_FLAGS } from '../facts/ingressNginxFlags.ts';
import { CONFIG_KEYS, type KeyFacts } from '../facts/ingressNginxKeys.ts';
import type { ControllerKey } from '../model/controllerConfig.ts';
import { defaultOfFlag, defaultOfKey } from '../model/controllerDefaults.ts';
import { isReadByController, isServed, keyInForce, validatesAnnotations } from '../model/controllers.ts';
import type { Annotation } from '../model/ingress.ts';
import type { Place } from '../model/value.ts';
import { refusalOfAnnotation, refusalOfKey } from '../simulate/controllerValue.ts';
import { type Span, touches } from '../text/span.ts';
import type { PieceAt, Workspace } from '../workspace/workspace.ts';
import type { Shown } from './answers.ts';
import { CONTROLLER_WORDS, code, defaultShown, tableRow, valuesOfAnnotation, valuesOfKey } from './controllerWords.ts';

/** What the controller makes of the key, the annotation or the flag at a position. */
export function controllerHover(piece: PieceAt, workspace: Workspace): Shown | null {
  const { linked: cluster } = workspace;
  for (const entity of piece.entities) {
    if (entity.is === 'controllerConfig' && isReadByController(entity, cluster)) {
      const key = entity.keys.find(({ value }) => isAt(value.place, piece.offset));
      const facts = key && (CONFIG_KEYS.get(key.name) ?? CONFIG_KEYS.get(key.name.toLowerCase()));
      const span = facts && spanOf(key.value.place, facts.type, piece);
      if (span) return { markdown: ofKey(facts, key, piece, workspace), span };
    } else if (entity.is === 'ingress' && isServed(entity, cluster) !== false) {
      const annotation = entity.annotations.find(({ value }) => isAt(value.place, piece.offset));
      const facts = ANNOTATIONS_BY_ANY_NAME.get(annotation?.name ?? '');
      const span = annotation && facts && spanOf(annotation.value.place, facts.type, piece);
      if (span) return { markdown: ofAnnotation(facts, annotation, piece, workspace), span };
    } else if (entity.is === 'controllerWorkload') {
      const flag = entity.flags.find(({ place }) => isAt(place, piece.offset));
      if (flag && CONTROLLER_FLAGS.has(flag.name)) {
        return { markdown: ofFlag(flag.name, piece, workspace), span: flag.place.entry };
      }
    }
  }
  return null;
}

/** The entry; its key alone where a text in a language of its own stands behind it. Null beside that. */
function spanOf(place: Place | null, type: string, { text, offset }: PieceAt): Span | null {
  if (!place || type !== 'nginx-text') return place?.entry ?? null;
  const { start } = place.entry;
  const key = text.slice(start, place.value.start).trimEnd();
  const end = start + key.replace(/[ \t]*:$/, '').length;
  return offset <= end ? { start, end } : null;
}

function isAt(place: Place | null, offset: number): boolean {
  return place !== null && touches(place.entry, offset);
}

function ofKey(facts: KeyFacts, { value }: ControllerKey, { file }: PieceAt, { linked, language }: Workspace): string {
  const words = CONTROLLER_WORDS[language];
  const version = linked.version('controller', file);
  const byDefault = defaultOfKey(facts.name, version) ?? facts.default;
  const written = value.known;
  const refused = written !== undefined && refusalOfKey(facts, written) !== null;
  const keepsDefault = facts.onInvalid === 'default' || facts.onInvalid === 'ignored' || facts.onInvalid === 'authOff';
  const inForce =
    written === undefined || facts.type === 'nginx-text' ? null : refused ? (keepsDefault ? byDefault : null) : written;
  return table(`**${facts.name}**`, facts.help[language], [
    ...tableRow(words.inForce, inForce === null ? null : (defaultShown(inForce, language) ?? words.none)),
    ...tableRow(words.default, defaultShown(byDefault, language) ?? words.none),
    ...tableRow(words.values, valuesOfKey(facts).map(code).join(' ')),
    ...tableRow(words.becomes, facts.directive === null ? null : code(facts.directive)),
    ...tableRow(words.invalid, facts.onInvalid === null ? null : words.key[facts.onInvalid]),
    ...tableRow('ingress-nginx', `${words.since(facts.since)}${facts.deprecated ? `, ${words.deprecated}` : ''}`),
  ]);
}

function ofAnnotation(
  facts: AnnotationFacts,
  { value }: Annotation,
  { file }: PieceAt,
  { linked, language }: Workspace,
): string {
  const words = CONTROLLER_WORDS[language];
  const level = keyInForce(linked, file, 'annotations-risk-level');
  const version = linked.version('controller', file);
  const limit = level.state === 'known' ? level.value : defaultOfKey('annotations-risk-level', version);
  const refused =
    value.known !== undefined && refusalOfAnnotation(facts, value.known, validatesAnnotations(linked, file)) !== null;
  const inForce = value.known === undefined || refused || facts.type === 'nginx-text' ? null : code(value.known);
  return table(`**${facts.name}**`, facts.help[language], [
    ...tableRow(words.inForce, inForce),
    ...tableRow(words.values, valuesOfAnnotation(facts).map(code).join(' ')),
    ...tableRow(words.becomes, facts.directive === null ? null : code(facts.directive)),
    ...tableRow(words.readWith, facts.readWith === null ? null : code(facts.readWith)),
    ...tableRow(words.risk, `${facts.risk}${limit === null ? '' : ` (annotations-risk-level: ${limit})`}`),
    ...tableRow(words.invalid, words.annotation[facts.onInvalid]),
    ...tableRow('ingress-nginx', words.since(facts.since)),
  ]);
}

function ofFlag(name: string, { file }: PieceAt, { linked, language }: Workspace): string {
  const words = CONTROLLER_WORDS[language];
  const facts = CONTROLLER_FLAGS.get(name);
  if (!facts) return '';
  const byDefault = defaultOfFlag(name, facts.default, linked.version('controller', file)) ?? facts.default;
  return table(`**${name}**`, facts.help[language], [
    ...tableRow(words.type, facts.type),
    ...tableRow(words.default, defaultShown(byDefault, language) ?? words.none),
    ...tableRow('ingress-nginx', words.since(facts.since)),
  ]);
}

function table(title: string, help: string, rows: readonly string[]): string {
  return [title, '', help, '', '| | |', '| --- | --- |', ...rows].join('\n');
}
