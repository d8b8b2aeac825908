import type { Diagnostic, PublishDiagnosticsParams } from 'vscode-languageserver';
import type { Folders, Place } from './folders.ts';

/** Milliseconds between a change and what is said about it: a burst of edits gets one answer. */
const DELAY = 5;

/** What a publisher needs of the server around it. */
export interface Audience {
  /** The version of an open document; null for a file that is not open. */
  versionOf(uri: string): number | null;
  diagnosticsOf(place: Place): Diagnostic[];
  send(params: PublishDiagnosticsParams): void;
  /** True where the client asks for the diagnostics of the documents that it has open. */
  readonly pulls: boolean;
  /** Has such a client ask again. */
  refresh(): void;
  /** Brings the cores up to date with the documents. */
  settle(): void;
  /** Runs a piece of work; one that fails is logged, and keeps nothing else from being done. */
  attempt(work: () => void): void;
}

/** Tells the client what is found: for every version of an open document, and for other files whenever it changes. */
export class Publisher {
  private readonly audience: Audience;
  private readonly folders: Folders;
  /** URIs of documents that were opened, changed or closed since they were last spoken of. */
  private readonly touched = new Set<string>();
  /** URIs of which the client holds pushed diagnostics. */
  private readonly pushed = new Set<string>();
  /** What a client that pulls was answered last, by URI. */
  private readonly answers = new Map<string, { readonly version: number | null; readonly diagnostics: string }>();
  private timer: ReturnType<typeof setTimeout> | null = null;
  private isStarted = false;
  /** True while files are being read: what is said of the others then rests on half of them. */
  private isHeld = false;

  constructor(folders: Folders, audience: Audience) {
    this.folders = folders;
    this.audience = audience;
  }

  touch(uri: string): void {
    this.touched.add(uri);
    this.soon();
  }

  /** Notes what a client that pulls was answered. */
  answered(uri: string, diagnostics: readonly Diagnostic[]): void {
    const version = this.audience.versionOf(uri);
    this.answers.set(uri, { version, diagnostics: JSON.stringify(diagnostics) });
  }

  /** Speaks anew of every file that the client holds diagnostics of: the folders are not those of before. */
  touchAll(): void {
    for (const uri of this.pushed) this.touched.add(uri);
    this.soon();
  }

  /** Until this, nothing is said. */
  start(): void {
    this.isStarted = true;
    this.soon();
  }

  /** Until `release`, only documents that are touched are spoken of. */
  hold(): void {
    this.isHeld = true;
  }

  release(): void {
    this.isHeld = false;
    this.soon();
  }

  soon(): void {
    if (!this.isStarted) return;
    this.timer ??= setTimeout(() => {
      this.timer = null;
      this.audience.attempt(() => this.publish());
    }, DELAY);
  }

  private publish(): void {
    const { audience, folders } = this;
    audience.settle();
    const touched = new Set(this.touched);
    this.touched.clear();
    const changed: Place[] = [];
    if (!this.isHeld) audience.attempt(() => changed.push(...folders.changed()));
    const places = new Map(changed.map(place => [place.uri, place]));
    for (const uri of touched) audience.attempt(() => places.set(uri, folders.placeOf(uri)));
    for (const [uri, place] of places) audience.attempt(() => this.tell(uri, place));
    if (audience.pulls && [...places.values()].some(place => this.isOutdated(place))) audience.refresh();
  }

  /** True for an open document whose answer does not hold any more: the client asks by itself for new versions alone. */
  private isOutdated(place: Place): boolean {
    const answer = this.answers.get(place.uri);
    if (!answer || answer.version !== this.audience.versionOf(place.uri)) return false;
    return answer.diagnostics !== JSON.stringify(this.audience.diagnosticsOf(place));
  }

  private tell(uri: string, place: Place): void {
    const version = this.audience.versionOf(uri);
    const isPulled = this.audience.pulls && version !== null;
    if (!isPulled) this.answers.delete(uri);
    const diagnostics = isPulled ? [] : this.audience.diagnosticsOf(place);
    const isExpected = version !== null && !isPulled;
    if (diagnostics.length === 0 && !this.pushed.has(uri) && !isExpected) return;
    if (diagnostics.length > 0) this.pushed.add(uri);
    else this.pushed.delete(uri);
    this.audience.send({ uri, diagnostics, ...(version === null ? {} : { version }) });
  }
}
