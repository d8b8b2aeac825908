import type { Span } from './span.ts';

/** Index of the last number that is at most `limit` in ascending numbers; -1 if there is none. */
export function lastAtMost(ascending: ArrayLike<number>, limit: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ascending[middle] ?? 0) <= limit) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** Stretches of a text in order; finds those near an offset without looking at all. */
export class OrderedSpans<T extends Span = Span> {
  private readonly spans: readonly T[];
  private readonly starts: readonly number[];

  constructor(spans: readonly T[]) {
    this.spans = [...spans].sort((a, b) => a.start - b.start);
    this.starts = this.spans.map(({ start }) => start);
  }

  /** Those that start in the stretch. */
  startingIn({ start, end }: Span): readonly T[] {
    if (this.spans.length === 0) return this.spans;
    return this.spans.slice(lastAtMost(this.starts, start - 1) + 1, lastAtMost(this.starts, end - 1) + 1);
  }

  /** True if one of them shares a character with the stretch, or has an empty stretch inside. They must not overlap. */
  touch(span: Span): boolean {
    const last = this.spans[lastAtMost(this.starts, Math.max(span.start, span.end - 1))];
    return last !== undefined && last.end > span.start && (last.start < span.end || last.start < span.start);
  }
}
