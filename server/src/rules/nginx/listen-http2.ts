import { pathAt } from '../../syntax/nginx/edit.ts';
import type { NginxDirective } from '../../syntax/nginx/tree.ts';
import { walk } from '../../syntax/nginx/tree.ts';
import { compareVersions, parseVersion } from '../../text/version.ts';
import { atPlace } from '../draft.ts';
import { rule } from '../rule.ts';
import { nginxOf } from './controllerNginx.ts';
import en from './listen-http2.md';
import zh from './listen-http2.zh.md';
import { isNewerThan } from './newer.ts';
import { isSettled } from './settled.ts';

/** The first version with the directive `http2`, which warns of the parameter. */
const SINCE = '1.25.1';

/**
 * Since nginx 1.25.1 HTTP/2 is a setting of a server, `http2 on;`, and the parameter of `listen` only lives on. Before, there is no
 * such directive: the parameter is out of date only in a text that no older nginx can read anyway.
 */
export const listenHttp2 = rule({
  id: 'nginx/listen-http2',
  severity: 'hint',
  on: 'nginxText',
  evidence: [
    'nginx CHANGES: 1.25.1, the "http2" directive, and the "http2" parameter of "listen" deprecated',
    'test/real/nginx-rules.test.ts: what nginx -t says of both, by its version',
  ],
  summary: {
    en: 'http2 as a parameter of listen, deprecated since nginx 1.25.1',
    zh: 'listen 的 http2 参数，nginx 1.25.1 起弃用',
  },
  messages: {
    en: {
      deprecated: v =>
        `nginx warns of this at each start: no version before 1.25.1 can read this file (\`${v.directive}\`), and there \`http2 on;\` in the server replaces it`,
      controller: v =>
        `nginx warns of this at each reload: controller ${v.controller} has nginx ${v.nginx}, and from 1.25.1 on \`http2 on;\` in the server replaces it`,
      newer: () => 'older versions do not have this directive',
      also: () => 'here too',
      replace: () => 'Write http2 on; instead',
    },
    zh: {
      deprecated: v =>
        `nginx 每次启动都会对此发出警告：1.25.1 之前的版本无法读取此文件（\`${v.directive}\`），而此后应在 server 中写 \`http2 on;\``,
      controller: v =>
        `nginx 每次重新加载都会对此发出警告：控制器 ${v.controller} 的 nginx 是 ${v.nginx}，从 1.25.1 起应在 server 中写 \`http2 on;\``,
      newer: () => '更早的版本没有这条指令',
      also: () => '这里也是',
      replace: () => '改写为 http2 on;',
    },
  },
  page: { en, zh },

  *check(text, { cluster, file }) {
    if (!isSettled(text)) return;
    const newer = [...walk(text.tree)].find(each => !text.isTemplated(each.name) && isNewerThan(each, SINCE));
    const controller = text.carrier.kind === 'file' ? null : cluster.version('controller', file);
    const nginx = controller && nginxOf(controller);
    const isNew = nginx && compareVersions(nginx.oldest, parseVersion(SINCE) ?? nginx.newest) >= 0;
    if (!newer && !isNew) return;
    for (const { block } of walk(text.tree)) {
      if (block?.context !== 'server') continue;
      const marked = block.directives.filter(each => parameterOf(each) && !text.isTemplated(each));
      const [first] = marked;
      const word = first && parameterOf(first);
      if (!word) continue;
      const [, second] = marked;
      const found = newer
        ? atPlace(text.placeOf(word), 'deprecated', { directive: newer.name.value })
        : atPlace(text.placeOf(word), 'controller', {
            controller: controller?.newest.join('.') ?? '',
            nginx: nginx?.newest.join('.') ?? '',
          });
      const draft = found
        .seeAlso('newer', newer ? text.placeOf(newer) : null)
        .seeAlso('also', second ? text.placeOf(second) : null);
      const changes = marked.map(listen => ({
        address: [...text.address, ...pathAt(text.tree, listen.start)],
        change: { op: 'arguments', words: withoutHttp2(text.tree.text, listen) } as const,
      }));
      // A server that has the directive already is in the middle of the change, or off on purpose.
      if (block.directives.some(({ name }) => name.value === 'http2' || text.isTemplated(name))) yield draft;
      else {
        const last = marked.at(-1) ?? first;
        yield draft.fix('replace', 'unsafe', ...changes, {
          address: [...text.address, ...pathAt(text.tree, last.start)],
          change: { op: 'behind', lines: ['http2 on;'] },
        });
      }
    }
  },
});

function parameterOf({ name, arguments: words }: NginxDirective) {
  return name.value === 'listen' ? words.slice(1).find(({ value }) => value === 'http2') : undefined;
}

/** As they are written, quotes and all. */
function withoutHttp2(text: string, { arguments: words }: NginxDirective): readonly string[] {
  return words.filter(({ value }, i) => i === 0 || value !== 'http2').map(({ start, end }) => text.slice(start, end));
}
