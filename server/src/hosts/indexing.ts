import type { Connection } from 'vscode-languageserver';
import type { Language, Wording } from '../text/wording.ts';
import { formatCount } from '../text/wording.ts';
import type { Folder, Folders, Place } from './folders.ts';

/** A file of a folder: its path there, with `/`, and its text. */
export interface FoundFile {
  readonly file: string;
  readonly text: string;
}

/** What an index needs of the server around it. */
export interface Sources {
  /** The files of a folder, read one by one as they are asked for. */
  files(folder: Folder): Iterable<FoundFile>;
  isOpen(place: Place): boolean;
}

/** Milliseconds of reading after which the editor is served, and for how long it then comes first. */
const SLICE = 12;
const PAUSE = 3;

/** Milliseconds of reading after which the user is told of it. */
const PATIENCE = 300;

/** Reads all folders from the disk into their cores, in the background. */
export class Indexing {
  private readonly connection: Connection;
  private readonly folders: Folders;
  private readonly sources: Sources;
  private running = new AbortController();

  constructor(connection: Connection, folders: Folders, sources: Sources) {
    this.connection = connection;
    this.folders = folders;
    this.sources = sources;
  }

  /** Begins anew; false if that was cut short by another beginning. A user who cancels it gets what was read by then. */
  async run(language: Language): Promise<boolean> {
    this.running.abort();
    const run = new AbortController();
    this.running = run;
    const cancelled = new AbortController();
    const progress = new IndexProgress(this.connection, language, () => cancelled.abort());
    try {
      for (const folder of this.folders.all) {
        await this.read(folder, AbortSignal.any([run.signal, cancelled.signal]), progress);
      }
    } finally {
      progress.done();
    }
    return !run.signal.aborted;
  }

  private async read(folder: Folder, signal: AbortSignal, progress: IndexProgress): Promise<void> {
    const gone = new Set(folder.files);
    let turn = performance.now() + SLICE;
    for (const { file, text } of this.sources.files(folder)) {
      if (performance.now() > turn) {
        await new Promise(resolve => setTimeout(resolve, PAUSE));
        turn = performance.now() + SLICE;
      }
      if (signal.aborted) return;
      progress.count();
      const place = this.folders.placeIn(folder, file);
      if (!this.isOf(folder, place)) continue;
      gone.delete(file);
      if (!this.sources.isOpen(place)) this.folders.put(place, text);
    }
    for (const file of gone) {
      const place = this.folders.placeIn(folder, file);
      if (!this.isOf(folder, place) || !this.sources.isOpen(place)) this.folders.remove(place);
    }
  }

  /** False for a file that belongs to a folder inside of this one. */
  private isOf(folder: Folder, { uri }: Place): boolean {
    return this.folders.placeOf(uri).folder === folder;
  }
}

const TITLE: Wording = { en: 'Ingress Path: reading the workspace', zh: 'Ingress Path：正在读取工作区' };
const FILES: Wording = { en: 'files', zh: '个文件' };

/** What the user sees of a long index; nothing of a short one. */
class IndexProgress {
  private readonly connection: Connection;
  private readonly language: Language;
  private readonly cancel: () => void;
  private readonly patience = setTimeout(() => void this.show(), PATIENCE);
  private files = 0;
  private isDone = false;

  constructor(connection: Connection, language: Language, cancel: () => void) {
    this.connection = connection;
    this.language = language;
    this.cancel = cancel;
  }

  count(): void {
    this.files++;
  }

  done(): void {
    this.isDone = true;
    clearTimeout(this.patience);
  }

  private async show(): Promise<void> {
    const reporter = await this.connection.window.createWorkDoneProgress().catch(() => null);
    if (!reporter) return;
    reporter.token.onCancellationRequested(this.cancel);
    reporter.begin(TITLE[this.language], undefined, this.message(), true);
    while (!this.isDone) {
      await new Promise(resolve => setTimeout(resolve, PATIENCE));
      reporter.report(this.message());
    }
    reporter.done();
  }

  private message(): string {
    return `${formatCount(this.files, this.language)} ${FILES[this.language]}`;
  }
}
