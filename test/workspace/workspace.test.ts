import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Core } from '../../server/src/core.ts';

const RULE = 'dns/hostnetwork-dns-policy';

const daemonSet = (extra = '', name = 'edge') => `apiVersion: apps/v1
kind: DaemonSet
metadata:
  name: ${name}
spec:
  template:
    spec:
      hostNetwork: true
${extra}      containers:
        - image: registry.k8s.io/ingress-nginx/controller
`;

function coreWith(files: Record<string, string>, settings: unknown = {}): Core {
  const core = new Core(message => assert.fail(message));
  core.configure(settings, 'en');
  for (const [file, text] of Object.entries(files)) core.put(file, text);
  return core;
}

const said = (core: Core, file: string) =>
  core.findings(file).map(({ rule, severity, range }) => `${range.start.line + 1} ${severity} ${rule}`);

describe('suppressions', () => {
  const comment = (text: string) => daemonSet().replace('      hostNetwork', `      ${text}\n      hostNetwork`);
  const cases: readonly [what: string, text: string, said: readonly string[]][] = [
    ['on the line before', comment(`# ingress-path-ignore ${RULE}: the node knows the cluster`), []],
    [
      'on the line itself',
      daemonSet().replace('true', `true # ingress-path-ignore ${RULE}: the node knows the cluster`),
      [],
    ],
    ['above other comments', comment(`# ingress-path-ignore ${RULE}: why\n      # more`), []],
    [
      'of several rules, one of which finds nothing here',
      comment(`# ingress-path-ignore tls/dead-dhe, ${RULE}: why`),
      ['8 information ingress-path/unused-suppression'],
    ],
    [
      'without a reason',
      comment(`# ingress-path-ignore ${RULE}`),
      ['8 warning ingress-path/suppression-without-reason', `9 warning ${RULE}`],
    ],
    [
      'without a rule',
      comment('# ingress-path-ignore: why'),
      ['8 warning ingress-path/suppression-without-reason', `9 warning ${RULE}`],
    ],
    [
      'of a rule that finds nothing here',
      daemonSet('', 'a').replace('kind', `# ingress-path-ignore ${RULE}: why\nkind`),
      ['2 information ingress-path/unused-suppression', `9 warning ${RULE}`],
    ],
    [
      'of a rule that is none',
      comment('# ingress-path-ignore dns/none: why'),
      ['8 information ingress-path/unused-suppression', `9 warning ${RULE}`],
    ],
    ['in a string', 'apiVersion: v1\nkind: ConfigMap\ndata:\n  a: "x# ingress-path-ignore"\n', []],
    [
      'in a file of no other interest',
      `# ingress-path-ignore ${RULE}: why\na: b\n`,
      ['1 information ingress-path/unused-suppression'],
    ],
    ['with CRLF', comment(`# ingress-path-ignore ${RULE}: why`).replaceAll('\n', '\r\n'), []],
  ];
  for (const [what, text, wanted] of cases) {
    it(what, () => assert.deepEqual(said(coreWith({ 'a.yaml': text }), 'a.yaml'), wanted));
  }

  const key = (value: string) =>
    `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ingress-nginx-controller\ndata:\n  ssl-ciphers: ${value}\n`;
  const CIPHER = 'ECDHE-RSA-AES129-GCM-SHA256';
  const written: readonly [what: string, file: string, text: string, above: string | null][] = [
    ['above the line', 'a.yaml', daemonSet(), '      hostNetwork: true'],
    ['with the line breaks of the file', 'a.yaml', daemonSet().replaceAll('\n', '\r\n'), '      hostNetwork: true\r'],
    [
      'above the lines that a backslash joins',
      'cron.sh',
      '# cron\niptables -w 5 \\\n  -t raw \\\n  -A INPUT -j ACCEPT\n',
      'iptables -w 5 \\',
    ],
    [
      'above a folded scalar, of which it would be a part',
      'a.yaml',
      key(`>-\n    HIGH:\n    ${CIPHER}`),
      '  ssl-ciphers: >-',
    ],
    [
      'above a quoted scalar that a backslash joins',
      'a.yaml',
      key(`"HIGH:\\\n    ${CIPHER}"`),
      '  ssl-ciphers: "HIGH:\\',
    ],
    ['nowhere within a scalar that nothing marks', 'a.yaml', key(`"HIGH:\n    ${CIPHER}"`), null],
    ['where the same is found twice', 'a.yaml', `${daemonSet()}---\n${daemonSet('', 'b')}`, '      hostNetwork: true'],
    [
      'within a text that has comments of its own',
      'a.yaml',
      'apiVersion: v1\nkind: ConfigMap\ndata:\n  nginx.conf: |\n    events {}\n    http {\n      sendfile yes;\n    }\n',
      '      sendfile yes;',
    ],
  ];
  for (const [what, file, text, above] of written) {
    it(`are written ${what}`, () => {
      const core = coreWith({ [file]: text });
      const [finding] = core.findings(file);
      assert.ok(finding);
      const before = said(core, file);
      const edit = core.suppressionOf(file, finding, 'why');
      assert.deepEqual(said(core, file), before, 'the file itself is as before');
      assert.equal(edit === null ? null : text.split('\n')[edit.range.start.line], above);
      if (!edit) return;
      const lines = text.split('\n');
      lines.splice(edit.range.start.line, 0, edit.newText.replace(/\n$/, ''));
      assert.equal(said(coreWith({ [file]: lines.join('\n') }), file).length, before.length - 1);
    });
  }

  it('cannot be written in JSON', () => {
    const json = JSON.stringify({
      apiVersion: 'v1',
      kind: 'Pod',
      spec: { hostNetwork: true, containers: [{ image: 'registry.k8s.io/ingress-nginx/controller:v1' }] },
    });
    const core = coreWith({ 'a.json': json });
    const [finding] = core.findings('a.json');
    assert.ok(finding);
    assert.equal(core.suppressionOf('a.json', finding, 'why'), null);
  });

  it('are not looked for where they are only quoted', () => {
    const quoted = `\`\`\`yaml\n# ingress-path-ignore ${RULE}: why\na: b\n\`\`\`\n`;
    for (const file of ['README.md', 'a.js']) assert.deepEqual(said(coreWith({ [file]: quoted }), file), []);
  });
});

