import type { NginxText } from '../../model/nginxText.ts';
import { type BufferRefusal, refusalOfBuffers, type Setting } from '../../simulate/upstreamBuffers.ts';
import { pathAt } from '../../syntax/nginx/edit.ts';
import type { NginxDirective } from '../../syntax/nginx/tree.ts';
import { atPlace, type Params } from '../draft.ts';
import { rule } from '../rule.ts';
import { includesMore } from './listens.ts';
import en from './proxy-buffers.md';
import zh from './proxy-buffers.zh.md';
import { isSettled } from './settled.ts';
import { formatSize, parseSize } from './sizes.ts';

/** The modules that have these directives, and the same check. */
const FAMILIES = ['proxy', 'fastcgi', 'uwsgi', 'scgi'] as const;

const SETTINGS = ['bufferSize', 'buffers', 'busySize', 'writeSize', 'maxTempSize'] as const;
type Name = (typeof SETTINGS)[number];

const DIRECTIVE: Readonly<Record<Name, string>> = {
  bufferSize: 'buffer_size',
  buffers: 'buffers',
  busySize: 'busy_buffers_size',
  writeSize: 'temp_file_write_size',
  maxTempSize: 'max_temp_file_size',
};

/** What is compared with the others. */
const COMPARED: Readonly<Record<BufferRefusal['code'], Name>> = {
  tooFew: 'buffers',
  busyTooSmall: 'busySize',
  busyTooLarge: 'busySize',
  writeTooSmall: 'writeSize',
  tempTooSmall: 'maxTempSize',
};

/** The directive that is in force in a block for each setting. */
type Scope = Readonly<Record<Name, Setting<NginxDirective>>>;

/**
 * nginx holds the sizes of its buffers against each other in every server and every location, those it has by default
 * included: who enlarges one of them and not the others has a configuration that nginx refuses.
 */
export const proxyBuffers = rule({
  id: 'nginx/proxy-buffers',
  severity: 'error',
  on: 'nginxText',
  evidence: [
    'nginx src/http/modules/ngx_http_proxy_module.c, ngx_http_proxy_merge_loc_conf, and the modules of fastcgi, uwsgi and scgi (1.22.1 to 1.31.1)',
    'test/real/nginx-rules.test.ts: the verdict of nginx -t on generated sizes, on three levels',
    'kubernetes/ingress-nginx#13674, kubernetes/ingress-nginx#363',
  ],
  summary: { en: 'Buffer sizes that nginx does not take together', zh: '缓冲区大小互相矛盾，nginx 拒绝加载' },
  messages: {
    en: {
      tooFew: v => `nginx does not start or reload with this file: ${v.name} needs 2 buffers or more, not ${v.is}`,
      busyTooSmall: v =>
        `nginx does not start or reload with this file: ${v.name} is ${v.is}, less than the largest single buffer, ${v.limit}${pages(v, ' or more, by the page size')}`,
      busyTooLarge: v =>
        `nginx does not start or reload with this file: ${v.name} is ${v.is}${v.written ? '' : ' (by default twice the largest buffer)'}, more than all ${v.family}_buffers but one hold, ${v.limit}${pages(v, ' at most, by the page size')}`,
      writeTooSmall: v =>
        `nginx does not start or reload with this file: ${v.name} is ${v.is}, less than the largest single buffer, ${v.limit}${pages(v, ' or more, by the page size')}`,
      tempTooSmall: v =>
        `nginx does not start or reload with this file: ${v.name} is ${v.is}, which is neither 0 nor as much as the largest single buffer, ${v.limit}${pages(v, ' or more, by the page size')}`,
      other: v => `${v.name} is set here`,
      fit: v => `Set ${v.name} to ${v.limit}`,
    },
    zh: {
      tooFew: v => `nginx 无法用此文件启动或重新加载：${v.name} 至少需要 2 个缓冲区，而不是 ${v.is} 个`,
      busyTooSmall: v =>
        `nginx 无法用此文件启动或重新加载：${v.name} 为 ${v.is}，小于最大的单个缓冲区 ${v.limit}${pages(v, '（或更大，取决于内存页大小）')}`,
      busyTooLarge: v =>
        `nginx 无法用此文件启动或重新加载：${v.name} 为 ${v.is}${v.written ? '' : '（默认为最大缓冲区的两倍）'}，大于 ${v.family}_buffers 减去一个缓冲区后的总和 ${v.limit}${pages(v, '（最多，取决于内存页大小）')}`,
      writeTooSmall: v =>
        `nginx 无法用此文件启动或重新加载：${v.name} 为 ${v.is}，小于最大的单个缓冲区 ${v.limit}${pages(v, '（或更大，取决于内存页大小）')}`,
      tempTooSmall: v =>
        `nginx 无法用此文件启动或重新加载：${v.name} 为 ${v.is}，既不是 0，也小于最大的单个缓冲区 ${v.limit}${pages(v, '（或更大，取决于内存页大小）')}`,
      other: v => `${v.name} 在这里设置`,
      fit: v => `将 ${v.name} 设为 ${v.limit}`,
    },
  },
  page: { en, zh },

  *check(text) {
    // A snippet lands among settings of the controller that only its template and its ConfigMap tell.
    if (text.carrier.kind !== 'file' || !isSettled(text)) return;
    for (const family of FAMILIES) {
      const said = new Set<NginxDirective>();
      for (const scope of scopes(text, family)) {
        const refusal = refusalOfBuffers(valuesOf(scope));
        const shown = refusal && culpritOf(scope, refusal);
        if (!refusal || !shown || said.has(shown)) continue;
        said.add(shown);
        const { code, is, limit, hangsOnPage } = refusal;
        const compared = scope[COMPARED[code]];
        const draft = atPlace(text.placeOf(shown), code, {
          family,
          name: `${family}_${DIRECTIVE[COMPARED[code]]}`,
          is: code === 'tooFew' ? is : formatSize(is),
          limit: code === 'tooFew' ? limit : formatSize(limit),
          ...(hangsOnPage ? { hangsOnPage: 1 } : {}),
          ...(compared === shown ? { written: 1 } : {}),
        });
        const others = (['bufferSize', 'buffers'] as const)
          .map(name => scope[name])
          .filter(other => typeof other === 'object' && other !== shown) as NginxDirective[];
        const [one, two] = others.map(other => text.placeOf(other));
        const told = draft.seeAlso('other', one ?? null).seeAlso('other', two ?? null);
        yield canFit(scope, refusal)
          ? told.fix('fit', 'unsafe', {
              address: [...text.address, ...pathAt(text.tree, shown.start)],
              change: { op: 'arguments', words: [formatSize(limit)] },
            })
          : told;
      }
    }
  },
});

