import type { IpFamily } from '../../../server/src/facts/netfilter.ts';
import { damaged } from './damage.ts';

/** A text for iptables-restore, whole or damaged. */
export interface GeneratedRules {
  readonly text: string;
  readonly family: IpFamily;
}

const CHAINS: Readonly<Record<string, readonly string[]>> = {
  raw: ['PREROUTING', 'OUTPUT'],
  mangle: ['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING'],
  nat: ['PREROUTING', 'INPUT', 'OUTPUT', 'POSTROUTING'],
  filter: ['INPUT', 'FORWARD', 'OUTPUT'],
};

/** Texts, half of them without a fault that was put in, the same ones each time for a seed. */
export function generatedRules(count: number, seed = 1): GeneratedRules[] {
  const random = seeded(seed);
  return Array.from({ length: count }, (_, i) => {
    const family: IpFamily = random() < 0.8 ? 'ipv4' : 'ipv6';
    const writer = new RulesWriter(random, family);
    const text = writer.file();
    return { text: i % 2 === 0 ? text : damaged(text, random), family };
  });
}

/** A table: from its `*` to its last chain, and its rules, which only add. */
export interface GeneratedTable {
  readonly head: string;
  readonly rules: readonly string[];
  readonly family: IpFamily;
}

/** Tables without a fault that was put in; many rules are not for where they stand. */
export function generatedTables(count: number, seed = 1): GeneratedTable[] {
  const random = seeded(seed);
  return Array.from({ length: count }, () => {
    const family: IpFamily = random() < 0.8 ? 'ipv4' : 'ipv6';
    const writer = new RulesWriter(random, family);
    const table = Object.keys(CHAINS)[Math.floor(random() * 4)] ?? 'filter';
    return { ...writer.tableOf(table), family };
  });
}

