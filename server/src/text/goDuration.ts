/** Seconds of a unit as Go writes it: 1h0m0s, 250ms. */
const UNITS: Readonly<Record<string, number>> = {
  ns: 1e-9,
  us: 1e-6,
  µs: 1e-6,
  μs: 1e-6,
  ms: 1e-3,
  s: 1,
  m: 60,
  h: 3600,
};

/** A duration is a number of nanoseconds of 64 bits. */
const MOST_SECONDS = 2 ** 63 / 1e9;

/** The seconds of a duration as Go's time.ParseDuration reads it, such as `1h0m0s`, `-1.5s` or `0`; null if it refuses it. */
export function parseGoDuration(text: string): number | null {
  const [, sign = '', body = ''] = /^([+-]?)(.*)$/s.exec(text) ?? [];
  if (body === '0') return 0;
  if (!/^(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+$/.test(body)) return null;
  let seconds = 0;
  for (const [, count = '', unit = ''] of body.matchAll(/([\d.]+)([a-zµμ]+)/g))
    seconds += Number(count) * (UNITS[unit] ?? 0);
  if (seconds > MOST_SECONDS) return null;
  return sign === '-' ? -seconds : seconds;
}

/** 3600 -> `1h0m0s`, as Go writes a duration of whole seconds. */
export function formatGoDuration(seconds: number): string {
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  if (hours > 0) return `${hours}h${minutes}m${seconds % 60}s`;
  return minutes > 0 ? `${minutes}m${seconds % 60}s` : `${seconds}s`;
}
