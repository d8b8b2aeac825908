import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { BROKEN, crlf, FIXED, kustomization, LINE, OTHERS, patch, RULE } from './manifests.ts';
import { bundle, ended, folderOf, type Outcome, put, type RunOptions, root, run, scratch, start } from './programs.ts';

let cli = '';
before(async () => {
  cli = await bundle('cli');
});

/** What `check --format json` prints. */
interface Json {
  readonly version: number;
  readonly files: number;
  readonly findings: readonly {
    readonly rule: string;
    readonly severity: string;
    readonly message: string;
    readonly file: string;
    readonly range: { readonly start: { readonly line: number; readonly character: number } };
    readonly docs: string | null;
    readonly related: readonly unknown[];
    readonly fixes: readonly { readonly edits: readonly { readonly file: string }[] }[];
  }[];
}

/** What `check --format sarif` prints. */
interface Sarif {
  readonly $schema: string;
  readonly version: string;
  readonly runs: readonly [
    {
      readonly tool: { readonly driver: { readonly rules: readonly SarifRule[] } };
      readonly invocations: readonly [
        {
          readonly executionSuccessful: boolean;
          readonly toolExecutionNotifications: readonly { readonly message: { readonly text: string } }[];
        },
      ];
      readonly results: readonly SarifResult[];
    },
  ];
}

interface SarifRule {
  readonly id: string;
  readonly help?: { readonly markdown: string };
  readonly shortDescription?: { readonly text: string };
  readonly fullDescription?: { readonly text: string };
}

interface SarifResult {
  readonly ruleId: string;
  readonly ruleIndex: number;
  readonly level: string;
  readonly locations: readonly [{ readonly physicalLocation: { readonly artifactLocation: { readonly uri: string } } }];
}

async function check(cwd: string, args: readonly string[] = [], options: RunOptions = {}): Promise<Outcome> {
  return run(cli, ['check', ...args], { cwd, ...options });
}

async function json(cwd: string, args: readonly string[] = [], options: RunOptions = {}): Promise<Json> {
  const { stdout } = await check(cwd, ['--format', 'json', ...args], options);
  return JSON.parse(stdout) as Json;
}

function places({ findings }: Json): string[] {
  return findings.map(({ file, range: { start } }) => `${file}:${start.line}:${start.character}`);
}

const AT = `:${LINE}:6`;

