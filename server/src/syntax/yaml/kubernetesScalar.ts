import { parseGoInt } from '../../text/goLiteral.ts';

/**
 * What Kubernetes makes of one scalar: go-yaml v2 as vendored by sigs.k8s.io/yaml v1.4 (goyaml.v2/resolve.go,
 * goyaml.v2/decode.go), then encoding/json. Held against kubectl in `test/real/kubernetesScalar.test.ts`.
 */
export type KubernetesScalar =
  | { readonly type: 'null' }
  | { readonly type: 'boolean'; readonly value: boolean }
  | {
      readonly type: 'number';
      /** Nearest double; integers beyond 2^53 are exact in `text` only. */
      readonly value: number;
      /** As JSON hands it to the decoder of the Go type: `0755` gives `493`, `1.` gives `1`. */
      readonly text: string;
    }
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'refused'; readonly reason: string };

/** What Kubernetes reads an untagged plain scalar as. `text` is the decoded text, lines already folded. */
export function resolvePlain(text: string): KubernetesScalar {
  return fromResolved(resolve(text));
}

/**
 * What Kubernetes reads a tagged scalar as, in any style. `tag` as written (`!!str`, `!local`) or in full
 * (`tag:yaml.org,2002:str`). go-yaml resolves quoted text under `!!int` too: `!!int "12"` is a number.
 */
export function resolveTagged(tag: string, text: string): KubernetesScalar {
  const kind = tag.replace(/^(?:!!|(?:!<)?tag:yaml\.org,2002:)/, '').replace(/>$/, '');
  const known = kind !== tag;
  if (known && kind === 'binary') return resolveBinary(text);
  if (!known || !RESOLVABLE_TAGS.has(kind)) return { type: 'string', value: text };
  if (kind === 'timestamp') return resolveTimestamp(text);
  const resolved = resolve(text);
  if (resolved.kind === kind) return fromResolved(resolved);
  if (kind === 'float' && resolved.kind === 'int' && resolved.value < 2n ** 63n)
    return fromResolved({ kind: 'float', value: Number(resolved.value) });
  return { type: 'refused', reason: `cannot decode !!${resolved.kind} \`${text}\` as a !!${kind}` };
}

/** What go-yaml finds before encoding/json sees it. Integers stay exact: they are int64 or uint64 there. */
type Resolved =
  | { readonly kind: 'null' }
  | { readonly kind: 'bool'; readonly value: boolean }
  | { readonly kind: 'int'; readonly value: bigint }
  | { readonly kind: 'float'; readonly value: number }
  | { readonly kind: 'str'; readonly value: string };

const RESOLVABLE_TAGS: ReadonlySet<string> = new Set(['bool', 'int', 'float', 'null', 'timestamp']);

const WORDS: ReadonlyMap<string, Resolved> = new Map([
  ...words({ kind: 'bool', value: true }, 'y Y yes Yes YES true True TRUE on On ON'),
  ...words({ kind: 'bool', value: false }, 'n N no No NO false False FALSE off Off OFF'),
  ...words({ kind: 'null' }, ' ~ null Null NULL'),
  ...words({ kind: 'float', value: Number.NaN }, '.nan .NaN .NAN'),
  ...words({ kind: 'float', value: Number.POSITIVE_INFINITY }, '.inf .Inf .INF +.inf +.Inf +.INF'),
  ...words({ kind: 'float', value: Number.NEGATIVE_INFINITY }, '-.inf -.Inf -.INF'),
]);

function words(resolved: Resolved, list: string): [string, Resolved][] {
  return list.split(' ').map(word => [word, resolved]);
}

/** `resolve` of goyaml.v2/resolve.go for an untagged scalar; a timestamp stays the string it is in an untyped value. */
function resolve(text: string): Resolved {
  const word = WORDS.get(text);
  if (word) return word;
  if (/^\./.test(text)) return resolvePointFirst(text) ?? { kind: 'str', value: text };
  if (!/^[-+0-9]/.test(text)) return { kind: 'str', value: text };
  const plain = text.replaceAll('_', '');
  return resolveInt(plain) ?? resolveFloat(plain) ?? resolveSignedBinary(plain) ?? { kind: 'str', value: text };
}

