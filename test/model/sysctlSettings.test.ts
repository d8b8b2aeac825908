import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Entity } from '../../server/src/model/entity.ts';
import { languageOf, readPiece } from '../../server/src/model/pieces.ts';

const MAX = 'net.netfilter.nf_conntrack_max = 262144\n';

describe('a sysctl file is told by', () => {
  for (const [what, file, text, is] of [
    ['its name', 'etc/sysctl.conf', 'vm.swappiness = 0\n', true],
    ['its folder', 'roles/node/files/sysctl.d/90-k8s.conf', 'vm.swappiness = 0\n', true],
    ['a part of its name', 'templates/95-k8s-sysctl.conf.j2', '{% if a %}\n', true],
    ['what is in it, about conntrack', 'files/90-conntrack.conf', `# edge\n${MAX}vm.swappiness = 0\n`, true],
    ['nothing: it is about other things', 'files/90-swap.conf', 'vm.swappiness = 0\n', false],
    ['nothing: most of it is something else', 'a.conf', `${MAX}a = 1\nb = 2\nlisten 80;\n`, false],
    ['nothing: it is a page', 'README.md', MAX, false],
    ['nothing: it is a script', 'tune.sh', MAX, false],
    ['nothing: its name only sounds like it', 'sysctl_test.go', 'package sysctl', false],
  ] as const)
    it(what, () => assert.equal(languageOf(file, text) === 'sysctl', is));
});

function told(file: string, text: string): string[] {
  const language = languageOf(file, text);
  return language ? readPiece(file, language, text).flatMap(entity => shown(entity, text)) : [];
}

function shown(entity: Entity, text: string): string[] {
  const at = ({ start, end }: { readonly start: number; readonly end: number }) => text.slice(start, end);
  if (entity.is === 'sysctlSettings') {
    const lines = entity.lines.map(({ knob, number, valuePlace }) => `${knob} ${number} «${at(valuePlace.value)}»`);
    return [...lines, ...entity.hidden.map(path => `${path} hidden`)];
  }
  if (entity.is === 'podSysctls') return entity.sysctls.map(({ knob, place }) => `${knob} «${at(place.entry)}»`);
  if (entity.is !== 'kernelModules') return [];
  const options = entity.options.map(({ module, name, value }) => `${module} ${name}=${value}`);
  return [...entity.loads.map(({ module }) => `loads ${module}`), ...options];
}

