// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the variables are those of the shell
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Entity } from '../../server/src/model/entity.ts';
import { commandOf, iptablesCallsOf } from '../../server/src/model/iptablesCall.ts';
import { languageOf, readPiece } from '../../server/src/model/pieces.ts';

const NOTRACK = 'iptables -t raw -A PREROUTING -p tcp --dport 80 -j NOTRACK\n';

describe('a script is told by', () => {
  const files: readonly (readonly [file: string, text: string, language: string | null])[] = [
    ['notrack.sh', NOTRACK, 'shell'],
    ['templates/notrack.sh.j2', NOTRACK, 'shell'],
    ['if-up.d/notrack', `#!/bin/sh\n${NOTRACK}`, 'shell'],
    ['rc.firewall.conf', `#!/usr/bin/env bash\n${NOTRACK}`, 'shell'],
    ['firewall', NOTRACK, 'shell'],
    ['firewall', '-A PREROUTING -p tcp --dport 80 -j NOTRACK\n', null],
    ['notes.md', NOTRACK, null],
    ['build.sh', 'make all\n', null],
    ['firewall.py', `#!/usr/bin/python3\n# iptables -F\n`, null],
    ['notrack.sh', `$IPT -F\n`, 'shell'],
  ];
  for (const [file, text, language] of files) {
    it(`${file}: ${text.split('\n')[0]}`, () => assert.equal(languageOf(file, text), language));
  }
});

/** A call in one word or two: what is called, what it does, and whether it waits for the lock. */
function calls(file: string, text: string): string[] {
  return read(file, text).flatMap(entity => {
    if (entity.is !== 'shellText') return [];
    const { carrier } = entity;
    return iptablesCallsOf(entity).map(call => {
      const program = `${call.family === 'ipv6' ? 'ip6tables' : 'iptables'}${call.backend ? `-${call.backend}` : ''}`;
      const wait = call.waits === undefined ? ' waits?' : call.waits ? ' waits' : '';
      const does = call.form === 'command' ? `${call.table} ${commandOf(call)}` : call.form;
      return `${carrier.kind}${carrier.again ? ` (${carrier.again})` : ''}: ${program} ${does}${wait}`;
    });
  });
}

function read(file: string, text: string): Entity[] {
  const language = languageOf(file, text);
  return language ? readPiece(file, language, text) : [];
}

const container = (indent: string, script: string) => script.replace(/^(?=.)/gm, indent);

