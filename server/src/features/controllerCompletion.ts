import { ANNOTATIONS, ANNOTATIONS_BY_ANY_NAME, type AnnotationFacts } from '../facts/ingressNginxAnnotations.ts';
import { CONTROLLER_FLAGS } from '../facts/ingressNginxFlags.ts';
import { CONFIG_KEYS, type KeyFacts } from '../facts/ingressNginxKeys.ts';
import { ANNOTATION_PREFIX } from '../facts/ingressNginxSnippets.ts';
import type { ControllerConfig } from '../model/controllerConfig.ts';
import { isReadByController, isServed } from '../model/controllers.ts';
import type { ControllerWorkload } from '../model/controllerWorkload.ts';
import type { Ingress } from '../model/ingress.ts';
import { controllerInYaml } from '../model/sources/controller.ts';
import type { Address } from '../model/value.ts';
import type { Language } from '../text/wording.ts';
import type { PieceAt, Workspace } from '../workspace/workspace.ts';
import { type Completion, type Completions, completionsOf } from './answers.ts';
import { CONTROLLER_WORDS, defaultShown, valuesOfAnnotation, valuesOfKey } from './controllerWords.ts';
import { type YamlCaret, yamlCaret } from './yamlCaret.ts';

/** Keys of the controller's ConfigMap, annotations of Ingresses, flags of the controller, and the values of all of them. */
export function controllerCompletion(piece: PieceAt, workspace: Workspace): Completions | null {
  const { linked: cluster, language } = workspace;
  const caret = piece.language === 'yaml' ? yamlCaret(piece) : null;
  if (!caret) return null;
  const entities = [...controllerInYaml(piece.file, caret.root), ...piece.entities];
  for (const entity of entities) {
    const isOurs =
      (entity.is === 'controllerConfig' && isReadByController(entity, cluster)) ||
      (entity.is === 'ingress' && isServed(entity, cluster) !== false) ||
      entity.is === 'controllerWorkload';
    const items = isOurs ? itemsFor(entity, caret, piece, language) : [];
    if (items.length > 0) return completionsOf(piece, caret.typed, items);
  }
  return null;
}

function itemsFor(
  entity: ControllerConfig | Ingress | ControllerWorkload,
  caret: YamlCaret,
  piece: PieceAt,
  language: Language,
): readonly Completion[] {
  const { address } = caret.target;
  switch (entity.is) {
    case 'controllerConfig':
      if (caret.what === 'key' && isSame(address, entity.address)) return keys(entity, caret, language);
      return caret.what === 'value' && isIn(address, entity.address)
        ? valuesFor(CONFIG_KEYS.get(String(address.at(-1))), entity.origin === 'configMap', caret, piece)
        : [];
    case 'ingress':
      if (caret.what === 'key' && isSame(address, entity.address)) return annotations(entity, caret, language);
      return caret.what === 'value' && isIn(address, entity.address) ? annotationValues(caret, piece) : [];
    case 'controllerWorkload':
      return flags(entity, caret, language);
  }
}

function keys({ keys: written }: ControllerConfig, { hasColon }: YamlCaret, language: Language): Completion[] {
  const there = new Set(written.map(({ name }) => name));
  return [...CONFIG_KEYS.values()]
    .filter(({ name, internal, deprecated }) => !there.has(name) && !internal && !deprecated)
    .map(facts => ({
      kind: 'key',
      label: facts.name,
      detail: detailOf(facts, language),
      documentation: facts.help[language],
      insert: facts.name + (hasColon ? '' : ': '),
    }));
}

function detailOf({ type, default: value, since }: KeyFacts, language: Language): string {
  const words = CONTROLLER_WORDS[language];
  const shown = defaultShown(value.length > 40 ? `${value.slice(0, 40)}…` : value, language)?.replaceAll('`', '');
  return [type, ...(shown ? [`${words.default} ${shown}`] : []), words.since(since)].join(' · ');
}

function valuesFor(
  facts: KeyFacts | undefined,
  needsString: boolean,
  caret: YamlCaret,
  piece: PieceAt,
): readonly Completion[] {
  if (!facts) return [];
  const values = valuesOfKey(facts);
  const offered = values.length > 0 ? values : isPlain(facts.default) ? [facts.default] : [];
  return offered.map(value => valueItem(value, facts.name, needsString, caret, piece));
}

function isPlain(value: string): boolean {
  return /^[\w./-]+$/.test(value);
}

function annotations({ annotations: written }: Ingress, { hasColon }: YamlCaret, language: Language): Completion[] {
  const there = new Set(written.map(({ name }) => name));
  const words = CONTROLLER_WORDS[language];
  return [...ANNOTATIONS.values()]
    .filter(({ name, aliases }) => !there.has(name) && !aliases.some(alias => there.has(alias)))
    .map(facts => ({
      kind: 'key',
      label: ANNOTATION_PREFIX + facts.name,
      detail: [facts.type, `${words.risk} ${facts.risk}`, words.since(facts.since)].join(' · '),
      documentation: facts.help[language],
      insert: ANNOTATION_PREFIX + facts.name + (hasColon ? '' : ': '),
    }));
}

function annotationValues(caret: YamlCaret, piece: PieceAt): readonly Completion[] {
  const key = String(caret.target.address.at(-1));
  if (!key.startsWith(ANNOTATION_PREFIX)) return [];
  const facts: AnnotationFacts | undefined = ANNOTATIONS_BY_ANY_NAME.get(key.slice(ANNOTATION_PREFIX.length));
  if (!facts) return [];
  return valuesOfAnnotation(facts).map(value => valueItem(value, facts.name, true, caret, piece));
}

/** What YAML would not read as a string gets quotes where Kubernetes wants one. */
function valueItem(
  value: string,
  detail: string,
  needsString: boolean,
  { typed }: YamlCaret,
  piece: PieceAt,
): Completion {
  const isQuoted = /["']/.test(piece.text[typed.start - 1] ?? '');
  const isString = !/^(?:true|false|on|off|yes|no|[\d.]+)$/i.test(value);
  const insert = isQuoted || isString || !needsString ? value : `"${value}"`;
  return { kind: 'value', label: value, detail, documentation: '', insert };
}

function flags(
  { flagsAddress, origin, flags: written }: ControllerWorkload,
  { target: { address }, what, hasColon }: YamlCaret,
  language: Language,
): Completion[] {
  const words = CONTROLLER_WORDS[language];
  const inValues = origin === 'helmValues' && what === 'key' && isSame(address, flagsAddress);
  // A word behind a dash can still become a key.
  if (!inValues && (origin !== 'manifest' || !isIn(address, flagsAddress))) return [];
  const there = new Set(written.map(({ name }) => name));
  return [...CONTROLLER_FLAGS.values()]
    .filter(({ name }) => !there.has(name))
    .map(({ name, type, default: value, since, help }) => {
      const label = inValues ? name.slice(2) : name;
      const shown = defaultShown(value, language)?.replaceAll('`', '');
      const behind = inValues ? (hasColon ? '' : ': ') : type === 'bool' ? '' : '=';
      return {
        kind: 'option',
        label,
        detail: [type, ...(shown ? [`${words.default} ${shown}`] : []), words.since(since)].join(' · '),
        documentation: help[language],
        insert: label + behind,
      };
    });
}

function isSame(a: Address, b: Address): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function isIn(address: Address, outer: Address): boolean {
  return address.length === outer.length + 1 && isSame(address.slice(0, -1), outer);
}
