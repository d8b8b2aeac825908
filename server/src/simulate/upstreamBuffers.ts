/** A setting in force in a block: a value, nginx's own default, or one that stands where nobody has looked. */
export type Setting<T> = T | 'default' | 'unknown';

/** What is in force in a server or a location, of one of proxy, fastcgi, uwsgi and scgi. Sizes in bytes. */
export interface UpstreamBuffers {
  readonly bufferSize: Setting<number>;
  readonly buffers: Setting<{ readonly count: number; readonly size: number }>;
  readonly busySize: Setting<number>;
  readonly writeSize: Setting<number>;
  readonly maxTempSize: Setting<number>;
}

/** Why nginx refuses them. Sizes in bytes. */
export interface BufferRefusal {
  readonly code: 'tooFew' | 'busyTooSmall' | 'busyTooLarge' | 'writeTooSmall' | 'tempTooSmall';
  /** What is compared: a number of buffers for `tooFew`. */
  readonly is: number;
  /** What it would have to reach, or must not exceed. */
  readonly limit: number;
  /** True if the limit is that of the page size that comes closest: on other machines it is farther away. */
  readonly hangsOnPage: boolean;
}

/** The page sizes of the machines that nginx runs on, in bytes: it takes them for defaults (ngx_pagesize). */
const PAGE_SIZES = [4096, 8192, 16_384, 65_536] as const;

const DEFAULT_COUNT = 8;
const DEFAULT_MAX_TEMP_SIZE = 1024 ** 3;
const ANY: Range = [0, Number.POSITIVE_INFINITY];

/** From, to. */
type Range = readonly [number, number];

/**
 * Why nginx refuses these buffers, whatever the unknown settings and the page size are; null if it takes them somewhere.
 *
 * Source: nginx src/http/modules/ngx_http_proxy_module.c, ngx_http_proxy_merge_loc_conf, and the same in the modules of
 * fastcgi, uwsgi and scgi (1.22.1 to 1.31.1), for every server and every location.
 */
export function refusalOfBuffers(buffers: UpstreamBuffers): BufferRefusal | null {
  const found = PAGE_SIZES.map(page => refusalAt(buffers, page));
  const [first] = found;
  if (!first || found.includes(null)) return null;
  const alike = found.filter(each => each?.code === first.code) as (typeof first)[];
  const closest = alike.reduce((a, b) => (Math.abs(b.limit - b.is) < Math.abs(a.limit - a.is) ? b : a));
  return { ...closest, hangsOnPage: alike.some(each => each.limit !== first.limit) };
}

function refusalAt(buffers: UpstreamBuffers, page: number): Omit<BufferRefusal, 'hangsOnPage'> | null {
  const [count, bufferBytes] = buffersAt(buffers.buffers, page);
  if (count[1] < 2) return { code: 'tooFew', is: count[1], limit: 2 };
  const largest = both(Math.max, rangeOf(buffers.bufferSize, page), bufferBytes);
  const twice: Range = [2 * largest[0], 2 * largest[1]];

  const busy = buffers.busySize === 'default' ? twice : rangeOf(buffers.busySize, 0);
  if (busy[1] < largest[0]) return { code: 'busyTooSmall', is: busy[1], limit: largest[0] };
  const room = (count[1] - 1) * bufferBytes[1];
  if (busy[0] > room) return { code: 'busyTooLarge', is: busy[0], limit: room };

  const write = buffers.writeSize === 'default' ? twice : rangeOf(buffers.writeSize, 0);
  if (write[1] < largest[0]) return { code: 'writeTooSmall', is: write[1], limit: largest[0] };
  const temp = rangeOf(buffers.maxTempSize, DEFAULT_MAX_TEMP_SIZE);
  if (temp[0] > 0 && temp[1] < largest[0]) return { code: 'tempTooSmall', is: temp[1], limit: largest[0] };
  return null;
}

function buffersAt(buffers: UpstreamBuffers['buffers'], page: number): readonly [count: Range, size: Range] {
  if (buffers === 'unknown') return [ANY, ANY];
  const { count, size } = buffers === 'default' ? { count: DEFAULT_COUNT, size: page } : buffers;
  return [
    [count, count],
    [size, size],
  ];
}

function rangeOf(setting: Setting<number>, byDefault: number): Range {
  if (setting === 'unknown') return ANY;
  const value = setting === 'default' ? byDefault : setting;
  return [value, value];
}

function both(choose: (a: number, b: number) => number, a: Range, b: Range): Range {
  return [choose(a[0], b[0]), choose(a[1], b[1])];
}
