import { ANNOTATIONS } from '../../facts/ingressNginxAnnotations.ts';
import { CONFIG_KEYS, type KeyFacts } from '../../facts/ingressNginxKeys.ts';
import { ANNOTATION_PREFIX } from '../../facts/ingressNginxSnippets.ts';
import {
  TEMPLATE_DIRECTIVES,
  TEMPLATE_MORE,
  type TemplateBlock,
  type TemplateCondition,
  type TemplateDirective,
} from '../../facts/ingressNginxTemplate.ts';
import { nginxDirectives } from '../../facts/nginx.ts';
import { valueOfKey } from '../../model/controllers.ts';
import type { Change } from '../../model/edit.ts';
import type { NginxText } from '../../model/nginxText.ts';
import { hasReached } from '../../model/versions.ts';
import { pathAt } from '../../syntax/nginx/edit.ts';
import type { NginxDirective } from '../../syntax/nginx/tree.ts';
import type { Wording } from '../../text/wording.ts';
import { atPlace, type Params } from '../draft.ts';
import { type RuleContext, rule } from '../rule.ts';
import { consequence, consequenceOf } from './consequence.ts';
import { mayBePasted } from './pasted.ts';
import en from './repeats-controller-directive.md';
import zh from './repeats-controller-directive.zh.md';
import { isSettled } from './settled.ts';

/** Where the controller writes it. */
const blockOf: Wording<(v: Params) => string> = {
  en: ({ block }) => (block === 'auth' ? 'the location of authentication requests' : String(block)),
  zh: ({ block }) => (block === 'auth' ? '认证请求的 location' : ` ${block}`),
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
    'ingress-nginx rootfs/etc/nginx/template/nginx.tmpl: what controllers before 1.7, of 2024 and a fork of 1.15 write without a condition',
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
        `${consequence.en(v)}: the controller writes \`${v.directive}\` into ${blockOf.en(v)} itself, and nginx takes one there${v.key ? `; ${v.key} is the key for its value` : ''}`,
      move: v => `Set ${v.key} instead`,
      remove: v => `Remove ${v.directive}`,
    },
    zh: {
      repeated: v =>
        `${consequence.zh(v)}：控制器自己会在${blockOf.zh(v)} 中写入 \`${v.directive}\`，而 nginx 在那里只接受一次${v.key ? `；它的值由键 ${v.key} 设置` : ''}`,
      move: v => `改为设置 ${v.key}`,
      remove: v => `删除 ${v.directive}`,
    },
  },
  page: { en, zh },

  *check(text, context) {
    if (text.carrier.kind !== 'snippet' || !isSettled(text) || !mayBePasted(text, context)) return;
    const { block } = text.carrier;
    // Templates of older releases are not among those that were read.
    if (!block || !hasReached(context.cluster.version('controller', context.file), '1.0.0')) return;
    const said = new Set<string>();
    const { directives } = text.tree;
    for (const directive of directives) {
      const { name } = directive;
      const written = writtenInto(block, name.value, text, context);
      if (!written || said.has(name.value) || text.isTemplated(name) || !isTakenOnce(name.value, block)) continue;
      said.add(name.value);
      const draft = atPlace(text.placeOf(name), 'repeated', {
        ...consequenceOf(text, context),
        directive: name.value,
        block,
        ...(written.key ? { key: written.key } : {}),
      });
      const snippet = text.address.slice(0, -1);
      const remove: Change =
        directives.length === 1
          ? { address: snippet, change: { op: 'remove' } }
          : { address: [...text.address, ...pathAt(text.tree, directive.start)], change: { op: 'remove' } };
      const instead = settingOf(text, directive, written);
      if (instead) {
        const address = [...snippet.slice(0, -1), instead.key];
        const change = { op: 'set', value: instead.value, after: text.carrier.key } as const;
        yield draft.fix('move', 'safe', { address, change }, remove);
      } else yield draft.fix('remove', 'unsafe', remove);
    }
  },
});

/** What the controller certainly writes of this name. */
function writtenInto(block: TemplateBlock, name: string, text: NginxText, context: RuleContext) {
  const named = (each: TemplateDirective) => each.name === name;
  const always = TEMPLATE_DIRECTIVES[block].find(named);
  const perhaps = always ? undefined : TEMPLATE_MORE[block].find(named);
  return always ?? (perhaps?.when && isWritten(perhaps.when, text, context) ? perhaps : undefined);
}

/** True if what decides is known, and speaks for it. */
function isWritten(
  { key, is, since }: TemplateCondition,
  { carrier }: NginxText,
  { cluster, file }: RuleContext,
): boolean {
  // An annotation decides for its own locations.
  if (carrier.kind === 'snippet' && carrier.beside.includes(ANNOTATION_PREFIX + key)) return false;
  if (!hasReached(cluster.version('controller', file), since)) return false;
  const value = valueOfKey(cluster, file, key) ?? '';
  return is === 'true' ? value === 'true' : is === 'set' ? value !== '' : /^\d+[kKmMgG]?$/.test(value);
}

/** The key beside the snippet that says the same; null where there is none, or it has a value already. */
function settingOf(
  { carrier }: NginxText,
  { arguments: words }: NginxDirective,
  { key, name }: TemplateDirective,
): { readonly key: string; readonly value: string } | null {
  // The keys of a location count for what it serves as well as for its requests for authentication.
  if (carrier.kind === 'file' || carrier.block === 'auth' || key === null) return null;
  const facts = carrier.from === 'annotation' && !ANNOTATIONS.has(key) ? undefined : CONFIG_KEYS.get(key);
  const whole = (carrier.from === 'annotation' ? ANNOTATION_PREFIX : '') + key;
  const written = words.map(({ value }) => value).join(' ');
  const value =
    facts && !carrier.beside.includes(whole) ? settingValue(facts, written, name.endsWith('_timeout')) : null;
  return value === null ? null : { key: whole, value };
}

/** What a key must say for the controller to write this; null for what no key can say. */
function settingValue({ type, pattern }: KeyFacts, written: string, isTime: boolean): string | null {
  if (type === 'bool') return written === 'on' ? 'true' : written === 'off' ? 'false' : null;
  if (type !== 'int') return /["'\\$;{}]/.test(written) || (pattern && !pattern.test(written)) ? null : written;
  const [, digits, unit = ''] = /^(\d{1,9})([smh]?)$/.exec(written) ?? [];
  if (digits === undefined || (unit !== '' && !isTime)) return null;
  return String(Number(digits) * ({ m: 60, h: 3600 }[unit] ?? 1));
}

function isTakenOnce(name: string, block: TemplateBlock): boolean {
  const context = block === 'auth' ? 'location' : block;
  const there = nginxDirectives(name).filter(({ contexts }) => contexts.includes(context));
  return there.length > 0 && there.every(({ once }) => once);
}
