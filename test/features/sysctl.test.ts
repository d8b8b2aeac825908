import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Core } from '../../server/src/core.ts';
import { open } from './caret.ts';

const FILE = 'sysctl.d/90-conntrack.conf';

function coreWith(text: string, settings: unknown = {}, language: 'en' | 'zh' = 'en'): Core {
  const core = new Core(message => assert.fail(message));
  core.configure(settings, language);
  core.put(FILE, text);
  return core;
}

/** The hover at the line’s first character, without the pages of rules. */
function hoverOn(text: string, line = 0, settings: unknown = {}, language: 'en' | 'zh' = 'en'): string[] {
  const shown = coreWith(text, settings, language).hover(FILE, { line, character: 3 })?.markdown ?? '';
  return shown.split('\n\n---\n\n')[0]?.split('\n') ?? [];
}

describe('hover on a sysctl', () => {
  it('says what it is, what it comes to, whose it is and who else writes it', () => {
    assert.deepEqual(
      hoverOn('net.netfilter.nf_conntrack_max = 1048576\nnet.netfilter.nf_conntrack_buckets = 262144\n'),
      [
        '**`net.netfilter.nf_conntrack_max`**',
        '',
        'The most connections that are tracked at once. When the table is full, the packet that would begin another one is dropped: `nf_conntrack: table full, dropping packet`.',
        '',
        '| | |',
        '| --- | --- |',
        '| here | 1,048,576 entries |',
        '| default | as many as buckets |',
        '| scope | the whole kernel; read-only in other network namespaces than the first |',
        '| kube-proxy | writes it when it starts, from `conntrack.maxPerCore`, `conntrack.min` |',
        '| memory | 258 MiB when it is full, with 262,144 buckets |',
        '| other name | `net.nf_conntrack_max`, `net.ipv4.ip_conntrack_max` (removed in Linux 4.9), `net.ipv4.netfilter.ip_conntrack_max` (removed in Linux 4.9) |',
      ],
    );
  });

  it('says what a timeout holds at the rate that is set', () => {
    const text = 'net.netfilter.nf_conntrack_tcp_timeout_close_wait = 3600\n';
    const held = (settings: unknown) => hoverOn(text, 0, settings).filter(row => row.startsWith('| holds'));
    assert.deepEqual(held({}), []);
    assert.deepEqual(held({ connectionsPerSecond: 100 }), [
      '| holds | 360,000 entries if 100 connections a second come to this state and stay |',
    ]);
    assert.ok(hoverOn(text).includes('| here | 3,600 s = 1 hour |'));
    assert.ok(hoverOn(text).includes('| default | 60 s = 1 minute |'));
  });

  it('says what the workspace’s kube-proxy makes of it', () => {
    const core = coreWith('net.netfilter.nf_conntrack_tcp_timeout_close_wait = 60\n');
    core.put('kube-proxy.yaml', 'apiVersion: kubeproxy.config.k8s.io/v1alpha1\nkind: KubeProxyConfiguration\n');
    assert.match(
      core.hover(FILE, { line: 0, character: 3 })?.markdown ?? '',
      /\| kube-proxy \| sets it to 3,600 when it starts, from `conntrack\.tcpCloseWaitTimeout` \|/,
    );
  });

  it('says so in tasks of Ansible too, on name and value', () => {
    for (const line of [1, 2]) {
      const core = new Core(message => assert.fail(message));
      core.put('kube-proxy.yaml', 'apiVersion: kubeproxy.config.k8s.io/v1alpha1\nkind: KubeProxyConfiguration\n');
      core.put(
        'tasks.yml',
        '- sysctl:\n    name: net.netfilter.nf_conntrack_tcp_timeout_close_wait\n    value: "60"\n',
      );
      const { markdown = '' } = core.hover('tasks.yml', { line, character: 13 }) ?? {};
      assert.match(markdown, /\| here \| 60 s = 1 minute \|[\s\S]*\| kube-proxy \| sets it to 3,600 when it starts/);
    }
  });

  it('knows old and second names, and names with slashes', () => {
    for (const name of ['net.nf_conntrack_max', 'net/netfilter/nf_conntrack_max', 'net.ipv4.ip_conntrack_max'])
      assert.equal(hoverOn(`${name} = 1\n`)[0], '**`net.netfilter.nf_conntrack_max`**', name);
  });

  it('speaks Chinese', () => {
    assert.ok(hoverOn('net.netfilter.nf_conntrack_udp_timeout = 30\n', 0, {}, 'zh').includes('| 默认 | 30 秒 |'));
  });

  it('says nothing of others, of comments and of what a template fills in', () => {
    for (const text of [
      'net.ipv4.ip_forward = 1\n',
      '# net.netfilter.nf_conntrack_max = 1\n',
      'net.netfilter.nf_conntrack_max = {{ a }}\n',
    ])
      assert.deepEqual(hoverOn(text), ['']);
  });
});

