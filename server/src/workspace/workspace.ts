import { type Cluster, type LinkedLists, link } from '../model/cluster.ts';
import { type Change, editPiece } from '../model/edit.ts';
import type { Entity } from '../model/entity.ts';
import { type PieceLanguage, readPiece } from '../model/pieces.ts';
import { type Read, recording } from '../model/recording.ts';
import { check, RULES } from '../rules/index.ts';
import { applyEdits, conflict, type TextEdit } from '../text/edits.ts';
import { eolOf } from '../text/lineBreaks.ts';
import type { Position, Range } from '../text/lines.ts';
import { type Span, shift } from '../text/span.ts';
import type { Language } from '../text/wording.ts';
import type { FileEdit, Finding, FixOffer, RangeEdit } from './finding.ts';
import { publish } from './publish.ts';
import { DEFAULT_SETTINGS, ignoring, readSettings, type SettingProblem, type Settings } from './settings.ts';
import { SETTINGS_FILE } from './settingsFile.ts';
import { type Checked, type Piece, readSourceFile, type SourceFile, saySame } from './sourceFile.ts';
import { linesToIgnoreAt, suppressionLine } from './suppressions.ts';

/** One round of fixes may make room for the next; none seen needs more than two. */
const FIX_ROUNDS = 10;

/** One piece of a file, and what it says. */
export interface FilePiece {
  readonly file: string;
  readonly entities: readonly Entity[];
  readonly language: PieceLanguage;
  readonly text: string;
  /** Turns a span of the piece into a range of the file. */
  readonly rangeOf: (span: Span) => Range;
  /** What the piece would say if this were its text. */
  readonly wouldSay: (text: string) => readonly Entity[];
}

/** The piece that a position stands in. */
export interface PieceAt extends FilePiece {
  /** Of the position, within the piece. */
  readonly offset: number;
}

/** Findings as they were published, and the other files whose lines they name. */
interface Published {
  readonly findings: readonly Finding[];
  readonly named: ReadonlyMap<string, SourceFile | undefined>;
}

/**
 * The files of one workspace and what is found in them. Each piece of a file is read and checked once for its text; a
 * change elsewhere has only those pieces checked again whose rules asked the cluster something that it now answers
 * differently. Files are named by their paths relative to the workspace, with `/`.
 */
export class Workspace {
  private readonly files = new Map<string, SourceFile>();
  private readonly published = new Map<SourceFile, Published>();
  private readonly reported = new Map<string, readonly Finding[]>();
  private readonly log: (message: string) => void;
  private readonly lists: LinkedLists = new Map();
  private cluster: Cluster | null = null;
  private configured: Settings = DEFAULT_SETTINGS;
  private editorLanguage: Language = 'en';
  private overrides: Partial<Settings> = {};
  private effective: Settings = DEFAULT_SETTINGS;
  private isIgnored: (file: string) => boolean = () => false;

  /** `log` hears of rules that fail. */
  constructor(log: (message: string) => void) {
    this.log = log;
  }

  get settings(): Settings {
    return this.effective;
  }

  /** What all files say together. */
  get linked(): Cluster {
    this.cluster ??= link(this.files, this.effective, this.lists);
    return this.cluster;
  }

  get language(): Language {
    return this.effective.language ?? this.editorLanguage;
  }

  /**
   * Takes settings from outside the workspace; its own file goes before them, and `overrides` before that. Returns what is
   * wrong with the first.
   */
  configure(raw: unknown, editorLanguage: Language, overrides: Partial<Settings> = {}): SettingProblem[] {
    const { settings, problems } = readSettings(raw);
    this.configured = settings;
    this.editorLanguage = editorLanguage;
    this.overrides = overrides;
    this.applySettings();
    return problems;
  }

  /** Adds a file or gives it another text. Nothing but telling words is looked for in files of no interest. */
  put(file: string, text: string): void {
    const before = this.files.get(file);
    if (before?.text === text) return;
    this.replace(file, before, readSourceFile(file, text, before) ?? undefined);
  }

  remove(file: string): void {
    this.replace(file, this.files.get(file), undefined);
  }