/** strconv.ParseInt, then ParseUint, with base 0: a sign excludes what only uint64 can hold. */
function resolveInt(plain: string): Resolved | null {
  const value = parseGoInt(plain);
  if (value === null) return null;
  return withinInt64OrUint64(/^[-+]/.exec(plain)?.[0] ?? '', value < 0n ? -value : value);
}

/** go-yaml's own reading of `0b`, after ParseInt has failed: it lets a sign stand behind the prefix (`0b-11` is -3). */
function resolveSignedBinary(plain: string): Resolved | null {
  const match = /^0b([-+])([01]+)$/.exec(plain);
  return match ? withinInt64OrUint64(match[1] ?? '', BigInt(`0b${match[2]}`)) : null;
}

function withinInt64OrUint64(sign: string, magnitude: bigint): Resolved | null {
  if (sign === '-') return magnitude <= 2n ** 63n ? { kind: 'int', value: -magnitude } : null;
  return magnitude < 2n ** (sign === '' ? 64n : 63n) ? { kind: 'int', value: magnitude } : null;
}

const FLOAT = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;

/** `yamlStyleFloat` and strconv.ParseFloat: too large is an error there, hence a string here; too small is zero. */
function resolveFloat(plain: string): Resolved | null {
  if (!FLOAT.test(plain)) return null;
  const value = Number(plain);
  return Number.isFinite(value) ? { kind: 'float', value } : null;
}

/** A leading point goes to strconv.ParseFloat as it is, which wants every underscore between two digits. */
function resolvePointFirst(text: string): Resolved | null {
  return /_(?![0-9])|(?<![0-9])_/.test(text) ? null : resolveFloat(text.replaceAll('_', ''));
}

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

function resolveBinary(text: string): KubernetesScalar {
  const encoded = text.replace(/[\r\n]/g, '');
  if (!BASE64.test(encoded)) return { type: 'refused', reason: '!!binary value contains invalid base64 data' };
  const bytes = Uint8Array.from(atob(encoded), char => char.charCodeAt(0));
  return { type: 'string', value: new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes) };
}

const TIMESTAMP =
  /^([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:([Tt ])([0-9]{1,2}):([0-9]{1,2}):([0-9]{1,2})(?:[.,][0-9]+)?(Z|[-+](?:[01][0-9]|2[0-4]):(?:[0-5][0-9]|60))?)?$/;

/** `parseTimestamp` of goyaml.v2/resolve.go: a valid one stays the string it is written as. */
function resolveTimestamp(text: string): KubernetesScalar {
  const match = TIMESTAMP.exec(text);
  if (match) {
    const [, year, month, day, separator, hour = 0, minute = 0, second = 0, zone] = match;
    const zoned = zone !== undefined;
    const zoneFits = separator === undefined || (separator === ' ') !== zoned;
    const timeFits = Number(hour) < 24 && Number(minute) < 60 && Number(second) < 60;
    if (zoneFits && timeFits && isDate(Number(year), Number(month), Number(day)))
      return { type: 'string', value: text };
  }
  return { type: 'refused', reason: `cannot decode !!str \`${text}\` as a !!timestamp` };
}

function isDate(year: number, month: number, day: number): boolean {
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1];
  return days !== undefined && day >= 1 && day <= days;
}

function fromResolved(resolved: Resolved): KubernetesScalar {
  switch (resolved.kind) {
    case 'null':
      return { type: 'null' };
    case 'bool':
      return { type: 'boolean', value: resolved.value };
    case 'int':
      return number(Number(resolved.value), String(resolved.value));
    case 'float':
      return Number.isFinite(resolved.value)
        ? number(resolved.value + 0, String(resolved.value + 0))
        : { type: 'refused', reason: `json: unsupported value: ${goName(resolved.value)}` };
    case 'str':
      return { type: 'string', value: resolved.value };
  }
}

function number(value: number, text: string): KubernetesScalar {
  return { type: 'number', value, text };
}

function goName(value: number): string {
  return Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';
}
