import { formatGoDuration, parseGoDuration } from '../../text/goDuration.ts';

/**
 * The duration that is meant by a number without unit, as sysctls have it, with a unit that Go does not know, or in quotes too many; null for
 * anything else.
 */
export function meantDuration(written: string): string | null {
  const text = written.trim().replace(/^(["'])(.*)\1$/, '$2');
  if (text !== written && parseGoDuration(text) !== null) return text;
  if (/^\d+$/.test(text)) return `${text}s`;
  const [, count = '', unit = ''] =
    /^(\d+) *(s|sec|secs|seconds?|m|min|mins|minutes?|h|hours?|d|days?)$/.exec(text) ?? [];
  if (count === '') return null;
  return unit.startsWith('d') ? formatGoDuration(Number(count) * 86_400) : `${count}${unit.charAt(0)}`;
}
