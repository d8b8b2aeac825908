import { type Cluster, link, type Read, recording } from '../model/cluster.ts';
import { editPiece } from '../model/edit.ts';
import type { Entity } from '../model/entity.ts';
import { cutPieces, isOfInterest, readPiece } from '../model/pieces.ts';
import type { Draft } from '../rules/draft.ts';
import { type AnyRule, check, RULES } from '../rules/index.ts';
import type { Message, Severity } from '../rules/rule.ts';
import { applyEdits, conflict, type TextEdit } from '../text/edits.ts';
import { LineIndex, type Position } from '../text/lines.ts';
import { type Span, shift } from '../text/span.ts';
import type { Language } from '../text/wording.ts';
import type { Finding, FixOffer, RangeEdit } from './finding.ts';
import * as notices from './notices.ts';
import { DEFAULT_SETTINGS, ignoring, readSettings, type SettingProblem, type Settings } from './settings.ts';
import { readSettingsFile, SETTINGS_FILE } from './settingsFile.ts';
import { readSuppressions, SUPPRESSION_WORD, type Suppression, suppressionLine } from './suppressions.ts';

/** One round of fixes may make room for the next; none seen needs more than two. */
const FIX_ROUNDS = 10;

interface Piece {
  readonly text: string;
  readonly entities: readonly Entity[];
  checked: Checked | null;
}

/** What the rules made of a piece, and the cluster for which that is known to hold. */
interface Checked {
  readonly drafts: readonly { readonly rule: AnyRule; readonly draft: Draft }[];
  readonly reads: readonly Read[];
  cluster: Cluster;
}

interface SourceFile {
  readonly text: string;
  readonly spans: readonly Span[];
  readonly pieces: readonly Piece[];
  readonly lines: LineIndex;
  readonly suppressions: readonly Suppression[];
  readonly settingProblems: readonly { readonly span: Span; readonly problem: SettingProblem }[];
  findings: readonly Finding[] | null;
}

/**
 * The files of one workspace and what is found in them. Each piece of a file is read and checked once for its text; a
 * change elsewhere has only those pieces checked again whose rules asked the cluster something that it now answers
 * differently. Files are named by their paths relative to the workspace, with `/`.
 */
export class Workspace {
  private readonly files = new Map<string, SourceFile>();
  private readonly reported = new Map<string, readonly Finding[]>();
  private readonly log: (message: string) => void;
  private cluster: Cluster | null = null;
  private configured: Settings = DEFAULT_SETTINGS;
  private fallbackLanguage: Language = 'en';
  private effective: Settings = DEFAULT_SETTINGS;
  private isIgnored: (file: string) => boolean = () => false;

  /** `log` hears of rules that fail. */
  constructor(log: (message: string) => void) {
    this.log = log;
  }

  get settings(): Settings {
    return this.effective;
  }

  get language(): Language {
    return this.effective.language ?? this.fallbackLanguage;
  }

  /** Takes settings from outside the workspace; its own file goes before them. Returns what is wrong with them. */
  configure(raw: unknown, language: Language): SettingProblem[] {
    const { settings, problems } = readSettings(raw);
    this.configured = settings;
    this.fallbackLanguage = language;
    this.applySettings();
    return problems;
  }

  /** Adds a file or gives it another text. Nothing but telling words is looked for in files of no interest. */
  put(file: string, text: string): void {
    const before = this.files.get(file);
    if (before?.text === text) return;
    const interesting = file === SETTINGS_FILE || text.includes(SUPPRESSION_WORD) || isOfInterest(file, text);
    if (interesting) this.files.set(file, this.read(file, text, before));
    else this.files.delete(file);
    const after = this.files.get(file);
    if (!sameEntities(before?.pieces ?? [], after?.pieces ?? [])) this.cluster = null;
    if (file === SETTINGS_FILE) this.applySettings();
  }

  remove(file: string): void {
    const before = this.files.get(file);
    if (!before) return;
    this.files.delete(file);
    if (before.pieces.some(({ entities }) => entities.length > 0)) this.cluster = null;
    if (file === SETTINGS_FILE) this.applySettings();
  }

  /** Whatever is found in a file, in the order of the text. */
  findings(file: string): readonly Finding[] {
    const source = this.files.get(file);
    if (!source || this.isIgnored(file)) return [];
    this.check(file, source);
    source.findings ??= this.publish(file, source);
    return source.findings;
  }

