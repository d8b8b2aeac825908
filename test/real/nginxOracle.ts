import { execFile, execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NginxContext } from '../../server/src/facts/nginx.ts';
import type { NginxProblem } from '../../server/src/syntax/nginx/problem.ts';

/** What nginx refuses, of what can be told from the text alone. */
export interface Refusal {
  readonly says: Saying;
  /** One-based, as nginx counts. */
  readonly line: number;
  /** The directive that the message names, or the character; empty where it names none. */
  readonly of: string;
}

export type Saying =
  | 'unexpected'
  | 'unexpected end'
  | 'not terminated'
  | 'no opening'
  | 'not allowed here'
  | 'number of arguments'
  | 'duplicate'
  | 'flag value'
  | 'too long'
  | 'byte order mark';

/** The messages that count; every other one is about values, files or hosts. */
const MESSAGES: readonly (readonly [RegExp, Saying])[] = [
  [/^unexpected end of file|^Lua code block missing the closing long bracket/, 'unexpected end'],
  [/^unexpected "([\s\S]+?)"/, 'unexpected'],
  [/^directive "([^"]*)" is not terminated by ";"/, 'not terminated'],
  [/^directive "([^"]*)" has no opening "\{"/, 'no opening'],
  [/^"([^"]*)" directive is not allowed here/, 'not allowed here'],
  [/^invalid number of arguments in "([^"]*)" directive/, 'number of arguments'],
  [/^invalid number of the (?:map|geo) parameters|^invalid parameters number/, 'number of arguments'],
  [/^(?:"([^"]*)" directive )?is duplicate/, 'duplicate'],
  [/^invalid value "[^"]*" in "([^"]*)" directive, it must be "on" or "off"/, 'flag value'],
  [/^too long parameter/, 'too long'],
  [/^unknown directive "\uFEFF/, 'byte order mark'],
];

/** What nginx said: of the class above, something else about a line, or nothing about the text. */
export type Answer =
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  | { readonly kind: 'other'; readonly message: string; readonly line: number }
  | { readonly kind: 'taken' };

/** Set `NGINX_PROGRAM` and `NGINX_MODULES` to ask another nginx than Debian's. */
export const NGINX_PROGRAM = process.env.NGINX_PROGRAM ?? '/usr/sbin/nginx';
export const NGINX_MODULES = process.env.NGINX_MODULES ?? '/usr/lib/nginx/modules';

const MODULES = ['ndk_http_module', 'ngx_http_lua_module', 'ngx_http_headers_more_filter_module']
  .concat(['ngx_stream_module', 'ngx_mail_module'])
  .map(name => join(NGINX_MODULES, `${name}.so`))
  .filter(file => existsSync(file));

/** What stands around the text, which is included at the `@`. */
const AROUND: Readonly<Partial<Record<NginxContext, string>>> = {
  main: '@',
  events: 'events { @ }',
  http: 'events {} http { @ }',
  server: 'events {} http { server { @ }}',
  location: 'events {} http { server { location / { @ }}}',
  upstream: 'events {} http { upstream u { @ }}',
  'if in server': 'events {} http { server { if ($host) { @ }}}',
  'if in location': 'events {} http { server { location / { if ($host) { @ }}}}',
  limit_except: 'events {} http { server { location / { limit_except GET { @ }}}}',
  map: 'events {} http { map $host $mapped { @ }}',
  geo: 'events {} http { geo $geo { @ }}',
  types: 'events {} http { types { @ }}',
  stream: 'events {} stream { @ }',
  'stream server': 'events {} stream { server { @ }}',
  'stream upstream': 'events {} stream { upstream u { @ }}',
  mail: 'events {} mail { @ }',
  'mail server': 'events {} mail { server { @ }}',
};

/** As in `1.22.1`. */
export function nginxVersion(): string {
  const said = execFileSync('sh', ['-c', `${NGINX_PROGRAM} -v 2>&1`], { encoding: 'utf8' });
  return /nginx\/(\S+)/.exec(said)?.[1] ?? said;
}

/** A folder of its own, in which nginx looks at one text after another. */
export class NginxOracle {
  private readonly folder = mkdtempSync(join(tmpdir(), 'nginx-oracle-'));
  private count = 0;

  constructor() {
    mkdirSync(join(this.folder, 'logs'));
  }

  close(): void {
    rmSync(this.folder, { recursive: true });
  }

  /** False for contexts of modules that are not installed. */
  can(context: NginxContext): boolean {
    const [, family = ''] = /^(stream|mail)/.exec(context) ?? [];
    return family === '' || MODULES.some(file => file.endsWith(`ngx_${family}_module.so`));
  }

  /** What `nginx -t` says of a text in a context; its lines counted from 1. */
  async ask(text: string, context: NginxContext): Promise<Answer> {
    const around = AROUND[context];
    if (!around) throw new Error(`no way to stand in ${context}`);
    const number = this.count++;
    const main = join(this.folder, `${number}.main`);
    const file = join(this.folder, `${number}.conf`);
    const modules = MODULES.map(module => `load_module ${module};`).join(' ');
    writeFileSync(main, `${modules} ${around.replace('@', `include ${file};`)}`);
    writeFileSync(file, text);
    const output = await run(['-t', '-p', this.folder, '-c', main, '-e', 'stderr']);
    rmSync(main);
    rmSync(file);
    const found = new RegExp(`\\[emerg\\] \\d+#\\d+: ([\\s\\S]*?) in ${file}:(\\d+)`).exec(
      output.replace(/ \(\d+: [^)]*\)/g, ''),
    );
    if (!found) return { kind: 'taken' };
    const [, message = '', at = ''] = found;
    const line = Number(at);
    for (const [pattern, says] of MESSAGES) {
      const match = pattern.exec(message);
      if (match) return { kind: 'refused', refusal: { says, line, of: match[1] ?? '' } };
    }
    return { kind: 'other', message, line };
  }
}

/** What we say, in the same words. */
export function refusalOf(problem: NginxProblem | null, text: string): Refusal | null {
  if (!problem) return null;
  const line = text.slice(0, problem.noticed).split('\n').length;
  const character = text[problem.noticed] ?? '';
  const at = (says: Saying, of = '') => ({ says, line, of });
  switch (problem.code) {
    case 'byteOrderMark':
      return at('byte order mark');
    case 'unexpectedSemicolon':
    case 'unexpectedOpen':
    case 'unexpectedClose':
    case 'unexpectedCharacter':
      return at('unexpected', character);
    case 'missingSemicolon':
      return character === '}' ? at('unexpected', '}') : at('unexpected end');
    case 'missingClose':
    case 'unclosedQuote':
    case 'unbalancedLua':
      return at('unexpected end');
    case 'missingOpen':
    case 'blockExpected':
      return at('no opening', problem.directive);
    case 'noBlock':
      return at('not terminated', problem.directive);
    case 'notAllowedHere':
      return at('not allowed here', problem.directive);
    case 'argumentCount':
      return at('number of arguments', problem.directive);
    case 'entryCount':
      return at('number of arguments');
    case 'flagValue':
      return at('flag value', problem.directive);
    case 'duplicate':
      return at('duplicate', problem.directive);
    case 'tooLong':
      return at('too long');
  }
}

function run(args: readonly string[]): Promise<string> {
  return new Promise(resolve => {
    execFile(NGINX_PROGRAM, args, { timeout: 20_000 }, (_, stdout, stderr) => resolve(stdout + stderr));
  });
}
