import { parseYaml } from '../syntax/yaml/parse.ts';
import { dereference, nodeAt, type YamlNode } from '../syntax/yaml/tree.ts';
import type { Span } from '../text/span.ts';
import { readSettings, type SettingProblem } from './settings.ts';

/** The file at the workspace's root that holds its settings. */
export const SETTINGS_FILE = 'ingress-path.yaml';

/** What a settings file says, and where it says something that is no setting. */
export interface SettingsFile {
  readonly raw: unknown;
  readonly problems: readonly { readonly span: Span; readonly problem: SettingProblem }[];
}

export const EMPTY_SETTINGS_FILE: SettingsFile = { raw: {}, problems: [] };

export function readSettingsFile(text: string): SettingsFile {
  const root = parseYaml(text).root;
  if (!root) return EMPTY_SETTINGS_FILE;
  const raw = plainData(root);
  const problems = readSettings(raw).problems.map(problem => ({
    span: nodeAt(root, problem.path)?.span ?? root.span,
    problem,
  }));
  return { raw, problems };
}

/**
 * Unlike a manifest, this file is YAML 1.2: a level of `off` is a word, not the boolean that Kubernetes would read. An
 * alias stands for a scalar alone: lists of lists of aliases would unfold without end.
 */
function plainData(node: YamlNode): unknown {
  const target = dereference(node);
  if (node.kind === 'alias' && target?.kind !== 'scalar') return null;
  if (target?.kind === 'map')
    return Object.fromEntries(target.entries.map(({ name, value }) => [name ?? '', plainData(value)]));
  if (target?.kind === 'seq') return target.items.map(({ value }) => plainData(value));
  if (!target) return null;
  if (target.style !== 'plain') return target.text;
  if (/^(?:true|false)$/.test(target.text)) return target.text === 'true';
  if (/^-?\d+(?:\.\d+)?$/.test(target.text)) return Number(target.text);
  return /^(?:null|~|)$/.test(target.text) ? null : target.text;
}
