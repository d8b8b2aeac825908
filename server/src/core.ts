import type { Completions, Fold, Links, OutlineItem } from './features/answers.ts';
import { type ColouredWord, colouredWords } from './features/colours.ts';
import { completions } from './features/completion.ts';
import { folds } from './features/folds.ts';
import { type Hover, hover } from './features/hover.ts';
import { type InlayHint, inlayHints } from './features/inlayHints.ts';
import { links } from './features/links.ts';
import { outline } from './features/outline.ts';
import { RULES } from './rules/index.ts';
import type { Severity } from './rules/rule.ts';
import type { Position, Range } from './text/lines.ts';
import type { Language } from './text/wording.ts';
import { Workspace } from './workspace/workspace.ts';

/** The only door to all that the product knows of one workspace. Synchronous; does no input or output of its own. */
export class Core extends Workspace {
  /** What to show beside a position; null where there is nothing to say. `around` is the workspace that a note without one is about. */
  hover(file: string, position: Position, around: Workspace = this): Hover | null {
    return hover(this, file, position, around);
  }

  /** Values that were worked out for the lines of a range. */
  inlayHints(file: string, range: Range): InlayHint[] {
    return inlayHints(this, file, range);
  }

  /** What the word at a position names, and who else names it; null where it names nothing. */
  links(file: string, position: Position, around: Workspace = this): Links | null {
    return links(this, file, position, around);
  }

  /** What can be written at a position; null where nothing is known to belong. */
  completions(file: string, position: Position): Completions | null {
    return completions(this, file, position);
  }

  /** The blocks of a file's nginx texts, and the tables and chains of its iptables rules. */
  outline(file: string): OutlineItem[] {
    return outline(this, file);
  }

  /** What of a file can be folded; null if that is left to its indentation. */
  folds(file: string): Fold[] | null {
    return folds(this, file);
  }

  /** What the words of a file's nginx texts and iptables rules are, in the order of the text. */
  colouredWords(file: string): ColouredWord[] {
    return colouredWords(this, file);
  }
}

/** A rule as lists of rules show it. */
export interface RuleSummary {
  readonly id: string;
  readonly severity: Severity;
  readonly summary: string;
  readonly evidence: readonly string[];
}

export function ruleSummaries(language: Language): RuleSummary[] {
  return RULES.map(({ id, severity, summary, evidence }) => ({ id, severity, summary: summary[language], evidence }));
}

/** A rule's page in Markdown; null if there is no such rule. */
export function pageOf(rule: string, language: Language): string | null {
  return RULES.find(({ id }) => id === rule)?.page[language] ?? null;
}

/** Where a rule's page stands in the repository and in the packaged extension; null for what is no rule. */
export function pagePath(rule: string, language: Language): string | null {
  if (!RULES.some(({ id }) => id === rule)) return null;
  return `server/src/rules/${rule}${language === 'zh' ? '.zh' : ''}.md`;
}
