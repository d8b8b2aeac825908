import { ANNOTATION_PREFIX } from '../../facts/ingressNginxSnippets.ts';
import { TEMPLATE_DIRECTIVES, type TemplateBlock } from '../../facts/ingressNginxTemplate.ts';
import { nginxDirectives } from '../../facts/nginx.ts';
import { pathAt } from '../../syntax/nginx/edit.ts';
import { atPlace } from '../draft.ts';
import { rule } from '../rule.ts';
import en from './repeats-controller-directive.md';
import zh from './repeats-controller-directive.zh.md';
import { isSettled } from './settled.ts';

/** The block that a snippet shares with what the controller writes; not those of its requests for authentication. */
const BLOCK: Readonly<Record<string, TemplateBlock>> = {
  'main-snippet': 'main',
  'http-snippet': 'http',
  'server-snippet': 'server',
  'location-snippet': 'location',
  [`${ANNOTATION_PREFIX}server-snippet`]: 'server',
  [`${ANNOTATION_PREFIX}configuration-snippet`]: 'location',
};

/**
 * A snippet stands in the same block as the controller's own directives. Where nginx takes a directive once in a block, a second one
 * does not override the first: it makes the configuration invalid.
 */
export const repeatsControllerDirective = rule({
  id: 'nginx/repeats-controller-directive',
  severity: 'error',
  on: 'nginxText',
  evidence: [
    'ingress-nginx rootfs/etc/nginx/template/nginx.tmpl: what controllers before 1.7 and of 2024 write without a condition',
    'test/real/nginx-rules.test.ts: nginx -t says "is duplicate" of each of them',
    'kubernetes/ingress-nginx#4771',
  ],
  summary: {
    en: 'A directive that the controller writes already, and nginx takes once',
    zh: '控制器已经写入、nginx 只接受一次的指令',
  },
  messages: {
    en: {
      repeated: v =>
        `The controller cannot reload with this snippet, nor with anything after it: it writes \`${v.directive}\` into ${v.block} itself, and nginx takes one there${v.key ? `; ${v.key} is the key for its value` : ''}`,
      remove: v => `Remove ${v.directive}`,
    },
    zh: {
      repeated: v =>
        `控制器无法加载此片段，此后的任何变更也都无法生效：控制器自己会在 ${v.block} 中写入 \`${v.directive}\`，而 nginx 在那里只接受一次${v.key ? `；它的值由键 ${v.key} 设置` : ''}`,
      remove: v => `删除 ${v.directive}`,
    },
  },
  page: { en, zh },

  *check(text) {
    if (text.carrier.kind !== 'snippet' || !isSettled(text)) return;
    const block = BLOCK[text.carrier.key];
    if (!block) return;
    const said = new Set<string>();
    for (const { name, start } of text.tree.directives) {
      const written = TEMPLATE_DIRECTIVES[block].find(each => each.name === name.value);
      if (!written || said.has(name.value) || text.isTemplated(name) || !isTakenOnce(name.value, block)) continue;
      said.add(name.value);
      const draft = atPlace(text.placeOf(name), 'repeated', {
        directive: name.value,
        block,
        ...(written.key ? { key: written.key } : {}),
      });
      // Without its only directive, the key itself is what nobody needs.
      yield text.tree.directives.length === 1
        ? draft
        : draft.fix('remove', 'unsafe', {
            address: [...text.address, ...pathAt(text.tree, start)],
            change: { op: 'remove' },
          });
    }
  },
});

function isTakenOnce(name: string, block: TemplateBlock): boolean {
  const there = nginxDirectives(name).filter(({ contexts }) => contexts.includes(block));
  return there.length > 0 && there.every(({ once }) => once);
}
