// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the variables are those of the shell
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { link } from '../../server/src/model/cluster.ts';
import { editPiece } from '../../server/src/model/edit.ts';
import type { Entity, EntityKind, EntityOf } from '../../server/src/model/entity.ts';
import { configurationOf } from '../../server/src/model/kubeProxyLink.ts';
import type { KubeProxySettings } from '../../server/src/model/kubeProxySettings.ts';
import { languageOf, readPiece } from '../../server/src/model/pieces.ts';
import type { Value } from '../../server/src/model/value.ts';
import { applyEdits } from '../../server/src/text/edits.ts';
import { parseGoDuration } from '../../server/src/text/goDuration.ts';

const HEAD = 'apiVersion: kubeproxy.config.k8s.io/v1alpha1\nkind: KubeProxyConfiguration\n';
const indented = (text: string, by: string) => text.replace(/^(?=.)/gm, by);
const configMap = (text: string, name = 'kube-proxy') =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n  namespace: kube-system\ndata:\n  config.conf: |\n${indented(text, '    ')}`;
const daemonSet = (container: string, volumes = '') =>
  `apiVersion: apps/v1\nkind: DaemonSet\nmetadata:\n  name: kube-proxy\n  namespace: kube-system\nspec:\n  template:\n    spec:\n      containers:\n        - name: kube-proxy\n          image: registry.k8s.io/kube-proxy:v1.30.1\n${indented(container, '          ')}${indented(volumes, '      ')}`;
const MOUNTED = [
  'volumeMounts:\n  - name: config\n    mountPath: /var/lib/kube-proxy\n',
  'volumes:\n  - name: config\n    configMap:\n      name: kube-proxy\n',
];

const only = <Kind extends EntityKind>(text: string, kind: Kind): EntityOf<Kind>[] =>
  readPiece('x.yaml', 'yaml', text).filter((entity: Entity): entity is EntityOf<Kind> => entity.is === kind);
const shown = (value: Value<unknown>) => (value.isAbsent ? '-' : value.isUnknown ? '?' : String(value.known));
const settingsShown = (settings: KubeProxySettings | undefined) =>
  settings &&
  [...Object.values(settings.conntrack), ...Object.values(settings.ipvs), settings.mode].map(shown).join(' ');

describe('settings of kube-proxy', () => {
  const conntrack = `mode: nftables\nconntrack:\n  maxPerCore: 1\n  min: null\n  tcpCloseWaitTimeout: 1m30s\n  tcpBeLiberal: true\n  udpTimeout: 30\nipvs:\n  udpTimeout: 250ms\n`;
  const expected = '1 - - - 90 true ? - - - 0.25 nftables';
  const sources: readonly [where: string, text: string, said: string | undefined][] = [
    ['bare', HEAD + conntrack, expected],
    ['in a ConfigMap', configMap(HEAD + conntrack), expected],
    [
      'in a ConfigMap, under another key and quoted',
      `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\ndata:\n  config: ${JSON.stringify(HEAD + conntrack)}\n`,
      expected,
    ],
    ['with nothing in it', HEAD, '- - - - - - - - - - - -'],
    [
      'of a template',
      `${HEAD}mode: "{{ mode }}"\nconntrack:\n  maxPerCore: {{ cores }}\n{% if liberal %}\n  tcpBeLiberal: true\n{% endif %}\n`,
      '? - - - - ? - - - - - ?',
    ],
    ['of a template that may add to it', `${HEAD}{{ rest | to_nice_yaml }}\n`, '? ? ? ? ? ? ? ? ? ? ? ?'],
    [
      'of another version of the API',
      'apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeProxyConfiguration\n',
      undefined,
    ],
    [
      'in flags',
      daemonSet(
        `command:\n  - /usr/local/bin/kube-proxy\nargs: ["--conntrack-max-per-core=0", "--conntrack-min", "5", --conntrack_tcp_timeout_close_wait=60s, --conntrack-tcp-be-liberal, --proxy-mode=ipvs]\n`,
      ),
      '0 5 - - 60 true - - - - - ipvs',
    ],
    [
      'in flags of the image’s own program',
      daemonSet('args: [--conntrack-min=7, --conntrack-min=8]\n'),
      '- 8 - - - - - - - - - -',
    ],
    [
      'in flags of hyperkube',
      daemonSet('command: [/hyperkube, proxy, --conntrack-min=7]\n'),
      '- 7 - - - - - - - - - -',
    ],
    [
      'in flags with variables',
      daemonSet('command: [kube-proxy, --conntrack-min=$(MIN), --v=2]\n'),
      '- ? - - - - - - - - - -',
    ],
    [
      'not in flags of a template, which may have a file',
      daemonSet(
        'command:\n  - kube-proxy\n  {{- if .x }}\n  - --conntrack-max-per-core={{ .x }}\n  {{- end }}\n  - --conntrack-min=7\n',
      ),
      undefined,
    ],
    [
      'not in flags beside a file',
      daemonSet('command: [kube-proxy, --config=/x/config.conf, --conntrack-min=7]\n'),
      undefined,
    ],
    [
      'in a shell',
      daemonSet('command: [/bin/sh, -c, "exec kube-proxy --conntrack-min=7 2>&1"]\n'),
      '- 7 - - - - - - - - - -',
    ],
    ['not in those of another program', daemonSet('command: [echo, kube-proxy, --conntrack-min=7]\n'), undefined],
  ];
  for (const [where, text, said] of sources) {
    it(where, () => assert.equal(settingsShown(only(text, 'kubeProxySettings')[0]), said));
  }

  it('are changed and taken out where they are written', () => {
    const changed = (text: string, ask: (settings: KubeProxySettings) => Parameters<typeof editPiece>[1]) => {
      const [settings] = only(text, 'kubeProxySettings');
      assert.ok(settings);
      const result = editPiece(text, ask(settings));
      assert.ok('edits' in result, JSON.stringify(result));
      return applyEdits(text, result.edits).slice(
        text.includes('command') ? text.indexOf('command') : text.indexOf('conntrack'),
      );
    };
    const both = configMap(`${HEAD}conntrack:\n  min: 5 # entries\n`);
    assert.equal(
      changed(both, s => [s.change('conntrack.min', 6), s.change('conntrack.tcpCloseWaitTimeout', { seconds: 300 })]),
      'conntrack:\n      min: 6 # entries\n      tcpCloseWaitTimeout: 5m0s\n',
    );
    assert.equal(
      changed(`${HEAD}conntrack:\n  min: 5\n  max: 4\n`, s => s.removal('conntrack.max')),
      'conntrack:\n  min: 5\n',
    );
    const flags = daemonSet('command: [kube-proxy, --conntrack-min=7, --conntrack-max-per-core, "5"]\n');
    assert.equal(
      changed(flags, s => [
        s.change('conntrack.min', 8),
        s.change('conntrack.maxPerCore', 1),
        s.change('conntrack.udpTimeout', { seconds: 10 }),
      ]),
      'command: [kube-proxy, --conntrack-min=8, --conntrack-max-per-core, "1", --conntrack-udp-timeout=10s]\n',
    );
    assert.equal(
      changed(flags, s => s.removal('conntrack.maxPerCore')),
      'command: [kube-proxy, --conntrack-min=7]\n',
    );
  });
});

