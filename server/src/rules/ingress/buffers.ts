import { CONFIG_KEYS } from '../../facts/ingressNginxKeys.ts';
import { defaultOfKey } from '../../model/controllerDefaults.ts';
import { keyInForce } from '../../model/controllers.ts';
import type { Value } from '../../model/value.ts';
import { hasReached, isBefore } from '../../model/versions.ts';
import { type BufferRefusal, refusalOfBuffers, type Setting } from '../../simulate/upstreamBuffers.ts';
import type { Wording } from '../../text/wording.ts';
import { at, type Draft, type Params, set } from '../draft.ts';
import { formatSize, parseSize } from '../nginx/sizes.ts';
import type { Message, RuleContext } from '../rule.ts';

/** The keys, of the ConfigMap and among the annotations, by which the controller sizes what it writes into each location. */
const BUFFER_KEYS = [
  'proxy-buffer-size',
  'proxy-buffers-number',
  'proxy-busy-buffers-size',
  'proxy-max-temp-file-size',
] as const;
export type BufferKey = (typeof BUFFER_KEYS)[number];

/** What the controller writes for a key. */
export interface BufferSetting {
  /** `default`: nothing is written, and nginx's own default counts. */
  readonly text: Setting<string>;
  /** Null if it is not said in this place. */
  readonly value: Value<string> | null;
}

type Settings = Readonly<Record<BufferKey, BufferSetting>>;

type Code = Exclude<BufferRefusal['code'], 'writeTooSmall'>;
export type BufferMessage = Code | 'other' | 'fit';

export const BUFFER_MESSAGES: Wording<Readonly<Record<BufferMessage, Message>>> = {
  en: {
    tooFew: v => `${EN}: nginx needs 2 buffers or more, and proxy-buffers-number is ${v.is}`,
    busyTooSmall: v => `${EN}: proxy-busy-buffers-size is ${v.is}, less than a single buffer, ${v.limit}`,
    busyTooLarge: v =>
      `${EN}: proxy-busy-buffers-size is ${v.is}${v.isDefault ? ' (by default twice proxy-buffer-size)' : ''}, more than all buffers but one hold, ${v.limit}`,
    tempTooSmall: v =>
      `${EN}: proxy-max-temp-file-size is ${v.is}, which is neither 0 nor as much as a single buffer, ${v.limit}`,
    other: v => `${v.key} is set here`,
    fit: v => `Set ${v.key} to ${v.value}`,
  },
  zh: {
    tooFew: v => `${ZH}：nginx 至少需要 2 个缓冲区，而 proxy-buffers-number 为 ${v.is}`,
    busyTooSmall: v => `${ZH}：proxy-busy-buffers-size 为 ${v.is}，小于单个缓冲区 ${v.limit}`,
    busyTooLarge: v =>
      `${ZH}：proxy-busy-buffers-size 为 ${v.is}${v.isDefault ? '（默认为 proxy-buffer-size 的两倍）' : ''}，大于除一个以外所有缓冲区的总和 ${v.limit}`,
    tempTooSmall: v => `${ZH}：proxy-max-temp-file-size 为 ${v.is}，既不是 0，也小于单个缓冲区 ${v.limit}`,
    other: v => `${v.key} 在这里设置`,
    fit: v => `将 ${v.key} 设为 ${v.value}`,
  },
};

const EN = 'The controller cannot reload with these buffers, nor with anything after them';
const ZH = '控制器无法用这些缓冲区设置重新加载，此后的任何变更也都无法生效';

/** The keys that a check compares: the one that is too large or too small, then those that it is held against. */
const COMPARED: Readonly<Record<Code, readonly BufferKey[]>> = {
  tooFew: ['proxy-buffers-number'],
  busyTooSmall: ['proxy-busy-buffers-size', 'proxy-buffer-size'],
  busyTooLarge: ['proxy-busy-buffers-size', 'proxy-buffers-number', 'proxy-buffer-size'],
  tempTooSmall: ['proxy-max-temp-file-size', 'proxy-buffer-size'],
};

/** Where a setting is: written here, or what is in force. */
type Found = { readonly written: Value<string> } | { readonly text: Setting<string> };

