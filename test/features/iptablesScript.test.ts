import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Target } from '../../server/src/features/answers.ts';
import { LineIndex } from '../../server/src/text/lines.ts';
import { open } from './caret.ts';

const SCRIPT = `#!/bin/sh
iptables -N WEB
for p in 80 443; do
  iptables -A WEB -p tcp --dport "$p" -j ACCEPT
done
iptables -A INPUT -j WEB
iptables -P INPUT DROP
iptables -t nat -A POSTROUTING ! -d 10.0.0.0/8 -j MASQUERADE
ip6tables -A INPUT -j WEB
iptables -D INPUT -j WEB
`;

/** The lines that definitions and references are on, with the caret before `at` behind `after`. */
function linksAt(at: string, after: string, file = 'a.sh', script = SCRIPT): readonly (readonly number[])[] | null {
  const index = script.indexOf(at, script.indexOf(after));
  const { core, position } = open(file, `${script.slice(0, index)}¦${script.slice(index)}`);
  const found = core.links(file, position);
  const lines = (targets: readonly Target[]) => targets.map(({ range }) => range.start.line + 1);
  return found && [lines(found.definitions), lines(found.references)];
}

describe('links between commands of iptables', () => {
  it('lead from a jump to -N, and to all who name the chain, each once', () => {
    assert.deepEqual(linksAt('WEB', '-A INPUT -j'), [[2], [4, 6, 10]]);
    assert.deepEqual(linksAt('WEB', '-N'), [[2], [4, 6, 10]]);
  });

  it('keep families and tables apart, and lead nowhere from targets', () => {
    assert.deepEqual(linksAt('WEB', 'ip6tables'), [[], [9]]);
    assert.equal(linksAt('MASQUERADE', 'nat'), null);
    assert.equal(linksAt('--dport', '-A WEB'), null);
  });

  it('lead from what a unit stops to what it starts', () => {
    const unit =
      '[Service]\nExecStart=/sbin/iptables -N WEB\nExecStart=/sbin/iptables -A WEB -j DROP\nExecStop=/sbin/iptables -F WEB\n';
    assert.deepEqual(linksAt('WEB', '-F', 'a.service', unit), [[2], [3, 4]]);
  });
});

describe('the outline of a script', () => {
  it('has its tables with their chains', () => {
    const { core, covered } = open('a.sh', SCRIPT);
    const shown = core
      .outline('a.sh')
      .flatMap(({ name, children }) => [
        name,
        ...children.map(child => `  ${child.name} [${covered(child.selection)}]`),
      ]);
    assert.deepEqual(shown, [
      'iptables -t filter',
      '  WEB (2) [WEB]',
      '  INPUT DROP (1) [INPUT]',
      'iptables -t nat',
      '  POSTROUTING (1) [POSTROUTING]',
      'ip6tables -t filter',
      '  INPUT (1) [INPUT]',
    ]);
  });

  it('is empty for a script without rules', () =>
    assert.deepEqual(open('a.sh', 'iptables-save\n').core.outline('a.sh'), []));
});

describe('the colours of commands', () => {
  const colours = (file: string, source: string) => {
    const { core, text } = open(file, source);
    const lines = new LineIndex(text);
    return core.colouredWords(file).map(({ colour, start, length }) => {
      const from = lines.offsetAt(start);
      return `${text.slice(from, from + length)} ${colour}`;
    });
  };

  it('tell options, chains, targets and numbers, and leave variables and quotes alone', () => {
    assert.deepEqual(
      colours(
        'a.sh',
        'P=80\n/sbin/iptables -A INPUT ! -s 10.0.0.0/8 -p tcp --dport $P -m comment --comment "a b" -j DROP\n',
      ),
      [
        '/sbin/iptables function',
        '-A parameter',
        'INPUT function',
        '! operator',
        '-s parameter',
        '10.0.0.0/8 number',
        '-p parameter',
        'tcp variable',
        '--dport parameter',
        '-m parameter',
        'comment variable',
        '--comment parameter',
        '-j parameter',
        'DROP keyword',
      ],
    );
  });

  it('are there once for each word of a loop, in lists and in scalars', () => {
    assert.deepEqual(colours('a.sh', 'for p in 1 2; do iptables -F; done\n'), ['iptables function', '-F parameter']);
    assert.deepEqual(colours('a.sh', 'iptables -t raw -P OUTPUT DROP\n').slice(2), [
      'raw keyword',
      '-P parameter',
      'OUTPUT function',
      'DROP keyword',
    ]);
    const pod = 'kind: Pod\nspec:\n  containers:\n    - command: [iptables, "-F", INPUT]\n';
    assert.deepEqual(colours('a.yaml', pod), ['iptables function', '-F parameter', 'INPUT function']);
    assert.deepEqual(colours('a.yml', '- shell: "iptables -F"\n'), ['iptables function', '-F parameter']);
  });
});
