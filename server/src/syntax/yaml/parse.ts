import { lineStart } from '../../text/lineBreaks.ts';
import { OrderedSpans } from '../../text/ordered.ts';
import type { Span } from '../../text/span.ts';
import { mask, type Output, type Template } from '../template.ts';
import { type Composed, compose } from './compose.ts';
import { LOST_INDENTATION, repair } from './repair.ts';
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

/**
 * Parses one document of a stream; never throws. Template expressions are masked; a line that breaks the structure is
 * left out and reported, so that the lines around it keep their meaning.
 */
export function parseYaml(text: string): YamlDocument {
  const masked = mask(text);
  const composed = compose(masked.text);
  if (!composed) return { text, root: null, template: masked, problems: [tooDeep(text)] };
  const { text: readable, document, broken } = repair(masked.text, composed);
  const problems = [...broken, ...remaining(document)];
  const gaps = [...masked.outputs, ...problems.map(({ span }) => gapAt(text, span))];
  const reader = new TreeReader(readable, new OrderedSpans(masked.statements), new OrderedSpans(gaps), masked.arms);
  return { text, root: reader.read(document), template: masked, problems };
}

function tooDeep(text: string): YamlProblem {
  return { span: { start: 0, end: text.length }, message: 'Nested too deeply' };
}

function remaining({ errors }: Composed): YamlProblem[] {
  return errors
    .filter(({ message }) => !LOST_INDENTATION.test(message))
    .map(({ pos, message }) => ({ span: { start: pos[0], end: Math.max(pos[0], pos[1]) }, message }));
}

/** A broken line could have been keys or items at its own column. */
function gapAt(text: string, { start, end }: Span): Output {
  const indent = /^[ \t]*/.exec(text.slice(lineStart(text, start), end))?.[0].length ?? 0;
  return { start, end, column: indent };
}
