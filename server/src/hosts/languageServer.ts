import {
  CodeActionKind,
  type Connection,
  DidChangeConfigurationNotification,
  DidChangeWatchedFilesNotification,
  type DidChangeWatchedFilesParams,
  type DocumentDiagnosticReport,
  FileChangeType,
  type Hover,
  type InitializeParams,
  type InitializeResult,
  type Location,
  MarkupKind,
  type TextDocumentIdentifier,
  type TextDocumentPositionParams,
  TextDocumentSyncKind,
  TextDocuments,
  type TextEdit,
  type WorkspaceEdit,
  type WorkspaceFoldersChangeEvent,
} from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { type Language, languageOf } from '../text/wording.ts';
import { wrongSetting } from '../workspace/notices.ts';
import { readAgainst, upgradeOf } from '../workspace/upgrade.ts';
import { Folders, type Place } from './folders.ts';
import { type FoundFile, Indexing } from './indexing.ts';
import { codeActionsOf, type Dialect, diagnosticsOf, FIX_ALL, SOURCE } from './protocol.ts';
import { Publisher } from './publisher.ts';
import { upgradeAsText } from './upgrade.ts';
import {
  COMPLETION_TRIGGERS,
  completionItemsOf,
  foldingRangesOf,
  inlayHintsOf,
  LEGEND,
  semanticTokensOf,
  symbolsOf,
} from './writing.ts';

/** What the machine around a server can do; a browser has none of it. */
export interface Surroundings {
  /** The files of a workspace folder, or of a folder below it, that count; read one by one as they are asked for. */
  files?(folder: string, below?: string): Iterable<FoundFile>;
  /** The text of a file of a workspace folder; null for one that does not count or cannot be read. */
  read?(folder: string, file: string): string | null;
  /** Where the rules' pages are, as a URI that ends with `/`. */
  readonly pages?: string;
}

/** Milliseconds that a client waits for the first findings, at most, until its settings and files are known. */
const GRACE = 1_000;

const SECTION = 'ingressPath';

/** The command that compares the versions in force with others: `kubernetes=1.36,controller=1.15.1,openssl=3.5`. */
const UPGRADE_REPORT = 'ingressPath.upgradeReport';

/** Serves one client over a connection until it says goodbye. */
export function serve(connection: Connection, surroundings: Surroundings): void {
  new LanguageServer(connection, surroundings).listen();
}

class LanguageServer implements Dialect {
  readonly pages: string | null;
  private readonly connection: Connection;
  private readonly surroundings: Surroundings;
  private readonly documents = new TextDocuments(TextDocument);
  private readonly folders = new Folders(message => this.log(message));
  private readonly publisher: Publisher;
  private readonly indexing: Indexing;
  /** URIs of open documents whose text the cores have not seen yet. */
  private readonly unread = new Set<string>();
  private capabilities: InitializeParams['capabilities'] = {};
  private language: Language = 'en';
  /** Settings that the client sent by itself. */
  private sent: unknown = {};
  private begin: () => void = () => {};
  /** Resolves when settings and files are known, or have kept the client waiting for too long. */
  private readonly ready = new Promise<void>(resolve => {
    this.begin = resolve;
  });

  constructor(connection: Connection, surroundings: Surroundings) {
    this.connection = connection;
    this.surroundings = surroundings;
    this.pages = surroundings.pages ?? null;
    this.publisher = this.newPublisher();
    this.indexing = new Indexing(connection, this.folders, {
      files: folder => surroundings.files?.(folder.uri) ?? [],
      isOpen: ({ uri }) => this.documents.get(uri) !== undefined,
    });
  }

  listen(): void {
    const { connection, documents } = this;
    connection.onInitialize(params => this.initialize(params));
    connection.onInitialized(() => this.initialized());
    connection.onDidChangeConfiguration(({ settings }) => {
      this.sent = (settings as { [SECTION]?: unknown } | null)?.[SECTION] ?? {};
      void this.configure();
    });
    connection.onDidChangeWatchedFiles(params => this.filesChanged(params));
    connection.onHover(params => this.hover(params));
    connection.onCompletion(params => completionItemsOf(this.settledPlace(params), params.position));
    connection.onDocumentSymbol(params => symbolsOf(this.settledPlace(params)));
    connection.onFoldingRanges(params => foldingRangesOf(this.settledPlace(params)));
    connection.languages.semanticTokens.on(params => semanticTokensOf(this.settledPlace(params), null));
    connection.languages.semanticTokens.onRange(params => semanticTokensOf(this.settledPlace(params), params.range));
    connection.languages.inlayHint.on(params => inlayHintsOf(this.settledPlace(params), params.range));
    connection.onExecuteCommand(({ command, arguments: [versions] = [] }) =>
      command === UPGRADE_REPORT ? this.upgradeReport(String(versions)) : null,
    );
    connection.onDefinition(params => this.targets(params, 'definitions'));
    connection.onReferences(params => this.targets(params, 'references'));
    connection.onCodeAction(params => {
      this.settle();
      const { uri } = params.textDocument;
      const text = this.documents.get(uri)?.getText() ?? null;
      return codeActionsOf(this.folders.placeOf(uri), text, params, this);
    });
    connection.languages.diagnostics.on(({ textDocument }) => this.pull(textDocument.uri));
    documents.onDidChangeContent(({ document: { uri } }) => {
      this.folders.spell(uri);
      this.unread.add(uri);
      this.publisher.touch(uri);
    });
    documents.onDidClose(({ document: { uri } }) => this.closed(uri));
    documents.listen(connection);
    connection.listen();
  }

