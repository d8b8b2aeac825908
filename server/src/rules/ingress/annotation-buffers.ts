import { isServed } from '../../model/controllers.ts';
import { annotationNamed } from '../../model/ingress.ts';
import { rule } from '../rule.ts';
import en from './annotation-buffers.md';
import zh from './annotation-buffers.zh.md';
import { BUFFER_MESSAGES, checkBuffers, settingInForce, settings } from './buffers.ts';

/**
 * An annotation sizes the buffers of its own locations, the ConfigMap the rest of them: what does not go together in one location keeps
 * nginx from loading the configuration of all.
 */
export const annotationBuffers = rule({
  id: 'ingress/annotation-buffers',
  severity: 'error',
  on: 'ingress',
  evidence: [
    'ingress-nginx rootfs/etc/nginx/template/nginx.tmpl: proxy_buffer_size, proxy_buffers and proxy_busy_buffers_size of each location',
    'nginx src/http/modules/ngx_http_proxy_module.c, ngx_http_proxy_merge_loc_conf (1.22.1 to 1.31.1)',
    'test/real/nginx-rules.test.ts: the verdict of nginx -t on what the controller would write',
    'kubernetes/ingress-nginx#13674, kubernetes/ingress-nginx#363',
  ],
  summary: {
    en: 'Annotations with buffer sizes that nginx does not take together',
    zh: '注解中的缓冲区大小互相矛盾，nginx 拒绝加载',
  },
  messages: BUFFER_MESSAGES,
  page: { en, zh },

  *check(ingress, context) {
    if (ingress.origin === 'service' || isServed(ingress, context.cluster) === false) return;
    yield* checkBuffers(
      settings(name => {
        const value = annotationNamed(ingress, name)?.value;
        if (value?.place) return { written: value };
        return { text: ingress.isOpen ? 'unknown' : settingInForce(name, context) };
      }, context),
    );
  },
});