  /** The files whose findings have changed since the last call, first those of which something is still to be said. */
  changedFiles(): string[] {
    const changed: string[] = [];
    for (const file of new Set([...this.files.keys(), ...this.reported.keys()])) {
      const now = this.findings(file);
      const before = this.reported.get(file) ?? [];
      if (now === before || JSON.stringify(now) === JSON.stringify(before)) continue;
      changed.push(file);
      if (now.length > 0) this.reported.set(file, now);
      else this.reported.delete(file);
    }
    return changed;
  }

  /** What the pieces around a position say; null where nothing is. */
  pieceAt(file: string, position: Position): { entities: readonly Entity[]; offset: number; start: number } | null {
    const source = this.files.get(file);
    if (!source || this.isIgnored(file)) return null;
    const offset = source.lines.offsetAt(position);
    const index = source.spans.findLastIndex(({ start }) => start <= offset);
    const piece = source.pieces[index];
    const start = source.spans[index]?.start;
    return piece && start !== undefined ? { entities: piece.entities, offset: offset - start, start } : null;
  }

  /** Turns a span of a file, as `pieceAt` gives its start, into a range. */
  rangeOf(file: string, span: Span): Finding['range'] | null {
    return this.files.get(file)?.lines.rangeOf(span) ?? null;
  }

  /** The edits of a fix that `findings` offers for the file; null if it cannot be made without changing something else. */
  editsOf(file: string, finding: Finding, fix: FixOffer): RangeEdit[] | null {
    const source = this.files.get(file);
    if (!source) return null;
    const edits = this.fixEdits(source, finding, fix);
    return edits?.map(({ span, newText }) => ({ range: source.lines.rangeOf(span), newText })) ?? null;
  }