function pages(v: Params, words: string): string {
  return v.hangsOnPage ? words : '';
}

/** What is in force in every server and every location. */
function* scopes(text: NginxText, family: string): Generator<Scope> {
  const { tree } = text;
  const outermost = tree.context === 'main' ? 'default' : 'unknown';
  const none = Object.fromEntries(SETTINGS.map(name => [name, outermost])) as unknown as Scope;
  // Bare directives may be included anywhere; those of a whole file stand in main, where none of these may.
  const open = [{ directives: tree.directives, outer: none, next: 0 }];
  for (let level = open.at(-1); level; level = open.at(-1)) {
    const directive = level.directives[level.next++];
    if (!directive) open.pop();
    const block = directive?.block;
    const context = block?.context;
    if (!block || (context !== 'http' && context !== 'server' && context !== 'location')) continue;
    const scope = scopeOf(text, block.directives, level.outer, family);
    if (context !== 'http') yield scope;
    open.push({ directives: block.directives, outer: scope, next: 0 });
  }
}

function scopeOf(text: NginxText, directives: readonly NginxDirective[], outer: Scope, family: string): Scope {
  const mayHoldMore = directives.some(each => text.isTemplated(each.name) || includesMore(each));
  const settings = SETTINGS.map(setting => {
    const own = directives.filter(({ name }) => name.value === `${family}_${DIRECTIVE[setting]}`);
    const [only] = own;
    if (only) return [setting, own.length === 1 && !text.isTemplated(only) ? only : 'unknown'];
    return [setting, mayHoldMore ? 'unknown' : outer[setting]];
  });
  return Object.fromEntries(settings) as Scope;
}

function valuesOf(scope: Scope) {
  return {
    bufferSize: inForce(scope.bufferSize, sizeOf),
    buffers: inForce(scope.buffers, buffersOf),
    busySize: inForce(scope.busySize, sizeOf),
    writeSize: inForce(scope.writeSize, sizeOf),
    maxTempSize: inForce(scope.maxTempSize, sizeOf),
  };
}

function inForce<T>(setting: Setting<NginxDirective>, read: (words: readonly string[]) => T | null): Setting<T> {
  if (typeof setting === 'string') return setting;
  return read(setting.arguments.map(({ value }) => value)) ?? 'unknown';
}

/** Null for what nginx refuses. */
function sizeOf([word = '', ...more]: readonly string[]): number | null {
  return more.length > 0 ? null : parseSize(word);
}

/** ngx_conf_set_bufs_slot, src/core/ngx_conf_file.c: neither may be zero. */
function buffersOf([number = '', word = '']: readonly string[]): { count: number; size: number } | null {
  const count = /^\d{1,9}$/.test(number) ? Number(number) : 0;
  const size = sizeOf([word]) ?? 0;
  return count > 0 && size > 0 ? { count, size } : null;
}

/** The directive that is compared; where only its default is, the one that it is twice of. */
function culpritOf(scope: Scope, { code, is }: BufferRefusal): NginxDirective | null {
  const compared = scope[COMPARED[code]];
  if (typeof compared === 'object') return compared;
  const { bufferSize, buffers } = scope;
  if (typeof bufferSize === 'object' && inForce(bufferSize, sizeOf) === is / 2) return bufferSize;
  return typeof buffers === 'object' ? buffers : null;
}

/** True if all that is compared is written, and there is a value that satisfies both checks. */
function canFit(scope: Scope, { code, limit, hangsOnPage }: BufferRefusal): boolean {
  if (code === 'tooFew' || hangsOnPage) return false;
  const name = COMPARED[code];
  if (typeof scope[name] !== 'object') return false;
  const values = valuesOf(scope);
  if (typeof values.bufferSize !== 'number' || typeof values.buffers !== 'object') return false;
  return refusalOfBuffers({ ...values, [name]: limit }) === null;
}