describe('calls of iptables', () => {
  const rows: readonly (readonly [about: string, file: string, text: string, calls: readonly string[]])[] = [
    ['plainly', 'a.sh', NOTRACK, ['file: iptables raw append']],
    ['in cron', 'cron.d/a.sh', NOTRACK, ['file (cron): iptables raw append']],
    [
      'in a script that says who runs it',
      'a.sh',
      `# every minute, from cron\n${NOTRACK}`,
      ['file (cron): iptables raw append'],
    ],
    [
      'in a script that speaks of cron later',
      'a.sh',
      `iptables -F\n# cron jobs\n${NOTRACK}`,
      ['file: iptables filter flush', 'file: iptables raw append'],
    ],
    [
      'with a wait',
      'a.sh',
      'iptables -w 5 -S\niptables -w -S\niptables --wait=3 -S',
      Array(3).fill('file: iptables filter list-rules waits'),
    ],
    [
      'with another backend',
      'a.sh',
      'ip6tables-legacy -F; iptables-nft -t nat -F',
      ['file: ip6tables-legacy filter flush', 'file: iptables-nft nat flush'],
    ],
    [
      'through other programs',
      'a.sh',
      'sudo -n /sbin/iptables -F\ntimeout 5 env A=b iptables -X',
      ['file: iptables filter flush', 'file: iptables filter delete-chain'],
    ],
    [
      'through a variable',
      'a.sh',
      'IPT="/sbin/iptables -w"\n$IPT -F\n$IPTABLES -F\n$IP6TABLES -X',
      [
        'file: iptables filter flush waits',
        'file: iptables filter flush waits?',
        'file: ip6tables filter delete-chain waits?',
      ],
    ],
    ['with options from elsewhere', 'a.sh', 'iptables $OPTS -F', ['file: iptables null flush waits?']],
    ['in another namespace', 'a.sh', 'ip netns exec a iptables -F\nnsenter -t 1 -n iptables -F', []],
    ['restoring', 'a.sh', 'iptables-restore -n < f; iptables-save', ['file: iptables restore', 'file: iptables save']],
    [
      'in a loop',
      'a.sh',
      'for p in 80 443; do iptables -A INPUT --dport $p; done',
      Array(2).fill('file: iptables filter append'),
    ],
    ['in a word', 'a.sh', "sudo sh -c 'iptables -F'", ['word: iptables filter flush']],
    [
      'in a pod of the host, and in one of its own',
      'a.yaml',
      `kind: DaemonSet\napiVersion: apps/v1\nspec:\n  template:\n    spec:\n      hostNetwork: true\n      initContainers:\n        - command: [sh, -ec]\n          args:\n            - |\n${container('              ', NOTRACK)}`,
      ['container (container): iptables raw append'],
    ],
    [
      'in a hook of a chart',
      'values.yaml',
      `controller:\n  hostNetwork: true\n  lifecycle:\n    postStart:\n      exec:\n        command: ["/bin/sh", "-c", "${NOTRACK.trim()}"]\n`,
      ['container (hook): iptables raw append'],
    ],
    [
      'in a pod with a network of its own',
      'a.yaml',
      `kind: Pod\napiVersion: v1\nspec:\n  initContainers:\n    - command:\n        - sh\n        - -c\n        - ${NOTRACK.trim()}\n`,
      ['container: iptables raw append'],
    ],
    [
      'in a ConfigMap',
      'a.yaml',
      `kind: ConfigMap\napiVersion: v1\ndata:\n  run.sh: |\n${container('    ', NOTRACK)}  notes: |\n    nothing\n`,
      ['configMap: iptables raw append'],
    ],
    [
      'in cloud-init',
      'user-data',
      `#cloud-config\nruncmd:\n  - ${NOTRACK.trim()}\n  - [iptables, -F]\nwrite_files:\n  - path: /etc/cron.d/notrack.sh\n    content: |\n${container('      ', NOTRACK)}`,
      ['cloudInit: iptables raw append', 'cloudInit: iptables filter flush', 'file (cron): iptables raw append'],
    ],
    [
      'in a crontab of the system',
      'etc/cron.d/notrack',
      `# firewall\nIPT=/sbin/iptables\n*/5 * * * * root ${NOTRACK}@reboot root $IPT -F\n0 3 * * 1-5 root date +\\%F; iptables -X %-F INPUT\n`,
      ['file (cron): iptables raw append', 'file (cron): iptables filter delete-chain', 'file: iptables filter flush'],
    ],
    [
      'in a crontab of a user, by its lines alone',
      'notes/tab.txt',
      `MAILTO=root\r\n* * * * * ${NOTRACK.trim()}\r\n`,
      ['file (cron): iptables raw append'],
    ],
    [
      'in a crontab with words that are no schedule',
      'spool/cron/crontabs/root',
      `every day iptables -F\n@daily iptables -X\n`,
      ['file (cron): iptables filter delete-chain'],
    ],
    [
      'in a crontab that a script writes',
      'a.sh',
      `crontab - <<EOF\n* * * * * ${NOTRACK}EOF\n(crontab -l; echo "@hourly iptables -F") | crontab -\necho '* * * * * root iptables -X' > /etc/cron.d/x\n`,
      [
        'file (cron): iptables raw append',
        'file (cron): iptables filter flush',
        'file (cron): iptables filter delete-chain',
      ],
    ],
    ['in lines that are like a crontab', 'a.txt', `1 2 3\niptables -F\n`, []],
    [
      'in interfaces(5)',
      'etc/network/interfaces.d/eth0',
      `iface eth0 inet static\n  address 1.2.3.4\n  post-up ${NOTRACK}  down iptables -F\n`,
      ['file: iptables raw append', 'file: iptables filter flush'],
    ],
    [
      'of wg-quick',
      'wireguard/wg0.conf',
      `[Interface]\nPrivateKey = x\nPostUp = iptables -A FORWARD -i %i -j ACCEPT; iptables -F INPUT\nPostDown = iptables -X\n`,
      ['file: iptables filter append', 'file: iptables filter flush', 'file: iptables filter delete-chain'],
    ],
    [
      'in a container without a shell',
      'a.yaml',
      `kind: Pod\napiVersion: v1\nspec:\n  hostNetwork: true\n  initContainers:\n    - command: [iptables, -t, "raw"]\n      args:\n        - -A\n        - PREROUTING\n        - -s\n        - $(NODE_IP)\n        - -j\n        - NOTRACK\n`,
      ['container (container): iptables raw append'],
    ],
    [
      'in a container through another program',
      'a.yaml',
      `kind: Pod\napiVersion: v1\nspec:\n  containers:\n    - command: [nsenter, -t, "1", -n, --, sh, -c, iptables -F]\n    - command: [sudo, iptables, -X]\n`,
      ['container: iptables filter flush', 'container: iptables filter delete-chain'],
    ],
    [
      'in hooks of a pod',
      'a.yaml',
      `kind: Pod\napiVersion: v1\nspec:\n  hostNetwork: true\n  containers:\n    - lifecycle:\n        postStart:\n          exec:\n            command: ["iptables", "-F"]\n        preStop: {exec: {command: [sh, -c, iptables -X]}}\n`,
      ['container (hook): iptables filter flush', 'container (container): iptables filter delete-chain'],
    ],
    [
      'in units with prefixes',
      'a.service',
      `[Service]\nExecStart=-/sbin/iptables -F\nExecStart=+/sbin/iptables -X ; iptables -Z\nExecStart=@/sbin/iptables other -S\n`,
      ['flush', 'delete-chain', 'zero', 'list-rules'].map(does => `unit (unit): iptables filter ${does}`),
    ],
    [
      'in tasks',
      'roles/a/tasks/main.yml',
      `- name: x\n  shell: ${NOTRACK.trim()}\n- ansible.builtin.command: iptables -F\n  when: x\n- command:\n    argv: [iptables, -X]\n- ansible.builtin.shell:\n    cmd: iptables -Z\n- block:\n    - cron: {name: y, job: iptables -S}\n`,
      [
        'ansible (playbook): iptables raw append',
        'ansible (playbook): iptables filter delete-chain',
        'ansible (playbook): iptables filter zero',
        'ansible: iptables filter flush',
        'ansible (cron): iptables filter list-rules',
      ],
    ],
    [
      'in tasks of plays, each by itself, and in files that they write',
      'site.yml',
      `- hosts: a\n  tasks:\n    - raw: iptables -F\n- hosts: b\n  tasks:\n    - raw: iptables -X\n    - copy:\n        dest: /etc/cron.d/x\n        content: |\n          * * * * * root iptables -Z\n`,
      [
        'ansible (playbook): iptables filter flush',
        'ansible (playbook): iptables filter delete-chain',
        'file (cron): iptables filter zero',
      ],
    ],
    [
      "of Ansible's own module",
      'tasks/main.yml',
      `- ansible.builtin.iptables:\n    table: raw\n    chain: PREROUTING\n    protocol: tcp\n    destination_port: 443\n    jump: NOTRACK\n- iptables: {chain: INPUT, state: absent, ip_version: ipv6, ctstate: [NEW, INVALID], jump: DROP}\n- iptables: {chain: INPUT, action: insert, source: "{{ x }}", jump: DROP}\n- iptables: {chain: INPUT, jump: "{{ y }}", state: "{{ z }}"}\n- iptables: {chain: INPUT, gateway: 1.2.3.4}\n`,
      ['ansible: iptables raw append', 'ansible: ip6tables filter delete', 'ansible: iptables filter insert'],
    ],
    [
      'that a template prints',
      'a.sh.j2',
      'iptables -A {{ chain }} -p tcp -j {{ target }}\n{{ program }} -A INPUT',
      ['file: iptables null append waits?'],
    ],
  ];
  for (const [about, file, text, expected] of rows) it(about, () => assert.deepEqual(calls(file, text), expected));
});