describe('what is said of netfilter', () => {
  const cases: readonly (readonly [file: string, text: string, expected: readonly string[]])[] = [
    [
      'sysctl.conf',
      `# a\r\n${MAX.trim()}\r\nvm.swappiness = 0\r\n`,
      ['net/netfilter/nf_conntrack_max 262144 «262144»'],
    ],
    ['sysctl.conf', 'net.nf_conntrack_max = 1 # few\n', ['net/netfilter/nf_conntrack_max 1 «1 # few»']],
    ['sysctl.conf', 'net.ipv4.netfilter.ip_conntrack_max=x\n', ['net/netfilter/nf_conntrack_max null «x»']],
    ['sysctl.conf', 'net.netfilter.nf_conntrack_max = {{ max }}\n', ['net/netfilter/nf_conntrack_max hidden']],
    ['sysctl.conf', 'vm.swappiness = 0\n', []],
    ['sysctl.conf', '', []],
    ['sysctl.conf', '\u0000=\n=\n=net.netfilter\n'.repeat(50), []],
    [
      'cm.yaml',
      `apiVersion: v1\nkind: ConfigMap\ndata:\n  90.conf: |\n    # edge\n    ${MAX}`,
      ['net/netfilter/nf_conntrack_max 262144 «262144»'],
    ],
    [
      'setup.sh',
      `#!/bin/sh\ncat > /etc/sysctl.d/90.conf <<EOF\n${MAX}EOF\n`,
      ['net/netfilter/nf_conntrack_max 262144 «262144»'],
    ],
    [
      'etc/modules-load.d/k8s.conf',
      '# a\nbr_netfilter\n; b\n nf-conntrack \r\n',
      ['loads br_netfilter', 'loads nf_conntrack'],
    ],
    [
      'tune.sh',
      '#!/bin/sh\nsysctl -q -w net.netfilter.nf_conntrack_max=262144 net.core.somaxconn=9\nsysctl net.nf_conntrack_max\n',
      ['net/netfilter/nf_conntrack_max 262144 «262144»'],
    ],
    [
      'tune.sh',
      '#!/bin/sh\nmax=5\necho $max > /proc/sys/net/netfilter/nf_conntrack_max\necho 7 >/sys/module/nf_conntrack/parameters/hashsize\n',
      ['net/netfilter/nf_conntrack_max 5 «$max»', 'net/netfilter/nf_conntrack_buckets 7 «7»'],
    ],
    [
      'tune.sh',
      '#!/bin/sh\necho "net.netfilter.nf_conntrack_max = 262144" >> /etc/sysctl.conf\nnsenter -t 1 -n sysctl -w net.nf_conntrack_max=1\n',
      ['net/netfilter/nf_conntrack_max 262144 «262144»'],
    ],
    [
      'tune.sh',
      "#!/bin/sh\necho 7 | sudo tee /proc/sys/net/netfilter/nf_conntrack_max\necho 'net.nf_conntrack_max=8' | tee -a /etc/sysctl.d/9.conf > /dev/null\nprintf 'net.nf_conntrack_max=9\\n' >> /etc/sysctl.conf\n",
      [
        'net/netfilter/nf_conntrack_max 7 «7»',
        'net/netfilter/nf_conntrack_max 8 «8»',
        'net/netfilter/nf_conntrack_max 9 «9»',
      ],
    ],
    [
      'tune.sh',
      '#!/bin/sh\necho -e "net.nf_conntrack_max=8\\nnet.netfilter.nf_conntrack_acct=1" >> /etc/sysctl.conf\necho 5 | tee a /proc/sys/net/nf_conntrack_max\n',
      [],
    ],
    [
      'tune.sh',
      '#!/bin/sh\necho "\nnet.nf_conntrack_max=8\nvm.swappiness=1\n" >> /etc/sysctl.conf\n',
      ['net/netfilter/nf_conntrack_max 8 «8»'],
    ],
    [
      'load.sh',
      '#!/bin/sh\nmodprobe -q nf_conntrack hashsize=65536\nmodprobe -a ip_vs nf-nat\n',
      ['loads nf_conntrack', 'loads ip_vs', 'loads nf_nat', 'nf_conntrack hashsize=65536'],
    ],
    [
      'roles/node/tasks/main.yml',
      '- name: load\n  modprobe: { name: nf_conntrack, state: present }\n- block:\n    - community.general.modprobe:\n        name: "{{ item }}"\n      loop: [ip_vs, nf-nat, "{{ x }}"]\n    - modprobe: { name: br_netfilter, state: absent }\n',
      ['loads nf_conntrack', 'loads ip_vs', 'loads nf_nat'],
    ],
    ['etc/modules', 'nf_conntrack\n', ['loads nf_conntrack']],
    [
      'modprobe.d/nf.conf',
      'options nf_conntrack hashsize=65536 acct=1\nalias a b\noptions\n',
      ['nf_conntrack hashsize=65536', 'nf_conntrack acct=1'],
    ],
    [
      'pod.yaml',
      'apiVersion: v1\nkind: Pod\nspec:\n  securityContext:\n    sysctls:\n      - name: net/core/somaxconn\n        value: "1"\n  containers: []\n',
      ['net/core/somaxconn «net/core/somaxconn»'],
    ],
  ];
  for (const [file, text, expected] of cases)
    it(`${file}: ${JSON.stringify(text.slice(0, 60))}`, () => assert.deepEqual(told(file, text), expected));
});

