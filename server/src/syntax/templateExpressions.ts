import { lineEnd } from '../text/lineBreaks.ts';
import type { Span } from '../text/span.ts';

const OPENING = /\{\{|\{%|\{#|<%|%\{/g;
/** Terraform's; `%{name}` is a variable of other programs. */
const DIRECTIVE = /%\{~?[ \t]*(?:if|else|endif|for|endfor)(?![\w-])[^{}\n]*\}/y;
const ACTION_START = /\{\{[-~]?\s*[\w.$"'`([{]/y;
const COMMENT_START = /\{\{-?\s*\/\*/y;
const COMMENT_END = /\*\/\s*-?\}\}/g;
const STATEMENT_START = /\{%[-+]?\s*[a-zA-Z]+(?=[\s%(-])/y;
const STRING = /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`[^`]{0,2000}`/y;

/** What only Go templates write: a field, a variable, a comment, a function that Jinja does not have. */
const GO =
  /\{\{-?\s*(?:[.$]|\/\*|(?:if|else|end|range|with|define|template|block|include|toYaml|tpl|required|printf)\b)/;

/**
 * The expressions of Go templates and Helm (`{{ }}`), Jinja (`{{ }}`, `{% %}`, `{# #}`), Handlebars (`{{{ }}}`) and ERB
 * (`<% %>`), and Terraform's directives (`%{ }`), in a text, in its order. One that is still being typed ends with its line. Braces that are a language's own
 * are none: `{{1,2},{3,4}}` in Lua, `${#list[@]}` in a shell, `{#` where nothing else is Jinja.
 */
export function expressionsIn(text: string): Span[] {
  const found: Span[] = [];
  const opening = new RegExp(OPENING);
  const jinja = isJinja(text);
  for (let match = opening.exec(text); match; match = opening.exec(text)) {
    const start = match.index;
    const end = endOf(text, start, match[0], jinja);
    if (end === null) continue;
    found.push({ start, end });
    opening.lastIndex = end;
  }
  return found;
}

function isJinja(text: string): boolean {
  return text.includes('{%') || (text.includes('{{') && !GO.test(text));
}

function endOf(text: string, start: number, opening: string, jinja: boolean): number | null {
  switch (opening) {
    case '{{':
      return endOfComment(text, start) ?? endOfAction(text, start);
    case '{%':
      return matchesAt(STATEMENT_START, text, start) ? endOfStatement(text, start) : null;
    case '{#':
      return jinja && text[start - 1] !== '$' ? endBehind(text, '#}', start) : null;
    case '%{':
      return matchesAt(DIRECTIVE, text, start) && text[start - 1] !== '%' ? DIRECTIVE.lastIndex : null;
    default:
      return endBehind(text, '%>', start);
  }
}

/** Go's comments may hold anything, other expressions too. */
function endOfComment(text: string, start: number): number | null {
  if (!matchesAt(COMMENT_START, text, start)) return null;
  const end = new RegExp(COMMENT_END);
  end.lastIndex = start;
  return end.test(text) ? end.lastIndex : lineEnd(text, start);
}

/** Braces within are Jinja's dictionaries and balance; those in strings do not count. */
function endOfAction(text: string, start: number): number | null {
  const typed = () => (matchesAt(ACTION_START, text, start) ? lineEnd(text, start) : null);
  let depth = 0;
  for (let at = start + 2; at < text.length; at++) {
    const char = text[at];
    if (char === '"' || char === "'" || char === '`') at = endOfString(text, at) - 1;
    else if (char === '{') {
      if (depth === 0 && text[at + 1] === '{' && at > start + 2) return typed();
      depth++;
    } else if (char === '}' && depth > 0) depth--;
    else if (char === '}') {
      if (text[at + 1] === '}') return at + 2;
      return /\}\s*[,;{]/y.test(text.slice(at, at + 20)) ? null : typed();
    }
  }
  return typed();
}

function endOfStatement(text: string, start: number): number {
  const end = text.indexOf('%}', start);
  const next = text.indexOf('{%', start + 2);
  return end < 0 || (next >= 0 && next < end) ? lineEnd(text, start) : end + 2;
}

function endOfString(text: string, start: number): number {
  STRING.lastIndex = start;
  return STRING.test(text) ? STRING.lastIndex : start + 1;
}

function endBehind(text: string, closing: string, start: number): number | null {
  const at = text.indexOf(closing, start + 2);
  return at < 0 ? null : at + closing.length;
}

function matchesAt(sticky: RegExp, text: string, at: number): boolean {
  sticky.lastIndex = at;
  return sticky.test(text);
}
