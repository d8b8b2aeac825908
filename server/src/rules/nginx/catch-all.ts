import { CATCH_ALL, CATCH_ALL_TLS } from '../../facts/nginxBlocks.ts';
import type { NginxText } from '../../model/nginxText.ts';
import { pathAt } from '../../syntax/nginx/edit.ts';
import type { NginxDirective } from '../../syntax/nginx/tree.ts';
import type { NginxWord } from '../../syntax/nginx/word.ts';
import { formatList } from '../../text/wording.ts';
import { atPlace } from '../draft.ts';
import { rule } from '../rule.ts';
import en from './catch-all.md';
import zh from './catch-all.zh.md';
import { isMeantForAll, isWhole, type Listen, listensOf, mayHoldMore, namesOf } from './listens.ts';
import { isSettled } from './settled.ts';

/**
 * `server_name _;` means nothing to nginx: it is a name that no client asks for. What answers unknown names is the default
 * server of the address and port, the one that says so, else the first one.
 */
export const catchAll = rule({
  id: 'nginx/catch-all',
  severity: 'warning',
  on: 'nginxText',
  evidence: [
    'nginx src/http/ngx_http.c, ngx_http_add_address and ngx_http_add_addresses: the first server, or the one with default_server (1.22.1 to 1.30.6)',
    'test/real/nginx-rules.test.ts: which server of a real nginx answers an unknown name',
  ],
  summary: { en: 'A catch-all server that catches nothing', zh: '兜底的 server 什么也兜不住' },
  messages: {
    en: {
      other: v =>
        `This server answers nobody at ${v.socket}: unknown names go to ${v.name}, the default server there; \`_\` is no wildcard`,
      winner: () => 'this one answers unknown names',
      mark: () => 'Make it the default server',
      first: v =>
        `Unknown names are answered here too, as ${v.name}, at ${formatList(String(v.sockets).split(' '), 'en')}: of servers none of which is marked, the first is the default`,
      refuse: () => 'Hang up on unknown names',
    },
    zh: {
      other: v =>
        `这个 server 在 ${v.socket} 上不会应答任何请求：未知域名由那里的默认 server ${v.name} 应答；\`_\` 不是通配符`,
      winner: () => '未知域名由它应答',
      mark: () => '把它设为默认 server',
      first: v =>
        `未知域名也由这里应答，如同 ${v.name}（${formatList(String(v.sockets).split(' '), 'zh')}）：没有 server 标记为默认时，第一个就是默认`,
      refuse: () => '对未知域名直接断开',
    },
  },
  page: { en, zh },

  *check(text) {
    if (text.carrier.kind !== 'file' || !isSettled(text)) return;
    const listens = listensOf(text);
    yield* catchesNothing(text, listens);
    if (isWhole(text)) yield* answersAll(text, listens);
  },
});

/** A catch-all that is not the default server. */
function* catchesNothing(text: NginxText, listens: readonly Listen[]) {
  for (const { server, listen, socket, isDefault } of listens) {
    if (isDefault || !isMeantForAll(server) || mayHoldMore(text, server)) continue;
    const there = listens.filter(each => each.socket === socket);
    const marked = there.find(each => each.isDefault);
    const winner = marked ?? (isWhole(text) ? there[0] : undefined);
    if (!winner || winner.server === server || mayHoldMore(text, winner.server) || refuses(winner.server)) continue;
    const [name] = namesOf(winner.server).filter(each => PLAIN.test(each));
    if (name === undefined) continue;
    const draft = atPlace(text.placeOf(listen), 'other', { socket, name }).seeAlso(
      'winner',
      text.placeOf(winner.listen),
    );
    if (marked) yield draft;
    else {
      yield draft.fix('mark', 'safe', {
        address: [...text.address, ...pathAt(text.tree, listen.start)],
        change: { op: 'arguments', words: [...written(text, listen.arguments), 'default_server'] },
      });
    }
  }
}

/** A site that is the default server because it comes first. */
function* answersAll(text: NginxText, listens: readonly Listen[]) {
  const firsts = new Map<NginxDirective, Listen[]>();
  for (const there of bySocket(listens)) {
    const [first, ...others] = there;
    if (!first || !others.some(({ server }) => server !== first.server) || there.some(each => each.isDefault)) continue;
    if (there.some(({ server }) => isMeantForAll(server) || mayHoldMore(text, server))) continue;
    firsts.set(first.server, [...(firsts.get(first.server) ?? []), first]);
  }
  for (const [server, own] of firsts) {
    const names = namesOf(server);
    const [name] = names;
    const [{ listen }] = own as [Listen];
    if (name === undefined || !names.every(each => PLAIN.test(each))) continue;
    // A redirect leads to the name that was asked for, or to one that is known.
    if (refuses(server) || answers(server, /^3|^http|^\$/)) continue;
    const draft = atPlace(text.placeOf(listen), 'first', { name, sockets: own.map(({ socket }) => socket).join(' ') });
    yield draft.as('information').fix('refuse', 'unsafe', {
      address: [...text.address, ...pathAt(text.tree, server.start).slice(0, -1)],
      change: { op: 'within', lines: ['', ...catchAllAt(text, own)] },
    });
  }
}

/** A name that clients ask for: no wildcard, no expression, no underscore. */
const PLAIN = /^[a-z\d]/i;

function bySocket(listens: readonly Listen[]): Iterable<readonly Listen[]> {
  const found = new Map<string, Listen[]>();
  for (const each of listens) found.set(each.socket, [...(found.get(each.socket) ?? []), each]);
  return found.values();
}

/** True for a server that turns everybody away. */
function refuses(server: NginxDirective): boolean {
  return (
    (server.block?.directives ?? []).some(({ name, arguments: [first] }) => {
      if (name.value === 'deny') return first?.value === 'all';
      return name.value === 'ssl_reject_handshake' && first?.value === 'on';
    }) || answers(server, /^[45]/)
  );
}

/** True for a server that answers everybody with such a status. */
function answers({ block }: NginxDirective, status: RegExp): boolean {
  return (block?.directives ?? []).some(
    ({ name, arguments: [first] }) => name.value === 'return' && status.test(first?.value ?? ''),
  );
}

/** What nginx wants to be the same for all servers of a socket. */
const PROTOCOL: ReadonlySet<string> = new Set(['ssl', 'http2', 'proxy_protocol']);

/** A server that hangs up, at these sockets. */
function catchAllAt(text: NginxText, listens: readonly Listen[]): readonly string[] {
  const words = listens.map(({ listen }) => {
    const [address, ...parameters] = listen.arguments;
    return written(text, [...(address ? [address] : []), ...parameters.filter(({ value }) => PROTOCOL.has(value))]);
  });
  const block = words.some(each => each.includes('ssl')) ? CATCH_ALL_TLS : CATCH_ALL;
  return block.flatMap(line =>
    line.includes('<listen>') ? words.map(each => line.replace('<listen>', () => each.join(' '))) : [line],
  );
}

function written({ tree }: NginxText, words: readonly NginxWord[]): readonly string[] {
  return words.map(({ start, end }) => tree.text.slice(start, end));
}
