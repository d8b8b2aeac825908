import type { IpFamily } from '../facts/netfilter.ts';
import type { IptablesOption, Specification } from '../syntax/iptables/specification.ts';
import type { IptablesWord } from '../syntax/iptables/word.ts';
import type { Language, Wording } from '../text/wording.ts';

/** A condition in words; `value` is as it is written. */
type Phrase = (value: string) => string;

interface Words {
  readonly conditions: Readonly<Record<string, Phrase>>;
  readonly not: (condition: string) => string;
  readonly where: (chain: string, table: string) => string;
  readonly targets: Readonly<Record<string, (values: ReadonlyMap<string, string>) => string>>;
  readonly jump: (chain: string) => string;
  readonly goto: (chain: string) => string;
  readonly nothing: string;
  readonly other: (target: string, options: string) => string;
  readonly commands: Readonly<Record<string, (chain: string) => string>>;
  readonly join: string;
  readonly between: string;
  readonly stop: string;
}

const WORDS: Wording<Words> = {
  en: {
    conditions: {
      source: v => `from ${code(v)}`,
      destination: v => `to ${code(v)}`,
      protocol: v => `over ${v.toUpperCase()}`,
      'in-interface': v => `that come in by ${code(v)}`,
      'out-interface': v => `that go out by ${code(v)}`,
      fragments: () => 'that are second or further fragments',
      sport: v => `from port ${code(v)}`,
      dport: v => `to port ${code(v)}`,
      sports: v => `from one of the ports ${code(v)}`,
      dports: v => `to one of the ports ${code(v)}`,
      ports: v => `from or to one of the ports ${code(v)}`,
      syn: () => 'that open a connection (SYN)',
      'tcp-flags': v => `whose TCP flags are ${code(v)} (looked at, set)`,
      ctstate: v => `whose connection is ${code(v)}`,
      state: v => `whose connection is ${code(v)}`,
      ctdir: v => `of the direction ${code(v)}`,
      mark: v => `with mark ${code(v)}`,
      'match-set': v => `whose address is in the set ${code(v)}`,
      'src-type': v => `from an address of type ${code(v)}`,
      'dst-type': v => `to an address of type ${code(v)}`,
      'icmp-type': v => `of ICMP type ${code(v)}`,
      'icmpv6-type': v => `of ICMPv6 type ${code(v)}`,
      limit: v => `as long as there are no more than ${code(v)}`,
      'mac-source': v => `from the MAC address ${code(v)}`,
      'uid-owner': v => `made by user ${code(v)}`,
    },
    not: condition => `except those ${condition}`,
    where: (chain, table) => `Packets in ${chain} of ${table}`,
    targets: {
      ACCEPT: () => 'accepted: no further rule of this table is asked',
      DROP: () => 'dropped without an answer',
      REJECT: v => `rejected with ${code(v.get('reject-with') ?? '?')}`,
      RETURN: () => 'sent back to the chain that jumped here; at the end of a built-in chain its policy decides',
      NOTRACK: () => 'not tracked: conntrack makes no entry, and NAT does not touch them',
      MASQUERADE: () => 'given the address of the interface that they leave by',
      SNAT: v => `given the source ${code(v.get('to-source') ?? '?')}`,
      DNAT: v => `sent to ${code(v.get('to-destination') ?? '?')} instead`,
      REDIRECT: v =>
        `sent to ${v.has('to-ports') ? `port ${code(v.get('to-ports') ?? '')} of ` : ''}this machine instead`,
      LOG: v => `logged${v.has('log-prefix') ? ` as ${code(v.get('log-prefix') ?? '')}` : ''}; the next rule goes on`,
      MARK: v => `marked ${code([...v.values()].join(' '))}; the next rule goes on`,
    },
    jump: chain => `handed to chain ${chain}, and back if it does not decide`,
    goto: chain => `handed to chain ${chain}, and not back`,
    nothing: 'counted; nothing happens to them',
    other: (target, options) => `handed to ${target}${options === '' ? '' : ` (${code(options)})`}`,
    commands: {
      insert: chain => `Goes before the other rules of ${chain}. `,
      delete: chain => `Takes this rule out of ${chain}. `,
      check: chain => `Asks whether ${chain} has this rule. `,
      replace: chain => `Takes the place of a rule of ${chain}. `,
    },
    join: ', ',
    between: ' are ',
    stop: '.',
  },
  zh: {
    conditions: {
      source: v => `来自 ${code(v)}`,
      destination: v => `发往 ${code(v)}`,
      protocol: v => `协议为 ${v.toUpperCase()}`,
      'in-interface': v => `从 ${code(v)} 进入`,
      'out-interface': v => `从 ${code(v)} 离开`,
      fragments: () => '是第二个或之后的分片',
      sport: v => `源端口为 ${code(v)}`,
      dport: v => `目的端口为 ${code(v)}`,
      sports: v => `源端口为 ${code(v)} 之一`,
      dports: v => `目的端口为 ${code(v)} 之一`,
      ports: v => `源或目的端口为 ${code(v)} 之一`,
      syn: () => '正在建立连接（SYN）',
      'tcp-flags': v => `TCP 标志为 ${code(v)}（检查的、置位的）`,
      ctstate: v => `连接状态为 ${code(v)}`,
      state: v => `连接状态为 ${code(v)}`,
      ctdir: v => `方向为 ${code(v)}`,
      mark: v => `标记为 ${code(v)}`,
      'match-set': v => `地址在集合 ${code(v)} 中`,
      'src-type': v => `源地址类型为 ${code(v)}`,
      'dst-type': v => `目的地址类型为 ${code(v)}`,
      'icmp-type': v => `ICMP 类型为 ${code(v)}`,
      'icmpv6-type': v => `ICMPv6 类型为 ${code(v)}`,
      limit: v => `速率不超过 ${code(v)}`,
      'mac-source': v => `来自 MAC 地址 ${code(v)}`,
      'uid-owner': v => `由用户 ${code(v)} 产生`,
    },
    not: condition => `除${condition}的以外`,
    where: (chain, table) => `${table} 表 ${chain} 链中的报文`,
    targets: {
      ACCEPT: () => '放行：不再检查此表的其他规则',
      DROP: () => '丢弃，不作任何应答',
      REJECT: v => `拒绝，应答 ${code(v.get('reject-with') ?? '?')}`,
      RETURN: () => '返回跳转而来的链；在内置链末尾由默认策略决定',
      NOTRACK: () => '不跟踪：conntrack 不建立条目，NAT 也不处理它们',
      MASQUERADE: () => '源地址改为离开接口的地址',
      SNAT: v => `源地址改为 ${code(v.get('to-source') ?? '?')}`,
      DNAT: v => `改为发往 ${code(v.get('to-destination') ?? '?')}`,
      REDIRECT: v => `改为发往本机${v.has('to-ports') ? `的端口 ${code(v.get('to-ports') ?? '')}` : ''}`,
      LOG: v => `记入日志${v.has('log-prefix') ? `，前缀 ${code(v.get('log-prefix') ?? '')}` : ''}，然后继续下一条规则`,
      MARK: v => `打上标记 ${code([...v.values()].join(' '))}，然后继续下一条规则`,
    },
    jump: chain => `交给链 ${chain}，若未作决定则返回`,
    goto: chain => `交给链 ${chain}，不再返回`,
    nothing: '只计数，不作处理',
    other: (target, options) => `交给 ${target}${options === '' ? '' : `（${code(options)}）`}`,
    commands: {
      insert: chain => `排在 ${chain} 的其他规则之前。`,
      delete: chain => `从 ${chain} 中删除此规则。`,
      check: chain => `询问 ${chain} 中是否有此规则。`,
      replace: chain => `替换 ${chain} 中的一条规则。`,
    },
    join: '，',
    between: '：',
    stop: '。',
  },
};

