import { ARGUMENTS } from './arguments.ts';

/** Words that something goes wrong with. */
const WORDS = [
  ...['!', '-j', '-p', 'tcp', '--dport', '80', '-m', '--foo', '-i', '65536', '80,443', '90:80', 'DROP', 'notrack'],
  ...['-t', '-w', '#', '"', '-n', '-s', '300.1.1.1', '10.0.0.0/33', '2001:db8::1', 'A-NAME-THAT-IS-MUCH-TOO-LONG-X'],
  ...['NOSUCH', '--syn', '-x', '-X', '-f', '--', '-', '-o', 'averylonginterface', '--to-destination', '10.0.0.1:80'],
  ...['-c', '--reject-with', 'tcp-reset', '-4', '-6', '""', '-c 1 2', '-c 1,2', '-c 1', '-c -1 -1', '[0:0]', '[1:2'],
  ...['! !', '-m tcp', '-m udp', '-m comment --comment x', "'quoted words'", '"a b', 'a"b c"d', '"a\\"b"', '\\', '\\n'],
  ...[
    '-p all',
    '-p 0',
    '-p ! tcp',
    '-s ! 10.0.0.1',
    '! -j',
    '-m conntrack --ctstate NEW',
    '--line-numbers',
    '-v',
    '-vn',
  ],
  ...[
    '-Z',
    '-L',
    '-S',
    '-E',
    '-h',
    '-V',
    '-M /bin/true',
    '--modprobe=/bin/true',
    '--in-interface=lo',
    '-ilo',
    '-jDROP',
  ],
  ...['--wait', '-W 1', '-g', '-N', '-A', '-A INPUT', '-I INPUT 1', '-C INPUT', '-D INPUT', '-mtcp', '--jump=ACCEPT'],
];

const LINES = [
  ...[
    '*filter',
    '*nat',
    '*',
    '* filter',
    '*filter ',
    '*filter x',
    '*FILTER',
    'COMMIT',
    'COMMIT ',
    ' COMMIT',
    'commit',
    'COMMIT # done',
  ],
  ...[
    ':USER-0 - [0:0]',
    ':X',
    ':INPUT REJECT [0:0]',
    ':INPUT ACCEPT',
    ':INPUT ACCEPT [1:2]',
    ':INPUT ACCEPT 1:2',
    ':INPUT ACCEPT [a:b]',
  ],
  ...[
    ':INPUT - [0:0]',
    ': INPUT ACCEPT',
    ':',
    ':INPUT',
    ':INPUT\tDROP\t[0:0]',
    ':INPUT QUEUE [0:0]',
    ':INPUT RETURN',
    ':"a b" - [0:0]',
  ],
  ...[
    `:${'X'.repeat(28)} -`,
    `:${'X'.repeat(29)} -`,
    ':é - [0:0]',
    ':!X - [0:0]',
    ':-X - [0:0]',
    ':MARK - [0:0]',
    ':ACCEPT - [0:0]',
  ],
  ...[
    ' ',
    '\t',
    '#',
    ' # comment',
    '\t# comment',
    '# comment',
    '; comment',
    '-N NEW',
    '-N',
    '-F',
    '-F INPUT',
    '-F NOSUCH',
    '-X',
    '-X USER-0',
  ],
  ...[
    '-P INPUT DROP',
    '-P INPUT REJECT',
    '-P USER-0 DROP',
    '-P INPUT',
    '-Z',
    '-Z INPUT',
    '-E USER-0 NEWNAME',
    '-L',
    '-S',
    '-C INPUT -j ACCEPT',
  ],
  ...[
    '[1:2] -A INPUT -j ACCEPT',
    '[1:2]-A INPUT -j ACCEPT',
    '[1 :2] -A INPUT',
    '[:] -A INPUT',
    '[1:] -A INPUT',
    '[a:b] -A INPUT -j ACCEPT',
  ],
  ...[
    '[1:2]',
    '[-1:-1] -A INPUT -j ACCEPT',
    '[1:2 -A INPUT -j ACCEPT',
    '[99999999999999999999:1] -A INPUT -j ACCEPT',
    '[0:0] COMMIT',
    '[1:2:3] -A INPUT -j ACCEPT',
  ],
  ...[
    'iptables -A INPUT -j ACCEPT',
    '-t filter -A INPUT -j ACCEPT',
    '-A INPUT -c 1 2 -j ACCEPT',
    '-A INPUT -c 1,2 -j ACCEPT',
    '[3:4] -A INPUT -c 1 2 -j ACCEPT',
  ],
  ...[
    '-A INPUT -s 10.0.0.1,10.0.0.2 -d 10.0.0.3,10.0.0.4 -j ACCEPT',
    '-A INPUT -m comment --comment "open',
    '-A INPUT -m comment --comment a"b c"',
    '-A INPUT -j ACCEPT # open',
  ],
  ...[
    '-A INPUT -m tcp -p tcp -m tcp --dport 1 -m tcp --dport 2',
    '-A INPUT -p tcp --dport 1 --dport 2',
    '-A INPUT -p tcp -p udp',
    '-A INPUT -i lo -i lo',
    '-A INPUT -m mark --mark 1 -m mark --mark 2',
  ],
  ...[
    '-A INPUT -m conntrack --ctstate NEW -m conntrack --ctstate ESTABLISHED',
    '-A INPUT -m comment --comment a --comment b',
    '-A INPUT -j ACCEPT -j DROP',
    '-A INPUT -A INPUT -j ACCEPT',
  ],
  ...[
    '-A INPUT -4 -j ACCEPT',
    '-6 -A INPUT -j ACCEPT',
    '-A INPUT -j ACCEPT -6 nonsense',
    '--append INPUT --jump ACCEPT',
    '--app INPUT --ju ACCEPT',
    '--i INPUT -j ACCEPT',
    '-AINPUT -jACCEPT',
  ],
];

