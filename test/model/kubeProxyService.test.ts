// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the variables are those of systemd
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Cluster, link } from '../../server/src/model/cluster.ts';
import { asStarted, settingsInForce } from '../../server/src/model/kubeProxyService.ts';
import { languageOf, readPiece } from '../../server/src/model/pieces.ts';

function clusterOf(files: Readonly<Record<string, string>>): Cluster {
  const read = Object.entries(files).map(([file, text]) => {
    const language = languageOf(file, text);
    return [file, { pieces: [{ entities: language ? readPiece(file, language, text) : [] }] }] as const;
  });
  return link(new Map(read));
}

/** Each part of a command line, with the configuration that is in force for it; `never` for one that is not run. */
function startedIn(files: Readonly<Record<string, string>>): string[] {
  const cluster = clusterOf(files);
  return cluster.all('kubeProxyFlags').map(({ file, entity }) => {
    const started = asStarted(entity, cluster);
    const words = entity.uses.map(({ name, value }) => `${name}=${value.isUnknown ? '?' : value.known}`).join(' ');
    const config = started?.flags.config;
    return `${file}: ${words}: ${config ? (config.isUnknown ? '?' : (config.known ?? 'no file')) : 'never'}`;
  });
}

/** The table's settings that are in force. */
function settingsIn(files: Readonly<Record<string, string>>): string[] {
  const cluster = clusterOf(files);
  return cluster.all('kubeProxySettings').flatMap(({ file, entity }) => {
    const { maxPerCore, min } = settingsInForce(entity, cluster)?.conntrack ?? {};
    const shown = [maxPerCore, min].map(value => (value?.isUnknown ? '?' : (value?.known ?? '-')));
    return maxPerCore ? [`${file}: ${shown.join(' ')}`] : [];
  });
}

const unit = (words: string, more = '') =>
  `[Unit]\nDescription=kube-proxy\n[Service]\n${more}ExecStart=/usr/bin/kube-proxy ${words}\nRestart=always\n`;
const CONFIG = '--config=/etc/kubernetes/proxy.conf';
const FROM = 'EnvironmentFile=-/etc/sysconfig/kube-proxy\n';
const variable = (words: string, name = 'KUBE_PROXY_ARGS') => `# flags\n${name}="${words}"\n`;
const dropIn = (lines: string) => `[Service]\n${lines}\n`;