/** Options that say nothing of the packets. */
const SILENT: ReadonlySet<string> = new Set([
  'append',
  'insert',
  'delete',
  'check',
  'replace',
  'jump',
  'goto',
  'match',
  'table',
  'comment',
  'wait',
  'set-counters',
  'verbose',
  'limit-burst',
]);

/** Where a rule is written, and for whom it is said. */
export interface RuleContext {
  readonly table: string;
  readonly family: IpFamily;
  readonly language: Language;
  /** What a word that nobody knows is called; `…` where it is left out. */
  readonly nameOf?: (word: IptablesWord) => string | undefined;
}

/** What REJECT answers where a rule does not say (libipt_REJECT, libip6t_REJECT 1.8.9). */
const REJECTS_WITH: Readonly<Record<IpFamily, string>> = {
  ipv4: 'icmp-port-unreachable',
  ipv6: 'icmp6-port-unreachable',
};

/** What a rule does with which packets; null for other commands, and for a rule that not all is known of. */
export function ruleInWords(specification: Specification, context: RuleContext): string | null {
  const { table, family, language, nameOf } = context;
  const written = (option: IptablesOption) => textOf(option, word => nameOf?.(word) ?? '…');
  const { command, chain, jump, target, options, certain } = specification;
  const words = WORDS[language];
  if (!command || !chain?.value || !certain || !RULES.has(command.name)) return null;
  const conditions: string[] = [];
  for (const option of options) {
    if (!option.known || SILENT.has(option.name) || (option.loaded && option.loaded === target)) continue;
    conditions.push(condition(option, written(option), words));
  }
  const values = new Map(
    options.filter(({ loaded }) => loaded && loaded === target).map(option => [option.name, written(option)]),
  );
  const name = jump?.argument ? (jump.argument.value ?? nameOf?.(jump.argument) ?? '…') : null;
  if (name === 'REJECT' && !values.has('reject-with')) values.set('reject-with', REJECTS_WITH[family]);
  const isUntracked = name === 'CT' && values.has('notrack');
  const does =
    name === null
      ? words.nothing
      : jump?.name === 'goto'
        ? words.goto(name)
        : (words.targets[isUntracked ? 'NOTRACK' : name]?.(values) ??
          (target ? words.other(name, optionsOf(values)) : words.jump(name)));
  const before = words.commands[command.name]?.(chain.value) ?? '';
  const what = conditions.length > 0 ? conditions.join(words.join) : '';
  const packets = [words.where(chain.value, table), ...(what ? [what] : [])].join(words.join);
  return `${before}${packets}${words.between}${does}${words.stop}`;
}

const RULES: ReadonlySet<string> = new Set(['append', 'insert', 'delete', 'check', 'replace']);

function condition(option: IptablesOption, value: string, words: Words): string {
  const name = option.name === 'mark' && option.loaded?.extension.name === 'connmark' ? 'connmark' : option.name;
  const said = words.conditions[name]?.(value) ?? code(`--${option.name}${value ? ` ${value}` : ''}`);
  return option.not ? words.not(said) : said;
}

function textOf({ argument, more }: IptablesOption, nameOf: (word: IptablesWord) => string): string {
  return [argument, ...more].flatMap(word => (word ? [word.value ?? nameOf(word)] : [])).join(' ');
}

function optionsOf(values: ReadonlyMap<string, string>): string {
  return [...values].map(([name, value]) => `--${name}${value ? ` ${value}` : ''}`).join(' ');
}

function code(text: string): string {
  return `\`${text.replaceAll('`', "'").trim()}\``;
}
