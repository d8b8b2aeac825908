/** The languages in which the product speaks. */
export const LANGUAGES = ['en', 'zh'] as const;
export type Language = (typeof LANGUAGES)[number];

/** A text in every language. */
export type Wording<T = string> = Readonly<Record<Language, T>>;

/** The language for a locale such as `zh-cn` or `de`: Chinese for Chinese, English for all others. */
export function languageOf(locale: string | undefined): Language {
  return locale?.toLowerCase().startsWith('zh') ? 'zh' : 'en';
}

const LOCALES: Wording = { en: 'en-US', zh: 'zh-CN' };

/** 1048576 -> 1,048,576 in both languages. */
export function formatCount(count: number, language: Language): string {
  return count.toLocaleString(LOCALES[language], { maximumFractionDigits: 1 });
}

/** A list as a sentence has it: `a, b and c`; `a、b和c`. */
export function formatList(items: readonly string[], language: Language): string {
  return new Intl.ListFormat(LOCALES[language], { type: 'conjunction' }).format(items).replace(/, and /g, ' and ');
}

const BYTE_UNITS = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'] as const;

/** 335544320 bytes -> 320 MiB. */
export function formatBytes(bytes: number, language: Language): string {
  const step = Math.min(BYTE_UNITS.length - 1, bytes < 1 ? 0 : Math.floor(Math.log2(bytes) / 10));
  const unit = step === 0 && language === 'zh' ? '字节' : (BYTE_UNITS[step] ?? 'bytes');
  return `${formatCount(bytes / 1024 ** step, language)} ${unit}`;
}

const DURATION_UNITS: readonly (readonly [seconds: number, unit: Wording<readonly [one: string, many: string]>])[] = [
  [86_400, { en: ['day', 'days'], zh: ['天', '天'] }],
  [3_600, { en: ['hour', 'hours'], zh: ['小时', '小时'] }],
  [60, { en: ['minute', 'minutes'], zh: ['分钟', '分钟'] }],
  [1, { en: ['second', 'seconds'], zh: ['秒', '秒'] }],
];

/** 5400 seconds -> 1 hour 30 minutes: the two largest units that are not empty, fractions of a second kept. */
export function formatDuration(seconds: number, language: Language): string {
  const parts: string[] = [];
  let rest = seconds;
  for (const [length, unit] of DURATION_UNITS) {
    const count = length === 1 ? rest : Math.floor(rest / length);
    rest -= count * length;
    if (count === 0 && !(length === 1 && parts.length === 0)) continue;
    parts.push(`${formatCount(count, language)} ${unit[language][count === 1 ? 0 : 1]}`);
  }
  return parts.slice(0, 2).join(' ');
}
