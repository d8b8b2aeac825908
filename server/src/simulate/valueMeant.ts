// What somebody plainly meant by a value that the controller does not take; null where that is not plain.

/** `true` or `false` for on, yes, enabled and their like. */
export function boolMeant(value: string): string | null {
  const word = value.trim().toLowerCase();
  if (['true', 'on', 'yes', 'y', 'enable', 'enabled', '1'].includes(word)) return 'true';
  return ['false', 'off', 'no', 'n', 'disable', 'disabled', '0'].includes(word) ? 'false' : null;
}

const SECONDS: Readonly<Record<string, number>> = {
  ...{ s: 1, sec: 1, secs: 1, second: 1, seconds: 1 },
  ...{ m: 60, min: 60, mins: 60, minute: 60, minutes: 60 },
  ...{ h: 3600, hour: 3600, hours: 3600 },
};

/** Numbers of names that end in `timeout` are seconds: with another unit, or with blanks, they are still plain. */
export function intMeant(name: string, value: string): string | null {
  const [, number = '', unit = ''] = /^\s*(\d{1,9})\s*([a-z]*)\s*$/i.exec(value) ?? [];
  if (number === '') return null;
  const isSeconds = /timeout$|^keep-alive$|max-age$|grace-period$/.test(name);
  const factor = SECONDS[unit.toLowerCase()];
  if (unit === '') return String(Number(number));
  return isSeconds && factor !== undefined ? String(Number(number) * factor) : null;
}

/** 20MB, 20 mb, 20Mi -> 20m; 1.5g -> 1536m: what the pattern takes, and means the same. */
export function sizeMeant(value: string, pattern: RegExp | null): string | null {
  const [, number = '', unit = ''] = /^\s*(\d{1,9}(?:\.\d{1,3})?)\s*([kmg])i?b?(?:ytes?)?\s*$/i.exec(value) ?? [];
  if (number === '') return null;
  const steps = ['k', 'm', 'g'];
  let size = Number(number);
  for (let at = steps.indexOf(unit.toLowerCase()); at >= 0; at--) {
    const written = `${size}${steps[at]}`;
    if (Number.isInteger(size) && pattern?.test(written)) return written;
    size *= 1024;
  }
  return null;
}

/** One of the values, in another case or with blanks around it; `on` and `off` for what means `true` and `false`. */
export function choiceMeant(values: readonly string[], value: string): string | null {
  const word = value.trim().toLowerCase();
  const same = values.find(each => each.toLowerCase() === word);
  if (same !== undefined) return same;
  if (values.length === 2 && values.includes('on')) {
    const bool = boolMeant(word);
    return bool === null ? null : bool === 'true' ? 'on' : 'off';
  }
  return null;
}

/** The same words, the wrong one in the case that the list has it, and without a comma behind it. */
export function wordMeant(words: readonly string[], value: string, wrong: string): string | null {
  const same = words.find(word => word.toLowerCase() === wrong.replace(/,$/, '').toLowerCase());
  if (same === undefined) return null;
  const mended = value
    .split(/(\s+)/)
    .map(word => (word === wrong ? same : word))
    .join('');
  return mended.split(/\s+/).every(word => word === '' || words.includes(word)) ? mended : null;
}

/** The same list, its lines and blanks included, without the commas that nothing stands behind. */
export function withoutEmptyItems(value: string): string {
  return value
    .replace(/,(?:\s*,)+/g, ',')
    .replace(/^\s*,\s*/, '')
    .replace(/\s*,\s*$/, match => (match.includes('\n') ? '\n' : ''));
}
