import type { Located } from '../../model/cluster.ts';
import type { EntityOf } from '../../model/entity.ts';
import { circumstancesOf, isHeeded } from '../../model/tlsPolicy.ts';
import { at } from '../draft.ts';
import { type RuleContext, rule } from '../rule.ts';
import en from './per-host-protocols.md';
import zh from './per-host-protocols.zh.md';

/**
 * OpenSSL settles the version of TLS before it tells nginx which host the client wants. So the protocols of the default server on
 * a socket hold for all its hosts, until nginx 1.29.2 learned to look at the greeting first: no release of ingress-nginx has that.
 */
export const perHostProtocols = rule({
  id: 'tls/per-host-protocols',
  severity: 'error',
  on: 'tlsPolicy',
  evidence: [
    'nginx CHANGES 1.29.2: “now the ssl_protocols directive works in a virtual server different from the default server”; nginx/nginx#562',
    'ingress-nginx images up to 1.15.1 have nginx 1.27.1 or older',
    'test/real/tls-hosts.test.ts: two servers on one socket of a real nginx',
    'kubernetes/ingress-nginx#10794, kubernetes/ingress-nginx#7294',
  ],
  summary: {
    en: 'Protocols of a single host: those of the default server count',
    zh: '单个主机的协议设置：实际生效的是默认 server 的协议',
  },
  messages: {
    en: {
      host: v =>
        `\`ssl_protocols ${v.own}\` does nothing here: nginx settles the protocol before it knows the host, and ${v.counted}, what the controller has for all hosts, counts`,
      server: v =>
        `Before nginx 1.29.2 \`ssl_protocols ${v.own}\` does nothing here: the default server on this socket has ${v.counted}, which counts for all its hosts`,
      counts: () => 'this counts',
      remove: () => 'Remove the directive, which does nothing',
    },
    zh: {
      host: v =>
        `此处的 \`ssl_protocols ${v.own}\` 不起作用：nginx 在知道主机之前就确定了协议版本，生效的是控制器对所有主机的设置 ${v.counted}`,
      server: v =>
        `nginx 1.29.2 之前，\`ssl_protocols ${v.own}\` 在此不起作用：此套接字上默认 server 的设置是 ${v.counted}，它对所有主机生效`,
      counts: () => '生效的是这里',
      remove: () => '删除这条不起作用的指令',
    },
  },
  page: { en, zh },

  *check(policy, context) {
    const { idleProtocols: idle } = policy;
    if (!idle) return;
    const own = idle.own.known ?? '';
    if (idle.ofDefault !== null) {
      const counted = idle.ofDefault.known ?? 'no ssl_protocols';
      yield at<Key>(idle.own, 'server', { own, counted }).as('information').seeAlso('counts', idle.ofDefault.place);
      return;
    }
    const of = ofController(context);
    const defaults = circumstancesOf(policy, context).controllers.map(({ protocols }) => protocols.join(' '));
    const counted = of ? of.entity.protocols.value.known : defaults[0];
    if (counted === undefined || [counted, ...(of ? [] : defaults)].some(each => isSame(each, own))) return;
    const draft = at<Key>(idle.own, 'host', { own, counted });
    const related = of ? draft.seeAlso('counts', of.entity.protocols.value.place, of) : draft;
    yield related.fix('remove', 'unsafe', { address: idle.own.address, change: { op: 'remove' } });
  },
});

type Key = 'host' | 'server' | 'counts' | 'remove';

/** What the workspace says for all hosts of the controller; null where it says nothing, or not one thing. */
function ofController({ cluster }: RuleContext): Located<EntityOf<'tlsPolicy'>> | null {
  const said = cluster
    .all('tlsPolicy')
    .filter(({ entity }) => entity.origin !== 'nginx' && entity.protocols.value.place && isHeeded(entity, cluster));
  return said[0] && said.length === 1 ? said[0] : null;
}

function isSame(one: string, other: string): boolean {
  const sorted = (words: string) => words.trim().split(/\s+/).sort().join(' ');
  return sorted(one) === sorted(other);
}
