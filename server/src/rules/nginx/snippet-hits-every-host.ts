import type { Change } from '../../model/edit.ts';
import { hasReached } from '../../model/versions.ts';
import { pathAt } from '../../syntax/nginx/edit.ts';
import { type NginxDirective, walk } from '../../syntax/nginx/tree.ts';
import { atPlace } from '../draft.ts';
import { rule } from '../rule.ts';
import { isSettled } from './settled.ts';
import en from './snippet-hits-every-host.md';
import zh from './snippet-hits-every-host.zh.md';

/** Keys of the ConfigMap whose text is in force for everybody, and how far it reaches. */
const REACH: Readonly<Record<string, 'hosts' | 'paths'>> = { 'server-snippet': 'hosts', 'location-snippet': 'paths' };

/** What turns away names that no Ingress has, and those alone. */
const REJECT = { key: 'ssl-reject-handshake', since: '1.1.1' };

/** Directives that may end the rewriting before a later `return` is reached. */
const DETOURS: ReadonlySet<string> = new Set(['break', 'rewrite', 'return']);

/**
 * The `server-snippet` of the ConfigMap is no default server: the controller pastes it into the server of every host, and
 * `location-snippet` into every location. A `return` there answers all requests, whatever host was meant.
 */
export const snippetHitsEveryHost = rule({
  id: 'nginx/snippet-hits-every-host',
  severity: 'warning',
  on: 'nginxText',
  evidence: [
    'ingress-nginx rootfs/etc/nginx/template/nginx.tmpl: where the snippets land (controller 1.15.1 and older)',
    'test/real/nginx-rules.test.ts: the answers of nginx for known and unknown hosts',
    'kubernetes/ingress-nginx#6748, kubernetes/ingress-nginx#4464',
  ],
  summary: { en: 'A snippet for everybody that answers every request', zh: '全局片段会应答所有请求' },
  messages: {
    en: {
      hosts: v =>
        `No host is served any more: ${v.key} lands in the server of every host, and \`${v.written}\` ends each request there`,
      paths: v =>
        `No backend is reached any more: ${v.key} lands in every location, and \`${v.written}\` ends each request there`,
      reject: () => 'Refuse the TLS handshake of unknown names instead',
      remove: v => `Remove ${v.written}`,
    },
    zh: {
      hosts: v => `所有主机都不再提供服务：${v.key} 会写入每个主机的 server 块，\`${v.written}\` 会在那里结束每个请求`,
      paths: v => `所有后端都无法到达：${v.key} 会写入每个 location 块，\`${v.written}\` 会在那里结束每个请求`,
      reject: () => '改为拒绝未知域名的 TLS 握手',
      remove: v => `删除 ${v.written}`,
    },
  },
  page: { en, zh },

  *check(text, { cluster, file }) {
    const { carrier, tree } = text;
    if (carrier.kind === 'file' || carrier.from === 'annotation' || !isSettled(text)) return;
    const reach = REACH[carrier.key];
    const found = tree.directives.find(({ name }) => name.value === 'return');
    if (!reach || !found || text.isTemplated(found) || !refuses(found)) return;
    const before = tree.directives.slice(0, tree.directives.indexOf(found));
    // What a template prints before it may be one more detour.
    if (before.some(each => text.isTemplated(each) || mayLeave(each))) return;
    const written = tree.text.slice(found.start, found.end).replace(/\s*;$/, '');
    const draft = atPlace(text.placeOf(found), reach, { key: carrier.key, written });
    const snippet = text.address.slice(0, -1);
    const remove: Change =
      tree.directives.length === 1
        ? { address: snippet, change: { op: 'remove' } }
        : { address: [...text.address, ...pathAt(tree, found.start)], change: { op: 'remove' } };
    const controller = cluster.version('controller', file);
    const canReject = hasReached(controller, REJECT.since) && !carrier.beside.includes(REJECT.key);
    const set = { op: 'set', value: 'true', after: carrier.key } as const;
    const rejecting = canReject
      ? draft.fix('reject', 'unsafe', { address: [...snippet.slice(0, -1), REJECT.key], change: set }, remove)
      : draft;
    yield rejecting.fix('remove', 'unsafe', remove);
  },
});

/** True for an answer that is no redirect: a controller may have been set up to redirect all that comes. */
function refuses({ arguments: words }: NginxDirective): boolean {
  return /^[245]\d\d$/.test(words[0]?.value ?? '');
}

/** True if some requests may leave here, and never come to what is behind it. */
function mayLeave(directive: NginxDirective): boolean {
  if (directive.name.value === 'location') return false;
  for (const { name } of walk({ directives: [directive] })) {
    if (DETOURS.has(name.value) || /_by_lua/.test(name.value)) return true;
  }
  return false;
}
