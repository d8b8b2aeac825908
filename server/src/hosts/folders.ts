import { Core } from '../core.ts';
import type { Language } from '../text/wording.ts';
import type { SettingProblem } from '../workspace/settings.ts';
import { MAX_TEXT_LENGTH } from './limits.ts';
import { addressOf, below, pathOfAddress, uriBelow } from './uris.ts';

/** A folder that an editor has open: a workspace. */
export interface Folder {
  /** As the client writes it. */
  readonly uri: string;
  readonly address: string;
  readonly core: Core;
  /** The files of which the core has been told. */
  readonly files: Set<string>;
}

/** A document's place: the workspace that it is judged in, and its path there. */
export interface Place {
  readonly uri: string;
  readonly core: Core;
  readonly file: string;
  /** Null for a document outside of all folders, which is judged alone. */
  readonly folder: Folder | null;
}

/** The folders that an editor has open, and the documents outside of them. */
export class Folders {
  private readonly log: (message: string) => void;
  private readonly alone = new Map<string, Core>();
  private readonly spellings = new Map<string, string>();
  private folders: readonly Folder[] = [];
  private settings: unknown = {};
  private language: Language = 'en';

  /** `log` hears of rules that fail. */
  constructor(log: (message: string) => void) {
    this.log = log;
  }

  get all(): readonly Folder[] {
    return this.folders;
  }

  /** The folders that are open now; what is known of those that stay is kept. */
  set(uris: readonly string[]): void {
    const before = new Map(this.folders.map(folder => [folder.address, folder]));
    const wanted = new Map(uris.map(uri => [addressOf(uri), uri]));
    this.folders = [...wanted].map(
      ([address, uri]) => before.get(address) ?? { uri, address, core: this.newCore(), files: new Set() },
    );
    for (const address of this.alone.keys()) if (this.folderOf(address)) this.alone.delete(address);
  }

  /** Settings for all of them; returns what is wrong with them. */
  configure(settings: unknown, language: Language): SettingProblem[] {
    this.settings = settings;
    this.language = language;
    for (const core of this.cores()) core.configure(settings, language);
    return new Core(this.log).configure(settings, language);
  }

  /** Notes how the client spells a URI: clients escape differently, and want to read their own spelling. */
  spell(uri: string): void {
    this.spellings.set(addressOf(uri), uri);
  }

  /** Of nested folders, the innermost. */
  placeOf(uri: string): Place {
    const address = addressOf(uri);
    const folder = this.folderOf(address);
    if (folder) return this.placeIn(folder, address.slice(below(folder.address).length));
    const core = this.alone.get(address) ?? this.newCore();
    return { uri: this.spellings.get(address) ?? uri, core, file: pathOfAddress(address), folder: null };
  }

  placeIn(folder: Folder, file: string): Place {
    const uri = this.spellings.get(below(folder.address) + file) ?? uriBelow(folder.uri, file);
    return { uri, core: folder.core, file, folder };
  }

  /** Gives a document a text; one that is too long is as good as none. */
  put(place: Place, text: string): void {
    if (text.length > MAX_TEXT_LENGTH) {
      this.remove(place);
      return;
    }
    if (place.folder) place.folder.files.add(place.file);
    else this.alone.set(addressOf(place.uri), place.core);
    place.core.put(place.file, text);
  }

  remove({ uri, core, file, folder }: Place): void {
    core.remove(file);
    if (folder) folder.files.delete(file);
    else this.alone.delete(addressOf(uri));
  }

  /** The files known at or below a place. */
  knownAt({ folder, file }: Place): Place[] {
    if (!folder) return [];
    const inside = [...folder.files].filter(known => known === file || known.startsWith(below(file)));
    return inside.map(known => this.placeIn(folder, known));
  }

  /** The files of folders whose findings have changed since the last call. */
  changed(): Place[] {
    return this.folders.flatMap(folder => folder.core.changedFiles().map(file => this.placeIn(folder, file)));
  }

  private folderOf(address: string): Folder | null {
    const around = this.folders.filter(folder => address.startsWith(below(folder.address)));
    return around.reduce<Folder | null>((a, b) => (a && a.address.length > b.address.length ? a : b), null);
  }

  private *cores(): Iterable<Core> {
    for (const { core } of this.folders) yield core;
    yield* this.alone.values();
  }

  private newCore(): Core {
    const core = new Core(this.log);
    core.configure(this.settings, this.language);
    return core;
  }
}
