import type { CipherSuite } from '../../facts/tlsCiphers.ts';
import type { CertificateKey } from '../../model/environment.ts';
import type { ServedKey } from '../../model/servedKeys.ts';
import { circumstancesOf, opensslVersionsOf, type TlsCircumstances, type TlsPolicy } from '../../model/tlsPolicy.ts';
import { type CipherList, cipherList } from '../../simulate/cipherList/cipherList.ts';
import { atPlace, type Params } from '../draft.ts';
import { rule } from '../rule.ts';
import en from './key-type-mismatch.md';
import zh from './key-type-mismatch.zh.md';

/**
 * Every suite of TLS 1.2 says what kind of key the server signs or decrypts with. A list that has no suite for the key of the
 * certificate loads without a word, and lets nobody in but clients of TLS 1.3, whose suites say nothing of the kind.
 */
export const keyTypeMismatch = rule({
  id: 'tls/key-type-mismatch',
  severity: 'warning',
  on: 'tlsPolicy',
  evidence: [
    'openssl ssl/ssl_lib.c, ssl_set_masks: suites whose authentication no certificate has are left out',
    'cert-manager Certificate v1: spec.privateKey.algorithm is RSA unless it is set; the annotation cert-manager.io/private-key-algorithm sets it for an Ingress',
    'test/real/tls.test.ts: RSA suites with an ECDSA certificate: nginx starts, every TLS 1.2 handshake fails',
    'webdevops/Dockerfile#475',
  ],
  summary: {
    en: 'No suite of the list works with the key of the certificate',
    zh: '列表中没有一个套件适用于证书的密钥',
  },
  messages: {
    en: {
      mismatch: v =>
        `No client gets in with TLS 1.2 or older: the key of ${whose(v).en} is ${v.key}, and no suite of the list works with it (no shared cipher)`,
      key: v => `this makes the key ${v.key}`,
      add: v => `Add the suites for ${v.key} keys`,
    },
    zh: {
      mismatch: v =>
        `使用 TLS 1.2 及更早版本的客户端都无法连接：${whose(v).zh}的密钥是 ${v.key}，而列表中没有适用的套件（no shared cipher）`,
      key: v => `此处决定密钥是 ${v.key}`,
      add: v => `加上适用于 ${v.key} 密钥的套件`,
    },
  },
  page: { en, zh },

  *check(policy, around) {
    const { ciphers, protocols } = policy;
    const string = ciphers.value.known;
    // Nothing uses the list.
    if (string === undefined || protocols.value.known?.trim() === 'TLSv1.3') return;
    const circumstances = circumstancesOf(policy, around);
    const lists = opensslVersionsOf(policy, circumstances).map(version => cipherList(string, version));
    const key = keysOf(policy, circumstances).find(({ type }) => lists.every(list => suitsNobody(list, type)));
    if (!key) return;
    const draft = atPlace<Key>(ciphers.placeOf({ start: 0, end: string.trimEnd().length }), 'mismatch', {
      key: key.type,
      whose: policy.origin === 'annotation' || policy.origin === 'nginx' ? 'own' : 'host',
    });
    const related = key.place ? draft.seeAlso('key', key.place, key.elsewhere ?? undefined) : draft;
    const grown = extended(string, lists, key.type);
    yield grown === null ? related : related.fix('add', 'unsafe', ciphers.rewrite(grown));
  },
});

type Key = 'mismatch' | 'key' | 'add';

const whose = (v: Params) =>
  v.whose === 'own' ? { en: 'the certificate', zh: '证书' } : { en: 'a host’s certificate', zh: '某个主机的证书' };

/** The types of key that are known: each of a host of its own, but nginx's of one server, which uses what fits. */
function keysOf(
  { keyTypes }: TlsPolicy,
  circumstances: TlsCircumstances,
): readonly Pick<ServedKey, 'type' | 'place' | 'elsewhere'>[] {
  const unplaced = (type: CertificateKey) => ({ type, place: null, elsewhere: null });
  if (keyTypes) return keyTypes.length === 1 ? keyTypes.map(unplaced) : [];
  const { known } = circumstances.served;
  return known.length > 0 ? known : (circumstances.keyTypes ?? []).map(unplaced);
}

function suitsNobody({ error, tls12 }: CipherList, type: CertificateKey): boolean {
  return error === null && tls12.length > 0 && tls12.every(({ au }) => au !== type && au !== 'NULL');
}

/** The list with the twins of its suites for another type of key behind it; null if they have none. */
function extended(string: string, lists: readonly CipherList[], type: CertificateKey): string | null {
  const twins = (lists[0]?.tls12 ?? []).flatMap(({ name }: CipherSuite) => {
    const twin = name.replace(/^ECDHE-(?:RSA|ECDSA)-/, `ECDHE-${type}-`);
    return twin === name ? [] : [twin];
  });
  const grown = `${string.trim()}:${twins.join(':')}`;
  const isEnough = lists.every(({ openssl }) => !suitsNobody(cipherList(grown, openssl), type));
  return twins.length > 0 && isEnough ? grown : null;
}
