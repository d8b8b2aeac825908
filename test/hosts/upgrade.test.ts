import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { Editor } from './editor.ts';
import { bundle, folderOf, run } from './programs.ts';

let cli = '';
let server = '';
before(async () => {
  [cli, server] = await Promise.all([bundle('cli'), bundle('server')]);
});

const pod = (version: string) =>
  `apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - image: registry.k8s.io/ingress-nginx/controller:v${version}\n`;
const configMap = (...entries: readonly string[]) =>
  ['apiVersion: v1', 'kind: ConfigMap', 'metadata:', '  name: ingress-nginx-controller', 'data:', ...entries, ''].join(
    '\n',
  );

/** TLS 1.0 works with the OpenSSL 1.1.1 of 1.3.0, and not with the OpenSSL 3 of later ones. */
const FILES = {
  'controller.yaml': pod('1.3.0'),
  'cm.yaml': configMap('  ssl-protocols: "TLSv1 TLSv1.2"', '  hsts-max-age: "1"'),
};

interface Report {
  readonly changes: readonly {
    readonly change: string;
    readonly file: string;
    readonly before: { readonly rule: string; readonly severity: string } | null;
    readonly after: { readonly rule: string; readonly severity: string } | null;
  }[];
  readonly defaults: readonly { readonly name: string; readonly before: string | null; readonly after: string }[];
}

async function against(
  versions: string,
  ...more: readonly string[]
): Promise<Report & { readonly status: number | null }> {
  const cwd = folderOf(FILES);
  const { stdout, status } = await run(cli, ['check', '--against', versions, '--format', 'json', ...more], { cwd });
  return { ...(JSON.parse(stdout) as Report), status };
}

describe('what an upgrade would change', () => {
  it('is each finding that comes, goes or changes', async () => {
    const { changes } = await against('controller=1.15.1');
    assert.deepEqual(
      changes.map(({ change, file, before, after }) => [change, file, before?.rule, before?.severity, after?.severity]),
      [['changes', 'cm.yaml', 'tls/obsolete-protocol', 'warning', 'warning']],
    );
  });

  it('is nothing where the versions are those in force', async () => {
    const { changes, defaults, status } = await against('controller=1.3.0');
    assert.deepEqual([changes, defaults, status], [[], [], 0]);
  });

  it('is each default that changes, unless a file sets it', async () => {
    const { defaults } = await against('controller=1.15.1');
    const told = new Map(defaults.map(({ name, before, after }) => [name, `${before} -> ${after}`]));
    assert.equal(told.get('allow-snippet-annotations'), 'true -> false');
    assert.equal(told.get('annotations-risk-level'), 'null -> High');
    assert.equal(told.get('hsts-max-age'), undefined);
    assert.equal(told.get('controller.allowSnippetAnnotations'), undefined);
  });

  it('counts releases of lines that were maintained side by side', async () => {
    const webhook = async (version: string) =>
      (await against(`controller=${version}`)).defaults.some(({ name }) => name === 'admission webhook nginx -t');
    assert.deepEqual(
      [await webhook('1.11.4'), await webhook('1.11.5'), await webhook('1.12.0'), await webhook('1.13.0')],
      [false, true, false, true],
    );
  });

  const refused: readonly [args: string[]][] = [
    [['--against', 'controler=1.15.1']],
    [['--against', 'controller=new']],
    [['--against', 'controller=1.9.0,controller=1.10.0']],
    [['--against', 'openssl=2.0']],
    [['--against', '']],
    [['--against', 'controller=1.15.1', '--fix']],
  ];
  for (const [args] of refused) {
    it(`is not told for ${args.join(' ')}`, async () => {
      const { status, stderr } = await run(cli, ['check', ...args], { cwd: folderOf(FILES) });
      assert.equal(status, 2);
      assert.match(stderr, /--against/);
    });
  }

  it('is told to people in both languages', async () => {
    const cwd = folderOf(FILES);
    for (const [lang, words] of [
      ['en', /What controller 1\.15\.1 would change:[\s\S]*cm\.yaml\n {2}- 6:19/],
      ['zh', /换用 controller 1\.15\.1 后的变化：[\s\S]*cm\.yaml\n {2}- 6:19/],
    ] as const) {
      assert.match(
        (await run(cli, ['check', '--against', 'controller=1.15.1', '--lang', lang], { cwd })).stdout,
        words,
      );
    }
  });

  it('is told to editors as well, and leaves what they show as it is', async () => {
    const editor = await Editor.start(server, { folders: [folderOf(FILES)] });
    await editor.settle();
    const shown = editor.showing();
    const command = 'ingressPath.upgradeReport';
    const report = await editor.ask('workspace/executeCommand', { command, arguments: ['controller=1.15.1'] });
    assert.match(String(report), /cm\.yaml\n {2}- 6:19/);
    assert.equal(await editor.ask('workspace/executeCommand', { command, arguments: ['nonsense'] }), null);
    await editor.settle();
    assert.deepEqual(editor.showing(), shown);
    await editor.close();
  });
});
