// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the variables are those of the shell
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ShellField } from '../../server/src/model/shell/fields.ts';
import type { Invocation } from '../../server/src/model/shell/invocation.ts';
import { invocationsOf } from '../../server/src/model/shell/invocations.ts';
import { parseShell } from '../../server/src/syntax/shell/script.ts';

/** `?` for a word that is not known, `?*` for one that may be none or several. */
function shown(fields: readonly ShellField[]): string {
  return fields.map(({ value, single }) => value ?? (single ? '?' : '?*')).join('|');
}

/** Each command on a line of its own, with the names of what was asked before it in brackets. */
function run(script: string): string[] {
  return invocationsOf(parseShell(script)).map(each => shown(each.fields) + asked(each));
}

function asked({ guards }: Invocation): string {
  const names = guards.map(({ invocations }) => invocations.map(({ fields }) => shown(fields.slice(0, 2))).join(','));
  return names.length > 0 ? ` [${names.join(' ')}]` : '';
}

const rows: readonly (readonly [about: string, script: string, commands: readonly string[]])[] = [
  ['a variable', 'IPT="/sbin/iptables -w 5"\n$IPT -A "$X" $Y', ['/sbin/iptables|-w|5|-A|?|?*']],
  ['its default counts where it is empty only', 'A=b\nc ${A:-d} ${E:-f}', ['c|b|?*']],
  ['what a variable is set to in one arm', 'A=1\nif b; then A=2; fi\nc "$A"', ['b', 'c|?']],
  ['what both arms leave alone', 'A=1\nif b; then c; else A=1; fi\nd $A', ['b', 'c [b]', 'd|1']],
  ['a loop over words', 'for p in 80 443; do a --dport $p; done', ['a|--dport|80', 'a|--dport|443']],
  ['a loop over a variable', 'V="1.1.1.1 2.2.2.2"\nfor v in $V; do a "$v"; done', ['a|1.1.1.1', 'a|2.2.2.2']],
  ['a loop over what is not known', 'for v in $(b); do a "$v" $v; done', ['b', 'a|?|?*']],
  ['what a loop changes', 'A=1\nwhile b; do c $A; A=2; done\nd $A', ['b', 'c|?* [b]', 'd|?*']],
  ['a function', 'f() { a "$@" -d $1; }\nf x "y z"', ['f|x|y z', 'a|x|y z|-d|x']],
  ['a function that shifts', 'f() { shift; a "$@" $1; }\nf x', ['f|x', 'shift', 'a|?*|?*']],
  ['a function that nothing calls', 'A=1\nf() { a $A "$1"; }', ['a|1|?']],
  ['a function that calls itself', 'f() { f a; }\nf', ['f', 'f|a']],
  ['local variables', 'A=1\nf() { local A=2; a $A; }\nf\nb $A', ['f', 'local|A=2', 'a|2', 'b|1']],
  ['a subshell', 'A=1\n(A=2; a $A)\nb $A', ['a|2', 'b|1']],
  ['a substitution', 'A=$(b | c "d")\ne "$A"', ['b', 'c|d', 'e|?']],
  ['fields of another separator', 'IFS=,\nA=b,c\nd $A', ['d|?*']],
  ['what comes from another file', 'A=1\n. ./file\na "$A"', ['.|./file', 'a|?']],
  ['read', 'A=1\nread A\na "$A"', ['read|A', 'a|?']],
  ['patterns and braces', 'a *.b {c,d} "*" [e', ['a|?*|?*|*|[e']],
  ['a command for one word of the environment', 'A=1 b c', ['b|c']],
  ['conditions', 'a x || b x && c', ['a|x', 'b|x [a|x]', 'c [a|x b|x]']],
  ['conditions of pipelines', 'a | b || c', ['a', 'b', 'c [a,b]']],
  ['conditions of if', 'if ! a; then b; elif c; then d; else e; fi', ['a', 'b [a]', 'c [a]', 'd [a c]', 'e [a c]']],
  ['what the command before said', 'a\nif [ $? -ne 0 ]; then b; fi', ['a', '[|?*|-ne|0|]', 'b [a,[|?*]']],
  ['what would have left', 'a && exit\nb', ['a', 'exit [a]', 'b [a]']],
  ['what would have left, in a block', 'if a; then b; exit 1; fi\nc', ['a', 'b [a]', 'exit|1 [a]', 'c [a]']],
  ['exec leaves only with a program', 'a && exec 2>&1\nb', ['a', 'exec [a]', 'b']],
];

describe('what a script runs', () => {
  for (const [about, script, commands] of rows) it(about, () => assert.deepEqual(run(script), commands));

  it('is told with the answer that lets it run', () => {
    const answers = (script: string) =>
      invocationsOf(parseShell(script)).map(({ fields, guards }) => {
        const signs = guards.map(({ onSuccess }) => (onSuccess === null ? '?' : onSuccess ? '+' : '-'));
        return `${fields[0]?.value} ${signs.join('')}`.trim();
      });
    assert.deepEqual(answers('a && b || c'), ['a', 'b +', 'c ??']);
    assert.deepEqual(answers('a || b || c'), ['a', 'b -', 'c --']);
    assert.deepEqual(answers('! a || b'), ['a', 'b +']);
    assert.deepEqual(answers('if a; then b; elif ! c; then d; else e; fi'), ['a', 'b +', 'c -', 'd --', 'e -+']);
    assert.deepEqual(answers('a && exit\nb'), ['a', 'exit +', 'b -']);
    assert.deepEqual(answers('if a; then return; fi; b'), ['a', 'return +', 'b -']);
    assert.deepEqual(answers('if a; then b; else exit; fi; c'), ['a', 'b +', 'exit -', 'c +']);
    assert.deepEqual(answers('a\nif [ $? -eq 0 ]; then b; fi'), ['a', '[', 'b ?']);
  });

  it('is counted: loops within loops end', () => {
    const loops = `${'for x in a b c d e f g h i j; do\n'.repeat(12)}w\n${'done\n'.repeat(12)}`;
    assert.ok(run(loops).length < 50_000);
  });

  it('is told with what printed a variable', () => {
    const [, , last] = invocationsOf(parseShell('V=$(a | b)\nc $V'));
    assert.deepEqual(
      last?.variables.get('V')?.printedBy.map(({ fields }) => shown(fields)),
      ['a', 'b'],
    );
  });
});
