import {
  type CodeAction,
  CodeActionKind,
  type CodeActionParams,
  type Connection,
  type Diagnostic,
  DiagnosticSeverity,
  DidChangeConfigurationNotification,
  DidChangeWatchedFilesNotification,
  type DocumentDiagnosticReport,
  FileChangeType,
  type InitializeParams,
  type InitializeResult,
  MarkupKind,
  TextDocumentSyncKind,
  TextDocuments,
  type TextEdit,
  type WorkspaceEdit,
} from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { pagePath } from '../core.ts';
import { languageOf } from '../text/wording.ts';
import type { Finding } from '../workspace/finding.ts';
import { Folders, type Place } from './folders.ts';

/** What the machine around a server can do; a browser has none of it. */
export interface Surroundings {
  /** The files below a folder that are of the workspace, one by one; nothing if it cannot be read. */
  files?(folder: string): AsyncIterable<{ readonly uri: string; readonly text: string }>;
  /** A file's text; null if there is none to be read. */
  read?(uri: string): Promise<string | null>;
  /** Where the rules' pages are, as a URI that ends with `/`. */
  readonly pages?: string;
}

const SEVERITY = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  information: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
} as const;

const SOURCE = 'ingress-path';
const FIX_ALL = `${CodeActionKind.SourceFixAll}.${SOURCE}`;

/** Files read from disk are handed to the core in batches; between two of them the editor is served. */
const BATCH = 50;