describe('a kube-proxy that systemd starts', () => {
  const UNIT = '[Unit]\nDescription=Kubernetes Kube-Proxy\n[Service]\nExecStart=/usr/local/bin/kube-proxy';
  const read = (text: string, file = 'kube-proxy.service') => {
    const language = languageOf(file, text);
    return language === null ? [] : readPiece(file, language, text);
  };
  const cases: readonly [what: string, text: string, file: string, flags: string[] | null, settings: string | null][] =
    [
      [
        'by flags',
        `${UNIT} \\\n  --conntrack-min=7 \\\n  --proxy-mode ipvs\nRestart=always\n`,
        'kube-proxy.service',
        ['--conntrack-min=7', '--proxy-mode=ipvs'],
        '- 7 - - - - - - - - - ipvs',
      ],
      [
        'by a file',
        `${UNIT} --config=/x/kube-proxy.yaml --conntrack-min=7\n`,
        'a.service.j2',
        ['--config=/x/kube-proxy.yaml', '--conntrack-min=7'],
        null,
      ],
      [
        'by variables, that may hold a file',
        `${UNIT} $KUBE_PROXY_ARGS --v=2\n`,
        'kube-proxy.service',
        ['--v=2'],
        '? ? ? ? ? ? ? ? ? ? ? ?',
      ],
      [
        'by variables',
        'KUBE_PROXY_OPTS="--v=2 \\\n--conntrack-min=7"\n',
        'kube-proxy.conf',
        ['--v=2', '--conntrack-min=7'],
        '- 7 - - - - - - - - - -',
      ],
      [
        'not by another program',
        '[Service]\nExecStart=/usr/bin/kubelet --x\n# kube-proxy\n',
        'kubelet.service',
        null,
        null,
      ],
      [
        'by k3s, which hands flags on',
        "[Service]\nExecStart=/usr/local/bin/k3s \\\n    server \\\n    '--kube-proxy-arg' \\\n    'conntrack-min=7' \\\n    '--kube-proxy-arg=proxy-mode=ipvs'\n",
        'k3s.service',
        ['--conntrack-min=7', '--proxy-mode=ipvs'],
        '? 7 - ? ? ? ? ? ? ? ? ipvs',
      ],
      ['not in a script', '#!/bin/sh\nKUBE_PROXY_OPTS="--v=2"\n', 'x', null, null],
    ];
  for (const [what, text, file, flags, settings] of cases) {
    it(what, () => {
      const entities = read(text, file);
      const started = entities.find(entity => entity.is === 'kubeProxyFlags');
      const uses = started?.is === 'kubeProxyFlags' ? started.uses : null;
      assert.deepEqual(uses?.map(({ name, value }) => `${name}=${value.known}`) ?? null, flags);
      const own = entities.find(entity => entity.is === 'kubeProxySettings');
      assert.equal(own?.is === 'kubeProxySettings' ? settingsShown(own) : null, settings);
    });
  }

  it('is changed in its own lines', () => {
    const text = `${UNIT} \\\n  --conntrack-min=7 \\\n  --conntrack-max-per-core 5 \\\n  --v=2\n`;
    const settings = read(text).find(entity => entity.is === 'kubeProxySettings');
    assert.ok(settings?.is === 'kubeProxySettings');
    const changed = (changes: Parameters<typeof editPiece>[1]) => {
      const result = editPiece(text, changes);
      assert.ok('edits' in result);
      return applyEdits(text, result.edits).slice(UNIT.length);
    };
    assert.equal(
      changed([settings.change('conntrack.min', 8), settings.change('conntrack.udpTimeout', { seconds: 10 })]),
      ' \\\n  --conntrack-min=8 \\\n  --conntrack-max-per-core 5 \\\n  --v=2 \\\n  --conntrack-udp-timeout=10s\n',
    );
    assert.equal(changed(settings.removal('conntrack.maxPerCore')), ' \\\n  --conntrack-min=7 \\\n  --v=2\n');
  });
});

