import type { ShellField } from './fields.ts';

/** What a command starts. */
export interface Program {
  /** Without its folder. */
  readonly name: string;
  readonly arguments: readonly ShellField[];
  /** The field that names it. */
  readonly field: ShellField;
  /** True if its name is a guess: a variable that is called like the program. */
  readonly isGuess: boolean;
  /** True if it runs in another network namespace, container or host than the script. */
  readonly isElsewhere: boolean;
}

/** Programs that start the one behind their own options, of which these take a word. */
const STARTERS: Readonly<
  Record<string, { readonly takes: RegExp; readonly skips?: number; readonly elsewhere?: true }>
> = {
  sudo: { takes: /^-[ugphCTrt]$|^--(?:user|group|prompt|host)$/ },
  doas: { takes: /^-[uC]$/ },
  env: { takes: /^-[uCS]$/ },
  nice: { takes: /^-n$/ },
  ionice: { takes: /^-[cnp]$/ },
  nohup: { takes: /^$/ },
  time: { takes: /^$/ },
  command: { takes: /^$/ },
  builtin: { takes: /^$/ },
  exec: { takes: /^-a$/ },
  busybox: { takes: /^$/ },
  timeout: { takes: /^-[ks]$/, skips: 1 },
  flock: { takes: /^-[wEc]$|^--timeout$/, skips: 1 },
  chroot: { takes: /^$/, skips: 1 },
  nsenter: { takes: /^-[tSGr]$|^--target$/, elsewhere: true },
};

/** Variables that scripts keep the firewall's program in. */
const LIKE_IPTABLES = /^_?(?:IPT|IPTABLES|IPTABLES4?|IP4T|IPV4TABLES|IP4TABLES)(?:_?(?:BIN|CMD|COMMAND|PATH|PROG))?$/i;
const LIKE_IP6TABLES = /^_?(?:IPT6|IP6T|IP6TABLES|IPV6TABLES|IPTABLES6)(?:_?(?:BIN|CMD|COMMAND|PATH|PROG))?$/i;

/** The program that fields start, through `sudo` and its like; null if it is not known. */
export function programOf(fields: readonly ShellField[]): Program | null {
  const known = KNOWN.get(fields);
  if (known !== undefined) return known;
  const program = startedBy(fields);
  KNOWN.set(fields, program);
  return program;
}

/** All who look for a program of theirs ask for each command. */
const KNOWN = new WeakMap<readonly ShellField[], Program | null>();

function startedBy(fields: readonly ShellField[]): Program | null {
  let isElsewhere = false;
  for (let at = 0; at < fields.length; ) {
    const field = fields[at];
    if (!field) return null;
    if (field.value === null) {
      const name = guess(field);
      return name === null ? null : { name, arguments: fields.slice(at + 1), field, isGuess: true, isElsewhere };
    }
    const name = field.value.slice(field.value.lastIndexOf('/') + 1);
    const starter = Object.hasOwn(STARTERS, name) ? STARTERS[name] : undefined;
    const rest = fields.slice(at + 1);
    if (name === 'ip' && rest[0]?.value === 'netns' && rest[1]?.value === 'exec') {
      isElsewhere = true;
      at += 4;
    } else if (starter) {
      isElsewhere ||= starter.elsewhere === true;
      at += 1;
      while (fields[at]?.value?.startsWith('-') || /^\w+=/.test(fields[at]?.value ?? '')) {
        const option = fields[at++]?.value ?? '';
        if (option === '--') break;
        if (starter.takes.test(option)) at++;
      }
      at += starter.skips ?? 0;
    } else return { name, arguments: rest, field, isGuess: false, isElsewhere };
  }
  return null;
}

function guess({ word }: ShellField): string | null {
  const parts = word.parts.filter(part => part.kind !== 'text' || part.text !== '');
  const [only] = parts;
  if (parts.length !== 1 || only?.kind !== 'variable') return null;
  return LIKE_IPTABLES.test(only.name) ? 'iptables' : LIKE_IP6TABLES.test(only.name) ? 'ip6tables' : null;
}
