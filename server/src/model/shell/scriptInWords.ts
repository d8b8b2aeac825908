import type { Reading } from '../reading.ts';
import type { Region } from '../region.ts';

const SHELL = /(?:^|\/)(?:ba|da|a)?sh$/;

/** Programs that start a shell, which comes behind their own options. */
const STARTERS = /(?:^|\/)(?:sudo|env|nsenter|chroot|tini|dumb-init|timeout|nice)$/;

/** The script that the words of a command have a shell run: `[sh, -c, …]`; null if none is started, or it gets none. */
export function scriptInWords(words: readonly Reading[]): Region | null {
  const texts = words.map(word => word.string().known ?? '');
  const shell = texts.findIndex(text => SHELL.test(text));
  if (shell < 0 || (shell > 0 && !STARTERS.test(texts[0] ?? ''))) return null;
  const flag = texts.findIndex((text, i) => i > shell && /^-[a-z]*c$/.test(text));
  return flag < 0 ? null : (words[flag + 1]?.embeddedText() ?? null);
}
