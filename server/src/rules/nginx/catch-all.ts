import type { NginxText } from '../../model/nginxText.ts';
import { listenSocket } from '../../simulate/listenSocket.ts';
import { pathAt } from '../../syntax/nginx/edit.ts';
import { type NginxDirective, walk } from '../../syntax/nginx/tree.ts';
import { atPlace } from '../draft.ts';
import { rule } from '../rule.ts';
import en from './catch-all.md';
import zh from './catch-all.zh.md';
import { isSettled } from './settled.ts';

interface Listen {
  readonly server: NginxDirective;
  readonly listen: NginxDirective;
  readonly socket: string;
  readonly isDefault: boolean;
}

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
    },
    zh: {
      other: v =>
        `这个 server 在 ${v.socket} 上不会应答任何请求：未知域名由那里的默认 server ${v.name} 应答；\`_\` 不是通配符`,
      winner: () => '未知域名由它应答',
      mark: () => '把它设为默认 server',
    },
  },
  page: { en, zh },

  *check(text) {
    if (text.carrier.kind !== 'file' || !isSettled(text)) return;
    const listens = listensOf(text);
    for (const { server, listen, socket, isDefault } of listens) {
      if (isDefault || !isMeantForAll(server) || mayHoldMore(text, server)) continue;
      const there = listens.filter(each => each.socket === socket);
      const marked = there.find(each => each.isDefault);
      const winner = marked ?? (isWhole(text) ? there[0] : undefined);
      if (!winner || winner.server === server || mayHoldMore(text, winner.server)) continue;
      const [name] = namesOf(winner.server).filter(each => /^[a-z\d]/i.test(each));
      if (name === undefined) continue;
      const draft = atPlace(text.placeOf(listen), 'other', { socket, name }).seeAlso(
        'winner',
        text.placeOf(winner.listen),
      );
      if (marked) yield draft;
      else {
        const words = listen.arguments.map(({ start, end }) => text.tree.text.slice(start, end));
        yield draft.fix('mark', 'safe', {
          address: [...text.address, ...pathAt(text.tree, listen.start)],
          change: { op: 'arguments', words: [...words, 'default_server'] },
        });
      }
    }
  },
});

/** All that is known of where its servers listen, in the order of the text. */
function listensOf(text: NginxText): readonly Listen[] {
  const found: Listen[] = [];
  for (const server of walk(text.tree)) {
    if (server.block?.context !== 'server') continue;
    for (const listen of server.block.directives) {
      const [address, ...parameters] = listen.arguments.map(({ value }) => value);
      if (listen.name.value !== 'listen' || text.isTemplated(listen) || parameters.includes('quic')) continue;
      const socket = listenSocket(address ?? '');
      const isDefault = parameters.includes('default_server') || parameters.includes('default');
      if (socket !== null) found.push({ server, listen, socket, isDefault });
    }
  }
  return found;
}

/** True for a server whose only name is one that stands for all in the author's mind. */
function isMeantForAll(server: NginxDirective): boolean {
  const names = namesOf(server);
  return names.length > 0 && names.every(name => /^_+$/.test(name));
}

function namesOf(server: NginxDirective): readonly string[] {
  const lines = server.block?.directives.filter(({ name }) => name.value === 'server_name') ?? [];
  return lines.flatMap(({ arguments: words }) => words.map(({ value }) => value));
}

/** Files that hold no servers, wherever nginx is installed. */
const HARMLESS_INCLUDE = /(?:^|\/)mime\.types$/;

/** True if no other file can have a server of the same sockets: that one may be the default. */
function isWhole(text: NginxText): boolean {
  const { tree } = text;
  if (tree.context !== 'main') return false;
  for (const { block } of walk(tree)) {
    const inside = block?.directives ?? [];
    if (block?.context === 'http') {
      const isOpen = ({ name, arguments: [file] }: NginxDirective) =>
        text.isTemplated(name) || (name.value === 'include' && !HARMLESS_INCLUDE.test(file?.value ?? ''));
      if (inside.some(isOpen)) return false;
    }
    // Where a server without a listen may have it in another file, it may have any.
    if (block?.context === 'server' && !inside.some(({ name }) => name.value === 'listen')) return false;
  }
  return tree.directives.every(({ name }) => !text.isTemplated(name));
}

/** True if names or listens of the server may stand elsewhere, or come from a template. */
function mayHoldMore(text: NginxText, { block }: NginxDirective): boolean {
  return (block?.directives ?? []).some(
    each =>
      each.name.value === 'include' ||
      text.isTemplated(each.name) ||
      (/^(?:listen|server_name)$/.test(each.name.value) && text.isTemplated(each)),
  );
}