describe('what a program gets', () => {
  const rows: readonly (readonly [file: string, text: string, words: readonly (string | null)[]])[] = [
    [
      'a.yaml',
      `kind: Pod\nspec:\n  containers:\n    - command: [iptables, -m, comment, --comment, "it's", -s, $(IP), "a {{ x }}", "||", '$$', "", '>f']\n`,
      ['-m', 'comment', '--comment', "it's", '-s', null, null, null, '$', '', null],
    ],
    [
      'a.service',
      '[Service]\nExecStart=iptables -i %i -m comment --comment 50%% "a || b" || true; x >f $(y) 2>&1\n',
      ['-i', null, '-m', 'comment', '--comment', null, 'a || b', null, null, 'x', null, null, null],
    ],
    [
      'user-data',
      '#cloud-config\nruncmd:\n  - [iptables, -s, "${cidr}/8", -d, $IP, --log-prefix, "a: "]\n',
      ['-s', null, '-d', null, '--log-prefix', 'a: '],
    ],
    ['tasks.yml', '- command: iptables -F && iptables -X; <name>\n', ['-F', null, 'iptables', null]],
    [
      'tasks.yml',
      '- iptables: {chain: INPUT, source: "!1.2.3.4", comment: it\'s}\n',
      ['-A', 'INPUT', '!', '-s', '1.2.3.4', '-m', 'comment', '--comment', "it's"],
    ],
  ];
  for (const [file, text, expected] of rows) {
    it(text, () => {
      const found = read(file, text).flatMap(entity =>
        entity.is === 'shellText' ? iptablesCallsOf(entity).flatMap(call => call.words.map(({ value }) => value)) : [],
      );
      assert.deepEqual(found, expected);
    });
  }
});

