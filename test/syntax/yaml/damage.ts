import { parseYaml } from '../../../server/src/syntax/yaml/parse.ts';
import { nodeAt, type YamlNode } from '../../../server/src/syntax/yaml/tree.ts';
import { LineIndex } from '../../../server/src/text/lines.ts';

type Path = readonly (string | number)[];

interface Leaf {
  readonly path: Path;
  readonly text: string;
  /** Lines from that of its key to that of its end. */
  readonly first: number;
  readonly last: number;
}

/** A manifest, and what its scalars say: what a damage elsewhere must not change. */
export class Sound {
  readonly text: string;
  readonly lines: readonly string[];
  private readonly leaves: readonly Leaf[];

  constructor(text: string) {
    this.text = text;
    this.lines = text.split('\n');
    const { root } = parseYaml(text);
    const index = new LineIndex(text);
    this.leaves = root ? [...leavesOf(root, [], 0, index)] : [];
  }

  /** The scalars away from the lines `first` to `last` that a damaged text does not say any more. */
  lostIn(damaged: string, first: number, last: number): string[] {
    const { root } = parseYaml(damaged);
    return this.awayFrom(first, last)
      .filter(({ path, text }) => !alternatives(path).some(other => textAt(root, other) === text))
      .map(({ path }) => path.join('.'));
  }

  /** The scalars that a damage of these lines must not reach. */
  awayFrom(first: number, last: number): readonly Leaf[] {
    const [from, to] = this.neighbourhood(first, last);
    return this.leaves.filter(leaf => leaf.last < from || leaf.first >= to);
  }

  /**
   * The lines that a damage may reach, the end exclusive: from the nearest sibling or parent above (what is broken can
   * join it), through what is below the damaged lines, to the end of the sibling behind them.
   */
  private neighbourhood(first: number, last: number): [number, number] {
    const depthOf = (line: number) => indentOf(this.lines[line] ?? '') ?? Number.POSITIVE_INFINITY;
    const depth = Math.min(depthOf(first), depthOf(last));
    let from = first - 1;
    while (from > 0 && depthOf(from) > depth) from--;
    let to = last + 1;
    while (to < this.lines.length && depthOf(to) > depth) to++;
    do to++;
    while (to < this.lines.length && depthOf(to) > depth);
    return [from, to];
  }
}

function* leavesOf(node: YamlNode, path: Path, first: number, index: LineIndex): Iterable<Leaf> {
  if (node.kind === 'map')
    for (const { name, value, span } of node.entries)
      yield* leavesOf(value, [...path, name ?? ''], index.lineAt(span.start), index);
  if (node.kind === 'seq')
    for (const [i, { value, span }] of node.items.entries())
      yield* leavesOf(value, [...path, i], index.lineAt(span.start), index);
  if (node.kind === 'scalar') yield { path, text: node.text, first, last: index.lineAt(node.visibleEnd) };
}

/** Columns of indentation, a dash counting for half a column; null for a line of nothing but blanks and comment. */
function indentOf(line: string): number | null {
  const indent = /^\uFEFF? *(?=[^\s#])/.exec(line)?.[0].length;
  return indent === undefined ? null : indent + (/^ *-(?:\s|$)/.test(line) ? 0.5 : 0);
}

/** The path itself, and those in lists that lost or won an item. */
function alternatives([step, ...rest]: Path): Path[] {
  if (step === undefined) return [[]];
  const steps = typeof step === 'number' ? [step, step - 1, step + 1] : [step];
  return steps.flatMap(other => alternatives(rest).map(tail => [other, ...tail]));
}

function textAt(root: YamlNode | null, path: Path): string | null {
  const node = root && nodeAt(root, path);
  return node?.kind === 'scalar' && !node.templated ? node.text : null;
}
