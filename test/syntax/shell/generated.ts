// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the variables are those of the shell
/** A source of numbers that is the same in every run. */
export function dice(seed: number): (sides: number) => number {
  let state = seed >>> 0;
  return sides => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * sides);
  };
}

/**
 * Scripts, each a list of statements that bash takes; `w` is a program. Every statement begins on a line of its own. `even`: no
 * word has an odd number of one kind of quotes.
 */
export function generatedStatements(count: number, seed: number, even = false): string[][] {
  const numbers = dice(seed);
  const roll: Dice = Object.assign((sides: number) => numbers(sides), { even });
  return Array.from({ length: count }, () => Array.from({ length: 2 + roll(6) }, () => statement(roll, 2)));
}

type Dice = ((sides: number) => number) & { readonly even?: boolean };

function pick<T>(roll: Dice, from: readonly T[]): T {
  return from[roll(from.length)] as T;
}

const WORDS = [
  'a',
  '-t',
  'raw',
  '1.2.15.21/32',
  '--dport',
  '80,443',
  'x=y',
  'a#b',
  '-',
  '+',
  '!',
  '%',
  '^a',
  'a:b',
  '@',
  'in',
  'fi',
  'do',
];

/** Words in every way of writing them; none is a pattern, and no variable but V, W and E is named. */
export function generatedWord(roll: Dice): string {
  const word = anyWord(roll);
  const isEven = (quote: string) => word.split(quote).length % 2 === 1;
  return !roll.even || (isEven("'") && isEven('"')) ? word : generatedWord(roll);
}

function anyWord(roll: Dice): string {
  switch (roll(14)) {
    case 0:
      return `'${pick(roll, ['b c', '', 'a"b', '$V', '`w`', '#', 'a;b', '|', 'x)'])}'`;
    case 1:
      return `"${pick(roll, ['b c', '', "a'b", '$V', '${V}x', '\\$V', '\\"', 'a\\\\b', 'a\\b', '#', '(', '$W$V', '$'])}"`;
    case 2:
      return pick(roll, ['$V', '${V}', '$V.x', '$W', 'x$W', '$W$W', '${W}y', '"$W"', '$E', '"$E"', 'a$E', '$E$W']);
    case 3:
      return pick(roll, ['a\\ b', '\\$V', '\\"', "\\'", '\\#', 'a\\\nb', '\\;', "it\\'s"]);
    case 4:
      return pick(roll, ["$'a\\tb'", "$'it\\'s'", '$"a b"', "''a", '""', '"a"\'b\'c', '"$V"$V']);
    case 5:
      return pick(roll, [
        '$(printf "%s" "a b")',
        '"$(printf "%s" a)"',
        '`printf %s a`',
        '$((1 + 2))',
        '"$((3 * (4)))"',
        '${V:-x}',
        '${U:-x y}',
        '${#V}',
        '${V%1}',
      ]);
    default:
      return pick(roll, WORDS);
  }
}

function command(roll: Dice): string {
  const words = Array.from({ length: roll(6) }, () => generatedWord(roll));
  const before = pick(roll, ['', '', '', '', 'A=1 ', 'A="b c" B=$V ']);
  const behind = pick(roll, ['', '', '', '', ' 2>/dev/null', ' 2>&1', ' </dev/null', ' # and more (']);
  const gap = pick(roll, [' ', ' ', ' ', '  ', '\t', ' \\\n  ']);
  return `${before}w ${words.join(gap)}${behind}`;
}

function list(roll: Dice, depth: number): string {
  return Array.from({ length: 1 + roll(2) }, () => statement(roll, depth)).join('\n');
}

function statement(roll: Dice, depth: number): string {
  const inner = () => list(roll, depth - 1);
  switch (depth > 0 ? roll(16) : 15) {
    case 0:
      return `if w ${generatedWord(roll)}; then\n${inner()}\nelse\n${inner()}\nfi`;
    case 1:
      return `for X in a b "c d"; do\n${inner()}\nw "$X"\ndone`;
    case 2:
      return `{\n${inner()}\n}`;
    case 3:
      return `(\n${inner()}\n)`;
    case 4:
      return `case ${generatedWord(roll)} in\na|b)\n${inner()}\n;;\n*)\n${inner()}\n;;\nesac`;
    case 5:
      return `w a | while read -r Y; do\n${inner()}\ndone`;
    case 6:
      return `cat >/dev/null <<EOF\nlines of $V, "one" and 'two'\nEOF`;
    case 7:
      return `cat >/dev/null <<-'END'\n\tit is $(not run)\n\tEND`;
    case 8:
      return `w a && w b ||\n  w c`;
    case 9:
      return `! w a`;
    case 10:
      return `w "two\nlines"`;
    case 11:
      return `w 'print $1\n  next' b`;
    case 12:
      return '# a comment that says "two\tor three" words; and (more\nw c';
    case 13:
      return `Z=$(w a\nw b)`;
    default:
      return command(roll);
  }
}
