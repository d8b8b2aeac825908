import type { IptablesCall } from '../../model/iptablesCall.ts';
import { optionNamed } from '../../syntax/iptables/specification.ts';
import { atPlace, edit } from '../draft.ts';
import { rule } from '../rule.ts';
import en from './grep-for-rule.md';
import zh from './grep-for-rule.zh.md';
import { additionsIn, checkInstead, type Grep, type Search, searchBefore } from './guarded.ts';
import { onlyVariable } from './localAddresses.ts';

/** Ports as `-L` prints them, and as `-S` and iptables-save do, at the end of what is looked for. */
const LISTED_PORT = /\b([ds])pts?:(\d+)$/;
const SAVED_PORT = /(?:^|-|\b)([ds])ports?[ =](\d+)$/;
const ADDRESS = /^\^?(\d{1,3}(?:\\?\.\d{1,3}){3})$/;

/**
 * `iptables -L | grep … || iptables -A …` asks whether some rule's line has these characters in it, not whether the rule is there: `dpt:80` is part
 * of `dpt:8080`, an address part of a longer one, and a dot stands for anything. One rule too many in the listing, and the one that is
 * missing is never added.
 */
export const grepForRule = rule({
  id: 'netfilter/grep-for-rule',
  severity: 'warning',
  on: 'shellText',
  evidence: [
    'test/real/shell-notrack.test.ts: what such a script adds in a network namespace that has rules of other ports and addresses',
    'iptables extensions/libxt_tcp.c, print_port and tcp_save (1.8.9): what -L and -S write for a port',
  ],
  summary: {
    en: 'A rule that grep takes for another one is never added',
    zh: 'grep 把别的规则当成了这一条，规则永远不会被添加',
  },
  messages: {
    en: {
      port: v =>
        `A rule for port ${v.longer} passes for the one for port ${v.port}, which is then never added: grep finds \`${v.pattern}\` in \`${v.pattern}${v.more}\``,
      address: v =>
        `The rules of ${v.address}0 pass for those of ${v.address}, which are then never added: grep finds parts of words`,
      variable: v =>
        `Rules of an address that only begins like ${v.address}, such as 1.2.15.210 where it is 1.2.15.21, pass for this one, which is then never added`,
      both: v =>
        `A rule for port ${v.longer}, or rules of an address that only begins like ${v.address}, pass for this one, which is then never added: grep finds parts of words`,
      never: v => `One more copy of this rule is added each time: ${v.listing} never writes \`${v.pattern}\``,
      named: v =>
        `One more copy of this rule is added each time: without -n, -L writes the name of the service and never \`${v.pattern}\``,
      check: () => 'Ask iptables itself with -C',
    },
    zh: {
      port: v =>
        `端口 ${v.longer} 的规则会被当成端口 ${v.port} 的规则，后者因此永远不会被添加：grep 在 \`${v.pattern}${v.more}\` 里也能找到 \`${v.pattern}\``,
      address: v =>
        `${v.address}0 的规则会被当成 ${v.address} 的规则，后者因此永远不会被添加：grep 匹配的是字符串的一部分`,
      variable: v =>
        `只是开头与 ${v.address} 相同的地址（例如它是 1.2.15.21，而表里有 1.2.15.210），其规则会被当成这一条，它因此永远不会被添加`,
      both: v =>
        `端口 ${v.longer} 的规则，或者开头与 ${v.address} 相同的地址的规则，会被当成这一条，它因此永远不会被添加：grep 匹配的是字符串的一部分`,
      never: v => `每次运行都会再添加一条相同的规则：${v.listing} 的输出里从来没有 \`${v.pattern}\``,
      named: v => `每次运行都会再添加一条相同的规则：不加 -n 时 -L 输出的是服务名，从来没有 \`${v.pattern}\``,
      check: () => '改用 -C 直接询问 iptables',
    },
  },
  page: { en, zh },

  *check(text) {
    const additions = additionsIn(text);
    const decided = new Map<number | undefined, number>();
    for (const call of additions) {
      const start = searchBefore(call)?.span?.start;
      decided.set(start, (decided.get(start) ?? 0) + 1);
    }
    for (const call of additions) {
      const search = searchBefore(call);
      if (!search || text.isTemplated(search.span ?? call.invocation.command)) continue;
      const wrong = wrongWith(call, search);
      if (!wrong) continue;
      const first = search.greps[0]?.command ?? call.invocation.command;
      const draft = atPlace(text.placeOf(search.span ?? first), wrong.message, wrong.params);
      const command = checkInstead(text, call);
      yield search.span && command !== null && decided.get(search.span.start) === 1
        ? draft.fix('check', 'safe', edit(text.region, { span: search.span, newText: `${command} 2>/dev/null` }))
        : draft;
    }
  },
});

type Wrong = {
  readonly message: 'port' | 'address' | 'variable' | 'both' | 'never' | 'named';
  readonly params: Record<string, string>;
};

function wrongWith(call: IptablesCall, { listing, greps }: Search): Wrong | null {
  const isList = listing.specification?.command?.name === 'list';
  const isNumeric =
    !isList || (listing.specification !== null && optionNamed(listing.specification, 'numeric') !== null);
  for (const { pattern } of greps) {
    if (pattern === null) continue;
    // Without -n, -L writes the service's name where there is one.
    const named = isList && !isNumeric && /^(?:80|443|53|22|123)$/.test(LISTED_PORT.exec(pattern)?.[2] ?? '');
    const foreign = isList ? SAVED_PORT.test(pattern) : LISTED_PORT.test(pattern);
    if (named) return { message: 'named', params: { pattern } };
    if (foreign) {
      const name = isList ? '-L' : listing.form === 'save' ? 'iptables-save' : '-S';
      return { message: 'never', params: { pattern, listing: `\`${name}\`` } };
    }
  }
  const port = greps.map(partOfPort).find(found => found !== null) ?? null;
  const address = greps.map(grep => partOfAddress(call, grep)).find(found => found !== null) ?? null;
  if (port && address) return { message: 'both', params: { ...port, address } };
  if (port) return { message: 'port', params: port };
  if (address === null) return null;
  return { message: address.startsWith('`') ? 'variable' : 'address', params: { address } };
}

/** What a search for a port finds too. */
function partOfPort({ pattern, isOfWholeWords }: Grep) {
  const found = isOfWholeWords ? null : (LISTED_PORT.exec(pattern ?? '') ?? SAVED_PORT.exec(pattern ?? ''));
  const port = found?.[2] ?? '';
  const more = [port, '0'].find(tail => port !== '' && Number(port + tail) <= 65535);
  return more === undefined || pattern === null ? null : { port, longer: port + more, more, pattern };
}

/** The address that a search finds in others too: one that is written out, or the variable that the rule has. */
function partOfAddress({ specification }: IptablesCall, { pattern, word, isOfWholeWords }: Grep): string | null {
  if (isOfWholeWords) return null;
  if (pattern !== null) {
    const address = ADDRESS.exec(pattern)?.[1]?.replaceAll('\\', '');
    const last = address?.split('.').at(-1) ?? '';
    return address !== undefined && Number(`${last}0`) <= 255 ? address : null;
  }
  const name = onlyVariable(word);
  const rule = specification ? ['source', 'destination'].map(each => optionNamed(specification, each)?.argument) : [];
  return name !== null && rule.some(argument => argument && argument.value === null) ? `\`$${name}\`` : null;
}
