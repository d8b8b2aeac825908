import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { pageOf, ruleSummaries } from '../core.ts';
import { OPENSSL_VERSIONS, SECURITY_LEVELS } from '../facts/tlsCiphers.ts';
import { SEVERITIES } from '../rules/rule.ts';
import { parseVersion } from '../text/version.ts';
import { LANGUAGES, type Language, languageOf } from '../text/wording.ts';
import { hasLevel, type Level } from '../workspace/settings.ts';
import { type Against, readAgainst } from '../workspace/upgrade.ts';
import { check, FORMATS, PLAIN_FORMATS, UsageError } from './check.ts';
import { asJsonLine, asJsonLines, asTables } from './ciphers.ts';
import { startOnStdio } from './stdio.ts';
import { VERSION } from './version.ts';

const USAGE = `Usage:
  ingress-path check [PATH…] [--format stylish|json|sarif|github] [--fix] [--diff]
                     [--fail-on error|warning|information]
                     [--rule ID=LEVEL] [--stdin-filename NAME] [--lang en|zh]
                     [--kubernetes V] [--controller V] [--openssl 3.5|3.0|1.1.1]
                     [--against kubernetes=V,controller=V,openssl=V]
  ingress-path explain RULE [--lang en|zh]
  ingress-path rules [--format stylish|json] [--lang en|zh]
  ingress-path ciphers [STRING] [--openssl 3.5|3.0|1.1.1] [--seclevel 0-5] [--format stylish|json] [--lang en|zh]
  ingress-path lsp --stdio

check reads files, folders (what a .gitignore excludes is left out) and, as -, standard input; the folder it is
started in is the workspace. --fix applies the first safe fix of each finding, --diff shows what it would do.
--format sarif is for code scanning, github makes annotations in GitHub Actions, json is for other programs.
--against says which findings other versions would bring, take away or change, and which defaults of the controller.
Exit status: 0 nothing at or above --fail-on (default: error), 1 something, 2 wrong usage, or something that could
not be read, fixed or written.
ciphers says what an OpenSSL cipher string means; without STRING, each line of standard input, as lines of JSON.
Its exit status is 1 if OpenSSL refuses STRING.
`;

async function main([command, ...args]: readonly string[]): Promise<number> {
  switch (command) {
    case 'check':
      return runCheck(args);
    case 'explain':
      return explain(args);
    case 'rules':
      return rules(args);
    case 'ciphers':
      return ciphers(args);
    case 'lsp':
      // Clients tell their process id to servers that shall end with them.
      parse(args, { stdio: { type: 'boolean' }, clientProcessId: { type: 'string' } });
      startOnStdio();
      return new Promise(() => {});
    case '--version':
    case '-v':
      process.stdout.write(`${VERSION}\n`);
      return 0;
    case 'help':
    case '--help':
    case '-h':
      process.stdout.write(USAGE);
      return 0;
    default:
      throw new UsageError(command === undefined ? 'a command is needed' : `there is no command ${command}`);
  }
}

async function runCheck(args: readonly string[]): Promise<number> {
  const { values, positionals } = parse(args, {
    format: { type: 'string', default: 'stylish' },
    fix: { type: 'boolean', default: false },
    diff: { type: 'boolean', default: false },
    'fail-on': { type: 'string', default: 'error' },
    rule: { type: 'string', multiple: true, default: [] },
    'stdin-filename': { type: 'string', default: 'stdin.yaml' },
    kubernetes: { type: 'string' },
    controller: { type: 'string' },
    openssl: { type: 'string' },
    against: { type: 'string' },
    lang: { type: 'string' },
  });
  if (values.against !== undefined && (values.fix || values.diff)) throw new UsageError('--against changes no file');
  if (values.against !== undefined) oneOf('--format beside --against', values.format, PLAIN_FORMATS);
  const failOn = SEVERITIES.filter(severity => severity !== 'hint');
  return check({
    paths: positionals.length > 0 ? positionals : ['.'],
    format: oneOf('--format', values.format, FORMATS),
    fix: values.fix,
    diff: values.diff,
    failOn: oneOf('--fail-on', values['fail-on'], failOn),
    stdinFilename: values['stdin-filename'],
    against: values.against === undefined ? null : againstFrom(values.against),
    settings: {
      levels: Object.fromEntries(values.rule.map(levelOf)),
      ...(values.lang === undefined ? {} : { language: languageFrom(values.lang) }),
      ...(values.kubernetes === undefined ? {} : { kubernetes: versionFrom('--kubernetes', values.kubernetes) }),
      ...(values.controller === undefined ? {} : { controller: versionFrom('--controller', values.controller) }),
      ...(values.openssl === undefined ? {} : { openssl: oneOf('--openssl', values.openssl, OPENSSL_VERSIONS) }),
    },
    terminalLanguage: languageFrom(undefined),
  });
}