/** Numbers from 0 to 1 (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

class RulesWriter {
  private readonly random: () => number;
  private readonly family: IpFamily;
  private users: string[] = [];

  constructor(random: () => number, family: IpFamily) {
    this.random = random;
    this.family = family;
  }

  file(): string {
    const tables = Object.keys(CHAINS).filter(() => this.chance(0.4));
    const blocks = (tables.length > 0 ? tables : ['filter']).map(table => this.table(table));
    return `${this.chance(0.3) ? '# Generated\n' : ''}${blocks.join(this.chance(0.2) ? '\n' : '')}`;
  }

  tableOf(table: string): { head: string; rules: string[] } {
    const chains = CHAINS[table] ?? [];
    this.users = ['USER-0', 'USER-1'];
    const head = [
      `*${table}`,
      ...chains.map(chain => `:${chain} ACCEPT [0:0]`),
      ...this.users.map(user => `:${user} - [0:0]`),
    ];
    const rules = Array.from({ length: 8 }, () => this.rule(table, this.one([...chains, ...this.users])));
    return { head: `${head.join('\n')}\n`, rules };
  }

  private table(table: string): string {
    const chains = CHAINS[table] ?? [];
    const lines = [`*${table}`];
    if (this.chance(0.8))
      for (const chain of chains) lines.push(`:${chain} ${this.one(['ACCEPT', 'ACCEPT', 'DROP'])} [0:0]`);
    this.users = Array.from({ length: this.count(3) }, (_, i) => `USER-${i}`);
    for (const user of this.users) lines.push(`:${user} - [0:0]`);
    for (let i = this.count(6); i >= 0; i--) {
      const chain = this.one([...chains, ...this.users]);
      lines.push(this.chance(0.08) ? this.command(chain) : this.rule(table, chain));
    }
    return `${lines.join('\n')}\nCOMMIT\n`;
  }

  private rule(table: string, chain: string): string {
    const parts = [
      this.chance(0.05) ? `[${this.count(99)}:${this.count(99)}]` : '',
      this.one(['-A', '-A', '-A', '-I', '--append']),
      chain,
    ];
    const protocol = this.one([null, null, 'tcp', 'tcp', 'udp', this.family === 'ipv4' ? 'icmp' : 'icmpv6', '6']);
    if (this.chance(0.3)) parts.push(this.not(), this.one(['-s', '--source', '-d', '--dst']), this.address());
    if (this.chance(0.3)) parts.push(this.not(), this.interface(chain), this.one(['lo', 'eth0', 'eth+', 'bond0.208']));
    if (protocol) parts.push(this.one(['-p', '-p', '--protocol']), protocol);
    const isTcp = protocol === 'tcp' || protocol === '6';
    if (isTcp || protocol === 'udp') parts.push(...this.ports(isTcp ? 'tcp' : 'udp'));
    for (let i = this.count(2); i > 0; i--) parts.push(this.match(chain));
    if (this.chance(0.95)) parts.push(this.target(table, chain, protocol));
    return parts.filter(part => part !== '').join(' ');
  }

  /** What does something else than add a rule. */
  private command(chain: string): string {
    const number = this.count(3) + 1;
    return this.one([
      ...[
        `-F ${chain}`,
        '-F',
        `-P ${chain} ACCEPT`,
        `-P ${chain} DROP`,
        `-N NEW-${number}`,
        `-D ${chain} ${number}`,
        `-I ${chain} ${number} -j ACCEPT`,
      ],
      ...[
        `-R ${chain} ${number} -j ACCEPT`,
        `-A NEW-${number} -j ACCEPT`,
        `-A ${chain} -j NEW-${number}`,
        `:LATE-${number} - [0:0]`,
        `-A ${chain} -j LATE-${number}`,
      ],
      ...[
        `:${chain} -`,
        `:${chain} ACCEPT`,
        '-A INPUT -j ACCEPT',
        `-A ${chain} -j INPUT`,
        `-A ${chain} -j LOG-${number}`,
      ],
    ]);
  }

  private interface(chain: string): string {
    const outside = chain === 'OUTPUT' || chain === 'POSTROUTING';
    return outside ? '-o' : chain === 'FORWARD' ? this.one(['-i', '-o']) : '-i';
  }

  private ports(protocol: string): string[] {
    const parts: string[] = [];
    if (this.chance(0.6)) parts.push(`-m ${protocol}`);
    if (this.chance(0.7))
      parts.push(
        this.not(),
        this.one(['--dport', '--sport', '--destination-port']),
        this.one(['80', '443', '1024:65535', ':1023', '0x50', '8000:']),
      );
    if (protocol === 'tcp' && this.chance(0.2))
      parts.push(this.one(['--syn', '! --syn', '--tcp-flags SYN,ACK SYN', '--tcp-flags ALL NONE', '--tcp-option 2']));
    if (this.chance(0.2))
      parts.push(
        '-m multiport',
        this.not(),
        this.one(['--dports 80,443', '--sports 1:5,9', '--ports 22', '--dports 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15']),
      );
    return parts;
  }

  private match(chain: string): string {
    const n = () => this.not();
    const given: readonly (() => string)[] = [
      () =>
        `-m conntrack ${n()} --ctstate ${this.one(['NEW', 'ESTABLISHED,RELATED', 'invalid', 'UNTRACKED', 'DNAT', 'NEW,SNAT'])}`,
      () => `-m conntrack --ctstatus ${this.one(['ASSURED', 'NONE,EXPECTED'])}`,
      () => `-m conntrack --ctdir ${this.one(['ORIGINAL', 'reply'])}`,
      () => `-m conntrack --ctproto ${this.one(['6', 'udp'])} ${n()} --ctorigdstport ${this.one(['80', '1:5'])}`,
      () => `-m state ${n()} --state ${this.one(['NEW', 'ESTABLISHED,RELATED', 'INVALID'])}`,
      () => `-m comment --comment ${this.one(['"a comment"', 'plain', '"with \\"quotes\\""', '""'])}`,
      () => `-m mark ${n()} --mark ${this.one(['1', '0x10/0xff', '0x4000'])}`,
      () => `-m connmark ${n()} --mark ${this.one(['1', '0x10/0xff'])}`,
      () =>
        `-m limit --limit ${this.one(['5/min', '1/s', '10', '3/hour'])}${this.chance(0.5) ? ' --limit-burst 10' : ''}`,
      () => `-m addrtype ${n()} --dst-type ${this.one(['LOCAL', 'UNICAST,LOCAL', 'MULTICAST'])}`,
      () => `-m addrtype --src-type LOCAL ${this.one(['--limit-iface-in', '--limit-iface-out', ''])}`,
      () =>
        `-m statistic --mode ${this.one(['random --probability 0.5', 'nth --every 3 --packet 0', 'random ! --probability 0.33333333349'])}`,
      () => `-m length ${n()} --length ${this.one(['40', '40:100', '1500:'])}`,
      () => `-m pkttype ${n()} --pkt-type ${this.one(['multicast', 'BROADCAST', 'host'])}`,
      () => `-m physdev ${this.one(['--physdev-in eth0', '--physdev-is-bridged', '--physdev-in eth+'])}`,
      () => `-m iprange ${n()} --src-range ${this.family === 'ipv4' ? '10.0.0.1-10.0.0.9' : '2001:db8::1-2001:db8::9'}`,
      () => `-m connlimit --connlimit-above ${this.one(['5', '10 --connlimit-mask 24', '3 --connlimit-saddr'])}`,
      () =>
        `-m connbytes --connbytes ${this.one(['100', '100:200', ':500'])} --connbytes-dir both --connbytes-mode bytes`,
      () => `-m cpu ${n()} --cpu 0`,
      () => `-m dscp ${n()} ${this.one(['--dscp 10', '--dscp-class AF11'])}`,
      () => `-m helper --helper ftp`,
      () =>
        this.family === 'ipv4'
          ? `-m ttl ${this.one(['--ttl-eq 64', '--ttl-gt 1', '--ttl-lt 3'])}`
          : `-m hl --hl-eq ${this.one(['64', '1'])}`,
      () =>
        this.chance(0.5) || chain === 'OUTPUT' || chain === 'POSTROUTING'
          ? `-m owner ${n()} --uid-owner ${this.one(['0', '0-0'])}`
          : '',
      () => `-m mac ${n()} --mac-source 00:11:22:33:44:55`,
      () => `-m rpfilter ${this.one(['', '--invert', '--loose --validmark'])}`,
      () => `-m socket ${this.one(['', '--transparent'])}`,
      () => `-m tcpmss ${n()} --mss ${this.one(['536', '1:500'])}`,
      () =>
        this.family === 'ipv4'
          ? `-m icmp ${n()} --icmp-type ${this.one(['8', 'echo-request', '3/4', 'any'])}`
          : `-m icmp6 --icmpv6-type ${this.one(['128', 'echo-reply'])}`,
      () => `-m quota --quota 1000`,
      () => `-m esp --espspi 1:2`,
      () => `-m tcp --dport 80`,
      () => `-m udp --sport 53`,
    ];
    return this.one(given)();
  }

  private target(table: string, chain: string, protocol: string | null): string {
    const likely: readonly string[] = [
      ...['-j ACCEPT', '-j ACCEPT', '-j RETURN', table === 'nat' ? '-j ACCEPT' : '-j DROP'],
      ...this.users.map(user => `${this.one(['-j', '-j', '-g'])} ${user}`),
      ...(table === 'raw'
        ? ['-j NOTRACK', '-j CT --notrack', '-j CT --zone 5', '-j TRACE', '-j CT --ctevents new,destroy']
        : []),
      ...(table === 'filter'
        ? [
            '-j REJECT',
            `-j REJECT --reject-with ${this.family === 'ipv4' ? 'icmp-port-unreachable' : 'icmp6-port-unreachable'}`,
          ]
        : []),
      ...(table === 'mangle'
        ? [
            '-j DSCP --set-dscp 10',
            '-j DSCP --set-dscp-class EF',
            '-j CHECKSUM --checksum-fill',
            '-j TPROXY --on-port 80',
          ]
        : []),
      ...(table === 'nat' ? this.nat(chain, protocol) : []),
    ];
    const everywhere = [
      ...[
        '-j LOG',
        '-j LOG --log-prefix "in: " --log-level 4',
        '-j MARK --set-mark 0x4000',
        '-j MARK --or-mark 1',
        '-j CONNMARK --save-mark',
      ],
      ...[
        '-j NFLOG --nflog-group 5',
        '-j NFQUEUE --queue-num 3',
        '-j NFQUEUE --queue-balance 0:3',
        '-j CLASSIFY --set-class 1:2',
        '-j AUDIT --type drop',
      ],
      ...['-j TCPMSS --clamp-mss-to-pmtu', '-j TCPMSS --set-mss 1400', '-j CONNMARK --set-xmark 0x1/0xff'],
    ];
    const odd = [
      '-j NOTRACK',
      '-j REJECT',
      '-j MASQUERADE',
      '-j SNAT --to-source 10.0.0.1',
      '-j TRACE',
      '-j SYNPROXY --mss 1460',
      '-j QUEUE',
      '-j REJECT --reject-with tcp-reset',
      '-j REDIRECT',
    ];
    return this.chance(0.65) ? this.one(likely) : this.one(this.chance(0.7) ? everywhere : odd);
  }

  private nat(chain: string, protocol: string | null): string[] {
    const ports = protocol === 'tcp' || protocol === 'udp' || protocol === '6';
    const address = this.family === 'ipv4' ? '10.0.0.1' : '2001:db8::1';
    const withPort = this.family === 'ipv4' ? '10.0.0.1:8080' : '[2001:db8::1]:8080';
    if (chain === 'PREROUTING' || chain === 'OUTPUT')
      return [
        `-j DNAT --to-destination ${ports ? withPort : address}`,
        ports ? '-j REDIRECT --to-ports 8080' : '-j REDIRECT',
      ];
    return [
      `-j SNAT --to-source ${address}`,
      '-j MASQUERADE',
      '-j MASQUERADE --random',
      ports ? '-j MASQUERADE --to-ports 1024-2048' : '-j MASQUERADE --random-fully',
    ];
  }

  private address(): string {
    if (this.family === 'ipv6') return this.one(['2001:db8::1', '2001:db8::/32', 'fe80::/10', '::1']);
    return this.one(['10.0.0.1', '10.0.0.0/8', '192.168.0.0/255.255.0.0', '10.0.0.1,10.0.0.2', '0/0', '172.16']);
  }

  private not(): string {
    return this.chance(0.15) ? '!' : '';
  }

  private one<Item>(items: readonly Item[]): Item {
    return items[Math.floor(this.random() * items.length)] as Item;
  }

  private count(most: number): number {
    return Math.floor(this.random() * (most + 1));
  }

  private chance(share: number): boolean {
    return this.random() < share;
  }
}
