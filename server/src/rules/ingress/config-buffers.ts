import { keyNamed } from '../../model/controllerConfig.ts';
import { isReadByController } from '../../model/controllers.ts';
import { rule } from '../rule.ts';
import { BUFFER_MESSAGES, checkBuffers, settingInForce, settings } from './buffers.ts';
import en from './config-buffers.md';
import zh from './config-buffers.zh.md';

/**
 * The controller writes the sizes of its ConfigMap into every location, and nginx holds them against each other: of sizes that do not
 * go together it refuses the whole configuration.
 */
export const configBuffers = rule({
  id: 'ingress/config-buffers',
  severity: 'error',
  on: 'controllerConfig',
  evidence: [
    'ingress-nginx rootfs/etc/nginx/template/nginx.tmpl: proxy_buffer_size, proxy_buffers and proxy_busy_buffers_size of each location',
    'nginx src/http/modules/ngx_http_proxy_module.c, ngx_http_proxy_merge_loc_conf (1.22.1 to 1.31.1)',
    'test/real/nginx-rules.test.ts: the verdict of nginx -t on what the controller would write',
    'kubernetes/ingress-nginx#13674, kubernetes/ingress-nginx#363',
  ],
  summary: { en: 'Buffer sizes that nginx does not take together', zh: '缓冲区大小互相矛盾，nginx 拒绝加载' },
  messages: BUFFER_MESSAGES,
  page: { en, zh },

  *check(config, context) {
    if (!isReadByController(config, context.cluster)) return;
    yield* checkBuffers(
      settings(name => {
        const value = keyNamed(config, name)?.value;
        return value?.place ? { written: value } : { text: settingInForce(name, context) };
      }, context),
    );
  },
});
