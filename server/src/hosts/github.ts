import { relative, resolve } from 'node:path';
import type { Severity } from '../rules/rule.ts';
import type { Report, ReportedFinding } from './report.ts';

const COMMANDS = {
  error: 'error',
  warning: 'warning',
  information: 'notice',
  hint: 'notice',
} as const satisfies Record<Severity, string>;

/**
 * The report as workflow commands of GitHub Actions, which make annotations of the lines of a pull request. `root` is the folder of
 * the checkout: paths are relative to that there.
 */
export function asGithub({ findings }: Report, root: string): string {
  return findings.map(finding => `${command(finding, root)}\n`).join('');
}

function command({ rule, severity, message, file, range: { start, end } }: ReportedFinding, root: string): string {
  // Columns are taken within one line alone.
  const columns =
    start.line === end.line
      ? { col: start.character + 1, endColumn: Math.max(start.character, end.character - 1) + 1 }
      : {};
  const properties = {
    title: rule,
    file: relative(root, resolve(file)).replaceAll('\\', '/'),
    line: start.line + 1,
    endLine: end.line + 1,
    ...columns,
  };
  const written = Object.entries(properties).map(([name, value]) => `${name}=${property(String(value))}`);
  return `::${COMMANDS[severity]} ${written.join(',')}::${text(message)}`;
}

/** What would end the command, or a part of it, is written as its percent code: escapeData and escapeProperty of actions/toolkit. */
function text(value: string): string {
  return value.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(value: string): string {
  return text(value).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
