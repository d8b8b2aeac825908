import type { Fix, Safety } from '../rules/draft.ts';
import { RULES } from '../rules/index.ts';
import type { Position } from '../text/lines.ts';
import { type Span, shift } from '../text/span.ts';
import type { Language } from '../text/wording.ts';
import type { Finding, RelatedPlace } from './finding.ts';
import {
  type Notice,
  SUPPRESSION_WITHOUT_REASON,
  suppressionWithoutReason,
  UNUSED_SUPPRESSION,
  unknownRule,
  unusedSuppression,
  WRONG_SETTING,
  wrongSetting,
} from './notices.ts';
import type { Settings } from './settings.ts';
import type { Checked, SourceFile } from './sourceFile.ts';
import type { Suppression } from './suppressions.ts';

/** What turns drafts into findings: how loud, in which words, and where other files are. */
export interface Publication {
  readonly settings: Settings;
  readonly language: Language;
  readonly fileNamed: (file: string) => SourceFile | undefined;
}

type DraftOfRule = Checked['drafts'][number];

/** The findings of a checked file, in the order of its text: those that no comment suppresses, and what to say of comments. */
export function publish(file: string, source: SourceFile, publication: Publication): Finding[] {
  const used = new Map<Suppression, Set<string>>();
  const found = new Map<string, Finding>();
  for (const [index, { checked }] of source.pieces.entries()) {
    for (const draft of checked?.drafts ?? []) {
      const finding = findingOf(file, source, index, draft, publication);
      if (!finding) continue;
      const suppression = source.suppressions.find(each => suppresses(each, finding));
      if (suppression) used.set(suppression, (used.get(suppression) ?? new Set()).add(finding.rule));
      else found.set(JSON.stringify([finding.rule, finding.range, finding.message]), finding);
    }
  }
  const findings = [...found.values(), ...notices(source, used, publication)];
  return findings.sort((a, b) => comparePositions(a.range.start, b.range.start) || (a.rule < b.rule ? -1 : 1));
}

function findingOf(
  file: string,
  source: SourceFile,
  piece: number,
  { rule, draft }: DraftOfRule,
  { settings, language, fileNamed }: Publication,
): Finding | null {
  const severity = settings.levels[rule.id] ?? draft.severity ?? rule.severity;
  if (severity === 'off') return null;
  const say = (key: string): string => rule.messages[language][key]?.(draft.params) ?? key;
  const related = draft.related.flatMap(({ message, place, elsewhere }): RelatedPlace[] => {
    const there = elsewhere ? fileNamed(elsewhere.file) : source;
    const start = there?.spans[elsewhere?.piece ?? piece]?.start;
    if (!there || start === undefined) return [];
    const range = there.lines.rangeOf(shift(place.entry, start));
    return [{ file: elsewhere?.file ?? file, range, message: say(message) }];
  });
  return {
    rule: rule.id,
    severity,
    message: say(draft.message),
    range: source.lines.rangeOf(shift(draft.place.entry, source.spans[piece]?.start ?? 0)),
    related,
    fixes: draft.fixes.map(fix => ({ ...fix, title: say(fix.title), safety: safetyOf(fix) })),
    piece,
  };
}

/** Who applies all safe fixes of a file does not expect others to change. */
function safetyOf({ safety, changes }: Fix): Safety {
  return changes.some(({ elsewhere }) => elsewhere !== undefined) ? 'unsafe' : safety;
}

function suppresses({ lines: { first, last }, rules, reason }: Suppression, { rule, range }: Finding): boolean {
  return first <= range.start.line && range.start.line <= last && reason !== '' && rules.includes(rule);
}

function* notices(
  source: SourceFile,
  used: ReadonlyMap<Suppression, ReadonlySet<string>>,
  { settings, language }: Publication,
): Iterable<Finding> {
  const isOff = (id: string) => settings.levels[id] === 'off';
  const notice = ({ id, severity }: Notice, span: Span, message: string): Finding => {
    const level = settings.levels[id] ?? severity;
    const range = source.lines.rangeOf(span);
    return { rule: id, severity: level === 'off' ? severity : level, message, range, related: [], fixes: [], piece: 0 };
  };
  for (const suppression of source.suppressions) {
    const { span, rules, reason } = suppression;
    if (reason === '' || rules.length === 0) {
      if (isOff(SUPPRESSION_WITHOUT_REASON.id)) continue;
      yield notice(SUPPRESSION_WITHOUT_REASON, span, suppressionWithoutReason[language]());
    } else if (!isOff(UNUSED_SUPPRESSION.id)) {
      for (const rule of rules.filter(each => !isOff(each) && !used.get(suppression)?.has(each))) {
        const words = RULES.some(({ id }) => id === rule) ? unusedSuppression : unknownRule;
        yield notice(UNUSED_SUPPRESSION, span, words[language](rule));
      }
    }
  }
  for (const { span, problem } of isOff(WRONG_SETTING.id) ? [] : source.settings.problems) {
    yield notice(WRONG_SETTING, span, wrongSetting[language](problem));
  }
}

function comparePositions(a: Position, b: Position): number {
  return a.line - b.line || a.character - b.character;
}
