import type { NotString } from '../../model/reading.ts';
import type { Value } from '../../model/value.ts';
import type { Wording } from '../../text/wording.ts';
import { at, type Draft, set } from '../draft.ts';
import type { Message } from '../rule.ts';

type Key = 'refused' | 'quote';

/** An entry of a mapping whose values must be strings. */
interface Entry {
  readonly name: string | null;
  readonly value: Value<string>;
  readonly notString: NotString | null;
}

/** What the API server does with an object that has a bare number or boolean among values that must be strings. */
export function bareMessages(object: string, values: Wording): Wording<Readonly<Record<Key, Message>>> {
  return {
    en: {
      refused: v =>
        `The API server refuses the whole ${object}: \`${v.written}\` without quotes is a ${v.type}, and ${values.en} must be strings`,
      quote: v => `Write "${v.text}" in quotes`,
    },
    zh: {
      refused: v =>
        `API server 会拒绝整个 ${object}：不带引号的 \`${v.written}\` 是${v.type === 'boolean' ? '布尔值' : '数字'}，而${values.zh}必须是字符串`,
      quote: v => `写成带引号的 "${v.text}"`,
    },
  };
}

/** Finds the values that are no strings, and puts them into quotes. `wordsOf` tells the words that a name takes. */
export function* bareValues(
  entries: readonly Entry[],
  wordsOf: (name: string) => readonly string[] | undefined,
): Iterable<Draft<Key>> {
  for (const { name, value, notString } of entries) {
    if (!notString || !value.place) continue;
    const { text, type, written } = notString;
    // A switch that YAML reads as true means on where nginx wants that word.
    const isSwitch = type === 'boolean' && wordsOf(name ?? '')?.includes('on');
    const meant = isSwitch ? (text === 'true' ? 'on' : 'off') : text;
    const isPlain = type === 'boolean' || /^(?:0|[1-9]\d*)(?:\.\d+)?$/.test(text);
    const draft = at<Key>(value, 'refused', { text: meant, type, written });
    yield draft.fix('quote', isPlain ? 'safe' : 'unsafe', set(value, meant));
  }
}