describe('check looks at', { concurrency: 2 }, () => {
  const table: [name: string, files: Record<string, string>, args: string[], files_: number, found: string[]][] = [
    ['the folder it is started in', { 'a.yaml': BROKEN, 'b/c.yaml': BROKEN }, [], 2, ['a.yaml', 'b/c.yaml']],
    ['a file', { 'a.yaml': BROKEN, 'b.yaml': BROKEN }, ['a.yaml'], 1, ['a.yaml']],
    ['a folder', { 'a.yaml': BROKEN, 'b/c.yaml': BROKEN }, ['b'], 1, ['b/c.yaml']],
    ['a folder with a slash', { 'b/c.yaml': BROKEN }, ['b/'], 1, ['b/c.yaml']],
    [
      'in the order of the command line, each once',
      { 'a.yaml': BROKEN, 'b.yaml': BROKEN },
      ['b.yaml', './a.yaml', 'b.yaml', '.'],
      2,
      ['b.yaml', 'a.yaml'],
    ],
    ['what a .gitignore leaves', { '.gitignore': 'out\n', 'a.yaml': BROKEN, 'out/b.yaml': BROKEN }, [], 2, ['a.yaml']],
    [
      'what a .gitignore of the workspace leaves of a folder',
      { '.gitignore': '*.tmp.yaml\n', 'b/a.yaml': BROKEN, 'b/a.tmp.yaml': BROKEN },
      ['b'],
      1,
      ['b/a.yaml'],
    ],
    [
      'an excluded file that is asked for',
      { '.gitignore': 'out\n', 'out/b.yaml': BROKEN },
      ['out/b.yaml'],
      1,
      ['out/b.yaml'],
    ],
    [
      'an excluded folder that is asked for',
      { '.gitignore': 'out\n', 'out/b.yaml': BROKEN },
      ['out'],
      1,
      ['out/b.yaml'],
    ],
    [
      'what the settings do not ignore',
      { 'ingress-path.yaml': 'ignore: [out/]\n', 'out/b.yaml': BROKEN },
      ['out/b.yaml'],
      1,
      [],
    ],
    ['names with spaces, # and %', { 'a b#%.yaml': BROKEN }, [], 1, ['a b#%.yaml']],
    ['names in any language', { '配置/😀.yaml': BROKEN }, ['配置'], 1, ['配置/😀.yaml']],
    ['a name that begins with -', { '-a.yaml': BROKEN }, ['--', '-a.yaml'], 1, ['-a.yaml']],
    ['nothing in binary files', { 'a.yaml': `\0${BROKEN}`, 'b.yaml': BROKEN }, [], 1, ['b.yaml']],
    [
      'the rest of the workspace for what it says of a file',
      {
        'base.yaml': BROKEN,
        'patch.yaml': patch('None'),
        'kustomization.yaml': kustomization(['base.yaml'], ['patch.yaml']),
      },
      ['base.yaml'],
      1,
      [],
    ],
  ];
  for (const [name, files, args, count, found] of table) {
    it(name, async () => {
      const report = await json(folderOf(files), args);
      assert.equal(report.files, count);
      assert.deepEqual(
        places(report),
        found.map(file => file + AT),
      );
    });
  }

  it('paths outside of the workspace', async () => {
    const folder = folderOf({
      'w/b.yaml': OTHERS,
      'x/a.yaml': BROKEN,
      'x/.gitignore': 'no.yaml\n',
      'x/no.yaml': BROKEN,
    });
    for (const path of ['../x/a.yaml', '../x', join(folder, 'x')]) {
      assert.deepEqual(places(await json(join(folder, 'w'), [path])), [`../x/a.yaml${AT}`]);
    }
    assert.deepEqual(places(await json(join(folder, 'w'), ['..'])), [`../x/a.yaml${AT}`]);
  });

  it('standard input, under a name of the workspace', async () => {
    const folder = folderOf({
      'a.yaml': OTHERS,
      'kustomization.yaml': kustomization(['a.yaml'], ['p.yaml']),
      'p.yaml': patch('None'),
    });
    assert.deepEqual(places(await json(folder, ['-'], { input: BROKEN })), [`stdin.yaml${AT}`]);
    assert.deepEqual(places(await json(folder, ['-', '--stdin-filename', 'b/c.yaml'], { input: BROKEN })), [
      `b/c.yaml${AT}`,
    ]);
    assert.deepEqual(places(await json(folder, ['--stdin-filename', 'a.yaml', '-'], { input: BROKEN })), []);
    assert.deepEqual(places(await json(folder, ['-', '--stdin-filename', 'main.go'], { input: BROKEN })), []);
    assert.equal((await json(folder, ['-'], { input: '' })).files, 1);
  });

  it('through symbolic links that are asked for, and into no loop', async () => {
    const folder = folderOf({ 'real/a.yaml': BROKEN });
    symlinkSync('.', join(folder, 'loop'));
    symlinkSync('real', join(folder, 'link'));
    symlinkSync('self', join(folder, 'self'));
    assert.deepEqual(places(await json(folder)), [`real/a.yaml${AT}`]);
    assert.deepEqual(places(await json(folder, ['link', 'link/a.yaml'])), [`link/a.yaml${AT}`]);
    assert.equal((await check(folder, ['self'])).status, 2);
  });
});