/** Serves one client over a connection until it says goodbye. */
export function serve(connection: Connection, surroundings: Surroundings): void {
  const documents = new TextDocuments(TextDocument);
  const folders = new Folders(log);
  let capabilities: InitializeParams['capabilities'] = {};
  let language = languageOf(undefined);
  let publishing: ReturnType<typeof setTimeout> | undefined;
  let indexing = new AbortController();

  function log(message: string): void {
    connection.console.error(message);
  }

  const pulls = () => capabilities.textDocument?.diagnostic !== undefined;

  connection.onInitialize((params): InitializeResult => {
    capabilities = params.capabilities;
    const options = params.initializationOptions as { language?: unknown } | null | undefined;
    language = languageOf(typeof options?.language === 'string' ? options.language : params.locale);
    folders.set(params.workspaceFolders?.map(({ uri }) => uri) ?? (params.rootUri ? [params.rootUri] : []));
    folders.configure({}, language);
    return {
      serverInfo: { name: 'ingress-path' },
      capabilities: {
        textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental },
        hoverProvider: true,
        codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix, FIX_ALL] },
        workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
        ...(pulls()
          ? { diagnosticProvider: { identifier: SOURCE, interFileDependencies: true, workspaceDiagnostics: false } }
          : {}),
      },
    };
  });

  connection.onInitialized(() => {
    if (capabilities.workspace?.didChangeConfiguration?.dynamicRegistration) {
      void connection.client.register(DidChangeConfigurationNotification.type, { section: 'ingressPath' });
    }
    if (capabilities.workspace?.didChangeWatchedFiles?.dynamicRegistration) {
      void connection.client.register(DidChangeWatchedFilesNotification.type, { watchers: [{ globPattern: '**/*' }] });
    }
    if (capabilities.workspace?.workspaceFolders) {
      connection.workspace.onDidChangeWorkspaceFolders(({ added, removed }) => {
        const gone = new Set(removed.map(({ uri }) => uri));
        folders.set([...folders.roots.filter(root => !gone.has(root)), ...added.map(({ uri }) => uri)]);
        void configure().then(index);
      });
    }
    void configure().then(index);
  });

  connection.onDidChangeConfiguration(({ settings }) => {
    void configure((settings as { ingressPath?: unknown } | null)?.ingressPath);
  });

  async function configure(pushed?: unknown): Promise<void> {
    let settings = pushed ?? {};
    if (capabilities.workspace?.configuration) {
      settings = await connection.workspace.getConfiguration('ingressPath').catch(() => settings);
    }
    for (const { path, expected } of folders.configure(settings ?? {}, language)) {
      log(`the setting ingressPath.${path.join('.')} must be: ${expected}`);
    }
    publishSoon();
  }

  async function index(): Promise<void> {
    indexing.abort();
    indexing = new AbortController();
    const { signal } = indexing;
    for (const root of folders.roots) {
      let count = 0;
      for await (const { uri, text } of surroundings.files?.(root) ?? []) {
        if (signal.aborted) return;
        if (!documents.get(uri)) put(uri, text);
        if (++count % BATCH === 0) await new Promise(resolve => setTimeout(resolve));
      }
    }
    for (const document of documents.all()) put(document.uri, document.getText());
    publishSoon();
  }

  function put(uri: string, text: string): void {
    const { core, file } = folders.placeOf(uri);
    core.put(file, text);
  }

  async function reload(uri: string): Promise<void> {
    if (documents.get(uri)) return;
    const { core, file } = folders.placeOf(uri);
    const text = folders.isInside(uri) ? await surroundings.read?.(uri) : null;
    if (documents.get(uri)) return;
    if (typeof text === 'string') core.put(file, text);
    else core.remove(file);
    publishSoon();
  }

  documents.onDidChangeContent(({ document }) => {
    put(document.uri, document.getText());
    publishSoon();
  });
  documents.onDidClose(({ document }) => void reload(document.uri));

  connection.onDidChangeWatchedFiles(({ changes }) => {
    for (const { uri, type } of changes) {
      if (type === FileChangeType.Deleted && !documents.get(uri)) {
        const { core, file } = folders.placeOf(uri);
        core.remove(file);
        publishSoon();
      } else void reload(uri);
    }
  });

  /** Publishes once for all that changed in the meantime: the next turn of the event loop, so that typing comes first. */
  function publishSoon(): void {
    if (publishing) return;
    publishing = setTimeout(() => {
      publishing = undefined;
      publish();
    });
  }

  function publish(): void {
    const changed = new Set(folders.all().flatMap(({ core, uriOf }) => core.changedFiles().map(uriOf)));
    if (pulls()) {
      const elsewhere = [...changed].filter(uri => !documents.get(uri));
      for (const uri of elsewhere) send(uri);
      if (changed.size > 0) connection.languages.diagnostics.refresh();
      return;
    }
    for (const document of documents.all()) changed.add(document.uri);
    for (const uri of changed) send(uri);
  }

  /** Every version of an open document gets its own answer, even where nothing has changed. */
  function send(uri: string): void {
    const version = documents.get(uri)?.version;
    const diagnostics = diagnosticsOf(uri);
    void connection.sendDiagnostics({ uri, diagnostics, ...(version === undefined ? {} : { version }) });
  }

  function diagnosticsOf(uri: string): Diagnostic[] {
    const place = folders.placeOf(uri);
    return place.core.findings(place.file).map(finding => diagnosticOf(finding, place));
  }

  function diagnosticOf(finding: Finding, { core, uriOf }: Place): Diagnostic {
    const page = pagePath(finding.rule, core.language);
    const href = page && surroundings.pages ? surroundings.pages + page : null;
    return {
      range: finding.range,
      severity: SEVERITY[finding.severity],
      code: finding.rule,
      source: SOURCE,
      message: finding.message,
      ...(href ? { codeDescription: { href } } : {}),
      ...(finding.related.length > 0
        ? {
            relatedInformation: finding.related.map(({ file, range, message }) => ({
              location: { uri: uriOf(file), range },
              message,
            })),
          }
        : {}),
    };
  }

  connection.languages.diagnostics.on(({ textDocument }): DocumentDiagnosticReport => {
    return { kind: 'full', items: documents.get(textDocument.uri) ? diagnosticsOf(textDocument.uri) : [] };
  });

  connection.onHover(({ textDocument, position }) => {
    const { core, file } = folders.placeOf(textDocument.uri);
    const hover = core.hover(file, position);
    return hover && { contents: { kind: MarkupKind.Markdown, value: hover.markdown }, range: hover.range };
  });

  connection.onCodeAction(params => codeActions(params));

  function codeActions({ textDocument: { uri }, range, context }: CodeActionParams): CodeAction[] {
    const place = folders.placeOf(uri);
    const { core, file } = place;
    const wants = (kind: string) =>
      !context.only || context.only.some(only => kind === only || kind.startsWith(`${only}.`));
    const actions: CodeAction[] = [];
    if (wants(CodeActionKind.QuickFix)) {
      for (const finding of core.findings(file)) {
        if (!touches(finding.range, range)) continue;
        const diagnostics = [diagnosticOf(finding, place)];
        const preferred = finding.fixes.find(({ safety }) => safety === 'safe');
        for (const fix of finding.fixes) {
          const edits = core.editsOf(file, finding, fix);
          if (!edits) continue;
          const edit = editOf(uri, edits);
          actions.push({
            title: fix.title,
            kind: CodeActionKind.QuickFix,
            diagnostics,
            edit,
            isPreferred: fix === preferred,
          });
        }
        const { title, reason } = SUPPRESS[core.language];
        const suppression = core.suppressionOf(file, finding, reason);
        if (suppression) {
          const edit = editOf(uri, [suppression]);
          actions.push({ title: title(finding.rule), kind: CodeActionKind.QuickFix, diagnostics, edit });
        }
      }
    }
    if (context.only && wants(FIX_ALL)) {
      const document = documents.get(uri);
      const fixed = document && core.fixAll(file);
      if (document && typeof fixed === 'string' && fixed !== document.getText()) {
        const whole = { start: document.positionAt(0), end: document.positionAt(document.getText().length) };
        actions.push({
          title: FIX_ALL_TITLE[core.language],
          kind: FIX_ALL,
          edit: editOf(uri, [{ range: whole, newText: fixed }]),
        });
      }
    }
    return actions;
  }

  function editOf(uri: string, edits: TextEdit[]): WorkspaceEdit {
    const version = documents.get(uri)?.version ?? null;
    if (!capabilities.workspace?.workspaceEdit?.documentChanges) return { changes: { [uri]: edits } };
    return { documentChanges: [{ textDocument: { uri, version }, edits }] };
  }

  documents.listen(connection);
  connection.listen();
}

const SUPPRESS = {
  en: { title: (rule: string) => `Ignore ${rule} here, with a reason`, reason: 'REASON' },
  zh: { title: (rule: string) => `在此忽略 ${rule}，并写明理由`, reason: '理由' },
} as const;

const FIX_ALL_TITLE = {
  en: 'Fix all that is safe to fix (Ingress Path)',
  zh: '修复所有可安全修复的问题（Ingress Path）',
} as const;

function touches(a: Finding['range'], b: Finding['range']): boolean {
  const before = (x: Finding['range']['start'], y: Finding['range']['start']) =>
    x.line < y.line || (x.line === y.line && x.character <= y.character);
  return before(a.start, b.end) && before(b.start, a.end);
}