  uriOf({ folder, uri }: Place, file: string): string {
    return folder ? this.folders.placeIn(folder, file).uri : uri;
  }

  edit(edits: ReadonlyMap<string, TextEdit[]>): WorkspaceEdit {
    const documents = [...edits];
    if (!this.capabilities.workspace?.workspaceEdit?.documentChanges) return { changes: Object.fromEntries(documents) };
    const versionOf = (uri: string) => this.documents.get(uri)?.version ?? null;
    return {
      documentChanges: documents.map(([uri, own]) => ({ textDocument: { uri, version: versionOf(uri) }, edits: own })),
    };
  }

  private get pulls(): boolean {
    return this.capabilities.textDocument?.diagnostic !== undefined;
  }

  private newPublisher(): Publisher {
    const { connection } = this;
    const pulls = () => this.pulls;
    return new Publisher(this.folders, {
      get pulls() {
        return pulls();
      },
      versionOf: uri => this.documents.get(uri)?.version ?? null,
      diagnosticsOf: place => diagnosticsOf(place, this),
      send: params => void this.heard(connection.sendDiagnostics(params)),
      refresh: () => {
        if (this.capabilities.workspace?.diagnostics?.refreshSupport)
          void connection.languages.diagnostics.refresh().catch(() => {});
      },
      settle: () => this.settle(),
      attempt: work => this.attempt(work),
    });
  }