describe('what cannot be looked at', () => {
  it('is said, and is an exit status of 2, after what else is found', async () => {
    const folder = folderOf({ 'a.yaml': BROKEN });
    const { status, stdout, stderr } = await check(folder, ['none.yaml', 'a.yaml']);
    assert.equal(status, 2);
    assert.match(stderr, /none\.yaml cannot be read: ENOENT/);
    assert.match(stdout, /1 warning/);
  });

  it('for want of a permission', async () => {
    // Root may read everything: it becomes nobody for this.
    const folder = folderOf({ 'secret.yaml': BROKEN, 'b/c.yaml': BROKEN });
    const program = join(folder, 'cli.js');
    put(folder, 'cli.js', readFileSync(cli));
    for (const path of [folder, join(folder, 'b')]) chmodSync(path, 0o755);
    chmodSync(join(folder, 'secret.yaml'), 0);
    const nobody = process.getuid?.() === 0 ? { uid: 65_534 } : {};
    const { status, stderr } = await run(program, ['check', 'secret.yaml'], { cwd: folder, ...nobody });
    assert.equal(status, 2);
    assert.match(stderr, /secret\.yaml cannot be read: EACCES/);
    const all = await run(program, ['check', '--format', 'json'], { cwd: folder, ...nobody });
    assert.deepEqual(places(JSON.parse(all.stdout) as Json), [`b/c.yaml${AT}`]);
    chmodSync(join(folder, 'b/c.yaml'), 0o444);
    const fixed = await run(program, ['check', '--fix', 'b/c.yaml'], { cwd: folder, ...nobody });
    assert.equal(fixed.status, 2);
    assert.match(fixed.stderr, /b\/c\.yaml cannot be written: EACCES/);
    assert.match(fixed.stdout, /1 warning/);
  });

  it('because it is binary or too long, is said and no failure', async () => {
    const folder = folderOf({ 'a.png': '\0', 'b.yaml': `# ${'x'.repeat(5 * 1024 * 1024)}` });
    const { status, stderr } = await check(folder, ['a.png', 'b.yaml']);
    assert.equal(status, 0);
    assert.match(stderr, /a\.png is left alone: it holds NUL\n[^\n]*b\.yaml is left alone: \d+ characters\n$/);
  });
});

describe('--fix', { concurrency: 2 }, () => {
  const MARK = '\uFEFF';
  const table: [name: string, before: string | Buffer, after: string | Buffer, status: number][] = [
    ['a finding', BROKEN, FIXED, 0],
    ['every document', `${BROKEN}---\n${OTHERS}---\n${BROKEN}`, `${FIXED}---\n${OTHERS}---\n${FIXED}`, 0],
    ['CRLF', crlf(BROKEN), crlf(FIXED), 0],
    ['a byte order mark', MARK + BROKEN, MARK + FIXED, 0],
    ['a byte order mark and CRLF', MARK + crlf(BROKEN), MARK + crlf(FIXED), 0],
    ['no line break at the end', BROKEN.trimEnd(), FIXED.trimEnd(), 0],
    ['comments, blanks and all that is around', `# 😀 \t\n\n${BROKEN}\n\n# end  `, `# 😀 \t\n\n${FIXED}\n\n# end  `, 0],
    ['nothing to fix', OTHERS, OTHERS, 0],
    [
      'a file that is not all UTF-8',
      Buffer.concat([Buffer.from([0x23, 0xe9, 0x0a]), Buffer.from(BROKEN)]),
      Buffer.concat([Buffer.from([0x23, 0xe9, 0x0a]), Buffer.from(BROKEN)]),
      2,
    ],
  ];
  for (const [name, from, to, status] of table) {
    it(`${name}, and then nothing more`, async () => {
      const folder = folderOf({ 'a.yaml': from });
      const path = join(folder, 'a.yaml');
      assert.equal((await check(folder, ['--fix', '--fail-on', 'information'])).status, status);
      assert.deepEqual(readFileSync(path), Buffer.from(to));
      const { mtimeMs } = statSync(path);
      await check(folder, ['--fix']);
      assert.equal(statSync(path).mtimeMs, mtimeMs);
    });
  }

  it('writes nothing without being told to, and no file that was not asked for', async () => {
    const folder = folderOf({ 'a.yaml': BROKEN, 'b.yaml': BROKEN });
    await check(folder);
    assert.equal(readFileSync(join(folder, 'a.yaml'), 'utf8'), BROKEN);
    await check(folder, ['--fix', 'b.yaml']);
    assert.equal(readFileSync(join(folder, 'a.yaml'), 'utf8'), BROKEN);
    assert.equal(readFileSync(join(folder, 'b.yaml'), 'utf8'), FIXED);
  });

  it('through a symbolic link, with the permissions kept', async () => {
    const folder = folderOf({ 'real/a.sh.yaml': BROKEN });
    chmodSync(join(folder, 'real/a.sh.yaml'), 0o755);
    symlinkSync('real/a.sh.yaml', join(folder, 'link.yaml'));
    assert.equal((await check(folder, ['--fix', 'link.yaml'])).status, 0);
    assert.equal(readFileSync(join(folder, 'real/a.sh.yaml'), 'utf8'), FIXED);
    assert.equal(statSync(join(folder, 'real/a.sh.yaml')).mode & 0o777, 0o755);
  });

  it('speaks about what remains', async () => {
    const folder = folderOf({ 'a.yaml': `# ingress-path-ignore ${RULE}: no\n\n${BROKEN}` });
    const { status, stdout } = await check(folder, ['--fix', '--fail-on', 'information']);
    assert.equal(status, 1);
    assert.match(stdout, /unused-suppression/);
    assert.doesNotMatch(stdout, /hostnetwork-dns-policy\n/);
  });

  it('of standard input is refused', async () => {
    const { status, stderr } = await check(scratch('empty'), ['--fix', '-'], { input: BROKEN });
    assert.equal(status, 2);
    assert.match(stderr, /stdin\.yaml is not fixed: it is standard input/);
  });
});

