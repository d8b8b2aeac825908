import type { Change } from '../../model/edit.ts';
import type { NginxText } from '../../model/nginxText.ts';
import { type NginxChange, pathAt } from '../../syntax/nginx/edit.ts';
import type { NginxProblem } from '../../syntax/nginx/problem.ts';
import type { Language } from '../../text/wording.ts';
import { atPlace, type Draft, type Params } from '../draft.ts';
import { type Message, type RuleContext, rule } from '../rule.ts';
import { consequence, consequenceOf } from './consequence.ts';
import { mayBePasted } from './pasted.ts';
import en from './syntax.md';
import zh from './syntax.zh.md';

/** All that keeps nginx from reading a text, but for directives that stand in the wrong block. */
type Problem = Exclude<NginxProblem, { readonly code: 'notAllowedHere' }>;

/** What one directive shows by itself, whatever a template puts around it. */
const OF_ONE_DIRECTIVE: ReadonlySet<Problem['code']> = new Set([
  'argumentCount',
  'flagValue',
  'duplicate',
  'noBlock',
  'blockExpected',
]);

type Words = Readonly<Record<Problem['code'], (v: Params) => string>>;

const EN: Words = {
  byteOrderMark: () => 'a byte order mark stands before the first directive',
  unexpectedSemicolon: () => 'nothing stands before this `;`',
  unexpectedOpen: () => 'this `{` opens nothing',
  unexpectedClose: () => 'this `}` closes nothing',
  unexpectedCharacter: v => `a space, \`;\` or \`{\` must follow the closing quote, not \`${v.character}\``,
  unclosedQuote: v => `nothing closes this quote (${v.quote})`,
  missingSemicolon: v => `\`${v.directive}\` lacks its \`;\``,
  missingOpen: v => `\`${v.directive}\` lacks its \`{\``,
  missingClose: v => `nothing closes the block of \`${v.directive}\``,
  unbalancedLua: v => `the braces of \`${v.directive}\` do not add up`,
  tooLong: v => `nginx reads no word of more than ${v.limit} bytes`,
  noBlock: v => `\`${v.directive}\` ends with \`;\`, it takes no block`,
  blockExpected: v => `\`${v.directive}\` takes a block, \`{ … }\``,
  argumentCount: v =>
    `\`${v.directive}\` takes ${counted(v, 'argument', 'arguments', 'or more arguments')}, not ${v.count}`,
  entryCount: v => `an entry has ${v.words} words here, not ${v.count}`,
  flagValue: v => `\`${v.directive}\` is \`on\` or \`off\`, not \`${v.value}\``,
  duplicate: v => `\`${v.directive}\` may stand once in a block`,
};

const ZH: Words = {
  byteOrderMark: () => '第一条指令之前有字节顺序标记（BOM）',
  unexpectedSemicolon: () => '这个 `;` 前面没有内容',
  unexpectedOpen: () => '这个 `{` 前面没有指令',
  unexpectedClose: () => '这个 `}` 没有对应的 `{`',
  unexpectedCharacter: v => `右引号后面必须是空格、\`;\` 或 \`{\`，而不是 \`${v.character}\``,
  unclosedQuote: v => `这个引号（${v.quote}）没有闭合`,
  missingSemicolon: v => `\`${v.directive}\` 缺少 \`;\``,
  missingOpen: v => `\`${v.directive}\` 缺少 \`{\``,
  missingClose: v => `\`${v.directive}\` 的块没有闭合`,
  unbalancedLua: v => `\`${v.directive}\` 的花括号不配对`,
  tooLong: v => `nginx 不接受超过 ${v.limit} 字节的单词`,
  noBlock: v => `\`${v.directive}\` 应以 \`;\` 结束，不带块`,
  blockExpected: v => `\`${v.directive}\` 需要一个块 \`{ … }\``,
  argumentCount: v => `\`${v.directive}\` 需要 ${counted(v, '个参数', '个参数', '个或更多参数')}，而不是 ${v.count} 个`,
  entryCount: v => `这里每条应有 ${v.words} 个词，而不是 ${v.count} 个`,
  flagValue: v => `\`${v.directive}\` 只能是 \`on\` 或 \`off\`，而不是 \`${v.value}\``,
  duplicate: v => `\`${v.directive}\` 在一个块中只能出现一次`,
};

