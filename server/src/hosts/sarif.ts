import { isAbsolute } from 'node:path';
import { pathToFileURL } from 'node:url';
import { pageOf, ruleSummaries } from '../core.ts';
import { section } from '../features/page.ts';
import type { Severity } from '../rules/rule.ts';
import type { Range } from '../text/lines.ts';
import type { Language } from '../text/wording.ts';
import type { Report, ReportedFinding } from './report.ts';

/** What a run was besides its findings. */
export interface Run {
  readonly version: string;
  readonly language: Language;
  /** What could not be read, fixed or written. */
  readonly problems: readonly string[];
}

const LEVELS = { error: 'error', warning: 'warning', information: 'note', hint: 'note' } as const satisfies Record<
  Severity,
  string
>;

/** What the relative addresses of a log begin at: the folder of the run. */
const ROOT = '%SRCROOT%';

/** The report as a log of SARIF 2.1.0 (OASIS, 2023), for GitHub code scanning and viewers: with the pages of the rules that found something. */
export function asSarif({ findings }: Report, { version, language, problems }: Run): string {
  const rules = [...new Set(findings.map(({ rule }) => rule))].sort();
  const driver = {
    name: 'Ingress Path',
    version,
    language: language === 'zh' ? 'zh-CN' : 'en-US',
    rules: rules.map(rule => descriptor(rule, language)),
  };
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver },
        invocations: [
          {
            executionSuccessful: problems.length === 0,
            toolExecutionNotifications: problems.map(text => ({ level: 'error', message: { text } })),
          },
        ],
        columnKind: 'utf16CodeUnits',
        results: findings.map(finding => result(finding, rules.indexOf(finding.rule))),
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

/** Notices on comments and settings have no page. */
function descriptor(id: string, language: Language) {
  const rule = ruleSummaries(language).find(each => each.id === id);
  const page = pageOf(id, language);
  if (!rule || page === null) return { id };
  return {
    id,
    name: id.replace(/(?:^|[/-])(\w)/g, (_, letter: string) => letter.toUpperCase()),
    shortDescription: { text: rule.summary },
    fullDescription: { text: section(page, 'finds', language) },
    help: { text: page, markdown: page },
    defaultConfiguration: { level: LEVELS[rule.severity] },
  };
}

function result({ rule, severity, message, file, range, related, fixes }: ReportedFinding, ruleIndex: number) {
  return {
    ruleId: rule,
    ruleIndex,
    level: LEVELS[severity],
    message: { text: message },
    locations: [location(file, range)],
    ...(related.length === 0
      ? {}
      : {
          relatedLocations: related.map((each, id) => ({
            id,
            ...location(each.file, each.range),
            message: { text: each.message },
          })),
        }),
    ...(fixes.length === 0 ? {} : { fixes: fixes.map(fix) }),
  };
}

function location(file: string, range: Range) {
  return { physicalLocation: { artifactLocation: artifact(file), region: region(range) } };
}

function fix({ title, edits }: ReportedFinding['fixes'][number]) {
  const files = [...new Set(edits.map(({ file }) => file))];
  return {
    description: { text: title },
    artifactChanges: files.map(file => ({
      artifactLocation: artifact(file),
      replacements: edits
        .filter(edit => edit.file === file)
        .map(({ range, newText }) => ({ deletedRegion: region(range), insertedContent: { text: newText } })),
    })),
  };
}

function artifact(file: string) {
  if (isAbsolute(file)) return { uri: pathToFileURL(file).href };
  return { uri: file.split('/').map(encodeURIComponent).join('/'), uriBaseId: ROOT };
}

/** Lines and columns count from 1; the end is behind the last character. */
function region({ start, end }: Range) {
  return {
    startLine: start.line + 1,
    startColumn: start.character + 1,
    endLine: end.line + 1,
    endColumn: end.character + 1,
  };
}