describe('--diff', () => {
  const files = {
    'a.yaml': BROKEN,
    'sub folder/b c.yaml': `${'# x\n'.repeat(20)}${BROKEN}---\n${BROKEN}`,
    'sub folder/windows.yaml': crlf(BROKEN),
    'mark.yaml': `\uFEFF${BROKEN.replace('apiVersion: apps/v1\n', '')}apiVersion: apps/v1\n`,
    'end.yaml': BROKEN.replace(/(?<=hostNetwork: true)[\s\S]*/, '')
      .replace('    spec:\n', `    spec:\n${BROKEN.split('true\n')[1]}`)
      .trimEnd(),
    '配置.yaml': BROKEN,
    'clean.yaml': FIXED,
  };
  // A machine need not have both.
  const applying = [
    { tool: 'patch', args: ['-p0', '--binary', '--quiet'] },
    { tool: 'git', args: ['apply', '-p0', '--whitespace=nowarn'] },
  ].filter(({ tool }) => spawnSync(tool, ['--version']).status === 0);
  for (const { tool, args } of applying) {
    it(`is what ${tool} ${args[0]} takes, and gives what --fix writes`, async () => {
      const [patched, fixed] = [folderOf(files), folderOf(files)];
      const { stdout, stderr } = await check(patched, ['--diff']);
      assert.equal(stderr, '');
      for (const [file, text] of Object.entries(files)) assert.equal(readFileSync(join(patched, file), 'utf8'), text);
      const { status, stderr: complaint } = spawnSync(tool, args, { cwd: patched, input: stdout, encoding: 'utf8' });
      assert.equal(status, 0, complaint);
      assert.equal((await check(fixed, ['--fix', '--fail-on', 'warning'])).status, 0);
      for (const file of Object.keys(files))
        assert.equal(readFileSync(join(patched, file), 'utf8'), readFileSync(join(fixed, file), 'utf8'), file);
    });
  }

  it('prints nothing but the patch, with the exit status of what is there', async () => {
    const { status, stdout } = await check(folderOf({ 'a.yaml': BROKEN }), ['--diff', '--fail-on', 'warning']);
    assert.equal(status, 1);
    assert.match(stdout, /^--- a\.yaml\n\+\+\+ a\.yaml\n@@ -6,6 \+6,7 @@\n/);
    const clean = await check(folderOf({ 'a.yaml': FIXED }), ['--diff', '--fail-on', 'warning']);
    assert.deepEqual([clean.status, clean.stdout], [0, '']);
  });

  it('of standard input', async () => {
    const { stdout } = await check(scratch('empty'), ['--diff', '-'], { input: BROKEN });
    assert.match(stdout, /^\+ {6}dnsPolicy: ClusterFirstWithHostNet$/m);
  });

  it('together with --fix shows what is written', async () => {
    const folder = folderOf({ 'a.yaml': BROKEN });
    const { status, stdout } = await check(folder, ['--diff', '--fix', '--fail-on', 'warning']);
    assert.equal(status, 0);
    assert.match(stdout, /^\+ {6}dnsPolicy/m);
    assert.equal(readFileSync(join(folder, 'a.yaml'), 'utf8'), FIXED);
  });
});

