import type { Entity } from '../model/entity.ts';
import type { Span } from '../text/span.ts';
import type { PieceAt } from '../workspace/workspace.ts';

/** How a name is written where it is typed: what goes before it and behind it. */
export interface Form {
  readonly before: string;
  readonly after: string;
}

/** Longer pieces take too long to be read anew while somebody types. */
const MAX_LENGTH = 256 * 1024;

/**
 * The first form in which a name of ours, in the place of the one that is being typed, is found where names of its kind are read: only so
 * does a half-typed line show what it is to be, in whatever language. Null where there is none.
 */
export function formAt<Each extends Form, Found>(
  { text, wouldSay }: PieceAt,
  typed: Span,
  name: string,
  forms: readonly Each[],
  find: (entities: readonly Entity[], form: Each) => Found | undefined,
): { readonly form: Each; readonly found: Found } | null {
  if (text.length > MAX_LENGTH) return null;
  const [before, behind] = [text.slice(0, typed.start), text.slice(typed.end)];
  for (const form of forms) {
    const found = find(wouldSay(before + form.before + name + form.after + behind), form);
    if (found !== undefined) return { form, found };
  }
  return null;
}
