import type { NginxText } from '../model/nginxText.ts';
import type { NginxDirective } from '../syntax/nginx/tree.ts';
import type { Span } from '../text/span.ts';
import type { FilePiece } from '../workspace/workspace.ts';
import type { OutlineItem, OutlineKind } from './answers.ts';
import { nginxTexts } from './nginxAt.ts';

/** Blocks further down are left out: nobody nests so deeply. */
const MAX_DEPTH = 32;

/** Characters of a name that an outline has room for. */
const MAX_NAME = 80;

const KINDS: ReadonlyMap<string, OutlineKind> = new Map([
  ...['http', 'events', 'stream', 'mail'].map(name => [name, 'section'] as const),
  ...['map', 'geo', 'split_clients', 'types', 'charset_map', 'geoip2'].map(name => [name, 'map'] as const),
  ['server', 'server'],
  ['location', 'location'],
  ['upstream', 'upstream'],
]);

/** The blocks of a piece's nginx texts; those within YAML under the key that holds them. */
export function nginxOutline(piece: FilePiece): OutlineItem[] {
  return nginxTexts(piece.entities).flatMap(text => {
    const blocks = itemsOf(text.tree.directives, text, piece, 0);
    return piece.language === 'nginx' || blocks.length === 0 ? blocks : [ofText(text, blocks, piece)];
  });
}

/** Holds nothing where the text has no blocks: an outline of YAML is not ours. */
function ofText(text: NginxText, children: readonly OutlineItem[], piece: FilePiece): OutlineItem {
  const { directives } = text.tree;
  const whole = { start: directives[0]?.start ?? 0, end: directives.at(-1)?.end ?? 0 };
  const name = text.address.findLast(step => typeof step === 'string') ?? 'nginx';
  const range = piece.rangeOf(text.placeOf(whole).value);
  return { kind: 'text', name, range, selection: { start: range.start, end: range.start }, children };
}

function itemsOf(
  directives: readonly NginxDirective[],
  text: NginxText,
  piece: FilePiece,
  depth: number,
): OutlineItem[] {
  if (depth > MAX_DEPTH) return [];
  return directives
    .filter(({ block }) => block !== null)
    .map(directive => {
      const { start, end, name, arguments: words, block } = directive;
      const selection = { start, end: (words.at(-1) ?? name).end };
      return {
        kind: block?.lua ? 'lua' : (KINDS.get(name.value) ?? 'block'),
        name: nameOf(directive, text, piece),
        range: piece.rangeOf(text.placeOf({ start, end }).value),
        selection: piece.rangeOf(text.placeOf(selection).value),
        children: itemsOf(block?.directives ?? [], text, piece, depth + 1),
      };
    });
}

/** The words before its `{` as they are written, for a server its names: `server a.example`, `location = /`. */
function nameOf({ name, arguments: words, block }: NginxDirective, text: NginxText, piece: FilePiece): string {
  const names = block?.directives.find(inner => inner.name.value === 'server_name');
  const shown = name.value === 'server' ? (names?.arguments ?? []) : words;
  // What a template prints is masked in the tree.
  const written = (span: Span) => {
    const { start, end } = text.placeOf(span).value;
    return piece.text.slice(start, end).replace(/\s+/g, ' ');
  };
  const whole = [name, ...shown].map(written).join(' ').trim() || '{';
  return whole.length > MAX_NAME ? `${whole.slice(0, MAX_NAME - 1)}…` : whole;
}
