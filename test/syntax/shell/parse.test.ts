// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the variables are those of the shell
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseShell } from '../../../server/src/syntax/shell/script.ts';
import { drawn } from './drawn.ts';

type Rows = readonly (readonly [script: string, reading: string])[];

function table(title: string, rows: Rows, whole = true): void {
  describe(title, () => {
    for (const [script, reading] of rows) {
      it(JSON.stringify(script), () => {
        const parsed = parseShell(script);
        assert.equal(drawn(parsed), reading);
        assert.equal(parsed.whole, whole);
      });
    }
  });
}

table('words', [
  ['iptables -t raw  -A\tPREROUTING', 'iptables|-t|raw|-A|PREROUTING'],
  [`a 'b c' "d e" f\\ g 'h'"i"j`, 'a|b c|d e|f g|hij'],
  [`a "" ''`, 'a||'],
  ['a "$b c" ${d} $1$@ ${e:-f}', 'a|$b c|$d|$1$@|$e{:-f}'],
  ['a "\\$b \\` \\" \\\\ \\n"', 'a|$b ` " \\ \\n'],
  ["a $'b\\tc\\'d' $'\\x41' $\"e\"", "a|b\tc'd|?|e"],
  ['a $((1 + (2))) ${#b} ${!c}', 'a|?|?|?'],
  ['a $(b "c d" | e) `f g`', 'a|$(b|c d | e)|$(f|g)'],
  ['a "$(b "c")" <(d)', 'a|$(b|c)|$(d)'],
  ['a `b \\`c\\``', 'a|?'],
  ['a $ b$', 'a|$|b$'],
  ['a b#c # d', 'a|b#c'],
  ['a \\\n  b\\\nc', 'a|bc'],
  ['a \\\r\n  b\r\nc\r\n', 'a|b; c'],
  ['a {b,c} *.d', 'a|{b,c}|*.d'],
]);

table('commands', [
  ['a; b & c\nd', 'a; b; c; d'],
  ['a | b |& c', 'a | b | c'],
  ['! a | b', '! a | b'],
  ['a && b ||\n c', 'a && b || c'],
  ['A=1 B="x y" c d=e', 'A=1 B=x y c|d=e'],
  ['A=\nB=(1 "2 3")\nC+=1 D[0]=2', 'A=; B?=1|2 3; C?=1 D?=2'],
  ['declare -a A=(1 2); a', 'declare|-a|A=?; a'],
  ['a > b 2>&1 <c &>> d <<< "e f"', 'a >b 2>&1 <c &>>d <<<e f'],
  ['a &>/dev/null || b', 'a &>/dev/null || b'],
  ['(a; b) > c', '(a; b) >c'],
  ['{ a; b; } 2>/dev/null', '{a; b} 2>/dev/null'],
  ['echo } fi done', 'echo|}|fi|done'],
  ['if a; then b; elif c; then d; else e; fi', 'if{a}{b}{c}{d}else{e}'],
  ['if ! a\nthen\n b # c\nfi; d', 'if{! a}{b}; d'],
  ['for x in a "b c" $d; do e $x; done | f', 'for x in(a|b c|$d){e|$x} | f'],
  ['for x\ndo a; done', 'for x in(@){a}'],
  ['for ((i = 0; i < 3; i++)); do a; done', 'for  in(@){a}'],
  ['while read x; do a; done < b', 'while{read|x}{a} <b'],
  ['until a; do b; done', 'until{a}{b}'],
  ['case "$1" in a|b) c ;; (*) d;; esac; e', 'case $1(a|b){c} *){d}); e'],
  ['case x in\n a)\n  if b; then c; fi\nesac', 'case x(a){if{b}{c}})'],
  ['f() { a "$@"; }\nfunction g { b; }\nf c', 'f(){{a|$@}}; g(){{b}}; f|c'],
  ['f () (\n a\n)', 'f(){(a)}'],
  ['[[ $a =~ ^(b|c)$ && -n "$d" ]] && e', '[[|$a|=~|^|(|b|||c|)|$|&&|-n|$d|]] && e'],
  ['((a = 1 << 2)); b', '{}; b'],
  ['[ a ] && b', '[|a|] && b'],
  ['#!/bin/sh\n\n# iptables -F\na', 'a'],
  ['x=$(\n  a\n  # b )\n  c\n)\nd', 'x=$(a; c); d'],
]);

table('here-documents', [
  ['cat > f <<EOF\na $b\nEOF\nc', 'cat >f <<{a $b/}; c'],
  ["cat <<'EOF' > f\na $b\nEOF\nc", 'cat <<{a $b/} >f; c'],
  ['cat <<-EOF\n\ta\n\tEOF\nc', 'cat <<-{\ta/}; c'],
  ['a <<A <<B\n1\nA\n2\nB\nc', 'a <<{1/} <<{2/}; c'],
  ['cat <<EOF | b\na\nEOF\nc', 'cat <<{a/} | b; c'],
  ['x=$(cat <<EOF\na "\nEOF\n)\nc', 'x=$(cat <<{a "/}); c'],
  ['if a; then cat <<EOF\nfi\nEOF\nfi; b', 'if{a}{cat <<{fi/}}; b'],
  ['cat <<E"O"F\na\nEOF\n', 'cat <<{a/}'],
]);

table(
  'what is half-typed or wrong takes its own line with it, and no other',
  [
    ['a "b\nc d\ne "f"', 'a|b; c|d; e|f'],
    ["a 'b\nc 'd'", 'a|b; c|d'],
    ["a 'b\nc\n' d\ne \"f\ng 'h'", 'a|b/c/|d; e|f; g|h'],
    ['a $(b\nc', 'a|$(b); c'],
    ['a "$(b"\nc "d"', 'a|$(b); c|d'],
    ['a `b\nc', 'a|$(b); c'],
    ['a ${b\nc', 'a|$b; c'],
    ['a "', 'a|'],
    ['cat <<EOF\na\nEO\nb', 'cat <<{a/}; b'],
    ['cat <<EOF\na\nEO\nb <<EOF\nc\nEOF\nd', 'cat <<{a/}; b <<{c/}; d'],
    ['cat <<EOF\na\nb', 'cat <<{}; a; b'],
  ],
  false,
);

table('keywords too many or too few end nothing', [
  ['fi\ndone\n} a; ) b ;; c', 'a; b; c'],
  ['if a; then b', 'if{a}{b}'],
  ['for x in a; do if b; then c; done; d', 'for x in(a){if{b}{c}}; d'],
  ['f() { a\nb', 'f(){{a; b}}'],
  ['fr x in a; do b; done; c', 'fr|x|in|a; b; c'],
  ['if a; thn b; fi; c', 'if{a; thn|b}{}; c'],
  ['case x in a b;; c) d;; esac; e', 'case x(){a|b} c){d}); e'],
  ['(a; b', '(a; b)'],
  ['a && ; b |', 'a; b'],
  ['', ''],
]);