describe('settings', () => {
  const cases: readonly [what: string, file: string, editor: unknown, said: readonly string[]][] = [
    ['level in the editor', '', { levels: { [RULE]: 'error' } }, [`8 error ${RULE}`]],
    ['level in the file', `levels: { ${RULE}: hint }\n`, {}, [`8 hint ${RULE}`]],
    [
      'the file goes before the editor',
      `levels:\n  ${RULE}: hint\n`,
      { levels: { [RULE]: 'error' } },
      [`8 hint ${RULE}`],
    ],
    ['off', `levels: { ${RULE}: off }\n`, {}, []],
    ['files to leave alone', 'ignore: ["*.yaml"]\n', {}, []],
    ['a level that is none keeps the default', `levels: { ${RULE}: loud }\n`, {}, [`8 warning ${RULE}`]],
    ['a level that is none leaves the others', `levels: { ${RULE}: off, ingress-path/setting: loud }\n`, {}, []],
    ['a pattern that is none leaves the others', 'ignore: ["*.yaml", 1]\n', {}, []],
    ['half-typed', 'levels:\n  dn', {}, [`8 warning ${RULE}`]],
    ['empty', '\n', {}, [`8 warning ${RULE}`]],
    ['from an editor that sends nonsense', '', 'nonsense', [`8 warning ${RULE}`]],
  ];
  for (const [what, file, editor, wanted] of cases) {
    it(what, () => {
      const core = coreWith({ 'ingress-path.yaml': file, 'a/b.yaml': daemonSet() }, editor);
      assert.deepEqual(said(core, 'a/b.yaml'), wanted);
    });
  }

  it('say what is wrong with them, where it stands', () => {
    const core = coreWith({ 'ingress-path.yaml': 'levels:\n  dns/x: loud\nlanguage: 1\nlevel: {}\nignore: a\n' });
    assert.deepEqual(
      core.findings('ingress-path.yaml').map(({ range, message }) => `${range.start.line + 1}: ${message}`),
      [
        '2: levels.dns/x has no effect: it must be one of error, warning, information, hint, off',
        '2: levels.dns/x has no effect: there is no such rule',
        '3: language has no effect: it must be one of en, zh',
        '4: level has no effect: the settings are levels, ignore, language, clusterDns, clusterDomain, nodeCores, kubernetes, controller, openssl, certificateKey, connectionsPerSecond',
        '5: ignore has no effect: it must be a list',
      ],
    );
  });

  it('say what would do', () => {
    const file = `levels:\n  dns/hostnetwork-dns-polcy: off\n  ingress-path/setting: hint\nnodeCores: 0\nkubernetes: new\nclusterDns: 10.96.0.10\n`;
    assert.deepEqual(
      coreWith({ 'ingress-path.yaml': file })
        .findings('ingress-path.yaml')
        .map(({ severity, message }) => `${severity}: ${message}`),
      [
        `hint: levels.dns/hostnetwork-dns-polcy has no effect: there is no such rule; did you mean ${RULE}?`,
        'hint: nodeCores has no effect: it must be 1 or more',
        'hint: kubernetes has no effect: it must look like 1.36',
        'hint: clusterDns has no effect: it must be a list',
      ],
    );
  });

  it('choose the language', () => {
    const files = { 'ingress-path.yaml': 'language: zh\n', 'a.yaml': daemonSet() };
    assert.match(coreWith(files).findings('a.yaml')[0]?.message ?? '', /^此 Pod 无法解析/);
  });

  it('count again when the file goes away', () => {
    const core = coreWith({ 'ingress-path.yaml': `levels: { ${RULE}: error }\n`, 'a.yaml': daemonSet() });
    assert.deepEqual(said(core, 'a.yaml'), [`8 error ${RULE}`]);
    core.remove('ingress-path.yaml');
    assert.deepEqual(said(core, 'a.yaml'), [`8 warning ${RULE}`]);
  });
});

