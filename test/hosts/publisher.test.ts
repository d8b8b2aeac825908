import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Folders } from '../../server/src/hosts/folders.ts';
import { Publisher } from '../../server/src/hosts/publisher.ts';
import { BROKEN } from './manifests.ts';

const ROOT = 'file:///w';
const [OPEN, CLOSED] = [`${ROOT}/open.yaml`, `${ROOT}/closed.yaml`];

/** A publisher for a folder with two broken files, one of them open, and all that it says, as `file version? count`. */
class Stage {
  readonly said: string[] = [];
  readonly folders = new Folders(() => {});
  readonly publisher: Publisher;
  pulls = false;
  version = 1;

  constructor() {
    this.folders.set([ROOT]);
    for (const uri of [OPEN, CLOSED]) this.folders.put(this.folders.placeOf(uri), BROKEN);
    const stage = this;
    this.publisher = new Publisher(this.folders, {
      get pulls() {
        return stage.pulls;
      },
      versionOf: uri => (uri === OPEN ? stage.version : null),
      diagnosticsOf: place => this.diagnostics(place),
      send: ({ uri, version, diagnostics }) =>
        this.said.push(
          `${uri.slice(ROOT.length + 1, -5)}${version === undefined ? '' : ` ${version}`}: ${diagnostics.length}`,
        ),
      refresh: () => this.said.push('refresh'),
      settle: () => {},
      attempt: work => work(),
    });
  }

  diagnostics({ core, file } = this.folders.placeOf(OPEN)) {
    return core.findings(file).map(({ range, message }) => ({ range, message }));
  }

  /** What was said since the last time. */
  async heard(): Promise<string[]> {
    await new Promise(resolve => setTimeout(resolve, 30));
    return this.said.splice(0).sort();
  }
}

describe('a publisher', () => {
  it('says nothing before it is started', async () => {
    const stage = new Stage();
    stage.publisher.touch(OPEN);
    assert.deepEqual(await stage.heard(), []);
    stage.publisher.start();
    assert.deepEqual(await stage.heard(), ['closed: 1', 'open 1: 1']);
  });

  it('speaks of nothing but what is touched while files are being read', async () => {
    const stage = new Stage();
    stage.publisher.hold();
    stage.publisher.start();
    stage.publisher.touch(OPEN);
    assert.deepEqual(await stage.heard(), ['open 1: 1']);
    stage.publisher.release();
    assert.deepEqual(await stage.heard(), ['closed: 1', 'open 1: 1']);
  });

  it('gives a burst of edits one answer', async () => {
    const stage = new Stage();
    stage.publisher.start();
    await stage.heard();
    for (let i = 0; i < 100; i++) stage.publisher.touch(OPEN);
    assert.deepEqual(await stage.heard(), ['open 1: 1']);
  });

  it('takes back what it said of a file that is gone, and then is silent', async () => {
    const stage = new Stage();
    stage.publisher.start();
    await stage.heard();
    stage.folders.remove(stage.folders.placeOf(CLOSED));
    stage.publisher.soon();
    assert.deepEqual(await stage.heard(), ['closed: 0']);
    stage.publisher.touch(CLOSED);
    assert.deepEqual(await stage.heard(), []);
  });

  it('takes back what it said of folders that are gone', async () => {
    const stage = new Stage();
    stage.publisher.start();
    await stage.heard();
    stage.folders.set([]);
    stage.publisher.touchAll();
    assert.deepEqual(await stage.heard(), ['closed: 0', 'open 1: 0']);
  });

  const answered = (stage: Stage) => stage.publisher.answered(OPEN, stage.diagnostics());
  const changed = (stage: Stage) => stage.folders.put(stage.folders.placeOf(OPEN), '');
  const retyped = (stage: Stage) => {
    stage.version = 2;
  };
  const pulls: [name: string, happens: (stage: Stage) => void, said: string[]][] = [
    ['not for a document that it has not asked for yet', changed, []],
    ['not for what it has just been told', stage => [changed(stage), answered(stage)], []],
    ['for what has changed since', stage => [answered(stage), changed(stage)], ['refresh']],
    [
      'also if it is touched at the same time',
      stage => [answered(stage), stage.publisher.touch(OPEN), changed(stage)],
      ['refresh'],
    ],
    ['not for a version that it will ask for', stage => [answered(stage), retyped(stage), changed(stage)], []],
  ];
  for (const [name, happens, said] of pulls) {
    it(`has a client that pulls ask again, ${name}`, async () => {
      const stage = new Stage();
      stage.pulls = true;
      stage.publisher.start();
      assert.deepEqual(await stage.heard(), ['closed: 1']);
      happens(stage);
      stage.publisher.soon();
      assert.deepEqual(await stage.heard(), said);
    });
  }
});
