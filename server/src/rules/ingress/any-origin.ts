import { isServed } from '../../model/controllers.ts';
import { annotationNamed } from '../../model/ingress.ts';
import { at, set } from '../draft.ts';
import { rule } from '../rule.ts';
import en from './any-origin.md';
import zh from './any-origin.zh.md';

/** By default CORS allows every origin and credentials: browsers refuse the two together, and cookies never come along. */
export const anyOrigin = rule({
  id: 'ingress/any-origin',
  severity: 'information',
  on: 'ingress',
  evidence: [
    'kubernetes/ingress-nginx internal/ingress/annotations/cors/main.go (1.15.1): origin *, credentials true by default',
    'Fetch standard, CORS check: credentials and * do not go together',
    'kubernetes/ingress-nginx#6244',
    'kubernetes/ingress-nginx#8469',
  ],
  summary: {
    en: 'CORS for every origin, with credentials that browsers then refuse',
    zh: '对所有来源启用 CORS，而浏览器会拒绝随之携带的凭据',
  },
  messages: {
    en: {
      both: () =>
        'Browsers refuse responses to requests with cookies: cors-allow-origin is *, and credentials are allowed, both by default',
      off: () => 'Do without credentials: cors-allow-credentials "false"',
    },
    zh: {
      both: () => '浏览器会拒绝带 Cookie 请求的响应：cors-allow-origin 为 *，同时允许凭据，两者都是默认值',
      off: () => '不使用凭据：cors-allow-credentials 为 "false"',
    },
  },
  page: { en, zh },

  *check(ingress, { cluster }) {
    const enabled = annotationNamed(ingress, 'enable-cors')?.value;
    if (!enabled?.is('true') || ingress.isOpen || isServed(ingress, cluster) === false) return;
    const origin = annotationNamed(ingress, 'cors-allow-origin')?.value;
    const credentials = annotationNamed(ingress, 'cors-allow-credentials')?.value;
    if ((origin && !origin.is('*')) || (credentials && !credentials.is('true'))) return;
    const draft = at(origin ?? enabled, 'both');
    const address = [...ingress.address, 'nginx.ingress.kubernetes.io/cors-allow-credentials'];
    yield credentials
      ? draft.fix('off', 'unsafe', set(credentials, 'false'))
      : draft.fix('off', 'unsafe', { address, change: { op: 'set', value: 'false' } });
  },
});
