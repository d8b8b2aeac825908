// The table of directives that a built nginx carries within itself: what it would do is read from the program, not from its pages.
// `tsx scripts/facts/nginx-commands.mts VERSION=FILE[,FILE…] …` writes scripts/facts/nginx-commands.tsv from the program and its
// modules (x86-64), one version after another.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Elf } from './elf.mts';

/** One `ngx_command_t` (src/core/ngx_conf_file.h). */
export interface Command {
  readonly module: string;
  readonly name: string;
  /** As `NginxContext` names them. */
  readonly contexts: readonly string[];
  readonly block: boolean;
  /** How many arguments it takes, as in `1`, `1-3`, `1,3` or `2+`. */
  readonly counts: string;
  readonly flag: boolean;
  /** The function that reads the arguments, where the program gives its name away. */
  readonly setter: string;
  /** What an argument may be, where the setter looks it up in a list. */
  readonly values: readonly string[];
}

export const TSV = fileURLToPath(new URL('nginx-commands.tsv', import.meta.url));

// Offsets and sizes of ngx_module_t (src/core/ngx_module.h) and ngx_command_t with 64-bit pointers.
const MODULE = { commands: 64, type: 72 };
const COMMAND = { nameLength: 0, name: 8, type: 16, set: 24, post: 48, size: 56 };

const NGX_MAIN_CONF = 0x01000000;
const NGX_CONF_BLOCK = 0x100;
const NGX_CONF_FLAG = 0x200;
const NGX_CONF_ANY = 0x400;
const NGX_CONF_1MORE = 0x800;
const NGX_CONF_2MORE = 0x1000;

/** Module types, and what their bits of a command's type mean: ngx_http_config.h, ngx_stream.h, ngx_mail.h, ngx_event.h. */
const CONTEXTS: Readonly<Record<string, readonly [bit: number, context: string][]>> = {
  CORE: [],
  CONF: [],
  EVNT: [[0x02000000, 'events']],
  HTTP: [
    [0x02000000, 'http'],
    [0x04000000, 'server'],
    [0x08000000, 'location'],
    [0x10000000, 'upstream'],
    [0x20000000, 'if in server'],
    [0x40000000, 'if in location'],
    [0x80000000, 'limit_except'],
  ],
  STRM: [
    [0x02000000, 'stream'],
    [0x04000000, 'stream server'],
    [0x08000000, 'stream upstream'],
  ],
  MAIL: [
    [0x02000000, 'mail'],
    [0x04000000, 'mail server'],
  ],
};

/** All directives of all modules of a program, or of a dynamic module, in the order in which nginx looks them up. */
export function commandsOf(file: string): Command[] {
  const elf = new Elf(file);
  const modules = elf.addressOf('ngx_modules');
  const names = elf.addressOf('ngx_module_names');
  if (modules === undefined || names === undefined) throw new Error(`${file} has no ngx_modules`);
  const found: Command[] = [];
  for (let slot = 0; ; slot += 8) {
    const module = elf.pointer(modules + slot);
    if (typeof module !== 'number' || module === 0) return found;
    found.push(...commandsAt(elf, module, elf.string(Number(elf.pointer(names + slot)))));
  }
}

function commandsAt(elf: Elf, module: number, name: string): Command[] {
  const found: Command[] = [];
  let at = Number(elf.pointer(module + MODULE.commands));
  if (at === 0) return found;
  const type = String.fromCharCode(...[0, 8, 16, 24].map(shift => (elf.number(module + MODULE.type) >> shift) & 0xff));
  for (; elf.number(at + COMMAND.nameLength) > 0; at += COMMAND.size) {
    const mask = elf.number(at + COMMAND.type);
    const setter = elf.pointer(at + COMMAND.set);
    const setterName = typeof setter === 'string' ? setter : (elf.nameOf(setter) ?? '');
    found.push({
      module: name,
      name: elf.string(Number(elf.pointer(at + COMMAND.name)), elf.number(at + COMMAND.nameLength)),
      contexts: contextsOf(mask, type),
      block: (mask & NGX_CONF_BLOCK) !== 0,
      counts: countsOf(mask),
      flag: (mask & NGX_CONF_FLAG) !== 0,
      setter: setterName,
      values: /_(?:enum|bitmask)_slot$/.test(setterName) ? listAt(elf, elf.pointer(at + COMMAND.post)) : [],
    });
  }
  return found;
}

