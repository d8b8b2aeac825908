import { CHAINS, type Hook, hookOf, PRIORITIES, type TableName } from '../facts/netfilter.ts';
import { reachOf } from '../syntax/iptables/reach.ts';
import { type IptablesRule, type IptablesTable, rulesOf } from '../syntax/iptables/tree.ts';
import { formatList, type Language, type Wording } from '../text/wording.ts';
import type { PieceAt, Workspace } from '../workspace/workspace.ts';
import type { Shown } from './answers.ts';
import { chainAt, iptablesAt, policyIn, ruleAt, rulesIn, tableAt } from './iptablesAt.ts';
import { ruleInWords } from './iptablesWords.ts';

interface Words {
  readonly builtIn: (chain: string, table: string) => string;
  readonly own: (chain: string, table: string) => string;
  readonly packets: Readonly<Record<Hook, string>>;
  readonly priority: (priority: number, order: string) => string;
  readonly tracking: string;
  readonly rules: (count: number) => string;
  readonly policy: (policy: string) => string;
  readonly from: (chains: string) => string;
  readonly reached: (hooks: string) => string;
  readonly unreached: string;
  readonly others: (programs: string) => string;
}

const WORDS: Wording<Words> = {
  en: {
    builtIn: (chain, table) => `**${chain}** of table ${table}`,
    own: (chain, table) => `**${chain}**, a chain of one's own in table ${table}`,
    packets: {
      PREROUTING: 'every packet that comes in, before it is routed',
      INPUT: 'packets for this machine',
      FORWARD: 'packets that pass through',
      OUTPUT: 'packets that this machine makes',
      POSTROUTING: 'every packet that leaves, after it is routed',
    },
    priority: (priority, order) => `priority ${priority}: ${order}`,
    tracking: 'conntrack',
    rules: count => (count === 1 ? '1 rule here' : `${count} rules here`),
    policy: policy => `policy ${policy}`,
    from: chains => `Jumped to from ${chains}.`,
    reached: hooks => `Its packets come from ${hooks}.`,
    unreached: 'No rule of this text jumps to it.',
    others: programs => `Others write to this table too: ${programs}.`,
  },
  zh: {
    builtIn: (chain, table) => `${table} 表的 **${chain}** 链`,
    own: (chain, table) => `**${chain}**：${table} 表的自定义链`,
    packets: {
      PREROUTING: '所有进入的报文，在路由之前',
      INPUT: '发往本机的报文',
      FORWARD: '经过本机转发的报文',
      OUTPUT: '本机产生的报文',
      POSTROUTING: '所有离开的报文，在路由之后',
    },
    priority: (priority, order) => `优先级 ${priority}：${order}`,
    tracking: 'conntrack',
    rules: count => `此处有 ${count} 条规则`,
    policy: policy => `默认策略 ${policy}`,
    from: chains => `从 ${chains} 跳转而来。`,
    reached: hooks => `其报文来自 ${hooks}。`,
    unreached: '此文本中没有规则跳转到它。',
    others: programs => `其他程序也会写入此表：${programs}。`,
  },
};

/** Programs of a node that have chains of their own in a table. */
const WRITERS: Readonly<Record<string, readonly string[]>> = {
  raw: ['NodeLocal DNSCache', 'Calico', 'Cilium'],
  mangle: ['kubelet (KUBE-KUBELET-CANARY)', 'Calico'],
  nat: ['kube-proxy (KUBE-SERVICES)', 'Docker (DOCKER)', 'CNI portmap (CNI-HOSTPORT-DNAT)'],
  filter: ['kube-proxy (KUBE-FORWARD)', 'Docker (DOCKER-USER)', 'ufw (ufw-…)', 'fail2ban (f2b-…)'],
};

