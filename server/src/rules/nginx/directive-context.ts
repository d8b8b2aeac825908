import { formatList, type Language } from '../../text/wording.ts';
import { atPlace, type Params } from '../draft.ts';
import { rule } from '../rule.ts';
import { consequence, consequenceOf } from './consequence.ts';
import en from './directive-context.md';
import zh from './directive-context.zh.md';
import { mayBePasted } from './pasted.ts';

/**
 * Every directive of nginx belongs in certain blocks; in another one nginx refuses the whole configuration. A snippet has no
 * block to be seen: the key it is written under decides where the controller pastes it.
 */
export const directiveContext = rule({
  id: 'nginx/directive-context',
  severity: 'error',
  on: 'nginxText',
  evidence: [
    'nginx src/core/ngx_conf_file.c, ngx_conf_handler: "directive is not allowed here" (1.22.1 to 1.30.6)',
    'ingress-nginx rootfs/etc/nginx/template/nginx.tmpl (controller 1.15.1): where each snippet lands',
    'test/real/nginx.test.ts: the verdict of nginx -t on generated and on real files',
  ],
  summary: { en: 'A directive in a block that nginx does not allow it in', zh: '指令写在了 nginx 不允许的块中' },
  messages: {
    en: {
      file: v => `${consequence.en(v)}: \`${v.directive}\` may stand in ${allowed(v, 'en')}, not in ${v.context}`,
      snippet: v =>
        `${consequence.en(v)}: ${v.key} lands in ${v.context}, where \`${v.directive}\` may not stand; it belongs in ${allowed(v, 'en')}`,
    },
    zh: {
      file: v =>
        `${consequence.zh(v)}：指令 \`${v.directive}\` 只能写在 ${allowed(v, 'zh')} 中，不能写在 ${v.context} 中`,
      snippet: v =>
        `${consequence.zh(v)}：${v.key} 会写入 ${v.context}，那里不允许 \`${v.directive}\`，它只能写在 ${allowed(v, 'zh')} 中`,
    },
  },
  page: { en, zh },

  *check(text, rest) {
    if (!mayBePasted(text, rest)) return;
    for (const problem of text.problems) {
      if (problem.code !== 'notAllowedHere' || text.isTemplated(problem.span)) continue;
      const { directive, context, allowed, span } = problem;
      const place = text.placeOf(span);
      const figures = { ...consequenceOf(text, rest), directive, context, allowed: allowed.join(SEPARATOR) };
      if (text.carrier.kind === 'file') yield atPlace(place, 'file', figures);
      else yield atPlace(place, 'snippet', { ...figures, key: text.carrier.key });
    }
  },
});

/** Between the blocks of a figure; blanks stand in their names. */
const SEPARATOR = ', ';

function allowed(v: Params, language: Language): string {
  return formatList(String(v.allowed).split(SEPARATOR), language);
}