describe('a command line that systemd puts together', () => {
  const cases: readonly [what: string, files: Record<string, string>, started: string[], settings: string[]][] = [
    [
      'has the file of the unit for the flags of a variable',
      {
        'kube-proxy.service': unit(`${CONFIG} $KUBE_PROXY_ARGS`, FROM),
        'sysconfig/kube-proxy': variable('--conntrack-min=5'),
      },
      [
        'kube-proxy.service: --config=/etc/kubernetes/proxy.conf: /etc/kubernetes/proxy.conf',
        'sysconfig/kube-proxy: --conntrack-min=5: /etc/kubernetes/proxy.conf',
      ],
      [],
    ],
    [
      'has the file of a variable for the flags of the unit, templates and braces or not',
      {
        'a.service.j2': unit('--conntrack-min=5 ${KUBE_PROXY_ARGS}', FROM),
        'templates/kube-proxy.j2': variable(CONFIG),
      },
      [
        'a.service.j2: --conntrack-min=5: /etc/kubernetes/proxy.conf',
        'templates/kube-proxy.j2: --config=/etc/kubernetes/proxy.conf: /etc/kubernetes/proxy.conf',
      ],
      [],
    ],
    [
      'has no file if none of its parts has one',
      {
        'kube-proxy.service': unit('--conntrack-min=5 $KUBE_MASTER $KUBE_PROXY_ARGS', FROM),
        'kube-proxy': variable('--conntrack-max-per-core=7'),
      },
      ['kube-proxy: --conntrack-max-per-core=7: no file', 'kube-proxy.service: --conntrack-min=5: ?'],
      ['kube-proxy: 7 ?', 'kube-proxy.service: ? 5'],
    ],
    [
      'leaves the settings to the part that has them',
      { 'kube-proxy.service': unit('--v=2 $KUBE_PROXY_ARGS', FROM), 'kube-proxy': variable('--conntrack-min=5') },
      ['kube-proxy: --conntrack-min=5: no file', 'kube-proxy.service: --v=2: ?'],
      ['kube-proxy: - 5'],
    ],
    [
      'may have a file in a variable that nobody sees',
      { 'kube-proxy.service': unit('$KUBE_PROXY_ARGS $MORE', FROM), 'kube-proxy': variable('--conntrack-min=5') },
      ['kube-proxy: --conntrack-min=5: no file', 'kube-proxy.service: : ?'],
      [],
    ],
    [
      'is unknown without the file of variables, and without the unit taken for what it says',
      {
        'kube-proxy.service': unit('--conntrack-min=5 $KUBE_PROXY_ARGS', FROM),
        'other/kube-proxy.env': variable('--conntrack-min=6'),
      },
      ['kube-proxy.service: --conntrack-min=5: ?', 'other/kube-proxy.env: --conntrack-min=6: no file'],
      ['other/kube-proxy.env: - 6'],
    ],
    [
      'is that of the nearest unit',
      {
        'a/kube-proxy.service': unit(`${CONFIG} $KUBE_PROXY_ARGS`, FROM),
        'a/kube-proxy': variable('--conntrack-min=5'),
        'b/kube-proxy.service': unit('$KUBE_PROXY_ARGS', FROM),
        'b/kube-proxy': variable('--conntrack-min=6'),
      },
      [
        'a/kube-proxy: --conntrack-min=5: /etc/kubernetes/proxy.conf',
        'a/kube-proxy.service: --config=/etc/kubernetes/proxy.conf: /etc/kubernetes/proxy.conf',
        'b/kube-proxy: --conntrack-min=6: no file',
        'b/kube-proxy.service: : ?',
      ],
      ['b/kube-proxy: - 6'],
    ],
    [
      'begins anew in a drop-in that says so',
      {
        'kube-proxy.service': unit('--conntrack-min=5'),
        'kube-proxy.service.d/10-args.conf': dropIn(`ExecStart=\nExecStart=/usr/bin/kube-proxy ${CONFIG}`),
      },
      [
        'kube-proxy.service: --conntrack-min=5: never',
        'kube-proxy.service.d/10-args.conf: --config=/etc/kubernetes/proxy.conf: /etc/kubernetes/proxy.conf',
      ],
      [],
    ],
    [
      'and anew in the last of them',
      {
        'kube-proxy.service.d/10-a.conf': dropIn('ExecStart=\nExecStart=/usr/bin/kube-proxy --conntrack-min=5'),
        'kube-proxy.service.d/20-b.conf': dropIn('ExecStart=\nExecStart=/usr/bin/kube-proxy --conntrack-min=6'),
      },
      [
        'kube-proxy.service.d/10-a.conf: --conntrack-min=5: never',
        'kube-proxy.service.d/20-b.conf: --conntrack-min=6: no file',
      ],
      ['kube-proxy.service.d/20-b.conf: - 6'],
    ],
    [
      'has the Environment of a drop-in, but a file of variables wins over it',
      {
        'kube-proxy.service': unit('$KUBE_PROXY_ARGS $KUBE_PROXY_MORE', FROM),
        'kube-proxy': variable('--conntrack-min=5', 'KUBE_PROXY_MORE'),
        'kube-proxy.service.d/1.conf': dropIn(
          `Environment="KUBE_PROXY_ARGS=${CONFIG} --v=2" \nEnvironment=KUBE_PROXY_MORE=--conntrack-min=6`,
        ),
      },
      [
        'kube-proxy: --conntrack-min=5: /etc/kubernetes/proxy.conf',
        'kube-proxy.service: : /etc/kubernetes/proxy.conf',
        'kube-proxy.service.d/1.conf: --config=/etc/kubernetes/proxy.conf --v=2: /etc/kubernetes/proxy.conf',
        'kube-proxy.service.d/1.conf: --conntrack-min=6: never',
      ],
      [],
    ],
    [
      'has no variables of a file that a drop-in forgets',
      {
        'kube-proxy.service': unit(`${CONFIG} $KUBE_PROXY_ARGS`, FROM),
        'kube-proxy': variable('--conntrack-min=5'),
        'kube-proxy.service.d/1.conf': dropIn('EnvironmentFile=\nEnvironmentFile=/etc/default/other'),
      },
      [
        'kube-proxy: --conntrack-min=5: no file',
        'kube-proxy.service: --config=/etc/kubernetes/proxy.conf: /etc/kubernetes/proxy.conf',
      ],
      ['kube-proxy: - 5'],
    ],
    [
      'in the texts that a script writes',
      {
        'install.sh': `cat > /etc/kubernetes/proxy <<EOF\n${variable('--conntrack-min=5')}EOF\ncat > /usr/lib/systemd/system/kube-proxy.service <<EOF\n${unit(`${CONFIG} \\$KUBE_PROXY_ARGS`, 'EnvironmentFile=-/etc/kubernetes/proxy\n')}EOF\n`,
      },
      [
        'install.sh: --conntrack-min=5: /etc/kubernetes/proxy.conf',
        'install.sh: --config=/etc/kubernetes/proxy.conf: /etc/kubernetes/proxy.conf',
      ],
      [],
    ],
    [
      'of a file whose folder a template has',
      {
        'kube-proxy.service.j2': unit(`${CONFIG} $KUBE_PROXY_ARGS`, 'EnvironmentFile={{ dir }}/kube-proxy.env\n'),
        'kube-proxy.env.j2': variable('--conntrack-min={{ min }} --v=2'),
      },
      [
        'kube-proxy.env.j2: --conntrack-min=? --v=2: /etc/kubernetes/proxy.conf',
        'kube-proxy.service.j2: --config=/etc/kubernetes/proxy.conf: /etc/kubernetes/proxy.conf',
      ],
      [],
    ],
  ];
  for (const [what, files, started, settings] of cases) {
    it(what, () => {
      const windows = Object.fromEntries(
        Object.entries(files).map(([file, text]) => [file, text.replaceAll('\n', '\r\n')]),
      );
      for (const each of [files, windows]) {
        assert.deepEqual(startedIn(each), started);
        assert.deepEqual(settingsIn(each), settings);
      }
    });
  }

  it('is read however broken it is', () => {
    for (const text of [
      '[Service]\nExecStart=kube-proxy "$',
      '[Service]\nEnvironment="KUBE_PROXY_ARGS=\n',
      'KUBE_PROXY_ARGS="--',
      '[Service]\nEnvironmentFile=-\nExecStart=kube-proxy $',
    ])
      assert.doesNotThrow(() => startedIn({ 'kube-proxy.service': text, 'kube-proxy.service.d/a.conf': text }));
  });
});