  /** Whatever is found in a file, in the order of the text. */
  findings(file: string): readonly Finding[] {
    const source = this.files.get(file);
    if (!source || this.isIgnored(file)) return [];
    this.check(file, source);
    const published = this.published.get(source) ?? this.publish(file, source);
    if ([...published.named].every(([name, then]) => this.files.get(name) === then)) return published.findings;
    return this.publish(file, source).findings;
  }

  /** The files whose findings have changed since the last call. */
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

  /** The pieces of a file, in their order; none in files of no interest. */
  pieces(file: string): readonly FilePiece[] {
    const source = this.sourceOf(file);
    return source?.pieces.map((_, index) => filePiece(file, source, index)) ?? [];
  }

  /** The piece around a position; null in files of no interest. */
  pieceAt(file: string, position: Position): PieceAt | null {
    const source = this.sourceOf(file);
    if (!source) return null;
    const offset = source.lines.offsetAt(position);
    const index = source.spans.findLastIndex(({ start }) => start <= offset);
    if (index < 0) return null;
    return { ...filePiece(file, source, index), offset: offset - (source.spans[index]?.start ?? 0) };
  }

  /** The edits of a fix that `findings` offers for the file; null if it cannot be made without changing something else. */
  editsOf(file: string, finding: Finding, fix: FixOffer): FileEdit[] | null {
    const edits: FileEdit[] = [];
    for (const { place, changes } of byPiece(fix.changes, { file, piece: finding.piece })) {
      const source = this.files.get(place.file);
      const made = source && pieceEdits(source, place.piece, changes);
      if (!made) return null;
      edits.push(
        ...made.map(each => ({ file: place.file, range: source.lines.rangeOf(each.span), newText: each.newText })),
      );
    }
    return edits;
  }

  /**
   * The edit that puts a comment above a finding, or above the statement that it is in, so that it is not reported any more; null
   * where none can stand without changing what else is found.
   */
  suppressionOf(file: string, finding: Finding, reason: string): RangeEdit | null {
    const source = this.files.get(file);
    if (!source || isJson(source.text)) return null;
    const { lines, text } = source;
    const eol = eolOf(text);
    for (const line of linesToIgnoreAt(lines, finding.range.start.line)) {
      const indent = /^[ \t]*/.exec(lines.lineText(line))?.[0] ?? '';
      const newText = suppressionLine(finding.rule, reason, indent, eol);
      const at = lines.startOf(line);
      if (this.isSilencedBy(file, source, finding, applyEdits(text, [{ span: { start: at, end: at }, newText }]))) {
        const start = { line, character: 0 };
        return { range: { start, end: start }, newText };
      }
    }
    return null;
  }

  /** The same files, judged as if these settings went before all others; what is asked of it leaves this one as it is. */
  judgedBy(settings: Partial<Settings>): Workspace {
    const other = new Workspace(this.log);
    other.configured = this.configured;
    other.editorLanguage = this.editorLanguage;
    other.overrides = { ...this.overrides, ...settings };
    for (const [file, source] of this.files) {
      other.files.set(file, { ...source, pieces: source.pieces.map(piece => ({ ...piece, checked: null })) });
    }
    other.applySettings();
    return other;
  }

  /** The file's text after the first safe fix of each finding, and of each finding that then remains. */
  fixAll(file: string): string | null {
    const original = this.files.get(file);
    if (!original) return null;
    let text = original.text;
    for (let round = 0; round < FIX_ROUNDS; round++) {
      const edits = this.safeEdits(file);
      if (edits.length === 0) break;
      text = applyEdits(text, edits);
      this.put(file, text);
    }
    this.replace(file, this.files.get(file), original);
    return text;
  }

  /** True if of all that is found in a file a text with one more line has the rest, but not this. */
  private isSilencedBy(file: string, source: SourceFile, { rule, message }: Finding, text: string): boolean {
    const said = () => this.findings(file).map(each => `${each.rule} ${each.message}`);
    const gone = [...said()];
    this.put(file, text);
    const isNew = said().some(each => {
      const before = gone.indexOf(each);
      if (before >= 0) gone.splice(before, 1);
      return before < 0;
    });
    this.replace(file, this.files.get(file), source);
    return !isNew && gone.includes(`${rule} ${message}`) && gone.every(each => each.startsWith(`${rule} `));
  }

