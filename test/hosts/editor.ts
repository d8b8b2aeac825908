import assert from 'node:assert/strict';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { after } from 'node:test';
import { pathToFileURL } from 'node:url';
import {
  type ClientCapabilities,
  type CodeAction,
  type CodeActionContext,
  type CodeActionParams,
  createProtocolConnection,
  type Diagnostic,
  type DocumentDiagnosticReport,
  type FileChangeType,
  type Hover,
  type InitializeResult,
  type ProtocolConnection,
  type PublishDiagnosticsParams,
  type Range,
  StreamMessageReader,
  StreamMessageWriter,
  type TextDocumentContentChangeEvent,
} from 'vscode-languageserver-protocol/node';
import { ended, start } from './programs.ts';

/** A client that pushes nothing and asks for nothing. */
export const PLAIN: ClientCapabilities = {};

/** What VS Code says of itself, as far as this server looks at it. */
export const FULL: ClientCapabilities = {
  workspace: {
    configuration: true,
    workspaceFolders: true,
    didChangeConfiguration: { dynamicRegistration: true },
    didChangeWatchedFiles: { dynamicRegistration: true },
    workspaceEdit: { documentChanges: true },
    diagnostics: { refreshSupport: true },
  },
  window: { workDoneProgress: true },
};

/** The same client when it asks for diagnostics by itself. */
export const PULLING: ClientCapabilities = { ...FULL, textDocument: { diagnostic: { relatedDocumentSupport: false } } };

export interface EditorOptions {
  readonly capabilities?: ClientCapabilities;
  /** Paths or URIs of workspace folders. */
  readonly folders?: readonly string[];
  readonly rootUri?: string;
  readonly language?: string;
  /** What a client that can be asked for its settings answers. */
  readonly settings?: unknown;
}

/** Everything that the server asked of, or told, the client. */
interface Heard {
  readonly published: PublishDiagnosticsParams[];
  readonly registered: string[];
  readonly progress: { readonly kind: string; readonly cancellable?: boolean }[];
  readonly log: string[];
  refreshes: number;
}

/** Milliseconds until a test gives up waiting for the server. */
const PATIENCE = 30_000;

const ANYWHERE: Range = { start: { line: 0, character: 0 }, end: { line: 1_000_000, character: 0 } };

/** Servers of tests that failed before they said goodbye would keep the runner waiting for ever. */
const started: ChildProcessWithoutNullStreams[] = [];
after(() => {
  for (const server of started) server.kill();
});

/** A client for tests, which talks to a server in a process of its own. */
export class Editor {
  readonly process: ChildProcessWithoutNullStreams;
  readonly connection: ProtocolConnection;
  readonly heard: Heard = { published: [], registered: [], progress: [], log: [], refreshes: 0 };
  readonly exit: Promise<number | null>;
  settings: unknown;
  /** What the server answered to `initialize`. */
  initialized: InitializeResult = { capabilities: {} };
  private readonly shown = new Map<string, PublishDiagnosticsParams>();
  private readonly versions = new Map<string, number>();
  private readonly waiting = new Set<() => void>();

