import { parseYaml } from '../syntax/yaml/parse.ts';
import { cutStream } from '../syntax/yaml/stream.ts';
import type { Span } from '../text/span.ts';
import type { Entity } from './entity.ts';
import { kustomizationOf } from './kustomization.ts';
import { Reading } from './reading.ts';
import { helmValuesPodSpecs } from './sources/helmValues.ts';
import { manifestEntities } from './sources/manifest.ts';
import { looksLikeNginx, nginxOfFile } from './sources/nginxFile.ts';
import { nginxInYaml } from './sources/nginxInYaml.ts';
import { tlsOfController } from './sources/tlsController.ts';
import { tlsOfNginx } from './sources/tlsNginx.ts';
import { versionsInYaml } from './sources/versionsInYaml.ts';

/** The languages that a file's pieces are written in. */
export type PieceLanguage = 'yaml' | 'nginx';

/** Where something can be found in YAML: `words` are looked for before anything is parsed. */
interface YamlSource {
  readonly words: RegExp;
  readonly files?: RegExp;
  read(file: string, root: Reading): Iterable<Entity>;
}

const YAML_SOURCES: readonly YamlSource[] = [
  {
    words: /hostNetwork|dnsPolicy|ingress-nginx|nginx-ingress|KubeProxyConfiguration/,
    read: (_, root) => manifestEntities(root),
  },
  { words: /hostNetwork|dnsPolicy/, read: helmValuesPodSpecs },
  { words: /-snippet\b|\.(?:conf|template|tmpl)["']?:/, read: nginxInYaml },
  { words: /ssl-(?:ciphers|protocols)/, read: tlsOfController },
  {
    words: /ingress-controller|ingress-nginx|kube-(?:proxy|apiserver)|kubernetesVersion|KubeadmControlPlane/,
    read: versionsInYaml,
  },
  { words: /^/, files: /(?:^|\/)kustomization\.ya?ml$/i, read: (_, root) => [kustomizationOf(root)] },
];

/** Files whose text is never read as YAML, however much of it they quote. */
const OTHER_LANGUAGES =
  /\.(?:md|markdown|rst|adoc|html?|xml|svg|css|s?sh|bash|zsh|go|py|rb|js|mjs|cjs|ts|tsx|jsx|java|rs|c|h|cc|cpp|cs|php|lua|tf|hcl|cue|dhall|jsonnet|libsonnet|sql|log|lock|patch|diff)$/i;

const YAML_ENTRY = /^[ \t]*(?:- +)*["']?[\w./-]+["']?[ \t]*:(?:[ \t\r\n]|$)|^\s*[[{]/m;

/**
 * Longer pieces are left unread, in UTF-16 offsets: no API server takes an object of more than 3 MiB (its default limit
 * for a request), and nobody writes such a values file.
 */
const MAX_PIECE_LENGTH = 3 * 1024 * 1024;

/** The language of a file of interest, by its content first; null if nothing in it can be. `file` is a path with `/`. */
export function languageOf(file: string, text: string): PieceLanguage | null {
  if (text.length <= MAX_PIECE_LENGTH && looksLikeNginx(file, text)) return 'nginx';
  return yamlSourcesFor(file, text).length > 0 ? 'yaml' : null;
}

/** The pieces of a file: spans that cover its whole text. Each is read, cached and reported on by itself. */
export function cutPieces(language: PieceLanguage, text: string): Span[] {
  return language === 'nginx' ? [{ start: 0, end: text.length }] : cutStream(text);
}

/** What a piece says; empty for one that is of no interest. Never throws. */
export function readPiece(file: string, language: PieceLanguage, text: string): Entity[] {
  if (text.length > MAX_PIECE_LENGTH) return [];
  if (language === 'nginx') return [...withTls(nginxOfFile(file, text))];
  const sources = yamlSourcesFor(file, text);
  if (sources.length === 0) return [];
  const root = Reading.of(parseYaml(text));
  return sources.flatMap(source => [...source.read(file, root)].flatMap(entity => [...withTls(entity)]));
}

/** What nginx's own language says of TLS, behind the text that says it. */
function* withTls(entity: Entity): Iterable<Entity> {
  yield entity;
  if (entity.is === 'nginxText') yield* tlsOfNginx(entity);
}

function yamlSourcesFor(file: string, text: string): YamlSource[] {
  if (OTHER_LANGUAGES.test(file)) return [];
  const sources = YAML_SOURCES.filter(({ words, files }) => (!files || files.test(file)) && words.test(text));
  return sources.length > 0 && YAML_ENTRY.test(text) ? sources : [];
}
