import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { open } from './caret.ts';

const HEAD = 'apiVersion: kubeproxy.config.k8s.io/v1alpha1\nkind: KubeProxyConfiguration\n';
const SETTINGS = 'nodeCores: 12\nconnectionsPerSecond: 200\n';
const POD =
  'apiVersion: v1\nkind: Pod\nmetadata: {name: kube-proxy}\nspec:\n  containers:\n    - image: registry.k8s.io/kube-proxy:v1.30.0\n      command: [kube-proxy, ';

function hovered(text: string, settings = '', language: 'en' | 'zh' = 'en'): string {
  const { core, position } = open('a.yaml', text, language);
  if (settings !== '') core.put('ingress-path.yaml', settings);
  return core.hover('a.yaml', position)?.markdown.split('\n\n---\n\n')[0] ?? '';
}

describe('hover on kube-proxy’s settings', () => {
  it('shows the table’s size by CPUs, before and from 1.36, and marks the node of the settings', () => {
    const markdown = hovered(`${HEAD}conntrack:\n  maxPerCore: 1310¦72\n  min: 1572864\n`, SETTINGS);
    for (const row of [
      '**conntrack.maxPerCore**: Entries of the conntrack table for each CPU.',
      '`int32` · default `32768` · flag `--conntrack-max-per-core` · written to `net.netfilter.nf_conntrack_max`',
      '| CPUs | to 1.35 | from 1.36 | hash table | memory when full |',
      '| 8 | 1,572,864 | 1,572,864 | 393,216 | 387 MiB |',
      '| **12** | **1,572,864** | **1,048,576** | **262,144** | **258 MiB** |',
      '| 128 | 16,777,216 | 1,048,576 | 262,144 | 258 MiB |',
    ]) {
      assert.ok(markdown.includes(row), `${row}\nis not in\n${markdown}`);
    }
  });

  const cases: readonly [what: string, text: string, said: string, settings?: string][] = [
    ['a section', `${HEAD}connt¦rack: {}\n`, '| 4 | 131,072 | 131,072 | 262,144 | 34 MiB |'],
    [
      'a section that is no matter of size',
      `${HEAD}ip¦vs: {}\n`,
      '**ipvs**: `syncPeriod`, `minSyncPeriod`, `scheduler`',
    ],
    [
      'a table that is left alone',
      `${HEAD}conntrack: {maxPerCore: ¦0}\n`,
      'kube-proxy leaves `nf_conntrack_max` and the hash table alone',
    ],
    [
      'a timeout, at the rate of the settings',
      `${HEAD}conntrack:\n  tcpCloseWaitTimeout: ¦5m\n`,
      '| 200 | 60,000 | 720,000 | 12,000 |',
      SETTINGS,
    ],
    ['a timeout, at some rates', `${HEAD}conntrack:\n  tcpCloseWaitTimeout: ¦1h\n`, '| 1,000 | 3,600,000 | 60,000 |'],
    [
      'a timeout of 0',
      `${HEAD}conntrack:\n  ¦tcpEstablishedTimeout: 0s\n`,
      'kube-proxy leaves the kernel’s setting as it is, 5 days',
    ],
    [
      'a field that is gone',
      `${HEAD}udpIdle¦Timeout: 1s\n`,
      '`duration` · default `250ms` · flag `--udp-timeout` · removed in Kubernetes 1.26',
    ],
    ['a flag', `${POD}--conntrack-¦min=9]\n`, '| 64 | 2,097,152 | 1,048,576 | 262,144 | 258 MiB |'],
    [
      'a flag in a shell',
      `${POD.replace('[kube-proxy, ', '[sh, -c, "exec kube-proxy ')}--conntrack-¦min=9"]\n`,
      '| 64 | 2,097,152 | 1,048,576 | 262,144 | 258 MiB |',
    ],
    ['a flag that a file replaces', `${POD}--config=/a, --conntrack-¦min=9]\n`, '**conntrack.min**: The least entries'],
    ['a value of a template', `${HEAD}conntrack:\n  maxPerCore: {{ c¦ores }}\n`, '**conntrack.maxPerCore**'],
  ];
  for (const [what, text, said, settings] of cases) {
    it(what, () => {
      const markdown = hovered(text, settings);
      assert.ok(markdown.includes(said), markdown);
    });
  }

  it('shows no figures of what a template or a file decides', () => {
    for (const text of [
      `${HEAD}conntrack:\n  maxPerCore: {{ c¦ores }}\n`,
      `${POD}--config=/a, --conntrack-¦min=9]\n`,
    ]) {
      assert.ok(!hovered(text).includes('|'), text);
    }
  });

  it('speaks Chinese', () => {
    assert.match(
      hovered(`${HEAD}conntrack:\n  m¦in: 5\n`, '', 'zh'),
      /kube-proxy 要求的 conntrack 表大小[\s\S]*\| CPU 数 \| 1\.35 及之前/u,
    );
  });
});