/** What a chain is and who writes to it, or a rule in plain words; null where there is nothing to say. */
export function iptablesHover(piece: PieceAt, { language }: Workspace): Shown | null {
  const at = iptablesAt(piece.entities, piece.offset);
  if (!at) return null;
  const table = tableAt(at);
  if (!table?.name.value) return null;
  const chain = chainAt(at);
  const rule = ruleAt(table, at.offset);
  const said = rule
    ? ruleInWords(rule.specification, { table: table.name.value, family: at.text.tree.family, language })
    : null;
  if (chain) {
    const markdown = [chainMarkdown(table, chain.chain, language), ...(said ? [said] : [])].join('\n\n');
    return { markdown, span: at.text.placeOf(chain.word).value };
  }
  return rule && said ? { markdown: said, span: at.text.placeOf(rule).value } : null;
}

/** What a chain of a table is, as far as a file or a script tells. */
export function chainMarkdown(table: IptablesTable, chain: string, language: Language): string {
  const words = WORDS[language];
  const name = table.name.value ?? '';
  const hook = hookOf(name, chain);
  const rules = rulesOf(table);
  const count = rulesIn(table, chain).length;
  const stop = language === 'zh' ? '。' : '.';
  if (hook) {
    const policy = policyIn(table, chain);
    const facts = [words.rules(count), ...(policy && policy !== '-' ? [words.policy(policy)] : [])];
    return builtInChain(name, hook, facts, language);
  }
  const from = new Set(rules.flatMap(rule => (jumpsTo(rule, chain) ? (rule.specification.chain?.value ?? []) : [])));
  const chains = new Map(
    [...new Set(rules.map(({ specification }) => specification.chain?.value ?? ''))].map(each => [
      each,
      {
        name: each,
        hook: hookOf(name, each),
        rules: rules.filter(({ specification }) => specification.chain?.value === each),
      },
    ]),
  );
  for (const each of table.lines)
    if (each.is === 'chain' && each.name.value && !chains.has(each.name.value))
      chains.set(each.name.value, { name: each.name.value, hook: hookOf(name, each.name.value), rules: [] });
  const hooks = [...(reachOf(chains, 'nft').chains.get(chain) ?? [])];
  const reached = hooks.length > 0 ? [words.reached(formatList(hooks, language))] : [];
  const jumps = from.size > 0 ? [words.from(formatList([...from], language)), ...reached] : [words.unreached];
  return [
    `${words.own(chain, name)}${language === 'zh' ? '：' : ': '}${words.rules(count)}${stop}`,
    jumps.join(' '),
  ].join('\n\n');
}

/** A built-in chain: its hook, its priority, who writes to its table; `facts` are what a text tells of it. */
function builtInChain(table: string, hook: Hook, facts: readonly string[], language: Language): string {
  const words = WORDS[language];
  const [comma, colon, stop] = language === 'zh' ? ['，', '：', '。'] : [', ', ': ', '.'];
  const parts = [words.packets[hook], words.priority(CHAINS[table]?.[hook] ?? 0, orderAt(hook, table, words.tracking))];
  const writers = WRITERS[table];
  const below = [
    ...(facts.length > 0 ? [`${facts.join(comma)}${stop}`] : []),
    ...(writers ? [words.others(formatList(writers, language))] : []),
  ];
  return [`${words.builtIn(hook, table)}${colon}${parts.join(comma)}${stop}`, below.join(' ')].join('\n\n').trim();
}

function jumpsTo({ specification: { jump, target } }: IptablesRule, chain: string): boolean {
  return !target && jump?.argument?.value === chain;
}

/** The tables that a packet meets at a hook, in order, with conntrack between them; the one in question is marked. */
function orderAt(hook: Hook, table: string, tracking: string): string {
  const steps = Object.entries(CHAINS).flatMap(([name, chains]) => {
    const priority = chains[hook];
    return priority === undefined ? [] : [{ name: name === table ? `**${name}**` : (name as TableName), priority }];
  });
  if (hook === 'PREROUTING' || hook === 'OUTPUT')
    steps.push({ name: tracking, priority: PRIORITIES.conntrack ?? -200 });
  return steps
    .sort((a, b) => a.priority - b.priority)
    .map(({ name }) => name)
    .join(' → ');
}