describe('a kube-proxy that a shell starts', () => {
  const read = (text: string, file = 'start.sh') => {
    const language = languageOf(file, text);
    return language === null ? [] : readPiece(file, language, text);
  };
  const started = (text: string, file?: string) =>
    read(text, file).flatMap(entity => (entity.is === 'kubeProxyFlags' ? [entity] : []));
  const settings = (text: string, file?: string) =>
    read(text, file).flatMap(entity => (entity.is === 'kubeProxySettings' ? [settingsShown(entity)] : []));
  const script = (lines: string) => `#!/bin/sh\n${lines}\n`;
  const cases: readonly [what: string, script: string, flags: string[][], settings: string[]][] = [
    [
      'with exec, over several lines, into a log',
      'exec /usr/bin/kube-proxy --conntrack-min=7 \\\n  --proxy-mode "ipvs" >>/var/log/kube-proxy.log 2>&1',
      [['--conntrack-min=7', '--proxy-mode=ipvs']],
      ['- 7 - - - - - - - - - ipvs'],
    ],
    [
      'with variables that are known, and one that is not',
      'MIN=7\nARGS="--v=2 --masquerade-all"\nkube-proxy $ARGS --conntrack-min=$MIN --hostname-override=${NODE}',
      [['--v=2', '--masquerade-all=', '--conntrack-min=7', '--hostname-override=?']],
      ['- 7 - - - - - - - - - -'],
    ],
    ['with words that nobody sees', 'kube-proxy --conntrack-min=7 "$@"', [['--conntrack-min=7']], []],
    [
      'with an unknown value behind its flag',
      'kube-proxy --conntrack-min "$MIN" --v=2',
      [['--conntrack-min=?', '--v=2']],
      ['- ? - - - - - - - - - -'],
    ],
    ['with a template', 'kube-proxy --conntrack-min={{ min }} {{ more }}', [['--conntrack-min=?']], []],
    [
      'with a template that leaves out a line',
      'kube-proxy --v=2 \\\n{{- if .x }}\n  --config=/a \\\n{{- end }}\n  --conntrack-min=7',
      [['--v=2']],
      [],
    ],
    [
      'by hyperkube, in the background',
      'nohup hyperkube proxy --conntrack-min=7 &',
      [['--conntrack-min=7']],
      ['- 7 - - - - - - - - - -'],
    ],
    [
      'in two arms',
      'if a; then kube-proxy --v=1; else kube-proxy --v=2; fi',
      [['--v=1'], ['--v=2']],
      Array(2).fill('- - - - - - - - - - - -'),
    ],
    ['not twice in a loop', 'for i in 1 2; do kube-proxy --v=1; done', [['--v=1']], ['- - - - - - - - - - - -']],
    ['not with other words each time', 'for i in 1 2; do kube-proxy --v=$i; done', [], []],
    ['for an errand', 'kube-proxy --cleanup', [['--cleanup=']], []],
    [
      'by k3s, which hands flags on',
      'curl x | sh -s - server --kube-proxy-arg=conntrack-min=7 --v=9 --kube-proxy-arg "proxy-mode=ipvs"',
      [['--conntrack-min=7', '--proxy-mode=ipvs']],
      ['? 7 - ? ? ? ? ? ? ? ? ipvs'],
    ],
    ['not by name alone', 'pkill kube-proxy --signal 9; echo kube-proxy --v=2', [], []],
    ['half typed', 'kube-proxy --conntrack-min=', [['--conntrack-min=']], ['- ? - - - - - - - - - -']],
    [
      'in a unit that it writes',
      'cat > /etc/systemd/system/kube-proxy.service <<EOF\n[Service]\nExecStart=/usr/bin/kube-proxy \\\\\n  --conntrack-min=7\nEOF',
      [['--conntrack-min=7']],
      ['- 7 - - - - - - - - - -'],
    ],
  ];
  for (const [what, lines, flags, own] of cases) {
    it(what, () => {
      for (const text of [script(lines), script(lines).replaceAll('\n', '\r\n')]) {
        const uses = started(text).map(each =>
          each.uses.map(({ name, value }) => `${name}=${value.isUnknown ? '?' : (value.known ?? '')}`),
        );
        assert.deepEqual(uses, flags);
        assert.deepEqual(settings(text), own);
      }
    });
  }

  it('in a container: with the ConfigMap that it sees', () => {
    const text = daemonSet(
      `command:\n  - sh\n  - -c\n  - |\n    sleep 1\n    exec kube-proxy --config=/var/lib/kube-proxy/config.conf --v=2\n${MOUNTED[0]}`,
      MOUNTED[1],
    );
    const [flags, ...others] = started(text, 'x.yaml');
    assert.deepEqual(others, []);
    assert.equal(flags?.config.known, '/var/lib/kube-proxy/config.conf');
    assert.deepEqual(
      flags?.mounts.map(({ path, configMap }) => `${path} ${configMap.known}`),
      ['/var/lib/kube-proxy kube-proxy'],
    );
    assert.equal(flags?.name.known, 'kube-proxy');
  });

  it('is changed in its own words', () => {
    const changed = (text: string, ask: (settings: KubeProxySettings) => Parameters<typeof editPiece>[1]) => {
      const own = read(text, text.startsWith('#!') ? 'a.sh' : 'x.yaml').find(
        entity => entity.is === 'kubeProxySettings',
      );
      assert.ok(own?.is === 'kubeProxySettings');
      const result = editPiece(text, ask(own));
      return 'edits' in result ? applyEdits(text, result.edits).slice(text.indexOf('kube-proxy -')) : result.refused;
    };
    const lines = script('kube-proxy --conntrack-min "7" \\\n  --conntrack-max-per-core=$N \\\n  --v=2 # mine');
    assert.equal(
      changed(lines, s => [s.change('conntrack.min', 8), s.change('conntrack.udpTimeout', { seconds: 10 })]),
      'kube-proxy --conntrack-min "8" \\\n  --conntrack-max-per-core=$N \\\n  --v=2 \\\n  --conntrack-udp-timeout=10s # mine\n',
    );
    assert.equal(
      changed(lines, s => s.removal('conntrack.min')),
      'kube-proxy \\\n  --conntrack-max-per-core=$N \\\n  --v=2 # mine\n',
    );
    assert.equal(
      changed(lines, s => s.removal('conntrack.maxPerCore')),
      'inexact',
    );
    const k3s = script('k3s agent --kube-proxy-arg conntrack-min=7 --kube-proxy-arg=proxy-mode=ipvs --x');
    const settings = read(k3s).find(entity => entity.is === 'kubeProxySettings');
    assert.ok(settings?.is === 'kubeProxySettings');
    for (const [changes, after] of [
      [
        [settings.change('conntrack.min', 8)],
        '--kube-proxy-arg conntrack-min=8 --kube-proxy-arg=proxy-mode=ipvs --x\n',
      ],
      [settings.removal('conntrack.min'), '--kube-proxy-arg=proxy-mode=ipvs --x\n'],
      [
        [settings.change('conntrack.maxPerCore', 1)],
        '--kube-proxy-arg conntrack-min=7 --kube-proxy-arg=proxy-mode=ipvs --x --kube-proxy-arg=conntrack-max-per-core=1\n',
      ],
    ] as const) {
      const result = editPiece(k3s, changes);
      assert.ok('edits' in result);
      assert.equal(applyEdits(k3s, result.edits), `${script('k3s agent ').trimEnd()} ${after}`);
    }
    assert.equal(
      changed(daemonSet('command: [sh, -c, "exec kube-proxy --conntrack-min=7 >\\"$LOG\\""]\n'), s => [
        s.change('conntrack.min', 8),
        s.change('conntrack.maxPerCore', 1),
      ]),
      'kube-proxy --conntrack-min=8 --conntrack-max-per-core=1 >\\"$LOG\\""]\n',
    );
  });
});