describe('inlay hints on kube-proxy’s settings', () => {
  const hints = (text: string, settings: string) => {
    const { core } = open('a.yaml', text);
    core.put('ingress-path.yaml', settings);
    const whole = { start: { line: 0, character: 0 }, end: { line: 99, character: 0 } };
    return core
      .inlayHints('a.yaml', whole)
      .map(({ position, label }) => `${position.line}:${position.character} ${label}`);
  };
  const cases: readonly [what: string, text: string, settings: string, said: string[]][] = [
    [
      'behind maxPerCore',
      `${HEAD}conntrack:\n  maxPerCore: 131072 # c\n  min: 1572864\n`,
      SETTINGS,
      ['3:20 1,048,576 entries on 12 CPUs (Kubernetes 1.36)'],
    ],
    [
      'behind min alone',
      `${HEAD}conntrack:\n  min: 400000\n`,
      SETTINGS,
      ['3:13 400,000 entries on 12 CPUs (Kubernetes 1.36)'],
    ],
    [
      'for a node with one CPU',
      `${HEAD}conntrack:\n  min: 400000\n`,
      'nodeCores: 1\nkubernetes: "1.36"\n',
      ['3:13 400,000 entries on 1 CPU (Kubernetes 1.36)'],
    ],
    [
      'behind a flag, for the release of its image',
      `${POD}--conntrack-max-per-core=131072]\n`,
      SETTINGS,
      ['6:59 1,572,864 entries on 12 CPUs (Kubernetes 1.30)'],
    ],
    [
      'behind a flag in a shell',
      `${POD.replace('[kube-proxy, ', '[sh, -c, "exec kube-proxy ')}--conntrack-max-per-core=131072"]\n`,
      SETTINGS,
      ['6:72 1,572,864 entries on 12 CPUs (Kubernetes 1.30)'],
    ],
    ['not where the table is left alone', `${HEAD}conntrack:\n  maxPerCore: 0\n`, SETTINGS, []],
    ['not where a template decides', `${HEAD}conntrack:\n  maxPerCore: {{ x }}\n`, SETTINGS, []],
    ['not for a node that nobody described', `${HEAD}conntrack:\n  min: 400000\n`, 'connectionsPerSecond: 5\n', []],
  ];
  for (const [what, text, settings, said] of cases) it(what, () => assert.deepEqual(hints(text, settings), said));
});

describe('completion in a KubeProxyConfiguration', () => {
  const offered = (text: string) => {
    const { core, position, covered } = open('a.yaml', text);
    const found = core.completions('a.yaml', position);
    return found && { typed: covered(found.range), items: found.items };
  };
  const inConfigMap = (text: string) =>
    `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: kube-proxy}\ndata:\n  config.conf: |\n${`${HEAD}${text}`.replace(/^(?=.)/gm, '    ')}`;
  const cases: readonly [what: string, text: string, labels: readonly string[]][] = [
    [
      'fields of a section',
      `${HEAD}conntrack:\n  min: 5\n  ¦\n`,
      ['maxPerCore', 'tcpBeLiberal', 'tcpCloseWaitTimeout', 'tcpEstablishedTimeout', 'udpStreamTimeout', 'udpTimeout'],
    ],
    [
      'the same in a ConfigMap, half typed',
      inConfigMap('conntrack:\n  udp¦\n'),
      [
        'maxPerCore',
        'min',
        'tcpBeLiberal',
        'tcpCloseWaitTimeout',
        'tcpEstablishedTimeout',
        'udpStreamTimeout',
        'udpTimeout',
      ],
    ],
    ['modes', `${HEAD}mode: ¦\n`, ['iptables', 'ipvs', 'nftables']],
    ['switches', `${HEAD}conntrack:\n  tcpBeLiberal: t¦\n`, ['false', 'true']],
    ['a default', `${HEAD}conntrack:\n  tcpCloseWaitTimeout: ¦\n`, ['1h0m0s']],
  ];
  for (const [what, text, labels] of cases) {
    it(what, () =>
      assert.deepEqual(
        offered(text)?.items.map(({ label }) => label),
        labels,
      ),
    );
  }

  it('writes a key with its colon, says what it is, and leaves out what the release does not have', () => {
    const old = `apiVersion: kubeadm.k8s.io/v1beta3\nkind: ClusterConfiguration\nkubernetesVersion: 1.28.0\n---\n${HEAD}conntrack:\n  t¦\n`;
    const found = offered(old);
    assert.equal(found?.typed, 't');
    assert.deepEqual(
      found?.items.map(({ insert }) => insert),
      ['maxPerCore: ', 'min: ', 'tcpCloseWaitTimeout: ', 'tcpEstablishedTimeout: '],
    );
    assert.match(found?.items[2]?.documentation ?? '', /^How long an entry stays.*default `1h0m0s`/);
  });

  it('offers nothing in other documents, nor in a comment', () => {
    for (const text of [
      'kind: KubeletConfiguration\n# KubeProxyConfiguration\n¦\n',
      `${HEAD}conntrack: # ¦\n  min: 5\n`,
    ]) {
      assert.equal(offered(text), null, text);
    }
  });
});