describe('a workspace', () => {
  const base = daemonSet().replace('      hostNetwork: true\n', '');
  const patch = daemonSet().split('      containers')[0] ?? '';
  const kustomization = 'resources: [base.yaml]\npatches:\n  - path: patch.yaml\n';

  it('reports the files whose findings changed, and no others', () => {
    const core = coreWith({
      'base.yaml': base,
      'patch.yaml': patch,
      'kustomization.yaml': kustomization,
      'other.yaml': daemonSet('', 'other'),
    });
    assert.deepEqual(core.changedFiles().sort(), ['other.yaml', 'patch.yaml']);
    assert.deepEqual(core.changedFiles(), []);
    core.put('base.yaml', base.replace('      containers', '      dnsPolicy: None\n      containers'));
    assert.deepEqual(core.changedFiles(), ['patch.yaml']);
    assert.deepEqual(said(core, 'patch.yaml'), []);
    core.put('base.yaml', base);
    assert.deepEqual(core.changedFiles(), ['patch.yaml']);
    core.put('other.yaml', `# more\n${daemonSet('', 'other')}`);
    assert.deepEqual(core.changedFiles(), ['other.yaml']);
    core.remove('kustomization.yaml');
    assert.deepEqual(core.changedFiles(), ['patch.yaml']);
    core.remove('other.yaml');
    assert.deepEqual(core.changedFiles(), ['other.yaml']);
  });

  it('does not take an edited object for a layer of its own', () => {
    const core = coreWith({ 'edge.yaml': daemonSet(), 'kustomization.yaml': 'resources: [edge.yaml]\n' });
    assert.deepEqual(said(core, 'edge.yaml'), [`8 warning ${RULE}`]);
    core.put('edge.yaml', daemonSet('      dnsPolicy: Default\n'));
    assert.deepEqual(said(core, 'edge.yaml'), []);
    core.put('edge.yaml', daemonSet());
    assert.deepEqual(said(core, 'edge.yaml'), [`8 warning ${RULE}`]);
  });

  it('says the same in whatever order its files come', () => {
    const files = Object.entries({ 'base.yaml': base, 'patch.yaml': patch, 'kustomization.yaml': kustomization });
    const forwards = coreWith(Object.fromEntries(files));
    const backwards = coreWith(Object.fromEntries([...files].reverse()));
    for (const [file] of files) assert.deepEqual(backwards.findings(file), forwards.findings(file));
  });

  it('finds places in a stream after an edit above them', () => {
    const core = coreWith({ 'a.yaml': `a: b\n---\n${daemonSet()}` });
    assert.deepEqual(said(core, 'a.yaml'), [`10 warning ${RULE}`]);
    core.put('a.yaml', `a: b\nc: d\n---\n${daemonSet()}---\n${daemonSet('      dnsPolicy: Default\n', 'b')}`);
    assert.deepEqual(said(core, 'a.yaml'), [`11 warning ${RULE}`]);
  });

  it('reads a stream of JSON documents as a stream', () => {
    const pod = (name: string) =>
      JSON.stringify({
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name },
        spec: { hostNetwork: true, containers: [{ image: 'registry.k8s.io/ingress-nginx/controller:v1' }] },
      });
    assert.equal(said(coreWith({ 'a.json': `${pod('a')}\n---\n${pod('b')}\n` }), 'a.json').length, 2);
  });

  it('fixes every piece of a stream at once', () => {
    const core = coreWith({ 'a.yaml': `${daemonSet()}---\n${daemonSet('', 'b')}` });
    const right = '      dnsPolicy: ClusterFirstWithHostNet\n';
    assert.equal(core.fixAll('a.yaml'), `${daemonSet(right)}---\n${daemonSet(right, 'b')}`);
    assert.deepEqual(said(core, 'a.yaml').length, 2, 'the files themselves are as before');
  });
});

