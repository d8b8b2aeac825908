import { CIPHER_SUITES, type CipherSuite, TLS13_DEFAULT } from '../../facts/tlsCiphers.ts';
import { circumstancesOf, opensslVersionsOf } from '../../model/tlsPolicy.ts';
import { type CipherItem, cipherList } from '../../simulate/cipherList/cipherList.ts';
import { atPlace } from '../draft.ts';
import { rule } from '../rule.ts';
import en from './tls13-name.md';
import zh from './tls13-name.zh.md';
import { without } from './words.ts';

/**
 * A cipher list governs TLS 1.2 and older. Names of TLS 1.3 suites in it are words that OpenSSL does not know: they add nothing,
 * keep nothing out, and change no order. Where they name what is on anyway, that is no more than a hint.
 */
export const tls13Name = rule({
  id: 'tls/tls13-name',
  severity: 'error',
  on: 'tlsPolicy',
  evidence: [
    'openssl SSL_CTX_set_cipher_list(3) and SSL_CTX_set_ciphersuites(3) (1.1.1, 3.0, 3.5)',
    'test/simulate/cipherList.test.ts; nginx 1.22.1: the order of TLS 1.3 does not change',
    'kubernetes/ingress-nginx#6569, kubernetes/ingress-nginx#8507',
  ],
  summary: {
    en: 'A TLS 1.3 suite in a list that does not govern TLS 1.3',
    zh: '此列表不管 TLS 1.3，却写了 TLS 1.3 的套件',
  },
  messages: {
    en: {
      kept: v => `\`${v.words}\` keeps nothing out: a cipher list does not govern TLS 1.3, where ${v.suites} stays on`,
      added: v => `\`${v.words}\` does not turn the suite on: a cipher list does not govern TLS 1.3`,
      some: v => `TLS 1.3 uses ${v.missing} too: a cipher list does not govern it, and these names in it do nothing`,
      all: () => 'These names do nothing here: TLS 1.3 has its suites on whatever the cipher list says',
      remove: () => 'Remove the names, which do nothing',
      command: v => `Set them with ssl_conf_command Ciphersuites ${v.suites}`,
    },
    zh: {
      kept: v => `写 \`${v.words}\` 不能排除任何东西：密码套件列表不管 TLS 1.3，${v.suites} 仍然启用`,
      added: v => `写 \`${v.words}\` 不能启用该套件：密码套件列表不管 TLS 1.3`,
      some: v => `TLS 1.3 还会使用 ${v.missing}：密码套件列表不管 TLS 1.3，写在其中的这些名字不起作用`,
      all: () => '这些名字在此不起作用：无论密码套件列表怎么写，TLS 1.3 的套件都已启用',
      remove: () => '删除这些不起作用的名字',
      command: v => `用 ssl_conf_command Ciphersuites ${v.suites} 设置`,
    },
  },
  page: { en, zh },

  *check(policy, around) {
    const { ciphers, origin } = policy;
    const string = ciphers.value.known;
    if (string === undefined) return;
    const lists = opensslVersionsOf(policy, circumstancesOf(policy, around)).map(version =>
      cipherList(string, version),
    );
    if (lists.some(({ error }) => error !== null)) return;
    const named = (lists[0]?.items ?? []).filter(({ unknown }) => unknown?.why === 'tls13');
    const [first] = named;
    if (!first) return;
    const suites = named.flatMap(item => suiteOf(string, item));
    const wanted = named.filter(({ rule: sign }) => sign === 'add').flatMap(item => suiteOf(string, item));
    const kind = kindOf(named, suites);
    const draft = atPlace<Key>(ciphers.placeOf(first), kind, {
      words: named.map(({ start, end }) => string.slice(start, end)).join(':'),
      suites: (kind === 'all' || kind === 'some' ? wanted : suites).map(({ name }) => name).join(':'),
      missing: TLS13_DEFAULT.filter(suite => !wanted.includes(suite))
        .map(({ name }) => name)
        .join(', '),
    }).as(SEVERITY[kind]);
    const rest = named.reduceRight(without, string);
    const removed = ciphers.rewrite(rest);
    // nginx has had ssl_conf_command since 1.19.4; the controller has no key for it.
    const commands =
      kind === 'some' && origin === 'nginx'
        ? [`ssl_conf_command Ciphersuites ${wanted.map(({ name }) => name).join(':')};`]
        : [];
    const mended =
      commands.length === 0
        ? draft
        : draft.fix('command', 'unsafe', removed, {
            address: removed.address,
            change: { op: 'behind', lines: commands },
          });
    yield mended.fix('remove', kind === 'all' ? 'safe' : 'unsafe', removed);
  },
});

type Kind = 'kept' | 'added' | 'some' | 'all';
type Key = Kind | 'remove' | 'command';

const SEVERITY = { kept: 'error', added: 'error', some: 'information', all: 'hint' } as const;

function kindOf(named: readonly CipherItem[], suites: readonly CipherSuite[]): Kind {
  if (named.every(({ rule: sign }) => sign === 'kill' || sign === 'delete')) return 'kept';
  if (!suites.some(suite => TLS13_DEFAULT.includes(suite))) return 'added';
  return TLS13_DEFAULT.every(suite => suites.includes(suite)) ? 'all' : 'some';
}

function suiteOf(string: string, { unknown }: CipherItem): readonly CipherSuite[] {
  const name = unknown ? string.slice(unknown.start, unknown.end) : '';
  return [...CIPHER_SUITES.values()].filter(suite => suite.name === name);
}
