import { NGINX_VARIABLES, type NginxContext, type NginxVariable } from '../facts/nginx.ts';
import { type NginxTree, walk } from '../syntax/nginx/tree.ts';
import type { Span } from '../text/span.ts';

/** A variable as it is written. The span begins at its `$`. */
export interface WrittenVariable extends Span {
  /** Without `$` and braces. */
  readonly name: string;
}

/** Variables that all modules of a family share. */
type Family = 'http' | 'stream';

/** Which argument of a directive is the variable that it defines; -1 for the last one. */
const DEFINED_BY: ReadonlyMap<string, number> = new Map([
  ['set', 0],
  ['auth_request_set', 0],
  ['set_by_lua_block', 0],
  ['js_set', 0],
  ['map', 1],
  ['split_clients', 1],
  ['geo', -1],
]);

/** The variables in a stretch of nginx text: `$name` and `${name}`. */
export function* variablesIn(text: string, { start, end }: Span): Generator<WrittenVariable> {
  for (const found of text.slice(start, end).matchAll(/\$(?:\{(\w+)\}|(\w+))/g)) {
    const from = start + found.index;
    yield { name: found[1] ?? found[2] ?? '', start: from, end: from + found[0].length };
  }
}

/** What modules make of a variable's name where directives of a context stand; empty for those of the configuration's own. */
export function variablesNamed(name: string, context: NginxContext | null): NginxVariable[] {
  const here = variablesFor(context);
  const exact = here.filter(variable => variable.name === name);
  return exact.length > 0 ? exact : here.filter(variable => beginsAlike(variable.name, name));
}

/** The variables that directives of a context may use; all of them where the context is not known. */
export function variablesFor(context: NginxContext | null): readonly NginxVariable[] {
  const family = familyOf(context);
  if (family === null) return NGINX_VARIABLES;
  return NGINX_VARIABLES.filter(
    ({ module }) => module.startsWith(`ngx_${family}_`) || !/^ngx_(?:http|stream)_/.test(module),
  );
}

/** Variables that the directives of a text define, as `set $x 1;` does, other than by the word `except`. */
export function variablesDefined(tree: NginxTree, except: Span): { readonly name: string; readonly by: string }[] {
  const found = new Map<string, string>();
  for (const { name, arguments: words } of walk(tree)) {
    const index = DEFINED_BY.get(name.value);
    const word = index === undefined ? undefined : words.at(index);
    const variable = /^\$(\w+)$/.exec(word?.value ?? '')?.[1];
    if (variable !== undefined && word?.start !== except.start) found.set(variable, name.value);
  }
  return [...found].map(([name, by]) => ({ name, by }));
}

/** `http_NAME` stands for `http_user_agent` and whatever else begins so. */
function beginsAlike(known: string, name: string): boolean {
  if (!known.endsWith('NAME')) return false;
  const prefix = known.slice(0, -'NAME'.length);
  return name.startsWith(prefix) && name.length > prefix.length;
}

/** Blocks such as `map` stand in `http` and in `stream`: their context does not tell. */
function familyOf(context: NginxContext | null): Family | null {
  if (context === null) return null;
  if (context.startsWith('stream')) return 'stream';
  return ['http', 'server', 'location', 'if in server', 'if in location', 'limit_except', 'upstream'].includes(context)
    ? 'http'
    : null;
}
