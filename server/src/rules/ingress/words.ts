import { ANNOTATIONS_BY_ANY_NAME } from '../../facts/ingressNginxAnnotations.ts';
import { CONTROLLER_FLAGS } from '../../facts/ingressNginxFlags.ts';
import { CONFIG_KEYS } from '../../facts/ingressNginxKeys.ts';
import { ANNOTATION_PREFIX } from '../../facts/ingressNginxSnippets.ts';
import { refusalOfKey, type Wanted } from '../../simulate/controllerValue.ts';
import { nameMeant } from '../../text/spelling.ts';
import type { Language, Wording } from '../../text/wording.ts';
import type { Params } from '../draft.ts';

/** What a value has to be, as the end of a sentence: `it wants …`. */
const WANTED: Wording<Readonly<Record<Wanted, string>>> = {
  en: {
    bool: '`true` or `false`',
    int: 'a whole number without a unit',
    float: 'a number',
    choice: '{choices}',
    words: 'one or more of {words}, separated by spaces',
    range: 'numbers from {least} to {most}',
    size: 'digits followed by k, m, g or nothing',
    buffers: 'a number and a size, such as `4 8k`',
    duration: 'a time such as `10m` or `240s`',
    networks: 'addresses and networks, separated by commas',
    items: 'plain names, separated by commas',
    prefix: 'a text that begins with `CN=`',
    url: 'a full URL, with scheme and host',
    characters: 'other characters',
  },
  zh: {
    bool: '`true` 或 `false`',
    int: '不带单位的整数',
    float: '数字',
    choice: '{choices}',
    words: '以空格分隔的 {words}',
    range: '{least} 到 {most} 之间的数',
    size: '数字，后面最多跟一个 k、m 或 g',
    buffers: '个数和大小，例如 `4 8k`',
    duration: '`10m`、`240s` 这样的时间',
    networks: '以逗号分隔的地址和网段',
    items: '以逗号分隔的普通名称',
    prefix: '以 `CN=` 开头的文本',
    url: '带协议和主机的完整地址',
    characters: '其他字符',
  },
};

/** The figures `key`, `wanted`, `value`, `choices` (parted by `, `), `least` and `most` of a message, as a clause: what is wrong with the value. */
export function reason(v: Params, language: Language): string {
  const { key, value, wanted } = v;
  const isEnglish = language === 'en';
  if (wanted === 'networks' && value === '') {
    return isEnglish ? `${key} has an empty entry` : `${key} 中有一个空项`;
  }
  if (wanted === 'characters') {
    return isEnglish ? `${key} does not accept \`${value}\`` : `${key} 不接受 \`${value}\``;
  }
  const template = WANTED[language][wanted as Wanted];
  const choices = String(v.choices ?? '').split(', ');
  const figures = { ...v, choices: oneOf(choices, language), words: choices.join(isEnglish ? ', ' : '、') };
  const words = template.replace(/\{(\w+)\}/g, (_, name: keyof typeof figures) => String(figures[name] ?? ''));
  if (isEnglish) return `${key} wants ${words}, not \`${value}\``;
  return `${key} 需要${/^\p{Script=Han}/u.test(words) ? '' : ' '}${words}，而不是 \`${value}\``;
}

function oneOf(choices: readonly string[], language: Language): string {
  const [first = '', second = '', ...others] = choices;
  if (second === '') return first;
  if (language === 'zh') return `${choices.join('、')} 之一`;
  return others.length === 0 ? `${first} or ${second}` : `one of ${choices.join(', ')}`;
}

/** A value as a message shows it: in one line, and not too much of it. */
export function shown(value: string): string {
  const line = value.trim().replace(/\s+/g, ' ');
  return line.length > 40 ? `${line.slice(0, 40)}…` : line;
}

/** What stands behind a word that the ConfigMap does not have. */
export type MeantKey =
  | { readonly is: 'key'; readonly name: string }
  | { readonly is: 'annotation'; readonly name: string }
  | { readonly is: 'flag'; readonly name: string };

/** Names of nginx's own directives and of F5's keys whose counterpart has quite another name. */
const COUNTERPARTS: ReadonlyMap<string, string> = new Map([
  ['gzip', 'use-gzip'],
  ['http2', 'use-http2'],
  ['keepalive', 'upstream-keepalive-connections'],
  ['keepalive-requests', 'keep-alive-requests'],
  ['keepalive-timeout', 'keep-alive'],
  ['lb-method', 'load-balance'],
  ['listen', 'bind-address'],
  ['log-format', 'log-format-upstream'],
  ['port-in-redirect', 'use-port-in-redirects'],
  ['proxy-buffers', 'proxy-buffers-number'],
  ['proxy-protocol', 'use-proxy-protocol'],
  ['real-ip-header', 'forwarded-for-header'],
  ['redirect-to-https', 'force-ssl-redirect'],
  ['server-names-hash-bucket-size', 'server-name-hash-bucket-size'],
  ['server-names-hash-max-size', 'server-name-hash-max-size'],
  ['set-real-ip-from', 'proxy-real-ip-cidr'],
  ['worker-connections', 'max-worker-connections'],
  ['worker-rlimit-nofile', 'max-worker-open-files'],
]);

/** Keys by the nginx directive that they alone end up in. */
const BY_DIRECTIVE: ReadonlyMap<string, string> = new Map(
  [...CONFIG_KEYS.values()].flatMap(({ name, directive }) => {
    const shares = [...CONFIG_KEYS.values()].filter(each => each.directive === directive).length;
    return directive !== null && shares === 1 ? [[directive.replaceAll('_', '-'), name] as const] : [];
  }),
);

/** What was meant by a key that the controller does not know; null if that is not plain. */
export function meantByKey(written: string): MeantKey | null {
  const bare = written.startsWith(ANNOTATION_PREFIX) ? written.slice(ANNOTATION_PREFIX.length) : written;
  const name = bare
    .trim()
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replaceAll('_', '-')
    .toLowerCase();
  const key = CONFIG_KEYS.has(name) ? name : (COUNTERPARTS.get(name) ?? BY_DIRECTIVE.get(name));
  if (key !== undefined) return { is: 'key', name: key };
  if (ANNOTATIONS_BY_ANY_NAME.has(name)) return { is: 'annotation', name };
  if (CONTROLLER_FLAGS.has(`--${name}`)) return { is: 'flag', name: `--${name}` };
  const near = nameMeant(name, [...CONFIG_KEYS.keys()]);
  return near === null ? null : { is: 'key', name: near };
}

/** True if a key would take the value as it is. */
export function takes(key: string, value: string | undefined): boolean {
  const facts = CONFIG_KEYS.get(key);
  return facts !== undefined && value !== undefined && refusalOfKey(facts, value) === null;
}