function contextsOf(mask: number, type: string): string[] {
  const own = CONTEXTS[type];
  if (!own) throw new Error(`module type ${type}`);
  if (type === 'CONF') return ['any'];
  const main = (mask & NGX_MAIN_CONF) !== 0 ? ['main'] : [];
  // `&` would make the highest bit a sign.
  return [...main, ...own.filter(([bit]) => Math.floor(mask / bit) % 2 === 1).map(([, context]) => context)];
}

/** ngx_conf_handler, src/core/ngx_conf_file.c: one bit for each of 0 to 7 arguments, unless there is an open end. */
function countsOf(mask: number): string {
  if (mask & NGX_CONF_ANY) return '0+';
  if (mask & NGX_CONF_FLAG) return '1';
  if (mask & NGX_CONF_1MORE) return '1+';
  if (mask & NGX_CONF_2MORE) return '2+';
  const counts = [0, 1, 2, 3, 4, 5, 6, 7].filter(count => mask & (1 << count));
  const [first = 0] = counts;
  const last = counts.at(-1) ?? 0;
  if (last - first + 1 !== counts.length) return counts.join(',');
  return first === last ? `${first}` : `${first}-${last}`;
}

/** The names of an array of `{ ngx_str_t name; ngx_uint_t value; }`. */
function listAt(elf: Elf, list: number | string): string[] {
  const names: string[] = [];
  if (typeof list === 'string') return names;
  for (let at = list; elf.holds(at) && elf.number(at) > 0; at += 24)
    names.push(elf.string(Number(elf.pointer(at + 8)), elf.number(at)));
  return names;
}

/** A command as a line of the table, without its versions. */
export function lineOf({ module, name, contexts, block, counts, flag, setter, values }: Command): string {
  const kind = block ? 'block' : flag ? 'flag' : '';
  return [module, name, contexts.join(','), kind, counts, setter, values.join(' ')].join('\t');
}

/** The table's lines, each with the versions in which the directive is exactly that. */
export function parseTable(tsv: string): { readonly versions: readonly string[]; readonly command: Command }[] {
  return tsv
    .trimEnd()
    .split('\n')
    .slice(1)
    .map(line => {
      const [versions = '', module = '', name = '', contexts = '', kind = '', counts = '', setter = '', values = ''] =
        line.split('\t');
      return {
        versions: versions.split(','),
        command: {
          module,
          name,
          contexts: contexts.split(',').filter(Boolean),
          block: kind === 'block',
          flag: kind === 'flag',
          counts,
          setter,
          values: values.split(' ').filter(Boolean),
        },
      };
    });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const lines = new Map<string, string[]>();
  for (const argument of process.argv.slice(2)) {
    const [version = '', files = ''] = argument.split('=');
    for (const line of files.split(',').flatMap(commandsOf).map(lineOf)) {
      const versions = lines.get(line) ?? [];
      if (!versions.includes(version)) lines.set(line, [...versions, version]);
    }
  }
  const header = ['versions', 'module', 'directive', 'contexts', 'kind', 'arguments', 'setter', 'values'].join('\t');
  const rows = [...lines].map(([line, versions]) => `${versions.join(',')}\t${line}`);
  const key = (row: string) => row.split('\t').slice(1, 3).join('\t');
  rows.sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0));
  writeFileSync(TSV, `${[header, ...rows].join('\n')}\n`);
  console.log(`${rows.length} lines`);
}
