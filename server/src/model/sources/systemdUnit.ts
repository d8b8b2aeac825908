import type { Span } from '../../text/span.ts';
import type { Entity } from '../entity.ts';
import type { ReadText, Region } from '../region.ts';
import type { ShellCarrier } from '../shellText.ts';
import { isOfInterest, shellOf } from './shellFile.ts';

const SECTION = /^\[Service\][ \t]*\r?$/m;

/** A command line of a unit, over all lines that a backslash joins: systemd.service(5), COMMAND LINES. */
const COMMAND =
  /^(Exec(?:Condition|StartPre|StartPost|Start|Reload|StopPost|Stop))[ \t]*=[ \t]*[-@:+!|]*((?:[^\\\n]|\\\r?\n|\\.)+)/gm;

/** True for a unit of systemd, or a drop-in of one, that starts something of interest. */
export function looksLikeUnit(_file: string, text: string): boolean {
  return SECTION.test(text) && isOfInterest(text);
}

/**
 * What a unit starts, as one text, and what it runs when it stops, as another: each is the unit with all else blanked, so that offsets are those
 * of the unit. systemd splits and quotes nearly as a shell does, but hands what joins commands to the first of them as an argument: such a
 * line does not do what it says, and is left out.
 */
export function* commandsOfUnit(_file: string, region: Region, readText: ReadText): Iterable<Entity> {
  const lines = [...region.text.matchAll(COMMAND)].map(({ 0: all, 1: key = '', 2: command = '', index }) => ({
    isStop: key.startsWith('ExecStop'),
    start: index + all.length - command.length,
    end: index + all.length,
  }));
  for (const isStop of [false, true]) {
    const own = lines.filter(
      ({ isStop: stops, start, end }) => stops === isStop && !JOINS.test(region.text.slice(start, end)),
    );
    if (own.length > 0) yield* shellOf(CARRIER, { ...region, text: onlyIn(region.text, own) }, readText);
  }
}

/** An operator of the shell outside quotes. */
const JOINS = /^(?:"(?:[^"\\]|\\[\s\S])*"|'(?:[^'\\]|\\[\s\S])*'|[^"'])*?[ \t](?:\|\|?|&&|>>?|<)(?:[ \t]|$)/;

const CARRIER: ShellCarrier = { kind: 'unit', again: 'unit' };

/** The text with blanks for all that stands elsewhere than in the stretches. */
function onlyIn(text: string, stretches: readonly Span[]): string {
  let kept = '';
  let from = 0;
  const blank = (start: number, end: number) => text.slice(start, end).replace(/[^\r\n]/g, ' ');
  for (const { start, end } of stretches) {
    kept += blank(from, start) + text.slice(start, end);
    from = end;
  }
  return kept + blank(from, text.length);
}