  private initialize(params: InitializeParams): InitializeResult {
    this.capabilities = params.capabilities ?? {};
    const options = params.initializationOptions as { language?: unknown } | null | undefined;
    this.language = languageOf(typeof options?.language === 'string' ? options.language : params.locale);
    this.folders.configure({}, this.language);
    this.folders.set(params.workspaceFolders?.map(({ uri }) => uri) ?? (params.rootUri ? [params.rootUri] : []));
    return {
      serverInfo: { name: SOURCE },
      capabilities: {
        textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental },
        hoverProvider: true,
        completionProvider: { triggerCharacters: COMPLETION_TRIGGERS },
        documentSymbolProvider: true,
        inlayHintProvider: true,
        definitionProvider: true,
        executeCommandProvider: { commands: [UPGRADE_REPORT] },
        referencesProvider: true,
        foldingRangeProvider: true,
        semanticTokensProvider: { legend: LEGEND, full: true, range: true },
        codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix, FIX_ALL] },
        workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
        ...(this.pulls
          ? { diagnosticProvider: { identifier: SOURCE, interFileDependencies: true, workspaceDiagnostics: false } }
          : {}),
      },
    };
  }

  private initialized(): void {
    const { client, workspace } = this.connection;
    const can = this.capabilities.workspace;
    if (can?.didChangeConfiguration?.dynamicRegistration)
      void this.heard(client.register(DidChangeConfigurationNotification.type, { section: SECTION }));
    if (can?.didChangeWatchedFiles?.dynamicRegistration)
      void this.heard(client.register(DidChangeWatchedFilesNotification.type, { watchers: [{ globPattern: '**/*' }] }));
    if (can?.workspaceFolders) workspace.onDidChangeWorkspaceFolders(event => this.foldersChanged(event));

    const known = Promise.all([this.configure(), this.index()]);
    const late = new Promise(resolve => setTimeout(resolve, GRACE));
    void Promise.race([known, late]).then(this.begin);
    void this.ready.then(() => this.publisher.start());
  }

  /** Takes the client's settings: those it gives when asked, else those it sent. */
  private async configure(): Promise<void> {
    let settings = this.sent;
    if (this.capabilities.workspace?.configuration)
      settings = (await this.heard(this.connection.workspace.getConfiguration(SECTION))) ?? settings;
    for (const problem of this.folders.configure(settings, this.language))
      this.log(`${SECTION}.${wrongSetting[this.language](problem)}`);
    this.publisher.soon();
  }

  private async index(): Promise<void> {
    this.publisher.hold();
    for (const { uri } of this.documents.all()) this.unread.add(uri);
    this.settle();
    const isOver = await this.heard(this.indexing.run(this.language));
    // A run that was cut short by another leaves the release to that.
    if (isOver !== false) this.publisher.release();
  }

  private foldersChanged({ added, removed }: WorkspaceFoldersChangeEvent): void {
    const gone = new Set(removed.map(({ uri }) => uri));
    const kept = this.folders.all.map(({ uri }) => uri).filter(uri => !gone.has(uri));
    this.folders.set([...kept, ...added.map(({ uri }) => uri)]);
    this.publisher.touchAll();
    void this.index();
  }

  private closed(uri: string): void {
    this.unread.delete(uri);
    this.publisher.touch(uri);
    this.reload(this.folders.placeOf(uri));
  }

  /** Clients tell of folders as of files: of one that is gone or new, they may not name what it holds. */
  private filesChanged({ changes }: DidChangeWatchedFilesParams): void {
    for (const { uri, type } of changes) {
      this.attempt(() => {
        const place = this.folders.placeOf(uri);
        if (type === FileChangeType.Deleted) for (const known of this.folders.knownAt(place)) this.reload(known);
        else if (!this.reload(place)) this.reloadBelow(place);
      });
    }
    if (changes.some(({ uri }) => /(?:^|\/)\.gitignore$/.test(uri))) void this.index();
    this.publisher.soon();
  }

  /** Has a file count as it is on the disk, unless it is open; true if it counts. */
  private reload(place: Place): boolean {
    const { uri, file, folder } = place;
    if (this.documents.get(uri)) return true;
    const text = folder && this.surroundings.read?.(folder.uri, file);
    if (typeof text === 'string') this.folders.put(place, text);
    else this.folders.remove(place);
    return typeof text === 'string';
  }

  private reloadBelow({ folder, file: below }: Place): void {
    if (!folder) return;
    for (const { file, text } of this.surroundings.files?.(folder.uri, below) ?? []) {
      const place = this.folders.placeIn(folder, file);
      if (!this.documents.get(place.uri)) this.folders.put(place, text);
    }
  }

  /** Brings the cores up to date with the open documents: texts are read when something is asked, not at every key. */
  private settle(): void {
    const uris = [...this.unread];
    this.unread.clear();
    for (const uri of uris) {
      this.attempt(() => {
        const document = this.documents.get(uri);
        if (document) this.folders.put(this.folders.placeOf(uri), document.getText());
      });
    }
  }

  private async pull(uri: string): Promise<DocumentDiagnosticReport> {
    await this.ready;
    this.settle();
    const items = this.documents.get(uri) ? diagnosticsOf(this.folders.placeOf(uri), this) : [];
    this.publisher.answered(uri, items);
    return { kind: 'full', items };
  }

  /** The place of a document that something is asked about, as it is now. */
  private settledPlace({ textDocument }: { readonly textDocument: TextDocumentIdentifier }): Place {
    this.settle();
    return this.folders.placeOf(textDocument.uri);
  }

  private hover(params: TextDocumentPositionParams): Hover | null {
    const { core, file, folder } = this.settledPlace(params);
    // A note outside of all folders is about what is open.
    const around = folder ? core : (this.folders.all[0]?.core ?? core);
    const hover = core.hover(file, params.position, around);
    return hover && { contents: { kind: MarkupKind.Markdown, value: hover.markdown }, range: hover.range };
  }

  private targets(params: TextDocumentPositionParams, which: 'definitions' | 'references'): Location[] {
    const place = this.settledPlace(params);
    const found = place.core.links(place.file, params.position)?.[which] ?? [];
    const [open] = this.folders.all;
    if (found.length > 0 || place.folder || !open) {
      return found.map(({ file, range }) => ({ uri: this.uriOf(place, file), range }));
    }
    const around = place.core.links(place.file, params.position, open.core)?.[which] ?? [];
    return around.map(({ file, range }) => ({ uri: this.folders.placeIn(open, file).uri, range }));
  }

  /** What other versions would change in each folder, as text; null if the versions cannot be read. */
  private upgradeReport(versions: string): string | null {
    this.settle();
    const against = readAgainst(versions);
    if (!against) return null;
    const reports = this.folders.all.map(({ core, files }) =>
      upgradeAsText(upgradeOf(core, [...files].sort(), against), core.language),
    );
    return reports.join('\n');
  }

  private attempt(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.log(error instanceof Error ? (error.stack ?? error.message) : String(error));
    }
  }

  /** A client may refuse what it is asked, or be gone. */
  private async heard<T>(answer: Promise<T>): Promise<T | null> {
    return answer.catch(error => {
      this.attempt(() => this.log(String(error)));
      return null;
    });
  }

  private log(message: string): void {
    this.connection.console.error(message);
  }
}