describe('a fix that reaches into another file', () => {
  it('edits both', () => {
    const core = coreWith({ 'a.yaml': daemonSet(), 'b.yaml': `---\n${daemonSet('', 'b')}` });
    const [finding] = core.findings('a.yaml');
    assert.ok(finding);
    const [fix] = finding.fixes;
    assert.ok(fix);
    const changes = [
      ...fix.changes,
      ...fix.changes.map(each => ({ ...each, elsewhere: { file: 'b.yaml', piece: 0 } })),
    ];
    const edits = core.editsOf('a.yaml', finding, { ...fix, changes });
    assert.deepEqual(
      edits?.map(({ file, range }) => `${file} ${range.start.line + 1}`),
      ['a.yaml 8', 'b.yaml 9'],
    );
  });
});

describe('what stands nearest', () => {
  const proxy = (min: number) =>
    `apiVersion: kubeproxy.config.k8s.io/v1alpha1\nkind: KubeProxyConfiguration\nconntrack:\n  maxPerCore: 1\n  min: ${min}\n`;
  const SYSCTL = 'net.netfilter.nf_conntrack_max = 1000000\n';
  const rewritten = (files: Record<string, string>) =>
    said(coreWith(files, { kubernetes: '1.30' }), 'a/sysctl.d/90.conf').filter(each =>
      each.endsWith('/sysctl-rewritten'),
    );

  it('is another cluster’s in another folder', () => {
    const other = { 'b/proxy.yaml': proxy(2_000_000) };
    assert.deepEqual(rewritten({ 'a/sysctl.d/90.conf': SYSCTL, 'a/proxy.yaml': proxy(1_000_000), ...other }), []);
    assert.equal(rewritten({ 'a/sysctl.d/90.conf': SYSCTL, 'a/proxy.yaml': proxy(2_000_000), ...other }).length, 1);
    assert.equal(rewritten({ 'a/sysctl.d/90.conf': SYSCTL, ...other }).length, 1);
  });

  it('changes when something comes nearer', () => {
    const core = coreWith({ 'a/sysctl.d/90.conf': SYSCTL, 'b/proxy.yaml': proxy(2_000_000) }, { kubernetes: '1.30' });
    assert.ok(core.changedFiles().includes('a/sysctl.d/90.conf'));
    core.put('a/proxy.yaml', proxy(1_000_000));
    assert.ok(core.changedFiles().includes('a/sysctl.d/90.conf'));
    assert.ok(!said(core, 'a/sysctl.d/90.conf').some(each => each.endsWith('/sysctl-rewritten')));
  });
});

describe('rules that leave connections of a Service untracked', () => {
  const rules = `*raw
:PREROUTING ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
-A PREROUTING -d 203.0.113.10/32 -p tcp -m tcp --dport 443 -j NOTRACK
-A OUTPUT -s 203.0.113.10/32 -p tcp -m tcp --sport 443 -j NOTRACK
COMMIT
`;
  const service = (address: string, port = 443) => `apiVersion: v1
kind: Service
metadata: { name: shop }
spec: { clusterIP: ${address}, ports: [{ port: ${port} }] }
`;
  const pod = (hostNetwork: string) => `apiVersion: v1
kind: Pod
metadata: { name: edge, labels: { app: shop } }
spec:
  ${hostNetwork}
  containers: [{ image: nginx, ports: [{ containerPort: 443, hostPort: 443 }] }]
`;
  const DEFEATED = '4 warning netfilter/notrack-defeats-nat';
  const POSSIBLY = '4 information netfilter/notrack-defeats-nat';

  it('are looked at again whenever what stands there changes', () => {
    const core = coreWith({ 'rules.v4': rules, 'shop.yaml': service('203.0.113.10') });
    const told = () => said(core, 'rules.v4').filter(each => each.endsWith('notrack-defeats-nat'));
    const changes = (file: string, text: string) => {
      core.put(file, text);
      return core.changedFiles().includes('rules.v4');
    };
    assert.deepEqual([core.changedFiles(), told()], [['rules.v4'], [DEFEATED]]);
    assert.deepEqual([changes('shop.yaml', service('203.0.113.11')), told()], [true, []]);
    assert.deepEqual([changes('shop.yaml', service('203.0.113.10', 80)), told()], [false, []]);
    assert.deepEqual([changes('pod.yaml', pod('hostNetwork: false')), told()], [true, [POSSIBLY]]);
    assert.deepEqual([changes('pod.yaml', pod('hostNetwork: true')), told()], [true, []]);
    assert.deepEqual([changes('shop.yaml', service('203.0.113.10')), told()], [true, [DEFEATED]]);
    assert.deepEqual([changes('cilium.yaml', 'kubeProxyReplacement: true\n'), told()], [true, []]);
    core.remove('cilium.yaml');
    assert.deepEqual([core.changedFiles().includes('rules.v4'), told()], [true, [DEFEATED]]);
  });
});