describe('what tasks of Ansible say of netfilter', () => {
  const value = (name: string, text: string) => `- sysctl:\n    name: ${name}\n    value: ${text}\n`;
  const cases: readonly (readonly [what: string, tasks: string, expected: readonly string[]])[] = [
    ['a task', value('net.netfilter.nf_conntrack_max', '262144'), ['net/netfilter/nf_conntrack_max 262144 «262144»']],
    ['in quotes', value('"net/nf_conntrack_max"', "'262144'"), ['net/netfilter/nf_conntrack_max 262144 «262144»']],
    [
      'of the collection',
      value('net.nf_conntrack_max', '1').replace('sysctl', 'ansible.posix.sysctl'),
      ['net/netfilter/nf_conntrack_max 1 «1»'],
    ],
    [
      'in a play',
      `- hosts: all\n  tasks:\n${value('net.nf_conntrack_max', '1s').replace(/^/gm, '    ').trimEnd()}\n`,
      ['net/netfilter/nf_conntrack_max null «1s»'],
    ],
    [
      'in one line',
      '- sysctl: name=net.nf_conntrack_max value="1s" state=present\n',
      ['net/netfilter/nf_conntrack_max null «1s»'],
    ],
    [
      'a truth',
      value('net.netfilter.nf_conntrack_tcp_be_liberal', 'yes'),
      ['net/netfilter/nf_conntrack_tcp_be_liberal 1 «yes»'],
    ],
    [
      'a number that YAML reads otherwise',
      value('net.nf_conntrack_max', '1_000'),
      ['net/netfilter/nf_conntrack_max hidden'],
    ],
    ['an expression', value('net.nf_conntrack_max', '"{{ max }}"'), ['net/netfilter/nf_conntrack_max hidden']],
    [
      'an expression in one line',
      '- sysctl: name=net.nf_conntrack_max value={{ a | b }} reload=yes\n',
      ['net/netfilter/nf_conntrack_max hidden'],
    ],
    ['a name that nobody knows', value('"{{ name }}"', '1'), []],
    ['one that is taken out', `${value('net.nf_conntrack_max', '1')}    state: absent\n`, []],
    ['none of netfilter', value('vm.swappiness', '0'), []],
    ['half typed', '- sysctl:\n    name: net.nf_conntrack_max\n    val', ['net/netfilter/nf_conntrack_max hidden']],
    ['no value', '- sysctl: { name: net.nf_conntrack_max }\n', ['net/netfilter/nf_conntrack_max hidden']],
    [
      'a loop over mappings',
      '- sysctl: { name: "{{ item.n }}", value: "{{ item[\'v\'] }}" }\n  loop:\n    - { n: net.nf_conntrack_max, v: 1 }\n    - { n: net.netfilter.nf_conntrack_buckets, v: "{{ b }}" }\n    - x\n',
      ['net/netfilter/nf_conntrack_max 1 «1»', 'net/netfilter/nf_conntrack_buckets hidden'],
    ],
    [
      'a loop over a dictionary, with a name of its own',
      '- sysctl: { name: "{{ s.key }}", value: "{{ s.value }}" }\n  with_dict: { net.nf_conntrack_max: 1 }\n  loop_control: { loop_var: s }\n',
      ['net/netfilter/nf_conntrack_max 1 «1»'],
    ],
    [
      'a loop over what stands elsewhere',
      '- sysctl: { name: net.nf_conntrack_max, value: "{{ item }}" }\n  loop: "{{ all }}"\n',
      ['net/netfilter/nf_conntrack_max hidden'],
    ],
    [
      'a file',
      '- ansible.builtin.copy:\n    dest: /etc/sysctl.d/90.conf\n    content: |\n      net.nf_conntrack_max = 1\n',
      ['net/netfilter/nf_conntrack_max 1 «1»'],
    ],
    [
      'a line',
      '- lineinfile: { path: /etc/sysctl.conf, line: net.nf_conntrack_max = 1 }\n',
      ['net/netfilter/nf_conntrack_max 1 «1»'],
    ],
    [
      'no line that is taken out',
      '- lineinfile: { path: /etc/sysctl.conf, line: net.nf_conntrack_max = 1, state: absent }\n',
      [],
    ],
    [
      'lines of a loop',
      '- lineinfile: { dest: /etc/modules-load.d/a.conf, line: "{{ item }}" }\n  with_items: [nf_conntrack, "{{ x }}"]\n',
      ['loads nf_conntrack'],
    ],
    [
      'a block',
      '- blockinfile:\n    path: /etc/sysctl.conf\n    block: |\n      net.nf_conntrack_max = {{ max }}\n',
      ['net/netfilter/nf_conntrack_max hidden'],
    ],
  ];
  for (const [what, tasks, expected] of cases) {
    it(what, () => {
      for (const text of [tasks, tasks.replaceAll('\n', '\r\n')])
        assert.deepEqual(told('tasks/main.yml', text), expected);
    });
  }

  it('may fail where the task is ready for that', () => {
    const task = value('net.nf_conntrack_max', '1');
    const mayFail = (text: string) =>
      readPiece('a.yml', 'yaml', text).flatMap(entity =>
        entity.is === 'sysctlSettings' ? entity.lines.map(line => line.mayFail) : [],
      );
    const cases = [
      task,
      `${task}    ignoreerrors: yes\n`,
      `${task}  ignore_errors: true\n`,
      `${task}  failed_when: false\n`,
      `${task}  when: ansible_kernel is version("4.9", ">")\n`,
      `${task}  when: is_node\n`,
    ];
    assert.deepEqual(cases.flatMap(mayFail), [false, true, true, true, true, false]);
  });
});
