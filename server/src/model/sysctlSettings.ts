import { NETFILTER_SYSCTLS, SYSCTL_ALIASES } from '../facts/netfilterSysctls.ts';
import { matches } from '../syntax/sysctl/glob.ts';
import { kernelNumber, parseSysctl, type SysctlAssignment } from '../syntax/sysctl/parse.ts';
import type { Span } from '../text/span.ts';
import type { Region } from './region.ts';
import type { Address, Place } from './value.ts';

/** What a text that sysctl or systemd-sysctl reads says of netfilter. */
export interface SysctlSettings {
  readonly is: 'sysctlSettings';
  /**
   * `commands`: what a script runs, in the order of its text; whether it runs all of it nobody knows. `values`: names and values in a document
   * of another program, which sees to it at boot.
   */
  readonly carrier: 'file' | 'commands' | 'values';
  /** The name of the file that holds the text or will; empty for commands. */
  readonly file: string;
  /** Where edits of the text belong. */
  readonly address: Address;
  /** The line ending of its first line. */
  readonly eol: string;
  readonly lines: readonly SysctlLine[];
  /** Paths, which may be patterns, that the text sets and a template hides the value of. */
  readonly hidden: readonly string[];
}

/** A line that certainly sets something of netfilter's, in the order of the text. */
export interface SysctlLine {
  /** As the line has it, below /proc/sys, with `/`. */
  readonly path: string;
  /** The file of today's kernels that is meant; the path itself if the kernel has no other name for it. */
  readonly knob: string;
  /** As it is written, separators and all. */
  readonly written: string;
  readonly text: string;
  /** What the kernel takes of it; null if it takes nothing. */
  readonly number: number | null;
  /** What stands behind the number and is dropped; empty if nothing does. */
  readonly rest: string;
  readonly mayFail: boolean;
  readonly isGlob: boolean;
  /** False if the text has name and value otherwise than they are read: there is nothing to edit then. */
  readonly isVerbatim: boolean;
  readonly place: Place;
  readonly namePlace: Place;
  readonly valuePlace: Place;
  readonly indent: string;
  /** The same in the text's own offsets; `line` with its indentation and ending. */
  readonly spans: { readonly name: Span; readonly value: Span; readonly entry: Span; readonly line: Span };
}

/** Names that have to do with conntrack, or would like to: everything else is not looked at. */
const OF_NETFILTER = /^net\/(?:netfilter\/|nf_conntrack|ipv4\/(?:netfilter\/)?ip_conntrack)/;

/** True for a name that has to do with conntrack, or would like to. */
export function isOfNetfilter(path: string): boolean {
  return OF_NETFILTER.test(path);
}

/** What a text says of netfilter; null if that is nothing. */
export function sysctlSettingsOf(file: string, region: Region): SysctlSettings | null {
  const { text, toPiece, address } = region;
  const { assignments } = parseSysctl(text);
  const lines: SysctlLine[] = [];
  const hidden: string[] = [];
  const isVerbatim = !address.some(step => typeof step === 'object' && 'decoded' in step);
  for (const assignment of assignments) {
    if (!isOfNetfilter(assignment.path)) continue;
    if (assignment.isTemplated) hidden.push(knobOf(assignment.path));
    else lines.push(lineOf(assignment, text, isVerbatim, span => toPiece.spanToSource(span)));
  }
  if (lines.length === 0 && hidden.length === 0) return null;
  return {
    is: 'sysctlSettings',
    carrier: 'file',
    file,
    address,
    eol: /\r?\n/.exec(text)?.[0] ?? '\n',
    lines,
    hidden,
  };
}

function lineOf(
  assignment: SysctlAssignment,
  text: string,
  isVerbatim: boolean,
  toPiece: (span: Span) => Span,
): SysctlLine {
  const { path, name, value, span, line, mayFail, isGlob } = assignment;
  const taken = kernelNumber(assignment.text);
  const [entry, nameSpan, valueSpan] = [toPiece(span), toPiece(name), toPiece(value)];
  return {
    path,
    knob: knobOf(path),
    written: text.slice(name.start, name.end),
    text: assignment.text,
    number: taken?.value ?? null,
    rest: taken?.rest ?? '',
    mayFail,
    isGlob,
    isVerbatim,
    place: { value: valueSpan, entry },
    namePlace: { value: nameSpan, entry: nameSpan },
    valuePlace: { value: valueSpan, entry: valueSpan },
    indent: text.slice(line.start, span.start).replace('\uFEFF', ''),
    spans: { name, value, entry: span, line },
  };
}

/** The file of today's kernels that a name means, old or second names included. */
export function knobOf(path: string): string {
  const alias = SYSCTL_ALIASES.get(path);
  return alias ? alias.is.replaceAll('.', '/') : path;
}

/** The line that decides about a knob: the last that names it, else the last pattern that means it. */
export function decides({ lines }: Pick<SysctlSettings, 'lines'>, knob: string): SysctlLine | null {
  return (
    lines.findLast(line => !line.isGlob && line.knob === knob) ??
    lines.findLast(line => line.isGlob && matches(line.path, knob)) ??
    null
  );
}

/** True if a template may set a knob, whatever else the text says. */
export function mayBeHidden({ hidden }: Pick<SysctlSettings, 'hidden'>, knob: string): boolean {
  return hidden.some(path => path === knob || matches(path, knob));
}

/** True for a knob that the kernel knows. */
export function isKnown(knob: string): boolean {
  return NETFILTER_SYSCTLS.has(knob);
}
