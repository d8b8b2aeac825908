import { OrderedSpans } from '../../text/ordered.ts';
import type { Span } from '../../text/span.ts';
import { mask, type Output, type Template } from '../template.ts';
import { type Composed, compose } from './compose.ts';
import { brokenLines } from './repair.ts';
import type { YamlNode } from './tree.ts';
import { TreeReader } from './treeReader.ts';

/** One YAML document. Offsets are UTF-16 and count in the text that was parsed. */
export interface YamlDocument {
  readonly text: string;
  /** Null for a document without content. */
  readonly root: YamlNode | null;
  readonly template: Template;
  readonly problems: readonly YamlProblem[];
}

export interface YamlProblem {
  readonly span: Span;
  readonly message: string;
}

/** Broken lines are taken out and the rest read again this often at most, for a text of this many characters. */
const REPAIRS = 8;
const REPAIR_BUDGET = 400_000;

/**
 * Parses one document of a stream; never throws. Template expressions are masked; a line that breaks the structure is
 * left out and reported, so that the lines around it keep their meaning.
 */
export function parseYaml(text: string): YamlDocument {
  const masked = mask(text);
  const problems: YamlProblem[] = [];
  let readable = masked.text;
  let document = compose(readable);
  for (let repairs = repairsFor(text); document && repairs > 0; repairs--) {
    const broken = brokenLines(document, readable);
    if (!broken) break;
    problems.push(broken);
    readable = blank(readable, broken.span);
    document = compose(readable);
  }
  if (!document) return { text, root: null, template: masked, problems: [...problems, tooDeep(text)] };
  problems.push(...remaining(document));
  const gaps = [...masked.outputs, ...problems.map(({ span }) => gapAt(text, span))];
  const reader = new TreeReader(readable, new OrderedSpans(masked.statements), new OrderedSpans(gaps), masked.arms);
  return { text, root: reader.read(document), template: masked, problems };
}

function repairsFor(text: string): number {
  return Math.min(REPAIRS, Math.max(1, Math.floor(REPAIR_BUDGET / (text.length + 1))));
}

function blank(text: string, { start, end }: Span): string {
  return text.slice(0, start) + text.slice(start, end).replace(/[^\r\n]/g, ' ') + text.slice(end);
}

function tooDeep(text: string): YamlProblem {
  return { span: { start: 0, end: text.length }, message: 'Nested too deeply' };
}

function remaining({ errors }: Composed): YamlProblem[] {
  return errors
    .filter(({ message }) => !LOST_INDENTATION.test(message))
    .map(({ pos, message }) => ({ span: { start: pos[0], end: Math.max(pos[0], pos[1]) }, message }));
}

/** The blank line that is left of an expression at the start of a block scalar is longer than the lines below. */
const LOST_INDENTATION = /^Block scalars with more-indented leading empty lines/;

/** A broken line could have been keys or items at its own column. */
function gapAt(text: string, { start, end }: Span): Output {
  const lineStart = start === 0 ? 0 : text.lastIndexOf('\n', start - 1) + 1;
  const indent = /^[ \t]*/.exec(text.slice(lineStart, end))?.[0].length ?? 0;
  return { start, end, column: indent };
}