/** Completions where `|` stands. */
function completionsAt(marked: string): { typed: string; labels: string[]; inserts: string[] } | null {
  const text = marked.replace('|', '');
  const lines = marked.slice(0, marked.indexOf('|')).split('\n');
  const position = { line: lines.length - 1, character: lines.at(-1)?.length ?? 0 };
  const found = coreWith(text).completions(FILE, position);
  if (!found) return null;
  const line = text.split('\n')[position.line] ?? '';
  return {
    typed: line.slice(found.range.start.character, found.range.end.character),
    labels: found.items.map(({ label }) => label),
    inserts: found.items.map(({ insert }) => insert),
  };
}

describe('completion in a sysctl file', () => {
  it('offers the names of netfilter where a line begins', () => {
    const found = completionsAt('vm.swappiness = 0\n  -net.netf|');
    assert.equal(found?.typed, 'net.netf');
    assert.ok(found?.inserts.includes('net.netfilter.nf_conntrack_tcp_timeout_close_wait = '));
    assert.ok(!found?.labels.includes('net.netfilter.nf_conntrack_count'));
  });

  it('replaces the whole name, and adds no second equals sign', () => {
    const found = completionsAt('net.netfilter.nf_con|ntrack_max = 1\n');
    assert.equal(found?.typed, 'net.netfilter.nf_conntrack_max');
    assert.ok(found?.inserts.includes('net.netfilter.nf_conntrack_buckets'));
  });

  it('keeps to slashes', () => {
    assert.ok(completionsAt('net/|')?.labels.includes('net/netfilter/nf_conntrack_max'));
  });

  for (const text of ['net.netfilter.nf_conntrack_max = |', '# net.|', 'a b|'])
    it(`offers nothing at ${JSON.stringify(text)}`, () => assert.equal(completionsAt(text), null));
});

describe('completion of a sysctl elsewhere', () => {
  const TIMEOUT = 'net.netfilter.nf_conntrack_udp_timeout';
  const pod =
    'apiVersion: v1\nkind: Pod\nspec:\n  securityContext:\n    sysctls:\n      - name: ¦\n        value: "1"\n';
  const cases: readonly (readonly [what: string, file: string, text: string, typed: string, insert: string | null])[] =
    [
      ['in a command', 'a.sh', '#!/bin/sh\nsysctl -w net.netf¦\n', 'net.netf', `${TIMEOUT}=`],
      ['in a command with a value', 'a.sh', '#!/bin/sh\nsysctl -w net.netf¦ilter=1\n', 'net.netfilter', TIMEOUT],
      [
        'in a here-document',
        'a.sh',
        '#!/bin/sh\ncat > /etc/sysctl.d/9.conf <<EOF\nnet¦\nEOF\n',
        'net',
        `${TIMEOUT} = `,
      ],
      ['in a pod', 'a.yaml', pod, '', TIMEOUT],
      [
        'in a container',
        'a.yaml',
        'apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - command: [sysctl, -w, net.¦]\n',
        'net.',
        `${TIMEOUT}=`,
      ],
      ['in a task of Ansible', 'a.yml', '- sysctl:\n    name: net.¦\n    value: "1"\n', 'net.', TIMEOUT],
      ['in a task of one line', 'a.yml', '- sysctl: name=net.¦ value=1\n', 'net.', TIMEOUT],
      ['as a key of Talos', 'a.yaml', 'machine:\n  sysctls:\n    net.¦\n    vm.x: "1"\n', 'net.', `${TIMEOUT}: `],
      ['as a key with its value', 'a.yaml', 'machine:\n  sysctls:\n    net.¦: "1"\n', 'net.', TIMEOUT],
      [
        'in a list of kOps',
        'a.yaml',
        'apiVersion: kops.k8s.io/v1alpha2\nkind: Cluster\nspec:\n  sysctlParameters:\n    - net.¦\n',
        'net.',
        `${TIMEOUT}=`,
      ],
      [
        'in a file that a ConfigMap keeps',
        'a.yaml',
        'apiVersion: v1\nkind: ConfigMap\ndata:\n  sysctl.conf: |\n    # conntrack\n    net.¦\n',
        'net.',
        `${TIMEOUT} = `,
      ],
      ['not as another value', 'a.yaml', 'machine:\n  sysctls:\n    a: net.¦\n', '', null],
      ['not as another word', 'a.sh', '#!/bin/sh\nsysctl -w a=1\necho net.¦\n', '', null],
      ['not within another name', 'a.yml', '- sysctl:\n    name: vm.¦\n', '', null],
    ];
  for (const [what, file, text, typed, insert] of cases) {
    it(what, () => {
      const { core, position, covered } = open(file, text);
      const found = core.completions(file, position);
      if (insert === null) return assert.equal(found, null);
      assert.equal(found && covered(found.range), typed);
      assert.ok(
        found?.items.some(item => item.insert === insert),
        JSON.stringify(found?.items.map(item => item.insert)),
      );
    });
  }
});
