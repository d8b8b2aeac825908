import { parseYaml } from '../syntax/yaml/parse.ts';
import { cutStream } from '../syntax/yaml/stream.ts';
import type { Span } from '../text/span.ts';
import type { Entity } from './entity.ts';
import { kustomizationOf } from './kustomization.ts';
import { Reading } from './reading.ts';
import { helmValuesPodSpecs } from './sources/helmValues.ts';
import { manifestEntities } from './sources/manifest.ts';

/** The languages that a piece can be written in. */
export type PieceLanguage = 'yaml';

/** Where something can be found: `words` are looked for before anything is parsed. */
interface Source {
  readonly language: PieceLanguage;
  readonly words: RegExp;
  readonly files?: RegExp;
  read(file: string, root: Reading): Iterable<Entity>;
}

const SOURCES: readonly Source[] = [
  {
    language: 'yaml',
    words: /hostNetwork|dnsPolicy|ingress-nginx|nginx-ingress|KubeProxyConfiguration/,
    read: (_, root) => manifestEntities(root),
  },
  {
    language: 'yaml',
    words: /hostNetwork|dnsPolicy/,
    read: helmValuesPodSpecs,
  },
  {
    language: 'yaml',
    words: /^/,
    files: /(?:^|\/)kustomization\.ya?ml$/i,
    read: (_, root) => [kustomizationOf(root)],
  },
];

/** Files whose text is never read as YAML, however much of it they quote. */
const OTHER_LANGUAGES =
  /\.(?:md|markdown|rst|adoc|html?|xml|svg|css|s?sh|bash|zsh|go|py|rb|js|mjs|cjs|ts|tsx|jsx|java|rs|c|h|cc|cpp|cs|php|lua|tf|hcl|cue|dhall|jsonnet|libsonnet|sql|log|lock|patch|diff)$/i;

const YAML_ENTRY = /^[ \t]*(?:- +)*["']?[\w./-]+["']?[ \t]*:(?:[ \t\r\n]|$)|^\s*[[{]/m;

/** The pieces of a file: spans that cover its whole text. Each is read, cached and reported on by itself. */
export function cutPieces(text: string): Span[] {
  return /^\uFEFF?\s*(?:\[|\{(?![{%#]))/.test(text) ? [{ start: 0, end: text.length }] : cutStream(text);
}

/** False if nothing in the file can be of interest: a look for telling words, without any parsing. */
export function isOfInterest(file: string, text: string): boolean {
  return sourcesFor(file, text).length > 0;
}

/**
 * Longer pieces are left unread, in UTF-16 offsets: no API server takes an object of more than 3 MiB (its default limit
 * for a request), and nobody writes such a values file.
 */
const MAX_PIECE_LENGTH = 3 * 1024 * 1024;

/** What a piece says; empty for one that is of no interest. Never throws. `file` is a path with `/`. */
export function readPiece(file: string, text: string): Entity[] {
  const sources = sourcesFor(file, text);
  if (sources.length === 0 || text.length > MAX_PIECE_LENGTH || !YAML_ENTRY.test(text)) return [];
  const root = Reading.of(parseYaml(text));
  return sources.flatMap(source => [...source.read(file, root)]);
}

function sourcesFor(file: string, text: string): Source[] {
  if (OTHER_LANGUAGES.test(file)) return [];
  return SOURCES.filter(({ words, files }) => (!files || files.test(file)) && words.test(text));
}
