import { CONFIG_KEYS } from '../facts/ingressNginxKeys.ts';
import { defaultOfKey } from '../model/controllerDefaults.ts';
import { isReadByController } from '../model/controllers.ts';
import { refusalOfKey } from '../simulate/controllerValue.ts';
import { formatVersion } from '../text/version.ts';
import type { Wording } from '../text/wording.ts';
import type { FilePiece, Workspace } from '../workspace/workspace.ts';
import type { HintInPiece } from './answers.ts';

const WORDS: Wording<{ readonly label: (value: string) => string; readonly tooltip: (version: string) => string }> = {
  en: {
    label: value => ` instead of ${value}`,
    tooltip: version => `The default of ingress-nginx ${version}, which this line overrides.`,
  },
  zh: {
    label: value => ` 默认为 ${value}`,
    tooltip: version => `ingress-nginx ${version} 的默认值，被这一行覆盖。`,
  },
};

/** Longer defaults are for the hover. */
const MAX_LENGTH = 24;

/** Behind each value of the controller's ConfigMap that overrides a default: the default. */
export function* controllerHints(piece: FilePiece, { linked, language }: Workspace): Iterable<HintInPiece> {
  for (const entity of piece.entities) {
    if (entity.is !== 'controllerConfig' || !isReadByController(entity, linked)) continue;
    const version = linked.version('controller', piece.file);
    for (const { name, value } of entity.keys) {
      const facts = CONFIG_KEYS.get(name) ?? CONFIG_KEYS.get(name.toLowerCase());
      const { known, place } = value;
      if (!facts || known === undefined || !place || known.includes('\n') || refusalOfKey(facts, known)) continue;
      const byDefault = defaultOfKey(facts.name, version);
      if (byDefault === null || byDefault === known || byDefault.length > MAX_LENGTH) continue;
      const { label, tooltip } = WORDS[language];
      yield { offset: place.value.end, label: label(byDefault), tooltip: tooltip(formatVersion(version.newest)) };
    }
  }
}