describe('completion of kube-proxy’s flags', () => {
  const cases: readonly (readonly [what: string, file: string, text: string, typed: string, insert: string | null])[] =
    [
      ['in a pod', 'a.yaml', `${POD}--connt¦]\n`, '--connt', '--conntrack-min='],
      ['with a value', 'a.yaml', `${POD}--connt¦=5]\n`, '--connt', '--conntrack-min'],
      ['a switch', 'a.yaml', `${POD}--masq¦]\n`, '--masq', '--masquerade-all'],
      [
        'in a shell',
        'a.yaml',
        `${POD.replace('[kube-proxy, ', '[sh, -c, "exec kube-proxy ')}--c¦"]\n`,
        '--c',
        '--conntrack-min=',
      ],
      ['in a script', 'a.sh', '#!/bin/sh\nexec kube-proxy --v=2 --c¦\n', '--c', '--conntrack-min='],
      [
        'in a unit',
        'kube-proxy.service',
        '[Service]\nExecStart=/usr/bin/kube-proxy \\\n  --c¦ \\\n  --v=2\n',
        '--c',
        '--conntrack-min=',
      ],
      ['in a variable', 'kube-proxy', 'KUBE_PROXY_ARGS="--v=2 --¦"\n', '--', '--conntrack-min='],
      ['in a list of k3s', 'config.yaml', 'kube-proxy-arg:\n  - conn¦\n  - v=2\n', 'conn', 'conntrack-min='],
      [
        'in a list of k3s, with nothing typed',
        'config.yaml',
        'kube-proxy-arg:\n  - v=2\n  - ¦\n',
        '',
        'conntrack-min=',
      ],
      ['as a key of Talos', 'a.yaml', 'cluster:\n  proxy:\n    extraArgs:\n      conn¦\n', 'conn', 'conntrack-min: '],
      ['a value', 'a.sh', '#!/bin/sh\nkube-proxy --proxy-mode=ip¦\n', 'ip', 'nftables'],
      ['a value in a list of k3s', 'config.yaml', 'kube-proxy-arg:\n  - proxy-mode=¦\n', '', 'nftables'],
      ['not one that the file replaces', 'a.yaml', `${POD}--config=/a, --connt¦]\n`, '--connt', null],
      ['not one that is there', 'a.sh', '#!/bin/sh\nkube-proxy --conntrack-min=5 --c¦\n', '--c', null],
      ['not one of another program', 'a.sh', '#!/bin/sh\nkube-proxy --v=2\nkubelet --c¦\n', '', null],
      ['not as another key', 'a.yaml', 'cluster:\n  proxy:\n    extraArgs: {}\n    conn¦\n', '', null],
    ];
  for (const [what, file, text, typed, insert] of cases) {
    it(what, () => {
      const { core, position, covered } = open(file, text);
      const found = core.completions(file, position);
      const inserts = found?.items.map(item => item.insert) ?? [];
      if (insert === null) return assert.ok(!inserts.some(each => each.startsWith('--conntrack-min')), String(inserts));
      assert.equal(found && covered(found.range), typed);
      assert.ok(inserts.includes(insert), String(inserts));
    });
  }
});

describe('what is shown on kube-proxy’s flags', () => {
  const K3S = 'kube-proxy-arg:\n  - conntrack-max-per-core=131¦072\n  - conntrack-min=1572864\n';
  const TALOS =
    'cluster:\n  proxy:\n    extraArgs:\n      conntrack-max-per-core: "131¦072"\n      conntrack-min: "1572864"\n';
  for (const [what, text] of [
    ['k3s', K3S],
    ['Talos', TALOS],
  ] as const) {
    it(`of ${what}: what it comes to, on hover and as a hint`, () => {
      assert.ok(
        hovered(text, SETTINGS).includes('| **12** | **1,572,864** | **1,048,576** |'),
        hovered(text, SETTINGS),
      );
      const { core } = open('a.yaml', text);
      core.put('ingress-path.yaml', SETTINGS);
      const whole = { start: { line: 0, character: 0 }, end: { line: 99, character: 0 } };
      assert.deepEqual(
        core.inlayHints('a.yaml', whole).map(({ label }) => label),
        ['1,048,576 entries on 12 CPUs (Kubernetes 1.36)'],
      );
    });
  }

  it('of a unit and its variables: what both come to, and nothing beside a file', () => {
    const { core, position } = open(
      'kube-proxy.service',
      '[Service]\nEnvironmentFile=/etc/default/kube-proxy\nExecStart=/usr/bin/kube-proxy --conntrack-¦min=9 $KUBE_PROXY_ARGS\n',
    );
    const shown = () => core.hover('kube-proxy.service', position)?.markdown ?? '';
    core.put('default/kube-proxy', 'KUBE_PROXY_ARGS="--v=2 --oom-score-adj=-999"\n');
    assert.match(shown(), /\| 4 \| 131,072 \|/);
    core.put('default/kube-proxy', 'KUBE_PROXY_ARGS="--config=/a"\n');
    assert.match(shown(), /\*\*conntrack\.min\*\*/);
    assert.ok(!shown().includes('| 4 |'));
  });
});