/** A text in which something is wrong, or only unusual, in one place or a few. */
export function damaged(text: string, random: () => number): string {
  const one = <Item>(items: readonly Item[]): Item => items[Math.floor(random() * items.length)] as Item;
  const lines = text.split('\n');
  for (let times = random() < 0.85 ? 1 : 2; times > 0; times--) {
    const at = Math.floor(random() * Math.max(1, lines.length - 1));
    const line = lines[at] ?? '';
    const words = line.split(' ');
    const word = Math.floor(random() * words.length);
    const character = Math.floor(random() * line.length);
    const withArguments = words.flatMap((each, i) => (ARGUMENTS[each] && i + 1 < words.length ? [i] : []));
    const become = (changed: string) => {
      lines[at] = changed;
    };
    const putArgument = () => {
      const option = one(withArguments);
      if (option !== undefined) become(words.with(option + 1, one(ARGUMENTS[words[option] ?? ''] ?? [''])).join(' '));
    };
    const ways: readonly (() => void)[] = [
      ...[putArgument, putArgument, putArgument, putArgument, putArgument, putArgument],
      () => lines.splice(at, 1),
      () => lines.splice(at, 0, line),
      () => become(words.toSpliced(word, 1).join(' ')),
      () => become(words.toSpliced(word, 0, one(WORDS)).join(' ')),
      () => become(words.toSpliced(word, 0, one(WORDS)).join(' ')),
      () => become(words.with(word, one(WORDS)).join(' ')),
      () => become(words.toSpliced(word, 0, words[word] ?? '').join(' ')),
      () => become(`${line}${one([' ', '\t', ' \t ', '\r', '\v', '\f', '\u00a0'])}`),
      () => become(`${one([' ', '\t', '\ufeff'])}${line}`),
      () => become(line.toLowerCase()),
      () => become(line.slice(0, character)),
      () => become([...words].sort(() => random() - 0.5).join(' ')),
      () => become(line.replaceAll(' ', one(['\t', '  ', ' \t']))),
      () =>
        become(
          `${line.slice(0, character)}${one(['\0', '"', "'", '\\', '#', '!', '-', ' ', '\t', '\r', 'é', ';'])}${line.slice(character)}`,
        ),
      () => become(`${line.slice(0, character)}${line.slice(character + 1)}`),
      () => lines.splice(at, 0, one(LINES)),
      () => lines.splice(at, 0, one(LINES)),
    ];
    one(ways)();
  }
  const whole = lines.join('\n');
  const chance = random();
  return chance < 0.04 ? whole.replace(/\n$/, '') : chance < 0.06 ? whole.replaceAll('\n', '\r\n') : whole;
}
