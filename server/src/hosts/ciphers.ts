import type { CipherSuite, OpenSslVersion, SecurityLevel } from '../facts/tlsCiphers.ts';
import { type CipherItem, type CipherList, cipherList, type UnknownWord } from '../simulate/cipherList/cipherList.ts';
import { formatCount, type Language, type Wording } from '../text/wording.ts';

export interface CiphersRequest {
  readonly openssl: OpenSslVersion;
  /** Where the string itself sets none; undefined for the default of the version. */
  readonly securityLevel: SecurityLevel | undefined;
}

/** One cipher string as `ciphers --format json` prints it, in one line. */
export function asJsonLine(string: string, { openssl, securityLevel }: CiphersRequest): string {
  const { suites, tls12, error } = cipherList(string, openssl, securityLevel);
  const ids = (list: readonly CipherSuite[]) => list.map(({ id }) => id);
  return `${JSON.stringify({ string, suites: suites && ids(suites), tls12: ids(tls12), error })}\n`;
}

/**
 * The answers to a text that arrives in chunks, each as soon as its line is there. Only `\n` ends a line, and nothing
 * else is taken off: to OpenSSL a `\r` makes a string invalid.
 */
export async function* asJsonLines(chunks: AsyncIterable<string>, request: CiphersRequest): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of chunks) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) yield asJsonLine(line, request);
  }
  if (rest !== '') yield asJsonLine(rest, request);
}

/** One cipher string for people: what stays of it, in order, and what of it does nothing. */
export function asTables(
  string: string,
  { openssl, securityLevel }: CiphersRequest,
  language: Language,
): { readonly text: string; readonly refused: boolean } {
  const list = cipherList(string, openssl, securityLevel);
  const words = WORDS[language];
  const idle = list.items.filter(({ effect }) => effect in words.effects);
  const blocks = [
    list.error === null ? words.sum(list) : words.refused(list),
    list.suites === null ? '' : table([words.columns, ...list.suites.map(suite => row(suite, list, language))]),
    idle.length === 0
      ? ''
      : `${words.idle}\n${table(idle.map(item => [shown(string, item), whyIdle(item, language)]))}`,
  ];
  return { text: `${blocks.filter(block => block !== '').join('\n\n')}\n`, refused: list.error !== null };
}

function row(suite: CipherSuite, { tls12 }: CipherList, language: Language): string[] {
  const { yes, no, anonymous, allowed, prohibited } = WORDS[language];
  return [
    suite.name,
    suite.kx,
    suite.au === 'NULL' ? anonymous : suite.au,
    suite.mac === 'AEAD' ? yes : no,
    suite.http2Prohibited ? prohibited : allowed,
    tls12.includes(suite) ? yes : no,
  ];
}

/** The item with its line breaks and tabs made visible, as it would stand in a quoted scalar. */
function shown(string: string, { start, end }: CipherItem): string {
  return JSON.stringify(string.slice(start, end)).slice(1, -1);
}

function whyIdle({ effect, unknown }: CipherItem, language: Language): string {
  const { effects, unknownWords } = WORDS[language];
  return unknown ? unknownWords[unknown.why] : (effects[effect as keyof typeof effects] ?? '');
}

interface Words {
  readonly columns: string[];
  readonly yes: string;
  readonly no: string;
  readonly anonymous: string;
  readonly allowed: string;
  readonly prohibited: string;
  sum(list: CipherList): string;
  refused(list: CipherList): string;
  /** Before the items that do nothing, or that spoil everything. */
  readonly idle: string;
  readonly effects: Readonly<Record<'nothing' | 'contradiction' | 'unknown' | 'refused' | 'ignored', string>>;
  readonly unknownWords: Readonly<Record<UnknownWord, string>>;
}

const WORDS: Wording<Words> = {
  en: {
    columns: ['suite', 'key exchange', 'authentication', 'AEAD', 'HTTP/2', 'TLS 1.2'],
    yes: 'yes',
    no: 'no',
    anonymous: 'none',
    allowed: 'allowed',
    prohibited: 'prohibited',
    sum: ({ openssl, securityLevel, suites, tls12 }) =>
      `OpenSSL ${openssl}, security level ${securityLevel}: ${formatCount(suites?.length ?? 0, 'en')} ` +
      `${suites?.length === 1 ? 'suite' : 'suites'}, ${formatCount(tls12.length, 'en')} usable at TLS 1.2. TLS 1.3 has its own.`,
    refused: ({ openssl, error }) => `OpenSSL ${openssl} refuses this string: ${error}.`,
    idle: 'Without effect:',
    effects: {
      nothing: 'no suite is left for it',
      contradiction: 'no suite is all of this; ignored up to the next separator',
      unknown: 'unknown word',
      refused: 'invalid: because of it the whole string is refused',
      ignored: 'ignored after a Suite B word',
    },
    unknownWords: {
      notBuilt: 'this OpenSSL is built without it; ignored up to the next separator',
      tls13: 'cipher strings do not govern TLS 1.3; ignored',
      ianaName: 'OpenSSL reads such names since 3.2; ignored',
      former: 'no word of this OpenSSL any more; ignored up to the next separator',
      letterCase: 'upper and lower case differ; ignored up to the next separator',
      noSuchWord: 'unknown word; ignored up to the next separator',
    },
  },
  zh: {
    columns: ['套件', '密钥交换', '身份验证', 'AEAD', 'HTTP/2', 'TLS 1.2'],
    yes: '是',
    no: '否',
    anonymous: '无',
    allowed: '允许',
    prohibited: '禁止',
    sum: ({ openssl, securityLevel, suites, tls12 }) =>
      `OpenSSL ${openssl}，安全级别 ${securityLevel}：${formatCount(suites?.length ?? 0, 'zh')} 个套件，` +
      `其中 ${formatCount(tls12.length, 'zh')} 个可用于 TLS 1.2。TLS 1.3 的套件另行设置。`,
    refused: ({ openssl, error }) => `OpenSSL ${openssl} 拒绝此字符串：${error}。`,
    idle: '不起作用：',
    effects: {
      nothing: '没有可供它处理的套件',
      contradiction: '没有套件同时满足这些条件；到下一个分隔符为止被忽略',
      unknown: '未知的词',
      refused: '无效：整个字符串因此被拒绝',
      ignored: '位于 Suite B 词之后，被忽略',
    },
    unknownWords: {
      notBuilt: '此版本 OpenSSL 的构建不包含它；到下一个分隔符为止被忽略',
      tls13: '密码套件字符串不管 TLS 1.3；被忽略',
      ianaName: 'OpenSSL 从 3.2 起才识别这种名称；被忽略',
      former: '此版本 OpenSSL 已没有这个词；到下一个分隔符为止被忽略',
      letterCase: '区分大小写；到下一个分隔符为止被忽略',
      noSuchWord: '未知的词；到下一个分隔符为止被忽略',
    },
  },
};

/** Rows in columns that line up in a terminal, two cells for a Chinese character. */
function table(rows: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  for (const cells of rows)
    cells.forEach((cell, i) => {
      widths[i] = Math.max(widths[i] ?? 0, width(cell));
    });
  const line = (cells: readonly string[]) =>
    cells.map((cell, i) => cell + ' '.repeat((widths[i] ?? 0) - width(cell))).join('  ');
  return rows.map(cells => `  ${line(cells)}`.trimEnd()).join('\n');
}

function width(text: string): number {
  return text.length + (text.match(/[\u2e80-\uffef]/g)?.length ?? 0);
}
