import { nextLine } from '../../text/lineBreaks.ts';
import type { Span } from '../../text/span.ts';
import { placeholdersIn } from '../placeholders.ts';
import { mask } from '../template.ts';
import { matches } from './glob.ts';

/** A line of a sysctl file that sets something. */
export interface SysctlAssignment {
  /** The file below /proc/sys that is written, with `/`; a pattern if `isGlob`. */
  readonly path: string;
  readonly name: Span;
  /** All behind the equals sign, without the blanks around it: neither program knows a comment there. */
  readonly text: string;
  readonly value: Span;
  /** Without indentation and line ending. */
  readonly span: Span;
  /** With both. */
  readonly line: Span;
  /** A `-` goes before the name: a failure is none. */
  readonly mayFail: boolean;
  readonly isGlob: boolean;
  /** True if only a template's rendering could tell what is written, or whether it is. */
  readonly isTemplated: boolean;
}

/** A line that neither sets anything nor is a comment. */
export interface SysctlProblem {
  readonly span: Span;
}

export interface SysctlFile {
  readonly assignments: readonly SysctlAssignment[];
  /** Paths that patterns leave alone: `-name` without a value. */
  readonly exclusions: readonly { readonly path: string; readonly span: Span }[];
  readonly problems: readonly SysctlProblem[];
}

/**
 * Reads sysctl.conf(5) as procps' sysctl and systemd-sysctl do (procps 4.0.2, systemd 252; held against both in
 * test/real/sysctl.test.ts). Never throws; templates are masked.
 */
export function parseSysctl(text: string): SysctlFile {
  const { text: masked, statements, arms } = mask(text, placeholdersIn(text, { braces: true }));
  const assignments: SysctlAssignment[] = [];
  const exclusions: { path: string; span: Span }[] = [];
  const problems: SysctlProblem[] = [];
  for (const line of lines(masked)) {
    const span = trim(masked, line);
    if (span.start === span.end || /[#;]/.test(masked[span.start] ?? '')) continue;
    const touches = (part: Span) => statements.some(({ start, end }) => start < part.end && part.start < end);
    const mayFail = masked[span.start] === '-';
    const start = span.start + (mayFail ? 1 : 0);
    const equals = masked.slice(start, span.end).indexOf('=');
    const name = trim(masked, { start, end: equals < 0 ? span.end : start + equals });
    const path = sysctlPath(masked.slice(name.start, name.end));
    if (equals < 0) {
      if (touches(span)) continue;
      if (mayFail) exclusions.push({ path, span });
      else problems.push({ span });
      continue;
    }
    const value = trim(masked, { start: start + equals + 1, end: span.end });
    assignments.push({
      path,
      name,
      text: masked.slice(value.start, value.end),
      value,
      span,
      line,
      mayFail,
      isGlob: /[*?[]/.test(path),
      isTemplated: touches(span) || arms.at(span.start).length > 0 || text.slice(span.start, span.end).includes('$'),
    });
  }
  return { assignments, exclusions, problems };
}

/**
 * The file below /proc/sys that a name means: the first separator decides which one separates, so that
 * `net/ipv4/conf/eth0.1/rp_filter` and `net.ipv4.conf.eth0/1.rp_filter` are one (sysctl.d(5)).
 */
export function sysctlPath(name: string): string {
  const first = /[./]/.exec(name)?.[0];
  const path = first === '.' ? name.replace(/[./]/g, each => (each === '.' ? '/' : '.')) : name;
  return path.replace(/\/{2,}/g, '/').replace(/^\//, '');
}

/** How a path is usually written: with dots. */
export function sysctlName(path: string): string {
  return path.replace(/[./]/g, each => (each === '.' ? '/' : '.'));
}

/**
 * What the kernel takes of a written value (proc_dointvec and its kin, Linux 6.18): a number, decimal, octal or
 * hexadecimal, of 31 bits; what follows behind a blank is dropped. Null if the write fails.
 */
export function kernelNumber(text: string): { readonly value: number; readonly rest: string } | null {
  const [all, sign = '', digits = ''] = /^(-?)(0x[\da-f]+|0[0-7]*|[1-9]\d*)(?=\s|$)/i.exec(text) ?? [];
  if (all === undefined) return null;
  const size = /^0\d/.test(digits) ? Number.parseInt(digits, 8) : Number(digits);
  if (size > 2 ** 31 - 1) return null;
  return { value: sign === '-' ? -size : size, rest: text.slice(all.length).trim() };
}

/**
 * The lines that set a path, in the order in which they are written to it, patterns only where no line names it: procps
 * writes each, so that a refused value leaves the one before it; systemd-sysctl writes the last alone.
 */
export function assignmentsOf({ assignments, exclusions }: SysctlFile, path: string): SysctlAssignment[] {
  const own = assignments.filter(assignment => assignment.path === path);
  if (own.length > 0 || exclusions.some(exclusion => matches(exclusion.path, path))) return own;
  return assignments.filter(({ isGlob, path: pattern }) => isGlob && matches(pattern, path));
}

function* lines(text: string): Iterable<Span> {
  for (let start = 0; start < text.length; ) {
    const end = nextLine(text, start);
    yield { start, end };
    start = end;
  }
}

function trim(text: string, { start, end }: Span): Span {
  let [from, to] = [start, end];
  while (from < to && /[ \t\r\n\uFEFF]/.test(text[from] ?? '')) from++;
  while (to > from && /[ \t\r\n]/.test(text[to - 1] ?? '')) to--;
  return { start: from, end: to };
}
