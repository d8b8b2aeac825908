import type { Wording } from '../text/wording.ts';

/** One thing that people run into with a program, and who says so; a reason where no rule does. */
export interface Pitfall {
  readonly title: Wording;
  /** Ids of rules; empty where none speaks of it. */
  readonly rules: readonly string[];
  /** Why no rule speaks of it; null where one does. */
  readonly reason: Wording | null;
}

/** A pitfall, in English and in Chinese, and the rules that find it. */
export function said(en: string, zh: string, ...rules: readonly string[]): Pitfall {
  return Object.freeze({ title: { en, zh }, rules, reason: null });
}

/** A pitfall that no rule speaks of, and why. */
export function unsaid(en: string, zh: string, reasonEn: string, reasonZh: string): Pitfall {
  return Object.freeze({ title: { en, zh }, rules: [], reason: { en: reasonEn, zh: reasonZh } });
}