  private constructor(server: string, settings: unknown, args: readonly string[], flags: readonly string[]) {
    this.settings = settings;
    this.process = start(server, args, { flags });
    started.push(this.process);
    this.exit = ended(this.process);
    void this.exit.then(() => this.connection.dispose());
    this.process.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.heard.log.push(text);
      this.wake();
    });
    this.connection = createProtocolConnection(
      new StreamMessageReader(this.process.stdout),
      new StreamMessageWriter(this.process.stdin),
    );
    this.answer();
    this.connection.listen();
  }

  /** Starts a server and says hello. */
  static async start(server: string, options: EditorOptions = {}): Promise<Editor> {
    const editor = Editor.silent(server, options.settings);
    await editor.hello(options);
    return editor;
  }

  /** Starts a server that is not spoken to yet. */
  static silent(
    server: string,
    settings: unknown = null,
    args: readonly string[] = ['--stdio'],
    flags: readonly string[] = [],
  ): Editor {
    return new Editor(server, settings, args, flags);
  }

  async hello({ capabilities = PLAIN, folders, rootUri, language }: EditorOptions): Promise<void> {
    this.initialized = await this.connection.sendRequest<InitializeResult>('initialize', {
      processId: process.pid,
      rootUri: rootUri ?? null,
      capabilities,
      ...(folders ? { workspaceFolders: folders.map(path => ({ uri: uriOf(path), name: path })) } : {}),
      ...(language ? { initializationOptions: { language } } : {}),
    });
    this.notify('initialized', {});
  }

  /** Says goodbye, and gives the server's exit status; null if it does not hear any more. */
  async close(): Promise<number | null> {
    const deadline = setTimeout(() => this.process.kill(), PATIENCE);
    void this.ask('shutdown').then(() => this.notify('exit'));
    const status = await this.exit;
    clearTimeout(deadline);
    return status;
  }

  open(uri: string, text: string, languageId = 'yaml'): void {
    this.versions.set(uri, 1);
    this.notify('textDocument/didOpen', { textDocument: { uri, languageId, version: 1, text } });
  }

  /** Changes a document, all at once or in parts, as its next version. */
  change(uri: string, ...changes: readonly (string | TextDocumentContentChangeEvent)[]): number {
    const version = (this.versions.get(uri) ?? 0) + 1;
    this.versions.set(uri, version);
    const contentChanges = changes.map(change => (typeof change === 'string' ? { text: change } : change));
    this.notify('textDocument/didChange', { textDocument: { uri, version }, contentChanges });
    return version;
  }

  closeDocument(uri: string): void {
    this.notify('textDocument/didClose', { textDocument: { uri } });
  }

  watched(changes: readonly { readonly uri: string; readonly type: FileChangeType }[]): void {
    this.notify('workspace/didChangeWatchedFiles', { changes });
  }

  notify(method: string, params?: unknown): void {
    // A server that is gone is found out by what is awaited of it.
    this.connection.sendNotification(method, params).catch(() => {});
  }

  /** The answer to a request; a refusal is an answer too. */
  async ask(method: string, params?: unknown): Promise<unknown> {
    return this.connection.sendRequest(method, params).catch((error: unknown) => ({ refused: String(error) }));
  }

  async hover(uri: string, line: number, character: number): Promise<string | null> {
    const hover = await this.connection.sendRequest<Hover | null>('textDocument/hover', {
      textDocument: { uri },
      position: { line, character },
    });
    return hover && (hover.contents as { value: string }).value;
  }

  async actions(uri: string, only?: readonly string[], range: Range = ANYWHERE): Promise<CodeAction[]> {
    const context: CodeActionContext = { diagnostics: [], ...(only ? { only: [...only] } : {}) };
    const params: CodeActionParams = { textDocument: { uri }, range, context };
    return this.connection.sendRequest<CodeAction[]>('textDocument/codeAction', params);
  }

  async pull(uri: string): Promise<Diagnostic[]> {
    const report = await this.connection.sendRequest<DocumentDiagnosticReport>('textDocument/diagnostic', {
      textDocument: { uri },
    });
    assert.equal(report.kind, 'full');
    return report.kind === 'full' ? report.items : [];
  }

  /** The diagnostics that the client shows for a document now; null if it was never told of any. */
  shows(uri: string): readonly Diagnostic[] | null {
    return this.shown.get(uri)?.diagnostics ?? null;
  }

  /** All documents that the client shows something for. */
  showing(): string[] {
    return [...this.shown].filter(([, { diagnostics }]) => diagnostics.length > 0).map(([uri]) => uri);
  }

  /** Waits for the diagnostics of the version of a document that was sent last. */
  async diagnostics(uri: string): Promise<readonly Diagnostic[]> {
    const version = this.versions.get(uri);
    await this.until(`diagnostics of version ${version} of ${uri}`, () => this.shown.get(uri)?.version === version);
    return this.shows(uri) ?? [];
  }

  /** Waits until a condition holds; it is tried whenever the server has said something. */
  async until(what: string, holds: () => boolean): Promise<void> {
    const deadline = AbortSignal.timeout(PATIENCE);
    while (!holds()) {
      await new Promise<void>((resolve, reject) => {
        this.waiting.add(resolve);
        deadline.onabort = () => reject(new Error(`waited in vain for ${what}\n${this.heard.log.join('')}`));
      });
    }
  }

  /** Waits until the server has said all that it has to say about what was sent before. */
  async settle(): Promise<void> {
    const marker = 'untitled:settle';
    if (this.versions.has(marker)) this.change(marker, '');
    else this.open(marker, '');
    await this.diagnostics(marker);
    if (!this.isReading) return;
    // A server that reads a workspace for long speaks of open documents meanwhile, and of the others when it is done.
    await this.until('the end of reading the workspace', () => !this.isReading);
    await this.settle();
  }

  private get isReading(): boolean {
    const count = (wanted: string) => this.heard.progress.filter(({ kind }) => kind === wanted).length;
    return count('begin') > count('end');
  }

  private answer(): void {
    const { connection, heard } = this;
    const hear = (method: string, note: (params: never) => void) =>
      connection.onNotification(method, (params: unknown) => {
        note(params as never);
        this.wake();
      });
    hear('textDocument/publishDiagnostics', (params: PublishDiagnosticsParams) => {
      heard.published.push(params);
      this.shown.set(params.uri, params);
    });
    hear('window/logMessage', ({ message }: { message: string }) => heard.log.push(message));
    hear('$/progress', ({ value }: { value: Heard['progress'][number] }) => heard.progress.push(value));
    connection.onRequest('workspace/configuration', () => [this.settings]);
    connection.onRequest('client/registerCapability', ({ registrations }) => {
      for (const { method } of registrations) heard.registered.push(method);
    });
    connection.onRequest('window/workDoneProgress/create', () => null);
    connection.onRequest('workspace/diagnostic/refresh', () => {
      heard.refreshes++;
      this.wake();
      return null;
    });
  }

  private wake(): void {
    for (const resolve of this.waiting) resolve();
    this.waiting.clear();
  }
}

/** The URI of a path as VS Code writes it; URIs stay as they are. */
export function uriOf(path: string): string {
  return path.startsWith('/') ? pathToFileURL(path).href : path;
}
