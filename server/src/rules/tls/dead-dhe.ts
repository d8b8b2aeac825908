import { circumstancesOf, opensslVersionsOf } from '../../model/tlsPolicy.ts';
import { cipherList } from '../../simulate/cipherList/cipherList.ts';
import { atPlace } from '../draft.ts';
import { rule } from '../rule.ts';
import en from './dead-dhe.md';
import zh from './dead-dhe.zh.md';

/**
 * nginx does DHE only with parameters from a file: without one, the suites stand in the list and no client gets them. The default
 * list of the controller has two such suites, so that this is worth knowing and no more, unless there is nothing else.
 */
export const deadDhe = rule({
  id: 'tls/dead-dhe',
  severity: 'information',
  on: 'tlsPolicy',
  evidence: [
    'nginx src/event/ngx_event_openssl.c, ngx_ssl_dhparam: no parameters without a file; no SSL_CTX_set_dh_auto',
    'test/real/tls.test.ts: DHE suites with and without ssl_dhparam',
    'kubernetes/ingress-nginx#5835, kubernetes/ingress-nginx#11131',
  ],
  summary: {
    en: 'DHE suites in the cipher list, and no parameters for them',
    zh: '密码套件列表中有 DHE 套件，却没有相应的参数',
  },
  messages: {
    en: {
      some: v => `No client gets ${v.items}: nginx does DHE only with ${v.setting}, which is not set`,
      all: v =>
        `No client can connect with TLS 1.2 or older: every suite of the list is DHE, which nginx does only with ${v.setting}`,
    },
    zh: {
      some: v => `没有客户端能使用 ${v.items}：nginx 只有设置了 ${v.setting} 才能使用 DHE，而这里没有设置`,
      all: v =>
        `使用 TLS 1.2 及更早版本的客户端都无法连接：列表中只有 DHE 套件，而 nginx 只有设置了 ${v.setting} 才能使用 DHE`,
    },
  },
  page: { en, zh },

  *check(policy, around) {
    const { ciphers, dhparam, origin, protocols } = policy;
    const string = ciphers.value.known;
    // The parameters for an annotation's list are set elsewhere.
    if (string === undefined || !dhparam.isAbsent || origin === 'annotation') return;
    // Nothing uses the list.
    if (protocols.value.known?.trim() === 'TLSv1.3') return;
    const lists = opensslVersionsOf(policy, circumstancesOf(policy, around)).map(version =>
      cipherList(string, version),
    );
    const list = lists.at(-1);
    if (!list || lists.some(({ error }) => error !== null)) return;
    const dead = list.items.filter(
      ({ rule: sign, effect, suites }) =>
        sign === 'add' && effect === 'added' && suites.every(({ kx }) => kx === 'DHE'),
    );
    const [first] = dead;
    if (!first) return;
    const isAll = lists.every(({ tls12 }) => tls12.every(({ kx }) => kx === 'DHE'));
    const items = dead.map(({ start, end }) => string.slice(start, end)).join(', ');
    const setting = origin === 'nginx' ? 'ssl_dhparam' : 'ssl-dh-param';
    const draft = atPlace<'some' | 'all'>(ciphers.placeOf(first), isAll ? 'all' : 'some', { items, setting });
    yield isAll ? draft.as('warning') : draft;
  },
});