  /** The edit that puts a comment above a finding, so that it is not reported any more; null where none can stand. */
  suppressionOf(file: string, finding: Finding, reason: string): RangeEdit | null {
    const source = this.files.get(file);
    if (!source || /^\s*[[{]/.test(source.text)) return null;
    const { line } = finding.range.start;
    const indent = /^[ \t]*/.exec(source.lines.lineText(line))?.[0] ?? '';
    const start = { line, character: 0 };
    const eol = source.text.includes('\r\n') ? '\r\n' : '\n';
    return { range: { start, end: start }, newText: suppressionLine(finding.rule, reason, indent, eol) };
  }

  /** The file's text after the first safe fix of each finding, and of each finding that then remains. */
  fixAll(file: string): string | null {
    const original = this.files.get(file);
    if (!original) return null;
    for (let round = 0; round < FIX_ROUNDS; round++) {
      const source = this.files.get(file);
      if (!source) break;
      const edits: TextEdit[] = [];
      for (const finding of this.findings(file)) {
        const fix = finding.fixes.find(({ safety }) => safety === 'safe');
        const next = fix ? this.fixEdits(source, finding, fix) : null;
        if (next && !conflict(edits, next)) edits.push(...next);
      }
      if (edits.length === 0) break;
      this.put(file, applyEdits(source.text, edits));
    }
    const fixed = this.files.get(file)?.text ?? original.text;
    this.put(file, original.text);
    return fixed;
  }

  private read(file: string, text: string, before: SourceFile | undefined): SourceFile {
    const spans = cutPieces(text);
    const known = new Map(before?.pieces.map(piece => [piece.text, piece]));
    const pieces = spans.map(({ start, end }): Piece => {
      const own = text.slice(start, end);
      return known.get(own) ?? { text: own, entities: readPiece(file, own), checked: null };
    });
    const lines = new LineIndex(text);
    const settingProblems = file === SETTINGS_FILE ? readSettingsFile(text).problems : [];
    return { text, spans, pieces, lines, suppressions: readSuppressions(text, lines), settingProblems, findings: null };
  }

  private applySettings(): void {
    const own = this.files.get(SETTINGS_FILE);
    this.effective = own ? readSettings(readSettingsFile(own.text).raw, this.configured).settings : this.configured;
    this.isIgnored = ignoring(this.effective);
    for (const source of this.files.values()) source.findings = null;
  }

  private check(file: string, source: SourceFile): void {
    this.cluster ??= link(
      new Map([...this.files].map(([name, { pieces }]) => [name, pieces.map(({ entities }) => entities)])),
    );
    const cluster = this.cluster;
    for (const piece of source.pieces) {
      const { checked } = piece;
      if (checked && (checked.cluster === cluster || checked.reads.every(({ holds }) => holds(cluster)))) {
        checked.cluster = cluster;
        continue;
      }
      piece.checked = this.run(file, piece, cluster);
      source.findings = null;
    }
  }

  private run(file: string, piece: Piece, cluster: Cluster): Checked {
    const reads: Read[] = [];
    const context = { cluster: recording(cluster, reads), file };
    const drafts = piece.entities.flatMap(entity =>
      RULES.flatMap(rule => {
        try {
          return [...check(rule, entity, context)].map(draft => ({ rule, draft }));
        } catch (error) {
          this.log(`${rule.id} failed on ${file}: ${error instanceof Error ? (error.stack ?? error.message) : error}`);
          return [];
        }
      }),
    );
    return { drafts, reads, cluster };
  }

  private publish(file: string, source: SourceFile): Finding[] {
    const used = new Set<Suppression>();
    const found = new Map<string, Finding>();
    for (const finding of this.allFindings(file, source)) {
      const suppression = source.suppressions.find(
        ({ line, rules, reason }) => line === finding.range.start.line && reason !== '' && rules.includes(finding.rule),
      );
      if (suppression) used.add(suppression);
      else found.set(JSON.stringify([finding.rule, finding.range, finding.message]), finding);
    }
    const findings = [...found.values(), ...this.notices(source, used)];
    return findings.sort((a, b) => comparePositions(a.range.start, b.range.start) || compare(a.rule, b.rule));
  }

  private *allFindings(file: string, source: SourceFile): Iterable<Finding> {
    for (const [index, piece] of source.pieces.entries()) {
      const start = source.spans[index]?.start ?? 0;
      for (const { rule, draft } of piece.checked?.drafts ?? []) {
        const severity = this.effective.levels[rule.id] ?? rule.severity;
        if (severity === 'off') continue;
        const say = (key: string): string => wordsOf(rule, this.language)[key]?.(draft.params) ?? key;
        yield {
          rule: rule.id,
          severity,
          message: say(draft.message),
          range: source.lines.rangeOf(shift(draft.place.entry, start)),
          related: draft.related.flatMap(({ message, place, elsewhere }) => {
            const there = elsewhere ? this.files.get(elsewhere.file) : source;
            const from = there?.spans[elsewhere?.piece ?? index]?.start;
            if (!there || from === undefined) return [];
            return [
              {
                file: elsewhere?.file ?? file,
                range: there.lines.rangeOf(shift(place.entry, from)),
                message: say(message),
              },
            ];
          }),
          fixes: draft.fixes.map(({ title, safety, changes }) => ({ title: say(title), safety, changes })),
          piece: index,
        };
      }
    }
  }

  private *notices(source: SourceFile, used: ReadonlySet<Suppression>): Iterable<Finding> {
    const notice = ({ id, severity }: { id: string; severity: Severity }, span: Span, message: string): Finding[] => {
      const level = this.effective.levels[id] ?? severity;
      if (level === 'off') return [];
      return [
        { rule: id, severity: level, message, range: source.lines.rangeOf(span), related: [], fixes: [], piece: 0 },
      ];
    };
    for (const suppression of source.suppressions) {
      const { span, rules, reason } = suppression;
      if (reason === '' || rules.length === 0) {
        yield* notice(notices.SUPPRESSION_WITHOUT_REASON, span, notices.suppressionWithoutReason[this.language]());
      } else if (!used.has(suppression)) {
        for (const rule of rules) {
          if (this.effective.levels[rule] === 'off') continue;
          const words = RULES.some(({ id }) => id === rule) ? notices.unusedSuppression : notices.unknownRule;
          yield* notice(notices.UNUSED_SUPPRESSION, span, words[this.language](rule));
        }
      }
    }
    for (const { span, problem } of source.settingProblems) {
      yield* notice(notices.WRONG_SETTING, span, notices.wrongSetting[this.language](problem));
    }
  }

  private fixEdits(source: SourceFile, finding: Finding, fix: FixOffer): TextEdit[] | null {
    const piece = source.pieces[finding.piece];
    const start = source.spans[finding.piece]?.start;
    if (!piece || start === undefined) return null;
    const result = editPiece(piece.text, fix.changes);
    if ('refused' in result) return null;
    return result.edits.map(({ span, newText }) => ({ span: shift(span, start), newText }));
  }
}

function sameEntities(before: readonly Piece[], after: readonly Piece[]): boolean {
  const count = Math.max(before.length, after.length);
  for (let i = 0; i < count; i++) {
    const [a, b] = [before[i], after[i]];
    if (a !== b && JSON.stringify(a?.entities ?? []) !== JSON.stringify(b?.entities ?? [])) return false;
  }
  return true;
}

function wordsOf(rule: AnyRule, language: Language): Readonly<Record<string, Message>> {
  return rule.messages[language];
}

function comparePositions(a: Position, b: Position): number {
  return a.line - b.line || a.character - b.character;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
