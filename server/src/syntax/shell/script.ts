import type { Crossing } from './cursor.ts';
import { StatementReader } from './parse.ts';
import type { ShellScript } from './tree.ts';

/** How many readings are tried at most, and how many characters they may take together. */
const MAX_READINGS = 32;
const MAX_CHARACTERS = 800_000;

/**
 * Reads a script of bash or of a POSIX shell. Never fails. Where a quote that is missing would turn all that follows inside out,
 * that line alone is given up: of all readings in which a quote ends with its line, the one with the fewest lines in quotes counts.
 */
export function parseShell(text: string): ShellScript {
  let best = read(text, []);
  let left = Math.min(MAX_READINGS, Math.floor(MAX_CHARACTERS / Math.max(1, text.length)));
  let whole = !best.reader.open;
  while (best.reader.open && left > 0) {
    const before = best;
    const starts = new Set(before.reader.crossings.map(({ line }) => line));
    for (const line of [...starts].sort((a, b) => a - b)) {
      if (left-- <= 0) break;
      if (before.walls.includes(line)) continue;
      const next = read(
        text,
        [...before.walls, line].sort((a, b) => a - b),
      );
      if (next.cost < best.cost) best = next;
    }
    if (best === before) break;
  }
  whole &&= best.reader.lostHeredocs === 0;
  return { text, statements: best.statements, whole };
}

interface Attempt {
  readonly reader: StatementReader;
  readonly statements: ReturnType<StatementReader['script']>;
  readonly walls: readonly number[];
  /** Lines that quotes hide. */
  readonly cost: number;
}

function read(text: string, walls: readonly number[]): Attempt {
  const reader = new StatementReader(text, walls);
  const statements = reader.script();
  return { reader, statements, walls, cost: hiddenLines(text, reader.crossings) + (reader.open ? 0.5 : 0) };
}

function hiddenLines(text: string, crossings: readonly Crossing[]): number {
  let lines = 0;
  let behind = 0;
  for (const { start, end } of crossings.filter(({ hides }) => hides).sort((a, b) => a.start - b.start)) {
    for (let at = text.indexOf('\n', Math.max(start, behind)); at >= 0 && at < end; at = text.indexOf('\n', at + 1))
      lines++;
    behind = Math.max(behind, end);
  }
  return lines;
}