/** The settings of a place, by what it says of each key. A release that does not know a key does as if it were not there. */
export function settings(find: (key: BufferKey) => Found, { cluster, file }: RuleContext): Settings {
  const controller = cluster.version('controller', file);
  const settingOf = (key: BufferKey): BufferSetting => {
    const since = CONFIG_KEYS.get(key)?.since ?? '0';
    if (isBefore(controller, since)) return { text: 'default', value: null };
    const found = find(key);
    if ('text' in found) return { text: found.text, value: null };
    const text = hasReached(controller, since) ? found.written.known : undefined;
    // The template leaves out what is empty.
    return { text: text === '' && key === BUSY ? 'default' : (text ?? 'unknown'), value: found.written };
  };
  return Object.fromEntries(BUFFER_KEYS.map(key => [key, settingOf(key)])) as Settings;
}

/** What the ConfigMap says, or the controller by itself. */
export function settingInForce(key: BufferKey, { cluster, file }: RuleContext): Setting<string> {
  const inForce = keyInForce(cluster, file, key);
  if (inForce.state === 'unknown') return 'unknown';
  if (inForce.state === 'known') return inForce.value === '' && key === BUSY ? 'default' : inForce.value;
  const controller = cluster.version('controller', file);
  if (key !== BUSY) return defaultOfKey(key, controller) ?? 'unknown';
  if (isBefore(controller, '1.13.0') || hasReached(controller, '1.13.2')) return 'default';
  return hasReached(controller, '1.13.0') && isBefore(controller, '1.13.2') ? BUSY_OF_1_13_0 : 'unknown';
}

const BUSY: BufferKey = 'proxy-busy-buffers-size';

/** The default of the first two releases that have the key: kubernetes/ingress-nginx#13674. */
const BUSY_OF_1_13_0 = '8k';

/** What nginx refuses of these settings, shown where this place has a part in it. */
export function* checkBuffers(settings: Settings): Iterable<Draft<BufferMessage>> {
  const refusal = refusalOf(settings);
  if (!refusal || refusal.code === 'writeTooSmall') return;
  const { code, is, limit } = refusal;
  const [key, ...others] = COMPARED[code].filter(name => settings[name].value !== null);
  const shown = key && settings[key].value;
  if (!key || !shown) return;
  const isCount = code === 'tooFew';
  const params: Params = {
    is: isCount ? is : formatSize(is),
    limit: isCount ? limit : formatSize(limit),
    ...(settings[COMPARED[code][0] as BufferKey].text === 'default' ? { isDefault: 1 } : {}),
  };
  const fitting = fittingOf(settings, key, refusal);
  let draft: Draft<BufferMessage> = at(shown, code, { ...params, key, value: fitting ?? '' });
  for (const other of others) draft = draft.seeAlso('other', settings[other].value?.place ?? null);
  yield fitting === null ? draft : draft.fix('fit', 'unsafe', set(shown, fitting));
}

function refusalOf(settings: Settings): BufferRefusal | null {
  const count = numberOf(settings['proxy-buffers-number'].text);
  const size = sizeOf(settings['proxy-buffer-size'].text);
  const isKnown = typeof count === 'number' && typeof size === 'number';
  const few = typeof count === 'number' && count < 2 ? { count, size: 1 } : 'unknown';
  return refusalOfBuffers({
    bufferSize: size,
    buffers: isKnown && count > 0 ? { count, size } : few,
    busySize: sizeOf(settings['proxy-busy-buffers-size'].text),
    writeSize: 'default',
    maxTempSize: sizeOf(settings['proxy-max-temp-file-size'].text),
  });
}

/** A value of the key with which nginx takes them all; null if there is none that follows from the others. */
function fittingOf(settings: Settings, key: BufferKey, { limit }: BufferRefusal): string | null {
  const value = key === 'proxy-buffers-number' ? '4' : key === 'proxy-buffer-size' ? null : formatSize(limit);
  if (value === null || settings[key].value === null) return null;
  return refusalOf({ ...settings, [key]: { ...settings[key], text: value } }) === null ? value : null;
}

function sizeOf(text: Setting<string>): Setting<number> {
  return text === 'default' || text === 'unknown' ? text : (parseSize(text) ?? 'unknown');
}

function numberOf(text: Setting<string>): Setting<number> {
  return /^\d{1,9}$/.test(text) ? Number(text) : 'unknown';
}