describe('formats', { concurrency: 2 }, () => {
  const folder = folderOf({ 'a.yaml': BROKEN.replace('true\n', 'true\n      dnsPolicy: ClusterFirst\n') });

  it('json is as the contract has it', async () => {
    const { stdout, status } = await check(folder, ['--format', 'json']);
    assert.equal(status, 0);
    const hostNetwork = { start: { line: 7, character: 6 }, end: { line: 7, character: 23 } };
    assert.deepEqual(JSON.parse(stdout), {
      version: 1,
      files: 1,
      findings: [
        {
          rule: RULE,
          severity: 'warning',
          message:
            'Names of the cluster do not resolve in this pod: on hostNetwork, dnsPolicy ClusterFirst means the resolv.conf of the node',
          file: 'a.yaml',
          range: { start: { line: 8, character: 6 }, end: { line: 8, character: 29 } },
          docs: 'server/src/rules/dns/hostnetwork-dns-policy.md',
          related: [{ file: 'a.yaml', range: hostNetwork, message: 'hostNetwork is on here' }],
          fixes: [
            {
              title: 'Set dnsPolicy to ClusterFirstWithHostNet',
              safety: 'safe',
              edits: [
                {
                  file: 'a.yaml',
                  range: { start: { line: 8, character: 29 }, end: { line: 8, character: 29 } },
                  newText: 'WithHostNet',
                },
              ],
            },
          ],
        },
      ],
    });
    assert.ok(existsSync(join(root, 'server/src/rules/dns/hostnetwork-dns-policy.md')));
  });

  // Held against the schema and GitHub's conditions by Microsoft's validator (sarif-multitool 5.7.0): it asks for no more than the tool's address.
  it('sarif names the rule, the place from 1, the other places and the fixes', async () => {
    const { stdout, status } = await check(folder, ['--format', 'sarif', '--fail-on', 'warning']);
    assert.equal(status, 1);
    const { $schema, version, runs } = JSON.parse(stdout) as Sarif;
    assert.match($schema, /sarif-2\.1\.0\.json$/);
    assert.equal(version, '2.1.0');
    const [{ tool, results, ...rest }] = runs;
    assert.deepEqual(rest, {
      invocations: [{ executionSuccessful: true, toolExecutionNotifications: [] }],
      columnKind: 'utf16CodeUnits',
    });
    assert.equal(tool.driver.rules.length, 1);
    const { help, shortDescription, fullDescription, ...rule } = tool.driver.rules[0] ?? { id: '' };
    assert.deepEqual(rule, {
      id: RULE,
      name: 'DnsHostnetworkDnsPolicy',
      defaultConfiguration: { level: 'warning' },
    });
    assert.match(help?.markdown ?? '', /^# dns\/hostnetwork-dns-policy\n/);
    assert.match(shortDescription?.text ?? '', /cannot resolve names of the cluster$/);
    assert.match(fullDescription?.text ?? '', /hostNetwork: true/);
    const artifactLocation = { uri: 'a.yaml', uriBaseId: '%SRCROOT%' };
    const at = (line: number, startColumn: number, endColumn: number) => ({
      startLine: line,
      startColumn,
      endLine: line,
      endColumn,
    });
    assert.deepEqual(results, [
      {
        ruleId: RULE,
        ruleIndex: 0,
        level: 'warning',
        message: {
          text: 'Names of the cluster do not resolve in this pod: on hostNetwork, dnsPolicy ClusterFirst means the resolv.conf of the node',
        },
        locations: [{ physicalLocation: { artifactLocation, region: at(9, 7, 30) } }],
        relatedLocations: [
          {
            id: 0,
            physicalLocation: { artifactLocation, region: at(8, 7, 24) },
            message: { text: 'hostNetwork is on here' },
          },
        ],
        fixes: [
          {
            description: { text: 'Set dnsPolicy to ClusterFirstWithHostNet' },
            artifactChanges: [
              {
                artifactLocation,
                replacements: [{ deletedRegion: at(9, 30, 30), insertedContent: { text: 'WithHostNet' } }],
              },
            ],
          },
        ],
      },
    ]);
  });

  it('sarif has addresses for names, levels for notices, and says what could not be read', async () => {
    const files = { '配 置/a#%.yaml': BROKEN, 'ingress-path.yaml': `levels: { ${RULE}: hint }\nnodeCores: 0\n` };
    const { stdout, status } = await check(folderOf(files), ['--format', 'sarif', '.', 'none.yaml']);
    assert.equal(status, 2);
    const [{ tool, results, invocations }] = (JSON.parse(stdout) as Sarif).runs;
    assert.deepEqual(
      results.map(({ ruleId, level }) => [ruleId, level]),
      [
        ['ingress-path/setting', 'warning'],
        [RULE, 'note'],
      ],
    );
    assert.equal(results[1]?.locations[0].physicalLocation.artifactLocation.uri, '%E9%85%8D%20%E7%BD%AE/a%23%25.yaml');
    assert.deepEqual(
      results.map(({ ruleId, ruleIndex }) => tool.driver.rules[ruleIndex]?.id === ruleId),
      [true, true],
    );
    assert.equal(invocations[0].executionSuccessful, false);
    assert.match(invocations[0].toolExecutionNotifications[0]?.message.text ?? '', /none\.yaml cannot be read/);
  });

  it('github makes annotations of the checkout’s files, and a line for people', async () => {
    const checkout = folderOf({ 'deploy/a,b:%.yaml': BROKEN });
    const { stdout, status } = await check(
      join(checkout, 'deploy'),
      ['--format', 'github', '--rule', `${RULE}=error`],
      {
        env: { GITHUB_WORKSPACE: checkout },
      },
    );
    assert.equal(status, 1);
    const [annotation = '', sum = '', ...more] = stdout.split('\n');
    assert.equal(
      annotation.replace(/::Names .*/, '::…'),
      `::error title=${RULE},file=deploy/a%2Cb%3A%25.yaml,line=8,endLine=8,col=7,endColumn=23::…`,
    );
    assert.match(annotation, /::Names of the cluster do not resolve in this pod: on hostNetwork, the default/);
    assert.equal(sum, '1 file checked: 1 error. ingress-path explain RULE says why.');
    assert.deepEqual(more, ['']);
  });

  it('github tells information as notices, with percent signs as their code', async () => {
    const folder = folderOf({
      'a.yaml': BROKEN.replace(
        'controller\n          image: registry.k8s.io/ingress-nginx/controller',
        'controller\n          image: registry.k8s.io/ingress-nginx/controller\n          livenessProbe: { httpGet: { port: 10254 }, failureThreshold: 5 }',
      ),
    });
    const { stdout } = await check(folder, ['--format', 'github']);
    assert.match(stdout, /^::notice title=probes\/restart-under-loss,.*drops 15\.7 %25 of new connections/m);
  });

  it('positions do not count a byte order mark, as editors do not', async () => {
    const marked = folderOf({ 'a.yaml': `\uFEFF# ingress-path-ignore ${RULE}: no\n` });
    assert.deepEqual(places(await json(marked)), ['a.yaml:0:2']);
  });

  const words: [args: string[], env: Record<string, string>, expected: RegExp][] = [
    [
      [],
      {},
      /9:7 +warning {2}Names of the cluster[^\n]* {2}dns\/hostnetwork-dns-policy\n +fix \(--fix\): Set dnsPolicy[^\n]*\n\n1 file checked: 1 warning\./,
    ],
    [
      ['--lang', 'zh'],
      {},
      /9:7 +警告 {2}此 Pod[^\n]*\n +修复（--fix）：将 dnsPolicy[^\n]*\n\n已检查 1 个文件：1 个警告。/,
    ],
    [[], { LANG: 'zh_CN.UTF-8' }, /警告/],
    [[], { LC_ALL: 'zh_CN.UTF-8', LANG: 'en_US.UTF-8' }, /警告/],
    [['--lang', 'en'], { LANG: 'zh_CN.UTF-8' }, /warning/],
  ];
  for (const [args, env, expected] of words) {
    it(`stylish: ${JSON.stringify([args, env])}`, async () =>
      assert.match((await check(folder, args, { env })).stdout, expected));
  }

  it('stylish: nothing found', async () => {
    const clean = folderOf({ 'a.yaml': FIXED, 'b.yaml': '' });
    assert.equal((await check(clean)).stdout, '\n2 files checked, nothing found.\n');
    assert.equal((await check(clean, ['--lang', 'zh'])).stdout, '\n已检查 2 个文件，没有发现问题。\n');
  });

  it('the workspace’s settings speak before the terminal, the command line before them', async () => {
    const set = folderOf({ 'a.yaml': BROKEN, 'ingress-path.yaml': `language: zh\nlevels: { ${RULE}: error }\n` });
    const { status, stdout } = await check(set);
    assert.equal(status, 1);
    assert.match(stdout, /错误[\s\S]*已检查 2 个文件/);
    const overridden = await check(set, ['--lang', 'en', '--rule', `${RULE}=hint`]);
    assert.equal(overridden.status, 0);
    assert.match(overridden.stdout, /hint {2}Names[\s\S]*2 files checked: 1 hint\./);
  });

  const colours: [name: string, tty: boolean, env: Record<string, string>, coloured: boolean][] = [
    ['a pipe', false, {}, false],
    ['a terminal', true, {}, true],
    ['a terminal with NO_COLOR', true, { NO_COLOR: '1' }, false],
    ['a terminal with an empty NO_COLOR', true, { NO_COLOR: '' }, true],
  ];
  for (const [name, tty, env, coloured] of colours) {
    it(`colour: ${name}`, async () => {
      const terminal = join(folderOf({ 'tty.cjs': 'process.stdout.isTTY = true;' }), 'tty.cjs');
      const { stdout } = await check(folder, [], { env, flags: tty ? ['--require', terminal] : [] });
      assert.equal(stdout.includes('\u001B['), coloured);
      const printed = await check(folder, ['--format', 'json'], { env, flags: tty ? ['--require', terminal] : [] });
      assert.doesNotMatch(printed.stdout, /\\u001b/);
    });
  }
});

describe('the exit status', { concurrency: 2 }, () => {
  const folder = folderOf({ 'a.yaml': BROKEN });
  const table: [args: string[], status: number][] = [
    [[], 0],
    [['--fail-on', 'error'], 0],
    [['--fail-on', 'warning'], 1],
    [['--fail-on', 'information'], 1],
    [['--fail-on=warning', '--rule', `${RULE}=information`], 0],
    [['--rule', `${RULE}=error`], 1],
    [['--rule', `${RULE}=error`, '--rule', `${RULE}=off`], 0],
    [['--rule', 'ingress-path/unused-suppression=error'], 0],
  ];
  for (const [args, status] of table) {
    it(`${status} of ${args.join(' ') || 'check'}`, async () =>
      assert.equal((await check(folder, args)).status, status));
  }

  const wrong: [args: string[], words: RegExp][] = [
    [[], /a command is needed/],
    [['chekc'], /there is no command chekc/],
    [['check', '--nope'], /--nope/],
    [['check', '--format', 'xml'], /--format is one of stylish, json, sarif, github; not xml/],
    [['check', '--format'], /--format/],
    [['check', '--fail-on', 'hint'], /--fail-on is one of error, warning, information; not hint/],
    [['check', '--rule', RULE], /--rule ID=LEVEL: the level is one of error, warning, information, hint, off; not/],
    [['check', '--rule', 'a/b=off'], /there is no rule a\/b/],
    [['check', '--rule', `${RULE}=loud`], /not loud/],
    [['check', '--lang', 'fr'], /--lang is one of en, zh; not fr/],
    [['explain'], /explain wants one rule/],
    [['explain', 'a', 'b'], /explain wants one rule/],
    [['explain', 'dns/none'], /there is no rule dns\/none/],
    [['rules', 'all'], /rules takes no all/],
    [['rules', '--format', 'sarif'], /--format is one of stylish, json; not sarif/],
    [
      ['check', '--against', 'controller=1.15.1', '--format', 'github'],
      /--format beside --against is one of stylish, json/,
    ],
    [['lsp', '--nope'], /--nope/],
  ];
  for (const [args, words] of wrong) {
    it(`2 of ${JSON.stringify(args)}, with the usage`, async () => {
      const { status, stdout, stderr } = await run(cli, args);
      assert.equal(status, 2);
      assert.equal(stdout, '');
      assert.match(stderr, words);
      assert.match(stderr, /Usage:\n {2}ingress-path check/);
    });
  }
});

describe('output', () => {
  const many = folderOf(
    Object.fromEntries(Array.from({ length: 60 }, (_, i) => [`${i}.yaml`, `${BROKEN}---\n`.repeat(10)])),
  );

  it('is whole through a slow pipe', async () => {
    const child = start(cli, ['check', '--format', 'json'], { cwd: many });
    let text = '';
    for await (const part of child.stdout.setEncoding('utf8')) {
      text += part;
      await new Promise(resolve => setTimeout(resolve, 5));
    }
    assert.ok(text.length > 300_000);
    assert.equal((JSON.parse(text) as Json).findings.length, 600);
  });

  it('may be cut off by its reader, without a word', async () => {
    const child = start(cli, ['check', '--fix', '--diff', '--fail-on', 'warning'], {
      cwd: folderOf(Object.fromEntries(readdirSync(many).map(file => [file, readFileSync(join(many, file))]))),
    });
    let stderr = '';
    child.stderr.on('data', part => (stderr += part));
    child.stdout.destroy();
    assert.equal(await ended(child), 0);
    assert.equal(stderr, '');
  });

  it('to a full disk is a failure', async () => {
    if (!existsSync('/dev/full')) return;
    const { status, stderr } = spawnSync('/bin/sh', ['-c', `"${process.execPath}" "${cli}" rules > /dev/full`], {
      encoding: 'utf8',
    });
    assert.equal(status, 2);
    assert.match(stderr, /ENOSPC/);
  });
});

describe('other commands', { concurrency: 2 }, () => {
  it('explain prints the page, in both languages', async () => {
    for (const [lang, file] of [
      ['en', 'hostnetwork-dns-policy.md'],
      ['zh', 'hostnetwork-dns-policy.zh.md'],
    ] as const) {
      const { status, stdout } = await run(cli, ['explain', RULE, '--lang', lang]);
      assert.equal(status, 0);
      assert.equal(stdout, readFileSync(join(root, 'server/src/rules/dns', file), 'utf8'));
    }
  });

  it('rules lists them', async () => {
    const { stdout } = await run(cli, ['rules']);
    assert.match(stdout, /^dns\/hostnetwork-dns-policy {2}warning {2}The ingress controller/m);
    const list = JSON.parse((await run(cli, ['rules', '--format', 'json', '--lang', 'zh'])).stdout) as Record<
      string,
      unknown
    >[];
    for (const rule of list) assert.deepEqual(Object.keys(rule), ['id', 'severity', 'summary', 'evidence']);
    const own = list.find(({ id }) => id === RULE);
    assert.match(String(own?.summary), /ingress 控制器/);
    assert.ok(Array.isArray(own?.evidence) && own.evidence.length > 0);
  });

  it('--version and help', async () => {
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
    for (const flag of ['--version', '-v']) assert.equal((await run(cli, [flag])).stdout, `${version}\n`);
    for (const flag of ['help', '--help', '-h']) {
      const { status, stdout } = await run(cli, [flag]);
      assert.equal(status, 0);
      assert.match(stdout, /^Usage:\n {2}ingress-path check/);
    }
  });
});

it('10,000 files take no more than 20 times what reading them takes', async () => {
  const folder = scratch('10000');
  for (let i = 0; i < 100; i++)
    for (let j = 0; j < 100; j++) put(folder, `${i}/${j}.yaml`, j === 0 ? BROKEN : `a: ${j}\n`);
  const begin = performance.now();
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }))
    if (name.endsWith('.yaml')) readFileSync(join(folder, name));
  const reading = performance.now() - begin;
  const middle = performance.now();
  const report = await json(folder);
  const checking = performance.now() - middle;
  assert.equal(report.files, 10_000);
  assert.equal(report.findings.length, 100);
  assert.ok(checking < 20 * reading + 2_000, `${checking} ms, reading alone ${reading} ms`);
});
