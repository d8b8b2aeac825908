import { CIPHER_ALIASES, OPENSSL_PROFILES, type OpenSslVersion } from '../facts/tlsCiphers.ts';
import { TLS_GUIDELINES } from '../facts/tlsGuidelines.ts';
import { CONTROLLER_CIPHERS } from '../model/controllerTls.ts';
import { circumstancesOf, isHeeded, opensslVersionsOf, type TlsPolicy } from '../model/tlsPolicy.ts';
import { cipherList, needsCallback } from '../simulate/cipherList/cipherList.ts';
import type { Language, Wording } from '../text/wording.ts';
import type { PieceAt, Workspace } from '../workspace/workspace.ts';
import { type Completion, type Completions, completionsOf } from './answers.ts';

/** A word that every OpenSSL knows, to stand for the one that is being typed. */
const PROBE = 'HIGH';

/** What may stand in a list on the line behind the caret: else the statement is not ended yet. */
const GOES_ON = /^[^\r\n;]*;/;

interface Words {
  readonly suite: (key: string, isAead: boolean) => string;
  readonly allowed: string;
  readonly prohibited: string;
  readonly alias: (count: number) => string;
  readonly whole: (count: number) => string;
  readonly mozilla: (protocols: string) => string;
  readonly controller: string;
  readonly default: string;
  readonly strength: string;
  readonly level: (level: number) => string;
}

const WORDS: Wording<Words> = {
  en: {
    suite: (key, isAead) => `${key} certificate, ${isAead ? 'AEAD' : 'no AEAD'}`,
    allowed: 'HTTP/2 allows it.',
    prohibited: 'HTTP/2 **prohibits** it: in front, it makes browsers refuse the site.',
    alias: count => (count === 1 ? '1 suite' : `${count} suites`),
    whole: count => `whole list, ${count} suites`,
    mozilla: protocols => `With ${protocols}.`,
    controller: 'What the controller has where its ConfigMap has no `ssl-ciphers`.',
    default: 'OpenSSL’s own default; as the first word only.',
    strength: 'Sorts what stands before it by the length of its keys.',
    level: level => `Security level ${level}, whatever the default is.`,
  },
  zh: {
    suite: (key, isAead) => `${key} 证书，${isAead ? 'AEAD' : '非 AEAD'}`,
    allowed: 'HTTP/2 允许使用。',
    prohibited: 'HTTP/2 **禁止**使用：放在前面会使浏览器拒绝访问。',
    alias: count => `${count} 个套件`,
    whole: count => `完整列表，${count} 个套件`,
    mozilla: protocols => `配合 ${protocols} 使用。`,
    controller: 'ConfigMap 中没有 `ssl-ciphers` 时，控制器使用的列表。',
    default: 'OpenSSL 自己的默认值；只能作为第一个词。',
    strength: '把前面的套件按密钥长度排序。',
    level: level => `安全级别 ${level}，无论默认值是什么。`,
  },
};

/** Suites, aliases and commands within a cipher list; in an empty one, whole lists too. */
export function cipherListCompletion(piece: PieceAt, { linked: cluster, language }: Workspace): Completions | null {
  const { text, offset, file } = piece;
  // Every key and directive with a list says so: no other text has to be read again.
  if (!/cipher/i.test(text)) return null;
  const typed = /[\w.=@-]*$/.exec(text.slice(0, offset))?.[0].replace(/^-+/, '') ?? '';
  const start = offset - typed.length;
  const end = offset + (/^[\w.=@-]*/.exec(text.slice(offset))?.[0].length ?? 0);
  const policy = policyAt(piece, start, end);
  if (!policy || !isHeeded(policy, cluster)) return null;
  const openssl = opensslVersionsOf(policy, circumstancesOf(policy, { cluster, file })).at(-1) ?? '3.5';
  const isEmpty = policy.ciphers.value.known === PROBE;
  const written = new Set((policy.ciphers.value.known ?? '').split(/[:,;\s][+!-]?/));
  const items = itemsOf(openssl, isEmpty, language).filter(({ label }) => label === PROBE || !written.has(label));
  return completionsOf(piece, { start, end: offset }, items);
}

/** The policy whose list the caret is in, with a word of ours in the place of the one that is typed. */
function policyAt(piece: PieceAt, start: number, end: number): TlsPolicy | null {
  const [before, rest] = [piece.text.slice(0, start), piece.text.slice(end)];
  for (const probed of piece.language === 'nginx' && !GOES_ON.test(rest) ? [`${PROBE};`] : [PROBE, `${PROBE};`]) {
    for (const entity of piece.wouldSay(before + probed + rest)) {
      const place = entity.is === 'tlsPolicy' ? entity.ciphers.value.place?.value : null;
      if (entity.is === 'tlsPolicy' && place && place.start <= start && start + PROBE.length <= place.end)
        return entity;
    }
  }
  return null;
}

function itemsOf(openssl: OpenSslVersion, isEmpty: boolean, language: Language): readonly Completion[] {
  const words = WORDS[language];
  return [
    ...(isEmpty ? [...wholeLists(openssl, words), item('DEFAULT', 'OpenSSL', words.default)] : commands(words)),
    ...suites(openssl, words),
    ...aliases(openssl, words),
  ];
}

function suites(openssl: OpenSslVersion, words: Words): readonly Completion[] {
  return OPENSSL_PROFILES[openssl].initialOrder
    .filter(suite => !needsCallback(suite) && suite.au !== 'NULL' && suite.enc !== 'None')
    .map(({ name, au, mac, http2Prohibited }) =>
      item(name, words.suite(au, mac === 'AEAD'), http2Prohibited ? words.prohibited : words.allowed),
    );
}

function aliases(openssl: OpenSslVersion, words: Words): readonly Completion[] {
  const { unknownAliases } = OPENSSL_PROFILES[openssl];
  return [...CIPHER_ALIASES.keys()]
    .filter(alias => !unknownAliases.has(alias))
    .map(alias => item(alias, words.alias(cipherList(alias, openssl, 0).suites?.length ?? 0), ''));
}

function commands(words: Words): readonly Completion[] {
  return [
    item('@STRENGTH', 'OpenSSL', words.strength),
    ...[0, 1, 2].map(level => item(`@SECLEVEL=${level}`, 'OpenSSL', words.level(level))),
  ];
}

function wholeLists(openssl: OpenSslVersion, words: Words): readonly Completion[] {
  const count = (ciphers: string) => words.whole(cipherList(ciphers, openssl).tls12.length);
  const mozilla = TLS_GUIDELINES.filter(({ ciphers }) => ciphers !== '').map(
    ({ version, name, ciphers, protocols }) => ({
      ...item(`Mozilla ${version} ${name}`, count(ciphers), words.mozilla(protocols.join(' '))),
      insert: ciphers,
    }),
  );
  const controller = CONTROLLER_CIPHERS.slice(-3).map(({ since, value }) => ({
    ...item(`ingress-nginx since ${since.join('.')}`, count(value), words.controller),
    insert: value,
  }));
  return [...mozilla, ...controller];
}

function item(label: string, detail: string, documentation: string): Completion {
  return { kind: 'value', label, detail, documentation, insert: label };
}
