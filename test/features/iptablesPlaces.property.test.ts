// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the variables are those of the shell
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Core } from '../../server/src/core.ts';
import { applyEdits } from '../../server/src/text/edits.ts';
import { LineIndex } from '../../server/src/text/lines.ts';

/** Commands of iptables in every place where they stand. */
const FILES: readonly (readonly [file: string, text: string])[] = [
  [
    'a.sh',
    'VIP=192.0.2.10\nadd() { iptables -w -t raw -A "$1" -d $VIP -p tcp --dport 443 -j NOTRACK; }\nadd PREROUTING\nfor p in 80 443; do iptables -A PREROUTING -p tcp --dport $p -j NOTRACK 2>&1 | tee x; done\nsh -c \'iptables -N WEB && iptables -A INPUT -j WEB\'\nif ! iptables -C INPUT -j DROP; then\n\tiptables -A INPUT -j DROP\nfi\ncat > rules.v4 <<-EOF\n\t*raw\n\t-A PREROUTING -s $VIP -j NOTRACK\n\tCOMMIT\nEOF\n(crontab -l; echo "* * * * * iptables -F") | crontab -\n',
  ],
  [
    'a.service',
    '[Service]\nExecStart=-/sbin/iptables -A PREROUTING -i %i -j NOTRACK || true ; iptables -F; x\nExecStart=@/sbin/iptables own -t raw -A OUTPUT \\\n  -j NOTRACK > /dev/null\nExecStop=/bin/sh -c "iptables -F && iptables -X"\n',
  ],
  [
    'etc/cron.d/a',
    'IPT=/sbin/iptables\n*/5 * * * * root $IPT -A INPUT -j DROP\n@reboot root iptables -t raw -A OUTPUT -j NOTRACK %in\n',
  ],
  [
    'a.yaml',
    'kind: Pod\nspec:\n  hostNetwork: true\n  containers:\n    - command: [iptables, "-A", \'PREROUTING\', -s, $(IP), -j, "NOTRACK", "||", "it\'s {{ x }}"]\n      lifecycle: {postStart: {exec: {command: [sh, -c, "iptables -F\\niptables -A INPUT -j DROP"]}}}\n',
  ],
  [
    'user-data',
    '#cloud-config\nruncmd:\n  - iptables -A PREROUTING -p tcp -j NOTRACK\n  - [iptables, -w, -t, raw, -A, OUTPUT, -j, NOTRACK]\n  - |\n    set -e\n    iptables -A INPUT -j DROP\nbootcmd: [iptables -F, &a "iptables -X", *a]\n',
  ],
  [
    'tasks.yml',
    '- name: a\n  ansible.builtin.iptables: {chain: PREROUTING, protocol: tcp, destination_port: "443", jump: NOTRACK, comment: "it\'s"}\n- command: iptables -C INPUT -j DROP || iptables -A INPUT -j DROP\n- command: {argv: [iptables, -F, ">", x]}\n- shell: |\n    iptables -A INPUT -s {{ a }} -j DROP\n  when: b\n- cron: {name: c, job: "iptables -A INPUT -j DROP"}\n- copy: {dest: /etc/cron.d/x, content: "* * * * * root iptables -F\\n"}\n',
  ],
  [
    'interfaces',
    'iface eth0 inet dhcp\n  up iptables -A PREROUTING -j NOTRACK\n  post-down iptables -F \\\n    INPUT\n',
  ],
  ['wg0.conf', '[Interface]\nPostUp = iptables -A PREROUTING -i %i -j NOTRACK; iptables -F\n'],
];

const INSERTED = [
  '"',
  "'",
  '`',
  '$(',
  '${',
  '\\',
  '{{',
  '}}',
  '{%',
  '\r\n',
  '\t',
  '\n',
  '|',
  '#',
  '%',
  '<<E\n',
  ' -',
  ';',
  '&',
  '*a',
  ': ',
  '- ',
  '[',
  ']',
  '\u0000',
  '😀',
];

