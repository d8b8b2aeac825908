import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { FileChangeType } from 'vscode-languageserver-protocol/node';
import { Editor, FULL, PULLING, uriOf } from './editor.ts';
import { BROKEN, kustomization, OTHERS, patch } from './manifests.ts';
import { bundle, folderOf, put } from './programs.ts';

/** One DaemonSet and a patch that settles its DNS, and two others that have nothing to do with them. */
const FILES = {
  'base/d.yaml': BROKEN,
  'base/kustomization.yaml': kustomization(['d.yaml']),
  'over/p.yaml': patch('ClusterFirstWithHostNet'),
  'over/kustomization.yaml': kustomization(['../base'], ['p.yaml']),
  'alone.yaml': BROKEN.replace('edge', 'alone'),
  'other.yaml': OTHERS,
};

let server = '';
const running = new Set<Editor>();

before(async () => {
  server = await bundle('server');
});
after(() => {
  for (const editor of running) editor.process.kill();
});

/** One step: what happens, and the files that show a finding then. */
type Step = readonly [what: string, happens: (stage: Stage) => void, showing: readonly string[]];

/** A folder, and an editor on it. */
class Stage {
  readonly folder: string;
  readonly editor: Editor;

  constructor(folder: string, editor: Editor) {
    this.folder = folder;
    this.editor = editor;
  }

  uri(file: string): string {
    return uriOf(join(this.folder, file));
  }

  open(file: string, text: string): void {
    this.editor.open(this.uri(file), text);
  }

  write(file: string, text: string): void {
    put(this.folder, file, text);
    this.editor.watched([{ uri: this.uri(file), type: FileChangeType.Changed }]);
  }

  remove(file: string): void {
    rmSync(join(this.folder, file));
    this.editor.watched([{ uri: this.uri(file), type: FileChangeType.Deleted }]);
  }
}

const D = 'base/d.yaml';
const ALONE = 'alone.yaml';

const SCRIPTS: [name: string, steps: Step[]][] = [
  [
    'a patch that changes on the disk',
    [
      ['it says nothing any more', stage => stage.write('over/p.yaml', patch('ClusterFirst')), [ALONE, D]],
      ['it settles the matter again', stage => stage.write('over/p.yaml', patch('Default')), [ALONE]],
      [
        'it is for another object',
        stage => stage.write('over/p.yaml', patch('Default').replace('edge', 'inner')),
        [ALONE, D],
      ],
      ['it is gone', stage => stage.remove('over/p.yaml'), [ALONE, D]],
      ['it is back', stage => stage.write('over/p.yaml', patch('None')), [ALONE]],
    ],
  ],
  [
    'a patch that is edited and never saved',
    [
      ['opened as it is', stage => stage.open('over/p.yaml', FILES['over/p.yaml']), [ALONE]],
      ['edited', stage => stage.editor.change(stage.uri('over/p.yaml'), patch('ClusterFirst')), [ALONE, D]],
      ['the disk does not count meanwhile', stage => stage.write('over/p.yaml', patch('Default')), [ALONE, D]],
      [
        'closed: the disk counts, the unsaved text is forgotten',
        stage => stage.editor.closeDocument(stage.uri('over/p.yaml')),
        [ALONE],
      ],
    ],
  ],
  [
    'a kustomization that ties and unties them',
    [
      [
        'the patch is not named',
        stage => stage.write('over/kustomization.yaml', kustomization(['../base'])),
        [ALONE, D],
      ],
      [
        'the patch is named again',
        stage => stage.write('over/kustomization.yaml', FILES['over/kustomization.yaml']),
        [ALONE],
      ],
      [
        'the base is not named',
        stage => stage.write('over/kustomization.yaml', kustomization([], ['p.yaml'])),
        [ALONE, D],
      ],
      ['half typed', stage => stage.write('over/kustomization.yaml', 'resources: [../base\npatches: ['), [ALONE, D]],
      ['gone', stage => stage.remove('over/kustomization.yaml'), [ALONE, D]],
    ],
  ],
  [
    'the base itself',
    [
      ['another name: the patch is not its own', stage => stage.write(D, BROKEN.replace('edge', 'b')), [ALONE, D]],
      ['its name again', stage => stage.write(D, BROKEN), [ALONE]],
      ['gone', stage => stage.remove(D), [ALONE]],
    ],
  ],
  [
    'what is excluded does not count',
    [
      [
        'a patch that the settings ignore still speaks for others',
        stage => stage.write('ingress-path.yaml', 'ignore: [over/]\n'),
        [ALONE],
      ],
      [
        'a finding that the settings ignore is not shown',
        stage => stage.write('ingress-path.yaml', 'ignore: [alone.yaml]\n'),
        [],
      ],
      ['settings that are gone', stage => stage.remove('ingress-path.yaml'), [ALONE]],
      [
        'a patch that a .gitignore excludes is not there',
        stage => stage.write('.gitignore', 'over/p.yaml\n'),
        [ALONE, D],
      ],
      ['unless it is open', stage => stage.open('over/p.yaml', FILES['over/p.yaml']), [ALONE]],
      ['and closed again', stage => stage.editor.closeDocument(stage.uri('over/p.yaml')), [ALONE, D]],
    ],
  ],
];

for (const [kind, capabilities] of [
  ['pushed', FULL],
  ['pushed to a client that pulls', PULLING],
] as const) {
  describe(`findings in other files, ${kind}`, () => {
    for (const [name, steps] of SCRIPTS) {
      it(name, async () => {
        const folder = folderOf(FILES);
        const editor = await Editor.start(server, { folders: [folder], capabilities });
        running.add(editor);
        const stage = new Stage(folder, editor);
        await editor.until('the first', () => editor.showing().includes(stage.uri(ALONE)));
        for (const [what, happens, showing] of steps) {
          const told = editor.heard.published.length;
          const before = new Set(editor.showing());
          happens(stage);
          const expected = showing.map(file => stage.uri(file)).sort();
          await editor.until(
            `${what}: ${expected}`,
            () => JSON.stringify(editor.showing().sort()) === JSON.stringify(expected),
          );
          if (capabilities === FULL) await editor.settle();
          assert.deepEqual(editor.showing().sort(), expected, what);
          // Nothing is said again of files whose findings stay.
          const about = editor.heard.published.slice(told).map(({ uri }) => uri);
          if (before.has(stage.uri(ALONE)) && showing.includes(ALONE))
            assert.ok(!about.includes(stage.uri(ALONE)), what);
          assert.ok(!about.includes(stage.uri('other.yaml')), what);
        }
        assert.equal(await editor.close(), 0);
        running.delete(editor);
      });
    }
  });
}
