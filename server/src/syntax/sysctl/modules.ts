import type { Span } from '../../text/span.ts';

/** A word of a list of modules, or of a line for modprobe. */
export interface ModuleWord {
  readonly text: string;
  readonly span: Span;
}

/**
 * The words of each line that is no comment: modules-load.d(5) has one module a line, modprobe.d(5) a command and its words.
 * Comments begin with `#` or `;`.
 */
export function moduleLines(text: string): ModuleWord[][] {
  return [...text.matchAll(/[^\r\n]+/g)].flatMap(({ 0: line, index }) => {
    if (/^\s*[#;]/.test(line)) return [];
    const words = [...line.matchAll(/[^\s\uFEFF]+/g)].map(({ 0: word, index: at }) => ({
      text: word,
      span: { start: index + at, end: index + at + word.length },
    }));
    return words.length > 0 ? [words] : [];
  });
}
