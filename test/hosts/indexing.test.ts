import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Connection } from 'vscode-languageserver';
import { Folders } from '../../server/src/hosts/folders.ts';
import { type FoundFile, Indexing } from '../../server/src/hosts/indexing.ts';
import { BROKEN, OTHERS } from './manifests.ts';

const ROOT = 'file:///w';

/** A client's end of the progress that it is shown. */
class Progress {
  readonly seen: string[] = [];
  private cancelled: () => void = () => {};

  cancel(): void {
    this.cancelled();
  }

  /** As much of a connection as an index uses. */
  connection(create: () => Promise<unknown> = async () => this.reporter()): Connection {
    return { window: { createWorkDoneProgress: create } } as unknown as Connection;
  }

  private reporter() {
    return {
      token: { onCancellationRequested: (cancel: () => void) => (this.cancelled = cancel) },
      begin: (title: string, _: unknown, message: string) => this.seen.push(`begin ${title} ${message}`),
      report: (message: string) => this.seen.push(`report ${message}`),
      done: () => this.seen.push('done'),
    };
  }
}

function foldersOf(): Folders {
  const folders = new Folders(() => {});
  folders.set([ROOT]);
  return folders;
}

/** Files that take some milliseconds each to be read. */
function* slowly(count: number, milliseconds: number, each = (_: number) => {}): Iterable<FoundFile> {
  for (let i = 0; i < count; i++) {
    const end = performance.now() + milliseconds;
    while (performance.now() < end);
    each(i);
    yield { file: `${i}.yaml`, text: BROKEN };
  }
}

describe('an index', () => {
  it('is shown where it takes long, until it is done', async () => {
    const progress = new Progress();
    const index = new Indexing(progress.connection(), foldersOf(), {
      files: () => slowly(100, 10),
      isOpen: () => false,
    });
    assert.equal(await index.run('zh'), true);
    await new Promise(resolve => setTimeout(resolve, 700));
    assert.match(progress.seen[0] ?? '', /^begin Ingress Path：正在读取工作区 \d+ 个文件$/);
    assert.equal(progress.seen.at(-1), 'done');
    assert.ok(progress.seen.length >= 3, progress.seen.join());
  });

  it('is not shown where it is short', async () => {
    const progress = new Progress();
    const index = new Indexing(progress.connection(), foldersOf(), { files: () => slowly(5, 1), isOpen: () => false });
    await index.run('en');
    await new Promise(resolve => setTimeout(resolve, 500));
    assert.deepEqual(progress.seen, []);
  });

  it('stops when the user cancels it, and what was read counts', async () => {
    const progress = new Progress();
    const folders = foldersOf();
    const files = () => slowly(10_000, 10, () => progress.seen.length > 0 && progress.cancel());
    assert.equal(await new Indexing(progress.connection(), folders, { files, isOpen: () => false }).run('en'), true);
    const [folder] = folders.all;
    assert.ok(folder && folder.files.size > 10 && folder.files.size < 1_000, String(folder?.files.size));
    assert.equal(folder.core.findings('0.yaml').length, 1);
  });

  it('stops when another begins, which does all', async () => {
    const folders = foldersOf();
    const index = new Indexing(new Progress().connection(), folders, {
      files: () => slowly(40, 2),
      isOpen: () => false,
    });
    assert.deepEqual(await Promise.all([index.run('en'), index.run('en')]), [false, true]);
    assert.equal(folders.all[0]?.files.size, 40);
  });

  it('goes on without a client that shows it', async () => {
    const refusing = new Progress().connection(() => Promise.reject(new Error('no')));
    const silent = new Progress().connection(() => new Promise(() => {}));
    for (const connection of [refusing, silent]) {
      const folders = foldersOf();
      await new Indexing(connection, folders, { files: () => slowly(50, 10), isOpen: () => false }).run('en');
      assert.equal(folders.all[0]?.files.size, 50);
    }
  });

  it('lets others work in between', async () => {
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    await new Indexing(new Progress().connection(), foldersOf(), {
      files: () => slowly(100, 2),
      isOpen: () => false,
    }).run('en');
    clearInterval(timer);
    assert.ok(turns >= 15, String(turns));
  });

  it('leaves open texts alone, and forgets files that are gone', async () => {
    const folders = foldersOf();
    const sources = {
      files: () => slowly(3, 0),
      isOpen: ({ file }: { file: string }) => ['1.yaml', 'open.yaml'].includes(file),
    };
    for (const file of ['1.yaml', 'open.yaml', 'gone.yaml']) folders.put(folders.placeOf(`${ROOT}/${file}`), OTHERS);
    await new Indexing(new Progress().connection(), folders, sources).run('en');
    assert.deepEqual([...(folders.all[0]?.files ?? [])].sort(), ['0.yaml', '1.yaml', '2.yaml', 'open.yaml']);
    assert.deepEqual(
      ['0.yaml', '1.yaml', '2.yaml'].map(file => folders.all[0]?.core.findings(file).length),
      [1, 0, 1],
    );
  });
});