/**
 * nginx reads its configuration as a whole: one character too few or too many, and it neither starts nor reloads. In a
 * snippet of ingress-nginx that stops every later change to any Ingress, until somebody finds the one that is broken.
 */
export const syntax = rule({
  id: 'nginx/syntax',
  severity: 'error',
  on: 'nginxText',
  evidence: [
    'nginx src/core/ngx_conf_file.c, ngx_conf_read_token and ngx_conf_handler (1.22.1 to 1.30.6)',
    'test/real/nginx.test.ts: the verdict of nginx -t on generated and on real files',
    'kubernetes/ingress-nginx#4634',
    'ingress-nginx internal/ingress/controller/controller.go, CheckIngress: no nginx -t since 1.11.5 and 1.12.1 (CVE-2025-1974)',
  ],
  summary: { en: 'nginx cannot read this text', zh: 'nginx 无法读取这段配置' },
  messages: {
    en: {
      ...worded(EN, 'en', ': '),
      first: () => 'the first one',
      terminate: v => `Put a ; behind ${v.directive}`,
      close: v => `Close the block of ${v.directive}`,
    },
    zh: {
      ...worded(ZH, 'zh', '：'),
      first: () => '第一次出现在这里',
      terminate: v => `在 ${v.directive} 后面加上 ;`,
      close: v => `闭合 ${v.directive} 的块`,
    },
  },
  page: { en, zh },

  *check(text, context) {
    if (!mayBePasted(text, context)) return;
    for (const problem of text.problems) {
      if (problem.code === 'notAllowedHere' || text.isTemplated(problem.span)) continue;
      // Which lines are rendered together decides whether braces and quotes add up.
      if (text.hasOwnLines && !OF_ONE_DIRECTIVE.has(problem.code)) continue;
      yield withFix(text, problem, draftOf(text, problem, context));
    }
  },
});

function draftOf(text: NginxText, problem: Problem, context: RuleContext) {
  const { code, span, noticed: _, ...figures } = problem;
  const params: Record<string, string | number> = { ...consequenceOf(text, context) };
  for (const [name, value] of Object.entries(figures)) {
    if (typeof value === 'string' || typeof value === 'number') params[name] = value;
  }
  return atPlace(text.placeOf(span), code, params);
}

function withFix<Key extends string>(
  text: NginxText,
  problem: Problem,
  draft: Draft<Key>,
): Draft<Key | 'terminate' | 'close' | 'first'> {
  const { code, span } = problem;
  if (code === 'duplicate') return draft.seeAlso('first', text.placeOf(problem.first));
  const at = (change: NginxChange): Change => ({
    address: [...text.address, ...pathAt(text.tree, span.start)],
    change,
  });
  if (code === 'missingSemicolon') return draft.fix('terminate', 'safe', at({ op: 'terminate' }));
  // Where a block was meant to end is the author's to say, unless the text ends with it.
  if (code === 'missingClose')
    return draft.fix('close', isLast(text, span.start) ? 'safe' : 'unsafe', at({ op: 'close' }));
  return draft;
}

function isLast({ tree }: NginxText, start: number): boolean {
  const last = tree.directives.at(-1);
  return last !== undefined && last.name.start === start;
}

function counted({ min, max }: Params, one: string, many: string, more: string): string {
  if (max === undefined) return `${min} ${more}`;
  return min === max ? `${min} ${min === 1 ? one : many}` : `${min}–${max} ${many}`;
}

function worded(words: Words, language: Language, colon: string): Record<Problem['code'], Message> {
  const entries = Object.entries(words).map(([code, word]) => [
    code,
    (v: Params) => `${consequence[language](v)}${colon}${word(v)}`,
  ]);
  return Object.fromEntries(entries) as Record<Problem['code'], Message>;
}
