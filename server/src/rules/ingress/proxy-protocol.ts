import { keyInForce } from '../../model/controllers.ts';
import { atPlace } from '../draft.ts';
import { rule } from '../rule.ts';
import en from './proxy-protocol.md';
import zh from './proxy-protocol.zh.md';

/**
 * A balancer that speaks the PROXY protocol begins every connection with a line of its own. A controller that does not expect it takes that for a
 * broken request, or a broken TLS handshake: nothing gets through at all.
 */
export const proxyProtocol = rule({
  id: 'ingress/proxy-protocol',
  severity: 'warning',
  on: 'balancerService',
  evidence: [
    'kubernetes/ingress-nginx rootfs/etc/nginx/template/nginx.tmpl (1.15.1): listen … proxy_protocol with use-proxy-protocol alone',
    'test/real/ingress-paths.test.ts: what nginx makes of it',
    'kubernetes/ingress-nginx#3996',
    'kubernetes/ingress-nginx#9643',
  ],
  summary: {
    en: 'The balancer speaks the PROXY protocol, and the controller does not expect it',
    zh: '负载均衡器使用 PROXY 协议，而控制器没有启用',
  },
  messages: {
    en: {
      one: v =>
        `Every connection fails: the balancer begins it with the PROXY protocol, and use-proxy-protocol of the controller is ${v.said ? 'false' : 'not set'}`,
      here: () => 'use-proxy-protocol is set here',
    },
    zh: {
      one: v =>
        `所有连接都会失败：负载均衡器以 PROXY 协议开始连接，而控制器的 use-proxy-protocol ${v.said ? '为 false' : '没有设置'}`,
      here: () => 'use-proxy-protocol 在这里设置',
    },
  },
  page: { en, zh },

  *check(service, { cluster, file }) {
    if (!service.isController) return;
    const expects = keyInForce(cluster, file, 'use-proxy-protocol');
    if (expects.state === 'default') yield atPlace<'one' | 'here'>(service.place, 'one');
    else if (expects.state === 'known' && expects.value === 'false') {
      yield atPlace<'one' | 'here'>(service.place, 'one', { said: 1 }).seeAlso('here', expects.place, expects);
    }
  },
});
