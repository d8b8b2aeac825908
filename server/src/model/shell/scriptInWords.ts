import type { Reading } from '../reading.ts';
import type { Region } from '../region.ts';

/** The script that the words of a container's command have a shell run: `[sh, -c, …]`; null if it is no shell, or gets none. */
export function scriptInWords([program, ...rest]: readonly Reading[]): Region | null {
  if (!/(?:^|\/)(?:ba|da|a)?sh$/.test(program?.string().known ?? '')) return null;
  const flag = rest.findIndex(word => /^-[a-z]*c$/.test(word.string().known ?? ''));
  return flag < 0 ? null : (rest[flag + 1]?.embeddedText() ?? null);
}