/** Asks everything that an editor asks. Fixes read back as what they were offered for, and edits stay within the text. */
function ask(file: string, text: string, at: number): void {
  const core = new Core(message => assert.fail(message));
  core.put(file, text);
  const lines = new LineIndex(text);
  const position = lines.positionAt(Math.min(at, text.length));
  core.hover(file, position);
  core.links(file, position);
  core.outline(file);
  core.colouredWords(file);
  const found = core.completions(file, position);
  if (found) {
    const [start, end] = [lines.offsetAt(found.range.start), lines.offsetAt(found.range.end)];
    assert.ok(start <= end && end === Math.min(at, text.length), 'what is typed ends at the caret');
    for (const { insert } of found.items) assert.doesNotMatch(insert, /[\r\n"'`$\\]/);
  }
  for (const finding of core.findings(file)) {
    for (const fix of finding.fixes) {
      const edits = core.editsOf(file, finding, fix) ?? [];
      const own = edits.filter(edit => edit.file === file);
      applyEdits(
        text,
        own.map(({ range, newText }) => ({
          span: { start: lines.offsetAt(range.start), end: lines.offsetAt(range.end) },
          newText,
        })),
      );
    }
  }
}

describe('commands of iptables, wherever they stand', () => {
  for (const [file, text] of FILES) {
    it(`${file}: half typed, and damaged in any way`, () => {
      const offset = fc.nat(text.length);
      fc.assert(
        fc.property(
          offset,
          fc.nat(6),
          fc.constantFrom(...INSERTED, ''),
          fc.boolean(),
          fc.boolean(),
          (at, removed, inserted, isCut, isWindows) => {
            const damaged = text.slice(0, at) + inserted + (isCut ? '' : text.slice(at + removed));
            const shown = isWindows ? damaged.replace(/(?<!\r)\n/g, '\r\n') : damaged;
            const before = text.slice(0, at) + inserted;
            ask(file, shown, (isWindows ? before.replace(/(?<!\r)\n/g, '\r\n') : before).length);
          },
        ),
        { numRuns: 60, seed: 7 },
      );
    });
  }

  const LONG = 200_000;
  const long: readonly (readonly [file: string, text: string])[] = [
    ['a.sh', `iptables -A INPUT -s ${'x'.repeat(LONG)} -j `],
    ['a.sh', `iptables ${'-A INPUT '.repeat(LONG / 9)}`],
    ['a.sh', `iptables -A INPUT ${'"'.repeat(LONG)}`],
    ['a.service', `[Service]\nExecStart=iptables ${'|| '.repeat(LONG / 3)}`],
    ['a.service', `[Service]\nExecStart=iptables ${'\\\n'.repeat(LONG / 2)}`],
    ['a.service', `[Service]\nExecStart=iptables ${"'".repeat(LONG)}`],
    ['etc/cron.d/a', `* * * * * root iptables ${'* '.repeat(LONG / 2)}`],
    ['etc/cron.d/a', `${'* '.repeat(LONG / 2)}iptables\n* * * * * root iptables -F\n`],
    ['a.yaml', `kind: Pod\nspec:\n  containers:\n    - command: [iptables${', "||"'.repeat(LONG / 6)}]\n`],
    ['tasks.yml', `- command: iptables ${'$( '.repeat(LONG / 3)}\n`],
    ['tasks.yml', '- command: iptables -F && x\n'.repeat(LONG / 2000)],
  ];
  for (const [file, text] of long) {
    it(`${file}, of ${text.length} characters: ${text.slice(0, 70).replaceAll('\n', '⏎')}`, () => {
      const began = process.cpuUsage();
      ask(file, text, text.length);
      const { user } = process.cpuUsage(began);
      assert.ok(user < 4_000_000, `${Math.round(user / 1000)} ms`);
    });
  }
});