  private sourceOf(file: string): SourceFile | undefined {
    return this.isIgnored(file) ? undefined : this.files.get(file);
  }

  private replace(file: string, before: SourceFile | undefined, after: SourceFile | undefined): void {
    if (after) this.files.set(file, after);
    else this.files.delete(file);
    if (before && before !== after) this.published.delete(before);
    if (!saySame(before, after)) this.cluster = null;
    if (file === SETTINGS_FILE) this.applySettings();
  }

  private applySettings(): void {
    const own = this.files.get(SETTINGS_FILE);
    const base = own ? readSettings(own.settings.raw, this.configured).settings : this.configured;
    this.effective = { ...base, ...this.overrides, levels: { ...base.levels, ...this.overrides.levels } };
    this.cluster = null;
    this.isIgnored = ignoring(this.effective);
    this.published.clear();
  }

  /** Runs the rules on the pieces that changed, and on those for which the cluster's answers did. */
  private check(file: string, source: SourceFile): void {
    const { linked: cluster } = this;
    for (const piece of source.pieces) {
      const { checked } = piece;
      if (checked && (checked.cluster === cluster || checked.reads.every(({ holds }) => holds(cluster)))) {
        checked.cluster = cluster;
      } else {
        piece.checked = this.run(file, piece, cluster);
        this.published.delete(source);
      }
    }
  }

  private run(file: string, { entities }: Piece, cluster: Cluster): Checked {
    const reads: Read[] = [];
    const context = { cluster: recording(cluster, reads), file };
    const drafts = entities.flatMap(entity =>
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

  private publish(file: string, source: SourceFile): Published {
    const named = new Map<string, SourceFile | undefined>();
    const fileNamed = (name: string) => {
      const found = this.files.get(name);
      named.set(name, found);
      return found;
    };
    const { settings, language } = this;
    const published = { findings: publish(file, source, { settings, language, fileNamed }), named };
    this.published.set(source, published);
    return published;
  }

  /** The first safe fix of each finding, as far as they do not get into each other's way. */
  private safeEdits(file: string): TextEdit[] {
    const source = this.files.get(file);
    const edits: TextEdit[] = [];
    for (const finding of source ? this.findings(file) : []) {
      const fix = finding.fixes.find(({ safety }) => safety === 'safe');
      const next = source && fix ? pieceEdits(source, finding.piece, fix.changes) : null;
      if (next && !conflict(edits, next)) edits.push(...next);
    }
    return edits;
  }
}

function filePiece(file: string, { pieces, spans, lines, language }: SourceFile, index: number): FilePiece {
  const { text = '', entities = [] } = pieces[index] ?? {};
  const start = spans[index]?.start ?? 0;
  return {
    file,
    entities,
    language,
    text,
    rangeOf: span => lines.rangeOf(shift(span, start)),
    wouldSay: changed => readPiece(file, language, changed),
  };
}

/** Changes of one piece as edits of its file; null if they cannot be made exactly. */
function pieceEdits({ pieces, spans }: SourceFile, index: number, changes: readonly Change[]): TextEdit[] | null {
  const piece = pieces[index];
  const start = spans[index]?.start;
  if (!piece || start === undefined) return null;
  const result = editPiece(piece.text, changes);
  if ('refused' in result) return null;
  return result.edits.map(({ span, newText }) => ({ span: shift(span, start), newText }));
}

/** Changes by the pieces that they are made in; `own` is where those stand that say nothing of it. */
function byPiece(changes: readonly Change[], own: Required<Change>['elsewhere']) {
  const pieces = new Map<string, { readonly place: typeof own; readonly changes: Change[] }>();
  for (const change of changes) {
    const place = change.elsewhere ?? own;
    const key = `${place.piece} ${place.file}`;
    const there = pieces.get(key) ?? { place, changes: [] };
    there.changes.push(change);
    pieces.set(key, there);
  }
  return pieces.values();
}

/** JSON has no comments. */
function isJson(text: string): boolean {
  return /^\uFEFF?\s*[[{]/.test(text);
}