describe('a here-document is a text of its own', () => {
  const nginx = (script: string) =>
    read('a.sh', script).flatMap(entity => (entity.is === 'nginxText' ? [entity.tree.text] : []));
  const SERVER = 'events {}\nhttp {\n  server {\n    listen 80;\n    return 200 "$host";\n  }\n}\n';

  const rows: readonly (readonly [about: string, script: string, texts: readonly string[]])[] = [
    ['of a quoted delimiter', `cat > /etc/nginx/nginx.conf <<'EOF'\n${SERVER}EOF\n`, [SERVER]],
    ['through tee', `cat <<'EOF' | sudo tee /etc/nginx/nginx.conf >/dev/null\n${SERVER}EOF\n`, [SERVER]],
    ['with its tabs dropped', `cat > nginx.conf <<-'EOF'\n${SERVER.replace(/^/gm, '\t')}EOF\n`, [SERVER]],
    ['with escapes', `cat > nginx.conf <<EOF\n${SERVER.replace('$', '\\$')}EOF\n`, [SERVER]],
    [
      'with what is known',
      `P=80\ncat > nginx.conf <<EOF\n${SERVER.replace('80', '$P').replace('$host', 'x')}EOF\n`,
      [SERVER.replace('$host', 'x')],
    ],
    [
      'with what is not',
      `cat > nginx.conf <<EOF\n${SERVER.replace('80', '$P').replace('$host', 'x')}EOF\n`,
      [SERVER.replace('80', 'x'.repeat(14)).replace('$host', 'x')],
    ],
    ['into a file that a variable names', `F=/etc/nginx/nginx.conf\ncat > "$F" <<'EOF'\n${SERVER}EOF\n`, [SERVER]],
    ['into a file that nobody knows', `cat > "$F" <<'EOF'\n${SERVER}EOF\n`, []],
    ['in parts', `F=/etc/nginx/nginx.conf\ncat > $F <<'EOF'\n${SERVER}EOF\ncat >> "$F" <<'EOF'\n${SERVER}EOF\n`, []],
    ['for a program that nobody knows', `nginx-here <<'EOF'\n${SERVER}EOF\n`, []],
  ];
  for (const [about, script, texts] of rows) it(about, () => assert.deepEqual(nginx(script), texts));

  it('and so is a manifest for kubectl', () => {
    const script = `kubectl apply -f - <<EOF\napiVersion: v1\nkind: Pod\nspec:\n  hostNetwork: true\nEOF\n`;
    assert.ok(read('a.sh', script).some(entity => entity.is === 'podSpec' && entity.hostNetwork.is(true)));
  });
});
