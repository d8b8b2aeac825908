import { styleText } from 'node:util';
import { pagePath } from '../core.ts';
import type { Severity } from '../rules/rule.ts';
import { SEVERITIES } from '../rules/rule.ts';
import { formatCount, type Language } from '../text/wording.ts';
import type { FileEdit, Finding } from '../workspace/finding.ts';
import { severityWord } from './severityWord.ts';

export interface Report {
  /** How many files were looked at. */
  readonly files: number;
  readonly findings: readonly ReportedFinding[];
}

export interface ReportedFinding extends Omit<Finding, 'fixes' | 'piece'> {
  readonly file: string;
  readonly fixes: readonly {
    readonly title: string;
    readonly safety: string;
    readonly edits: readonly FileEdit[];
  }[];
}

/** The report as `check --format json` prints it: positions as in the Language Server Protocol. */
export function asJson({ files, findings }: Report): string {
  const printed = findings.map(({ rule, severity, message, file, range, related, fixes }) => ({
    rule,
    severity,
    message,
    file,
    range,
    docs: pagePath(rule, 'en'),
    related,
    fixes,
  }));
  return `${JSON.stringify({ version: 1, files, findings: printed }, null, 2)}\n`;
}

const COLOURS = { error: 'red', warning: 'yellow', information: 'cyan', hint: 'gray' } as const;

/** The report for people: a block a file, a line a finding, and the sum. Coloured where the terminal is. */
export function asStylish({ files, findings }: Report, language: Language): string {
  const lines: string[] = [];
  for (const [file, own] of groups(findings)) {
    lines.push('', paint('underline', file));
    for (const { range, severity, message, rule, fixes } of own) {
      const position = `${range.start.line + 1}:${range.start.character + 1}`;
      const word = paint(COLOURS[severity], severityWord(severity, language));
      lines.push(`  ${position.padEnd(8)} ${word}  ${message}  ${paint('dim', rule)}`);
      for (const { title, safety } of fixes)
        lines.push(`  ${' '.repeat(8)} ${paint('dim', fixLine(title, safety, language))}`);
    }
  }
  return [...lines, '', asSum({ files, findings }, language)].join('\n');
}

function groups(findings: readonly ReportedFinding[]): Map<string, ReportedFinding[]> {
  const byFile = new Map<string, ReportedFinding[]>();
  for (const finding of findings) {
    const own = byFile.get(finding.file);
    if (own) own.push(finding);
    else byFile.set(finding.file, [finding]);
  }
  return byFile;
}

function fixLine(title: string, safety: string, language: Language): string {
  if (safety === 'safe') return `${language === 'zh' ? '修复（--fix）：' : 'fix (--fix): '}${title}`;
  return `${language === 'zh' ? '可选修复：' : 'possible fix: '}${title}`;
}

/** How many files were looked at, and how much was found, in a line. */
export function asSum({ files, findings }: Report, language: Language): string {
  return `${sum(files, findings, language)}\n`;
}

function sum(files: number, findings: readonly ReportedFinding[], language: Language): string {
  const counts = SEVERITIES.map(severity => ({
    severity,
    count: findings.filter(finding => finding.severity === severity).length,
  })).filter(({ count }) => count > 0);
  const list = counts.map(({ severity, count }) => paint(COLOURS[severity], counted(severity, count, language)));
  if (language === 'zh') {
    const looked = `已检查 ${formatCount(files, language)} 个文件`;
    return list.length === 0
      ? `${looked}，没有发现问题。`
      : `${looked}：${list.join('，')}。ingress-path explain 规则 说明原因。`;
  }
  const looked = `${formatCount(files, language)} ${files === 1 ? 'file' : 'files'} checked`;
  return list.length === 0
    ? `${looked}, nothing found.`
    : `${looked}: ${list.join(', ')}. ingress-path explain RULE says why.`;
}

function counted(severity: Severity, count: number, language: Language): string {
  const word = severityWord(severity, language);
  if (language === 'zh') return `${formatCount(count, language)} 个${word}`;
  const plural = count === 1 || severity === 'information' ? word : `${word}s`;
  return `${formatCount(count, language)} ${plural}`;
}

function paint(style: Parameters<typeof styleText>[0], text: string): string {
  const wanted = process.stdout.isTTY && !process.env.NO_COLOR;
  return wanted ? styleText(style, text) : text;
}
