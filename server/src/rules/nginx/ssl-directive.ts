import type { Change } from '../../model/edit.ts';
import { pathAt } from '../../syntax/nginx/edit.ts';
import { type NginxBlock, type NginxDirective, type NginxTree, walk } from '../../syntax/nginx/tree.ts';
import { atPlace } from '../draft.ts';
import { rule } from '../rule.ts';
import { isNewerThan } from './newer.ts';
import { isSettled } from './settled.ts';
import en from './ssl-directive.md';
import zh from './ssl-directive.zh.md';

/** The first version that does not have it any more. */
const GONE = '1.25.1';

/**
 * The directive `ssl` made a whole server speak TLS. Since nginx 1.15.0 it warns that the parameter of `listen` replaces it, and from 1.25.1
 * on nginx does not know the word: an upgrade then ends with a server that does not start.
 */
export const sslDirective = rule({
  id: 'nginx/ssl-directive',
  severity: 'hint',
  on: 'nginxText',
  evidence: [
    'nginx CHANGES: 1.15.0, the "ssl" directive deprecated; 1.25.1, not supported any more',
    'test/real/nginx-rules.test.ts: what nginx -t says of it, by its version, and of the text after the fix',
  ],
  summary: { en: 'The ssl directive, gone since nginx 1.25.1', zh: 'ssl 指令，nginx 1.25.1 起不再支持' },
  messages: {
    en: {
      gone: () => 'nginx 1.25.1 and later do not start with this file: `ssl` is a parameter of `listen` there',
      never: v =>
        `No nginx starts with this file: \`ssl\` is gone from 1.25.1 on, and \`${v.directive}\` is not there before`,
      newer: () => 'older versions do not have this directive',
      move: () => 'Write ssl behind listen',
      remove: () => 'Remove ssl',
    },
    zh: {
      gone: () => 'nginx 1.25.1 及以后的版本无法用此文件启动：`ssl` 在那里是 `listen` 的参数',
      never: v => `没有 nginx 能用此文件启动：1.25.1 起不再有 \`ssl\`，而更早的版本没有 \`${v.directive}\``,
      newer: () => '更早的版本没有这条指令',
      move: () => '把 ssl 写到 listen 后面',
      remove: () => '删除 ssl',
    },
  },
  page: { en, zh },

  *check(text) {
    // Of the controller's nginx it is known whether it has the directive.
    if (text.carrier.kind !== 'file' || !isSettled(text)) return;
    const all = [...walk(text.tree)].filter(({ name }) => !text.isTemplated(name));
    const newer = all.find(each => isNewerThan(each, GONE));
    const pathTo = ({ start }: NginxDirective) => [...text.address, ...pathAt(text.tree, start)];
    for (const { context, directives: inside } of blocksOf(text.tree)) {
      for (const ssl of inside) {
        if (ssl.name.value !== 'ssl' || text.isTemplated(ssl)) continue;
        const place = text.placeOf(ssl);
        const draft = newer
          ? atPlace(place, 'never', { directive: newer.name.value }).as('error').seeAlso('newer', text.placeOf(newer))
          : atPlace(place, 'gone');
        const remove: Change = { address: pathTo(ssl), change: { op: 'remove' } };
        if (/^off$/i.test(ssl.arguments[0]?.value ?? '')) yield draft.fix('remove', 'safe', remove);
        else {
          const listens = inside.filter(({ name }) => name.value === 'listen');
          const isPlain = listens.length > 0 && listens.every(each => !text.isTemplated(each));
          yield isPlain && context === 'server'
            ? draft.fix('move', 'unsafe', ...listens.flatMap(withSsl), remove)
            : draft;
        }
      }
    }

    function withSsl(listen: NginxDirective): readonly Change[] {
      if (listen.arguments.some(({ value }) => value === 'ssl')) return [];
      const [address = '', ...parameters] = listen.arguments.map(({ start, end }) => text.tree.text.slice(start, end));
      return [{ address: pathTo(listen), change: { op: 'arguments', words: [address, 'ssl', ...parameters] } }];
    }
  },
});

/** The blocks that may hold it; what begins with `ssl_` in a part of a file says that such a block includes it. */
function blocksOf(tree: NginxTree): readonly Pick<NginxBlock, 'context' | 'directives'>[] {
  const isPart = tree.context === null && tree.directives.some(({ name }) => /^ssl_/.test(name.value));
  const blocks = [...walk(tree)].flatMap(({ block }) => block ?? []);
  const found = blocks.filter(({ context }) => context === 'server' || context === 'http');
  return isPart ? [tree, ...found] : found;
}
