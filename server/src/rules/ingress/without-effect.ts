import { flagInForce, isServed, keyInForce } from '../../model/controllers.ts';
import { annotationNamed } from '../../model/ingress.ts';
import type { Place } from '../../model/value.ts';
import { hasReached } from '../../model/versions.ts';
import { at, type Draft } from '../draft.ts';
import { rule } from '../rule.ts';
import en from './without-effect.md';
import zh from './without-effect.zh.md';

/** What an Ingress asks for and the controller has to be told to allow: ssl-passthrough by a flag, the names of custom headers by its ConfigMap. */
export const withoutEffect = rule({
  id: 'ingress/without-effect',
  severity: 'error',
  on: 'ingress',
  evidence: [
    'kubernetes/ingress-nginx pkg/flags/flags.go (1.15.1): --enable-ssl-passthrough is false by default',
    'kubernetes/ingress-nginx internal/ingress/annotations/customheaders/main.go (1.11.0 to 1.15.1): a header that is not allowed denies the location',
    'kubernetes/ingress-nginx#1191',
    'kubernetes/ingress-nginx#12287',
  ],
  summary: {
    en: 'An annotation that needs a setting of the controller which is not there',
    zh: '需要控制器启用、而控制器没有启用的注解',
  },
  messages: {
    en: {
      passthrough: () => 'TLS ends at the controller all the same: it is started without --enable-ssl-passthrough',
      headers: () =>
        'Every path of this Ingress answers 503: custom-headers sets headers, and global-allowed-response-headers of the ConfigMap allows none',
      here: () => 'The controller is configured here',
    },
    zh: {
      passthrough: () => 'TLS 仍会在控制器处终止：启动时没有 --enable-ssl-passthrough',
      headers: () =>
        '此 Ingress 的所有路径都返回 503：custom-headers 要设置响应头，而 ConfigMap 的 global-allowed-response-headers 没有允许任何一个',
      here: () => '控制器的设置在此处',
    },
  },
  page: { en, zh },

  *check(ingress, { cluster, file }) {
    if (ingress.origin === 'service' || isServed(ingress, cluster) === false) return;
    const passthrough = annotationNamed(ingress, 'ssl-passthrough')?.value;
    if (passthrough?.is('true')) {
      const flag = flagInForce(cluster, file, '--enable-ssl-passthrough');
      if (flag.state === 'default') yield at<Key>(passthrough, 'passthrough');
      else if (flag.state === 'known' && flag.value === 'false') yield seen(at<Key>(passthrough, 'passthrough'), flag);
    }
    const headers = annotationNamed(ingress, 'custom-headers')?.value;
    if (headers?.known && hasReached(cluster.version('controller', file), '1.11.0')) {
      const allowed = keyInForce(cluster, file, 'global-allowed-response-headers');
      if (allowed.state === 'default') yield at<Key>(headers, 'headers');
      else if (allowed.state === 'known' && allowed.value.trim() === '')
        yield seen(at<Key>(headers, 'headers'), allowed);
    }
  },
});

type Key = 'passthrough' | 'headers' | 'here';

function seen(draft: Draft<Key>, said: { readonly file: string; readonly piece: number; readonly place: Place }) {
  return draft.seeAlso('here', said.place, said);
}