function explain(args: readonly string[]): number {
  const { values, positionals } = parse(args, { lang: { type: 'string' } });
  const [rule, ...more] = positionals;
  if (rule === undefined || more.length > 0) throw new UsageError('explain wants one rule');
  const page = pageOf(rule, languageFrom(values.lang));
  if (page === null) throw new UsageError(`there is no rule ${rule}: see ingress-path rules`);
  process.stdout.write(page);
  return 0;
}

function rules(args: readonly string[]): number {
  const { values, positionals } = parse(args, {
    format: { type: 'string', default: 'stylish' },
    lang: { type: 'string' },
  });
  if (positionals.length > 0) throw new UsageError(`rules takes no ${positionals[0]}`);
  const list = ruleSummaries(languageFrom(values.lang));
  if (oneOf('--format', values.format, PLAIN_FORMATS) === 'json')
    process.stdout.write(`${JSON.stringify(list, null, 2)}\n`);
  else for (const { id, severity, summary } of list) process.stdout.write(`${id}  ${severity}  ${summary}\n`);
  return 0;
}

async function ciphers(args: readonly string[]): Promise<number> {
  const { values, positionals } = parse(args, {
    openssl: { type: 'string', default: '3.5' },
    seclevel: { type: 'string' },
    format: { type: 'string', default: 'stylish' },
    lang: { type: 'string' },
  });
  const [string, ...more] = positionals;
  if (more.length > 0) throw new UsageError('ciphers takes one string: quote it');
  const request = {
    openssl: oneOf('--openssl', values.openssl, OPENSSL_VERSIONS),
    securityLevel: SECURITY_LEVELS.find(level => values.seclevel === String(level)),
  };
  if (values.seclevel !== undefined) oneOf('--seclevel', values.seclevel, SECURITY_LEVELS.map(String));
  const format = oneOf('--format', values.format, PLAIN_FORMATS);
  const language = languageFrom(values.lang);
  if (string === undefined) {
    await pipeline(asJsonLines(process.stdin.setEncoding('utf8'), request), process.stdout, { end: false });
    return 0;
  }
  const { text, refused } = asTables(string, request, language);
  process.stdout.write(format === 'json' ? asJsonLine(string, request) : text);
  return refused ? 1 : 0;
}

function parse<Options extends NonNullable<Parameters<typeof parseArgs>[0]>['options'] & object>(
  args: readonly string[],
  options: Options,
) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function oneOf<T extends string>(option: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find(candidate => candidate === value);
  if (found === undefined) throw new UsageError(`${option} is one of ${allowed.join(', ')}; not ${value}`);
  return found;
}

function levelOf(option: string): [string, Level] {
  const [, rule = option, level = ''] = /^([^=]*)=(.*)$/s.exec(option) ?? [];
  if (!hasLevel(rule)) throw new UsageError(`--rule: there is no rule ${rule}`);
  return [rule, oneOf('--rule ID=LEVEL: the level', level, [...SEVERITIES, 'off'])];
}

function againstFrom(value: string): Against {
  const against = readAgainst(value);
  if (!against)
    throw new UsageError(`--against is such as kubernetes=1.36,controller=1.15.1,openssl=3.5; not ${value}`);
  return against;
}

function versionFrom(option: string, value: string): string {
  if (!parseVersion(value)) throw new UsageError(`${option} is a version such as 1.36; not ${value}`);
  return value;
}

function languageFrom(option: string | undefined): Language {
  if (option !== undefined) return oneOf('--lang', option, LANGUAGES);
  const { LC_ALL, LC_MESSAGES, LANG } = process.env;
  return languageOf(LC_ALL || LC_MESSAGES || LANG);
}

// Nobody reads any more, as behind `| head`: what is left to print is dropped, what is left to do is done.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') fail(error);
});
main(process.argv.slice(2)).then(status => {
  process.exitCode ??= status;
}, fail);

function fail(error: unknown): void {
  const usage = error instanceof UsageError;
  process.stderr.write(usage ? `ingress-path: ${error.message}\n\n${USAGE}` : `ingress-path: ${describe(error)}\n`);
  process.exitCode = 2;
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
