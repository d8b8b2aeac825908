import {
  ANNOTATION_PREFIX,
  ANNOTATION_SNIPPETS,
  CONFIG_MAP_SNIPPETS,
  type SnippetKey,
} from '../../facts/ingressNginxSnippets.ts';
import { mappingsIn } from '../mappings.ts';
import { type NginxCarrier, NginxText } from '../nginxText.ts';
import type { Reading } from '../reading.ts';
import { chartControllers } from './helmValues.ts';
import { objects } from './manifest.ts';
import { looksLikeNginx, nginxOfFile } from './nginxFile.ts';

/** The nginx texts in a YAML document: snippets of ConfigMaps, of Helm values and of annotations, and whole files. */
export function* nginxInYaml(file: string, root: Reading): Iterable<NginxText> {
  const named = new Set<string>();
  for (const object of objects(root)) {
    if (hasNamedHosts(object)) named.add(JSON.stringify(object.at('metadata', 'annotations').address));
    if (!object.get('kind').string().is('ConfigMap')) continue;
    const entries = object.get('data');
    yield* snippets(entries, CONFIG_MAP_SNIPPETS, '', 'configMap');
    yield* files(entries);
  }
  for (const { controller } of chartControllers(file, root)) {
    yield* snippets(controller.get('config'), CONFIG_MAP_SNIPPETS, '', 'helmValues');
  }
  for (const mapping of mappingsIn(root)) yield* ofAnnotations(mapping, named.has(JSON.stringify(mapping.address)));
}

/** True for an Ingress whose rules certainly all name a host. */
function hasNamedHosts(object: Reading): boolean {
  const spec = object.get('spec');
  const rules = spec.get('rules');
  const hosts = rules.items().map(rule => rule.get('host').string().known ?? '');
  return (
    object.get('kind').string().is('Ingress') &&
    hosts.length > 0 &&
    !hosts.includes('') &&
    !rules.mayHaveMoreItems &&
    spec.get('defaultBackend').isAbsent &&
    spec.get('backend').isAbsent
  );
}

/** The snippets of a mapping if it holds annotations: below `metadata`, or in the values of whatever chart passes them on. */
function* ofAnnotations(mapping: Reading, isOfNamedHosts: boolean): Iterable<NginxText> {
  if (mapping.entries().some(({ name }) => name.startsWith(ANNOTATION_PREFIX))) {
    yield* snippets(mapping, ANNOTATION_SNIPPETS, ANNOTATION_PREFIX, 'annotation', isOfNamedHosts);
  }
}

function* snippets(
  entries: Reading,
  keys: readonly SnippetKey[],
  prefix: string,
  from: 'configMap' | 'annotation' | 'helmValues',
  isOfNamedHosts = false,
): Iterable<NginxText> {
  for (const { name, context, block } of keys) {
    const value = entries.get(prefix + name);
    const text = value.embeddedText();
    if (!text) continue;
    const beside = entries.entries().flatMap(other => (other.name === prefix + name ? [] : [other.name]));
    const carrier: NginxCarrier = { kind: 'snippet', from, key: prefix + name, block, beside, isOfNamedHosts };
    yield new NginxText(carrier, text, context);
  }
}

/** ConfigMaps that carry whole files of nginx, to be mounted. */
function* files(entries: Reading): Iterable<NginxText> {
  for (const { name, value } of entries.entries()) {
    if (!/\.(?:conf|template|tmpl)$/.test(name)) continue;
    const text = value.embeddedText();
    if (text && looksLikeNginx(name, text.text)) yield nginxOfFile(name, text);
  }
}
