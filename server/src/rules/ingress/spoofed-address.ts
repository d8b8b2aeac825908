import { type ControllerConfig, keyNamed } from '../../model/controllerConfig.ts';
import { isReadByController } from '../../model/controllers.ts';
import { controllerBoolean } from '../../simulate/controllerValue.ts';
import { at } from '../draft.ts';
import { rule } from '../rule.ts';
import en from './spoofed-address.md';
import zh from './spoofed-address.zh.md';

/**
 * With use-forwarded-headers or enable-real-ip the client’s address comes from a header, and by default from anybody’s: who reaches the controller
 * without the proxy in front chooses the address that allow lists, limits and logs see.
 */
export const spoofedAddress = rule({
  id: 'ingress/spoofed-address',
  severity: 'warning',
  on: 'controllerConfig',
  evidence: [
    'kubernetes/ingress-nginx internal/ingress/controller/config/config.go (1.15.1): ProxyRealIPCIDR is 0.0.0.0/0',
    'kubernetes/ingress-nginx rootfs/etc/nginx/template/nginx.tmpl (1.15.1): set_real_ip_from, real_ip_recursive on',
    'kubernetes/ingress-nginx#9163',
    'kubernetes/ingress-nginx#11994',
  ],
  summary: {
    en: 'Any client can choose the address that the controller sees',
    zh: '任何客户端都可以伪造控制器看到的地址',
  },
  messages: {
    en: {
      open: v =>
        `Who reaches the controller past the proxy forges its address: ${v.key} takes it from a header, and proxy-real-ip-cidr trusts everybody${v.written ? '' : ' by default'}`,
      trusted: () => 'Everybody is trusted here',
    },
    zh: {
      open: v =>
        `绕过代理访问控制器的人可以伪造地址：${v.key} 从请求头取地址，而 proxy-real-ip-cidr ${v.written ? '' : '默认'}信任所有来源`,
      trusted: () => '此处信任所有来源',
    },
  },
  page: { en, zh },

  *check(config, { cluster, file }) {
    if (!isReadByController(config, cluster) || isOn(config, 'use-proxy-protocol')) return;
    const key = ['use-forwarded-headers', 'enable-real-ip'].find(name => isOn(config, name));
    const switched = key === undefined ? undefined : keyNamed(config, key);
    if (!switched || config.isOpen) return;
    const trusted = keyNamed(config, 'proxy-real-ip-cidr')?.value;
    if (trusted && !(trusted.known ?? '').split(',').some(item => /^(?:0\.0\.0\.0|::)\/0$/.test(item.trim()))) return;
    // Another layer of the same ConfigMap may name the proxies.
    const layers = cluster
      .all('controllerConfig')
      .filter(each => each.file !== file && each.entity.name.known === config.name.known);
    if (!trusted && layers.some(({ entity }) => keyNamed(entity, 'proxy-real-ip-cidr'))) return;
    const draft = at(switched.value, 'open', { key: key ?? '', ...(trusted ? { written: 1 } : {}) });
    yield trusted ? draft.seeAlso('trusted', trusted.place) : draft;
  },
});

function isOn(config: ControllerConfig, name: string): boolean {
  return controllerBoolean(keyNamed(config, name)?.value.known ?? '') === true;
}
