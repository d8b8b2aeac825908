import { CONTROLLER_COMPILED_OUT, type NginxContext } from '../../facts/nginx.ts';
import { walk } from '../../syntax/nginx/tree.ts';
import { atPlace } from '../draft.ts';
import { rule } from '../rule.ts';
import en from './compiled-out.md';
import zh from './compiled-out.zh.md';
import { isSettled } from './settled.ts';

/** Where the words are directives; elsewhere they may be entries of a map, or of a module that nobody recorded. */
const HTTP: ReadonlySet<NginxContext | null> = new Set(['http', 'server', 'location', 'if in location'] as const);

/**
 * The images of ingress-nginx are built without some directives, so that no snippet can serve files of the controller's pod, its
 * token among them. For that nginx they are unknown words, and one of them keeps the whole configuration from loading.
 */
export const compiledOut = rule({
  id: 'nginx/compiled-out',
  severity: 'error',
  on: 'nginxText',
  evidence: [
    'ingress-nginx images/nginx/rootfs/patches/00_drop-alias-root.patch (controller 1.2.1 to 1.15.1)',
    'kubernetes/ingress-nginx#8624, kubernetes/ingress-nginx#11086, kubernetes/ingress-nginx#11322, kubernetes/ingress-nginx#12431',
  ],
  summary: {
    en: 'A directive that the nginx of the controller was built without',
    zh: '控制器的 nginx 编译时去掉了这条指令',
  },
  messages: {
    en: {
      unknown: v =>
        `The controller cannot reload with this snippet, nor with anything after it: its nginx has no \`${v.directive}\` since controller ${v.since}`,
    },
    zh: {
      unknown: v =>
        `控制器无法加载此片段，此后的任何变更也都无法生效：从控制器 ${v.since} 起，它的 nginx 没有 \`${v.directive}\``,
    },
  },
  page: { en, zh },

  *check(text) {
    if (text.carrier.kind !== 'snippet' || !isSettled(text)) return;
    const { directives, since } = CONTROLLER_COMPILED_OUT;
    for (const { name, context } of walk(text.tree)) {
      if (!directives.includes(name.value) || !HTTP.has(context) || text.isTemplated(name)) continue;
      yield atPlace(text.placeOf(name), 'unknown', { directive: name.value, since });
    }
  },
});
