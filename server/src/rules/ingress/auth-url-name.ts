import { isServed } from '../../model/controllers.ts';
import { annotationNamed } from '../../model/ingress.ts';
import { at, set } from '../draft.ts';
import { rule } from '../rule.ts';
import en from './auth-url-name.md';
import zh from './auth-url-name.zh.md';

/** nginx asks DNS for the whole name and nothing else: it knows no search domains, so that a bare Service name is never found. */
export const authUrlName = rule({
  id: 'ingress/auth-url-name',
  severity: 'warning',
  on: 'ingress',
  evidence: [
    'nginx src/core/ngx_resolver.c (1.22.1 to 1.27.1): names are asked for as they are; no search domains',
    'kubernetes/ingress-nginx rootfs/etc/nginx/template/nginx.tmpl (1.15.1): set $target AUTH_URL; proxy_pass $target',
    'kubernetes/ingress-nginx#1529',
    'kubernetes/ingress-nginx#3665',
  ],
  summary: {
    en: 'auth-url names a Service without its namespace: nginx does not find it',
    zh: 'auth-url 中的 Service 没有写命名空间：nginx 无法解析',
  },
  messages: {
    en: {
      short: v => `Requests fail with 500: nginx does not find \`${v.host}\`, since its resolver has no search domains`,
      whole: v => `Write ${v.name}`,
    },
    zh: {
      short: v => `请求会以 500 失败：nginx 的解析器没有搜索域，找不到 \`${v.host}\``,
      whole: v => `改为 ${v.name}`,
    },
  },
  page: { en, zh },

  *check(ingress, { cluster }) {
    const url = annotationNamed(ingress, 'auth-url')?.value;
    if (url?.known === undefined || isServed(ingress, cluster) === false) return;
    // With connections that are kept the name is resolved when nginx loads, by the system.
    if (annotationNamed(ingress, 'auth-keepalive')) return;
    const [, scheme = '', host = '', rest = ''] =
      /^(https?:\/\/)([a-z0-9-]+(?:\.[a-z0-9-]+)*)((?::\d+)?(?:\/.*)?)$/i.exec(url.known) ?? [];
    if (host === '' || !isShort(host)) return;
    const namespace = ingress.namespace.known;
    const name = host.endsWith('.svc')
      ? `${host}.cluster.local`
      : namespace && !host.includes('.')
        ? `${host}.${namespace}.svc.cluster.local`
        : null;
    const draft = at(url, 'short', { host, name: name ?? '' });
    yield name === null ? draft : draft.fix('whole', 'unsafe', set(url, scheme + name + rest));
  },
});

/** One word, or one that ends where the cluster’s own domain would have to follow; names of other domains are left alone. */
function isShort(host: string): boolean {
  return (!host.includes('.') && host !== 'localhost') || /\.svc$/.test(host);
}