describe('a kube-proxy and its configuration', () => {
  const started = daemonSet(
    `command: [kube-proxy, --config=/var/lib/kube-proxy/config.conf]\n${MOUNTED[0]}`,
    MOUNTED[1],
  );
  const onHost = daemonSet('command: [kube-proxy, --config=/etc/kubernetes/proxy.yaml]\n');
  const cases: readonly [what: string, files: Record<string, string>, found: string | null][] = [
    ['by the ConfigMap that is mounted', { a: started, b: configMap(HEAD), c: configMap(HEAD, 'other') }, 'b'],
    ['not by one of another namespace', { a: started, b: configMap(HEAD).replace('kube-system', 'x') }, null],
    ['not if there are two of the name', { a: started, b: configMap(HEAD), c: configMap(HEAD) }, null],
    ['not by a file if a ConfigMap is mounted', { a: started, 'k/config.conf': HEAD }, null],
    [
      'by the name of its file',
      { a: onHost, 'roles/proxy.yaml.j2': HEAD, 'x/other.yaml': HEAD },
      'roles/proxy.yaml.j2',
    ],
    ['not if no file has the name', { a: onHost, 'x/other.yaml': HEAD }, null],
  ];
  for (const [what, files, found] of cases) {
    it(what, () => {
      const linked = Object.entries(files).map(
        ([name, text]) => [name, { pieces: [{ entities: readPiece(name, 'yaml', text) }] }] as const,
      );
      const cluster = link(new Map(linked));
      const [flags] = cluster.all('kubeProxyFlags');
      assert.ok(flags);
      assert.equal(configurationOf(flags.entity, cluster.all('kubeProxyConfiguration'))?.file ?? null, found);
    });
  }
});

describe('durations as Go reads them', () => {
  it('are seconds, or null', () => {
    const cases: readonly [text: string, seconds: number | null][] = [
      ['1h0m0s', 3600],
      ['1m30s', 90],
      ['250ms', 0.25],
      ['1.5h', 5400],
      ['0', 0],
      ['-1s', -1],
      ['60', null],
      ['', null],
      ['1d', null],
      ['1 h', null],
    ];
    for (const [text, seconds] of cases) assert.equal(parseGoDuration(text), seconds, text);
  });
});
