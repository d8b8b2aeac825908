import { listenSocket } from '../../simulate/listenSocket.ts';
import { type NginxDirective, walk } from '../../syntax/nginx/tree.ts';
import { atPlace } from '../draft.ts';
import { rule } from '../rule.ts';
import en from './http2-of-socket.md';
import zh from './http2-of-socket.zh.md';
import { isSettled } from './settled.ts';

/**
 * A connection is taken in by a socket before anybody knows which server it is for. So the parameter `http2` of one `listen`
 * counts for all servers of its address and port, those too that do not have it.
 */
export const http2OfSocket = rule({
  id: 'nginx/http2-of-socket',
  severity: 'information',
  on: 'nginxText',
  evidence: [
    'nginx src/http/ngx_http.c, ngx_http_add_addresses: the parameter is joined over all listens of an address (1.9.5 to 1.30.6)',
    'test/real/nginx-rules.test.ts: a real nginx speaks HTTP/2 for a server whose listen does not have it',
  ],
  summary: { en: 'HTTP/2 comes from the listen of another server', zh: 'HTTP/2 由另一个 server 的 listen 开启' },
  messages: {
    en: {
      shared: v =>
        `HTTP/2 is on for this server too: \`http2\` of another \`listen\` counts for all servers of ${v.socket}`,
      other: () => 'this one has http2',
    },
    zh: {
      shared: v => `这个 server 也启用了 HTTP/2：另一个 \`listen\` 的 \`http2\` 对 ${v.socket} 上的所有 server 生效`,
      other: () => '这一个带有 http2',
    },
  },
  page: { en, zh },

  *check(text) {
    if (text.carrier.kind !== 'file' || !isSettled(text)) return;
    const servers = [...walk(text.tree)].filter(({ block }) => block?.context === 'server');
    const listens = servers.flatMap(server => {
      const inside = server.block?.directives ?? [];
      // Who writes `http2 off;` knows that there is something to switch off.
      const isDecided = inside.some(({ name }) => name.value === 'http2' || text.isTemplated(name));
      return inside
        .filter(each => each.name.value === 'listen' && !text.isTemplated(each) && !has(each, 'quic'))
        .map(listen => ({ server, listen, isDecided, socket: listenSocket(listen.arguments[0]?.value ?? '') }));
    });
    const withHttp2 = new Map<string | null, (typeof listens)[number][]>();
    for (const each of listens) {
      const known = withHttp2.get(each.socket) ?? [];
      if (has(each.listen, 'http2')) known.push(each);
      withHttp2.set(each.socket, known);
    }
    for (const { server, listen, isDecided, socket } of listens) {
      if (isDecided || socket === null || has(listen, 'http2')) continue;
      const other = withHttp2.get(socket)?.find(each => each.server !== server);
      if (!other) continue;
      yield atPlace(text.placeOf(listen), 'shared', { socket }).seeAlso('other', text.placeOf(other.listen));
    }
  },
});

function has(listen: NginxDirective, parameter: string): boolean {
  return listen.arguments.slice(1).some(({ value }) => value === parameter);
}
