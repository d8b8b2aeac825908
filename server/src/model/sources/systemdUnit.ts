import { operatorsIn } from '../../syntax/shell/operators.ts';
import { mask } from '../../syntax/template.ts';
import type { Span } from '../../text/span.ts';
import type { Entity } from '../entity.ts';
import { onlyIn, type ReadText, type Region } from '../region.ts';
import type { ShellCarrier } from '../shellText.ts';
import { isOfInterest, shellOf } from './shellFile.ts';

const SECTION = /^\[Service\][ \t]*\r?$/m;

/** A command line of a unit, over all lines that a backslash joins: systemd.service(5), COMMAND LINES. */
const COMMAND =
  /^(Exec(?:Condition|StartPre|StartPost|Start|Reload|StopPost|Stop))[ \t]*=[ \t]*([-@:+!|]*)((?:[^\\\n]|\\\r?\n|\\.)+)/gm;

/** What systemd puts a name, an address or a version in the place of, or a percent sign. */
const SPECIFIER = /%[A-Za-z%]/g;

/** True for a unit of systemd, or a drop-in of one, that starts something of interest. */
export function looksLikeUnit(_file: string, text: string): boolean {
  return SECTION.test(text) && isOfInterest(text);
}

/**
 * What a unit starts, as one text, and what it runs when it stops, as another: each is the unit with all else blanked, so that offsets are those
 * of the unit. systemd splits and quotes nearly as a shell does, but hands what joins commands to the first of them as an argument.
 */
export function* commandsOfUnit(_file: string, region: Region, readText: ReadText): Iterable<Entity> {
  const lines = [...region.text.matchAll(COMMAND)].flatMap(
    ({ 0: all, 1: key = '', 2: prefix = '', 3: command = '', index }) => {
      const end = index + all.length;
      const start = end - command.length;
      const isStop = key.startsWith('ExecStop');
      if (!prefix.includes('@')) return [{ isStop, start, end }];
      // The second word is what the program is to take for its own name.
      const [names = '', program = ''] = /^(\S+)\s+\S+/.exec(command) ?? [];
      return [
        { isStop, start, end: start + program.length },
        { isStop, start: start + names.length, end },
      ];
    },
  );
  const masked = mask(region.text).text;
  for (const isStop of [false, true]) {
    const own = lines.filter(line => line.isStop === isStop);
    if (own.length === 0) continue;
    yield* shellOf(CARRIER, onlyIn(region, own), readText, {
      isSparse: true,
      unread: own,
      operators: own.flatMap(line => operatorsIn(masked, line, true)),
      unknown: own.flatMap(line => specifiersIn(region.text, line)),
    });
  }
}

const CARRIER: ShellCarrier = { kind: 'unit', again: 'unit' };

function specifiersIn(text: string, { start, end }: Span): Span[] {
  return [...text.slice(start, end).matchAll(SPECIFIER)].map(({ 0: specifier, index }) => ({
    start: start + index,
    end: start + index + specifier.length,
  }));
}
