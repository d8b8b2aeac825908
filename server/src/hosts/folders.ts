import { Core } from '../core.ts';
import type { Language } from '../text/wording.ts';
import type { SettingProblem } from '../workspace/settings.ts';

/** A document's place: the workspace that it is judged in, and its path there. */
export interface Place extends Folder {
  readonly file: string;
}

interface Folder {
  readonly core: Core;
  /** The address of a file of this workspace, as the client wrote it if it ever did: clients escape differently. */
  readonly uriOf: (file: string) => string;
}

/** The folders that an editor has open, each a workspace of its own, and one for documents outside of all. */
export class Folders {
  private readonly log: (message: string) => void;
  private readonly cores = new Map<string, Core>();
  private readonly outside: Core;
  private readonly uris = new Map<string, string>();
  private settings: unknown = {};
  private language: Language = 'en';

  constructor(log: (message: string) => void) {
    this.log = log;
    this.outside = new Core(log);
  }

  get roots(): string[] {
    return [...this.cores.keys()];
  }

  /** The folders that are open now; what is known of those that stay is kept. */
  set(uris: readonly string[]): void {
    for (const root of this.cores.keys()) if (!uris.includes(root)) this.cores.delete(root);
    for (const uri of uris) if (!this.cores.has(uri)) this.cores.set(uri, new Core(this.log));
    this.configure(this.settings, this.language);
  }

  /** Settings for all of them; returns what is wrong with them. */
  configure(settings: unknown, language: Language): SettingProblem[] {
    this.settings = settings;
    this.language = language;
    for (const core of this.cores.values()) core.configure(settings, language);
    return this.outside.configure(settings, language);
  }

  all(): Folder[] {
    return [...this.roots.map(root => this.folder(root)), this.folder(null)];
  }

  isInside(uri: string): boolean {
    return this.placeOf(uri).core !== this.outside;
  }

  /** Of nested folders, the innermost. Documents outside are named by their whole URI. */
  placeOf(uri: string): Place {
    const roots = this.roots.filter(root => uri.startsWith(withSlash(root)));
    const root = roots.sort((a, b) => b.length - a.length)[0] ?? null;
    const file = root === null ? uri : decode(uri.slice(withSlash(root).length));
    this.uris.set(`${root ?? ''} ${file}`, uri);
    return { ...this.folder(root), file };
  }

  private folder(root: string | null): Folder {
    const core = (root === null ? undefined : this.cores.get(root)) ?? this.outside;
    const uriOf = (file: string) =>
      this.uris.get(`${root ?? ''} ${file}`) ??
      withSlash(root ?? '') + file.split('/').map(encodeURIComponent).join('/');
    return { core, uriOf };
  }
}

function withSlash(uri: string): string {
  return uri.endsWith('/') ? uri : `${uri}/`;
}

/** Percent signs that encode nothing stay as they are. */
function decode(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
