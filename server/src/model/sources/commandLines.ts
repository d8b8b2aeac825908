import type { Span } from '../../text/span.ts';
import type { Entity } from '../entity.ts';
import { onlyIn, type ReadText, type Region } from '../region.ts';
import type { ShellCarrier } from '../shellText.ts';
import { isOfInterest, shellOf } from './shellFile.ts';

/** Files that keep commands for a shell in lines of their own form. */
interface LineForm {
  recognises(file: string, text: string): boolean;
  /** The stretches that a shell gets, in order; those of one group stand for one script. */
  commands(file: string, text: string): readonly CommandLine[];
  carrier(group: string): ShellCarrier;
}

interface CommandLine extends Span {
  readonly group: string;
}

const FIELD = /(?:\*|\d+|[A-Za-z]{3}|\{\{[^}\n]*\}\})(?:[-,/~](?:\*|\d+|[A-Za-z]{3}))*/.source;
const TIME = new RegExp(`^[ \\t]*(?:@([a-z_]+)|(?:${FIELD}[ \\t]+){4}${FIELD})[ \\t]+`);
const VARIABLE = /^[ \t]*[A-Za-z_]\w*[ \t]*=/;
/** Templates stand on lines of their own, too. */
const NO_ENTRY = /^[ \t]*(?:#.*|\{[{%#].*)?\r?$/;
const IN_CRON = /(?:^|\/)(?:cron\.d\/[^/]+|crontabs?(?:\/[^/]+)?|spool\/cron\/[^/]+|[^/]+\.cron(?:tab)?)$/;
const HAS_USER = /(?:^|\/)(?:cron\.d\/[^/]+|etc\/crontab)$/;

/** crontab(5). What stands behind a `%` is the command's input. */
const CRONTAB: LineForm = {
  recognises(file, text) {
    const lines = text.split('\n').filter(line => !NO_ENTRY.test(line));
    const isEntry = (line: string) => TIME.test(line) || VARIABLE.test(line);
    return lines.some(line => TIME.test(line)) && (IN_CRON.test(file) || lines.every(isEntry));
  },
  commands(file, text) {
    const entries = [...text.matchAll(/[^\r\n]+/g)].map(({ 0: line, index }) => ({
      line,
      index,
      time: TIME.exec(line),
    }));
    const owned = entries.filter(({ time }) => time !== null);
    const hasUser =
      HAS_USER.test(file) || owned.every(({ line, time }) => /^root[ \t]/.test(line.slice(time?.[0].length)));
    return entries.flatMap(({ line, index, time }) => {
      if (!time) return /^[ \t]*[A-Za-z_]\w*=[^$`\s]*[ \t]*$/.test(line) ? variableFor(index, line) : [];
      const before = time[0].length + (hasUser ? (/^\S+[ \t]+/.exec(line.slice(time[0].length))?.[0].length ?? 0) : 0);
      const length = /^(?:[^%\\]|\\[\s\S])*/.exec(line.slice(before))?.[0].length ?? 0;
      const group = time[1] === 'reboot' ? 'reboot' : 'cron';
      return [{ start: index + before, end: index + before + length, group }];
    });
  },
  carrier: group => ({ kind: 'file', again: group === 'cron' ? 'cron' : null }),
};

/** Every command of a crontab gets its variables. */
function variableFor(start: number, line: string): CommandLine[] {
  return ['cron', 'reboot'].map(group => ({ group, start, end: start + line.length }));
}

/** interfaces(5): what a shell runs as an interface comes up, and as it goes. */
const IFUPDOWN: LineForm = {
  recognises: (_, text) => /^[ \t]*iface[ \t]+\S+[ \t]+inet6?[ \t]/m.test(text),
  commands: (_, text) => commandsBehind(text, /^[ \t]*(?:pre-|post-)?(up|down)[ \t]+/),
  carrier: () => ({ kind: 'file', again: null }),
};

/** wg-quick(8): what bash runs beside a tunnel. */
const WG_QUICK: LineForm = {
  recognises: (_, text) => /^\[Interface\][ \t]*\r?$/m.test(text) && /^[ \t]*Post(?:Up|Down)[ \t]*=/im.test(text),
  commands: (_, text) => commandsBehind(text, /^[ \t]*(?:Pre|Post)(Up|Down)[ \t]*=[ \t]*/i),
  carrier: () => ({ kind: 'file', again: null }),
};

function commandsBehind(text: string, key: RegExp): CommandLine[] {
  return [...text.matchAll(/(?:[^\\\r\n]|\\\r?\n|\\.)+/g)].flatMap(({ 0: line, index }) => {
    const found = key.exec(line);
    return found
      ? [{ start: index + found[0].length, end: index + line.length, group: (found[1] ?? '').toLowerCase() }]
      : [];
  });
}

const FORMS: readonly LineForm[] = [CRONTAB, IFUPDOWN, WG_QUICK];

/** True for a crontab and its like with commands that somebody here reads. */
export function looksLikeCommandLines(file: string, text: string): boolean {
  return isOfInterest(text) && FORMS.some(form => form.recognises(file, text));
}

/** The commands of such a file: each group is the file with all else blanked, so that offsets are those of the file. */
export function* commandsOfLines(file: string, region: Region, readText: ReadText): Iterable<Entity> {
  const form = FORMS.find(each => each.recognises(file, region.text));
  const lines = form?.commands(file, region.text) ?? [];
  for (const group of new Set(lines.map(line => line.group))) {
    const own = lines.filter(line => line.group === group);
    const blanked = onlyIn(region, own);
    if (form && isOfInterest(blanked.text)) yield* shellOf(form.carrier(group), blanked, readText, { isSparse: true });
  }
}
