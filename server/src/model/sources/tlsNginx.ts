import { directiveAt, type NginxPath } from '../../syntax/nginx/edit.ts';
import type { NginxDirective } from '../../syntax/nginx/tree.ts';
import type { Span } from '../../text/span.ts';
import type { Change } from '../edit.ts';
import type { NginxText } from '../nginxText.ts';
import type { TlsPolicy, WrittenText } from '../tlsPolicy.ts';
import { Value } from '../value.ts';

/** A block whose directives those within it inherit. */
interface Scope {
  readonly path: NginxPath;
  readonly directives: readonly NginxDirective[];
  readonly isServer: boolean;
  /** Index of the last directive of each name. */
  readonly last: ReadonlyMap<string, number>;
  readonly certificates: readonly NginxDirective[];
  /** True if files that the text does not show say more. */
  readonly includesMore: boolean;
  /** True if OpenSSL is told what no other directive shows. */
  readonly isSealed: boolean;
}

/** From the innermost to the outermost that the text shows. */
type Chain = readonly Scope[];

interface Server {
  readonly chain: Chain;
  readonly listens: readonly Listen[];
}

interface Listen {
  readonly path: NginxPath;
  readonly socket: string;
  readonly words: readonly string[];
}

/** What the servers of one address and port have in common. */
interface Socket {
  /** The one that is named its default, else the first. */
  readonly answering: Server;
  readonly isNamed: boolean;
  readonly http2: readonly Listen[];
}

type Http2Switch = TlsPolicy['http2Switches'][number];

/** Servers that inherit the same: what one of them says, the switches of their own, and their sockets. */
interface Alike {
  readonly policy: TlsPolicy;
  readonly own: Map<string, Http2Switch>;
  readonly on: Set<string>;
}

/** Files that are included everywhere and say nothing of TLS. */
const HARMLESS_INCLUDE = /(?:^|\/)(?:mime\.types|(?:fastcgi|uwsgi|scgi|proxy)_params|fastcgi\.conf|koi-\w+|win-utf)$/;

/** What a text of nginx directives says of TLS: for each server, and for each block above that says something itself. */
export function* tlsOfNginx(text: NginxText): Iterable<TlsPolicy> {
  if (text.hasOwnLines || text.problems.length > 0) return;
  const { context, directives } = text.tree;
  const top = scopeOf([], directives, context === 'server');
  const reader = new TlsReader(text);
  if (context === 'main') {
    for (const [index, { name, block }] of directives.entries()) {
      if (name.value !== 'http' || !block) continue;
      yield* reader.policies([scopeOf([index], block.directives, false)], true);
    }
  } else if (context === 'http' || context === 'server' || context === null) yield* reader.policies([top], false);
}

class TlsReader {
  readonly #text: NginxText;
  /** True if nothing that the text does not show is around its blocks. */
  #isWhole = false;

  constructor(text: NginxText) {
    this.#text = text;
  }

  *policies(chain: Chain, isWhole: boolean): Iterable<TlsPolicy> {
    this.#isWhole = isWhole;
    const [outer] = chain;
    if (!outer) return;
    if (WRITTEN.some(name => outer.last.has(name))) yield this.#policy(chain, null, new Map());
    const servers = outer.directives.flatMap(({ name, block }, index): Server[] => {
      if (name.value !== 'server' || !block) return [];
      const scope = scopeOf([...outer.path, index], block.directives, true);
      return [{ chain: [scope, ...chain], listens: listensOf(scope) }];
    });
    const sockets = socketsOf(servers);
    // Servers that inherit the same say the same once; HTTP/2 is off when it is off on the sockets of all of them.
    const alike = new Map<string, Alike>();
    for (const server of servers) {
      const policy = this.#policy(server.chain, server, sockets);
      if (![policy.ciphers, policy.protocols, policy.curves].some(each => each.value.place)) continue;
      const key = JSON.stringify({ ...policy, http2: policy.http2.known ?? policy.http2.isAbsent, http2Switches: [] });
      const group = alike.get(key) ?? { policy, own: new Map(), on: new Set() };
      alike.set(key, group);
      for (const each of policy.http2Switches) group.own.set(JSON.stringify(each.address), each);
      for (const socket of tlsSockets(server)) group.on.add(socket);
    }
    for (const { policy, own, on } of alike.values()) {
      const listens = policy.http2.is(true) ? [...on].flatMap(socket => sockets.get(socket)?.http2 ?? []) : [];
      yield { ...policy, http2Switches: [...listens.map(listen => this.#withoutHttp2(listen)), ...own.values()] };
    }
  }

  #withoutHttp2({ path, words }: Listen): Http2Switch {
    return { address: this.#address(path), off: words.filter(word => word !== 'http2') };
  }

  #policy(chain: Chain, server: Server | null, sockets: ReadonlyMap<string, Socket>): TlsPolicy {
    const speaksTls = server?.listens.some(({ words }) => words.includes('ssl')) ?? false;
    const isDefault = server?.listens.some(({ words }) => words.includes('default_server')) ?? false;
    const first = server && (answering(server, sockets) ?? server);
    const isNamed = server !== null && tlsSockets(server).some(socket => sockets.get(socket)?.isNamed);
    const isAlone = this.#isWhole && !chain.at(-1)?.includesMore;
    const http2 = server && speaksTls ? this.#http2(server, sockets, isAlone) : NOT_KNOWN;
    return {
      is: 'tlsPolicy',
      origin: 'nginx',
      ciphers: this.#words(chain, 'ssl_ciphers'),
      annotation: null,
      ...this.#protocols(chain, first?.chain ?? chain, isAlone || isNamed),
      preferServerCiphers: this.#flag(chain, 'ssl_prefer_server_ciphers'),
      ...http2,
      dhparam: this.#words(chain, 'ssl_dhparam').value,
      curves: this.#words(first?.chain ?? chain, 'ssl_ecdh_curve'),
      keyTypes: keyTypesOf(chain),
      of: null,
      mayShareSocket: !isAlone && !isDefault,
    };
  }

  /** `http2 on` is the server's, or inherited, and its own to switch; a `listen` with the word is the whole socket's. */
  #http2(
    server: Server,
    sockets: ReadonlyMap<string, Socket>,
    isAlone: boolean,
  ): Pick<TlsPolicy, 'http2' | 'http2Switches'> {
    const own = this.#find(server.chain, 'http2');
    const listen = tlsSockets(server).flatMap(socket => sockets.get(socket)?.http2[0] ?? [])[0];
    const isOn = own !== null && own !== 'unknown' && own.directive.arguments[0]?.value === 'on';
    const path = isOn ? own.path : listen?.path;
    const directive = path && directiveAt(this.#text.tree, path);
    if (directive) {
      const address = this.#address(path);
      const http2 = Value.known(address, true, this.#text.placeOf(directive));
      return { http2, http2Switches: isOn ? [{ address, off: ['off'] }] : [] };
    }
    return isAlone && own !== 'unknown' ? { http2: Value.absent([]), http2Switches: [] } : NOT_KNOWN;
  }

  /** The directive in force; null if there certainly is none. */
  #find(chain: Chain, name: string): { directive: NginxDirective; path: NginxPath } | 'unknown' | null {
    for (const { path, directives, last, isSealed, includesMore } of chain) {
      if (isSealed) return 'unknown';
      const index = last.get(name);
      const directive = index === undefined ? undefined : directives[index];
      if (directive && index !== undefined) return { directive, path: [...path, index] };
      if (includesMore) return 'unknown';
    }
    return this.#isWhole ? null : 'unknown';
  }

  /**
   * Before 1.29.2 those of the default server count, since then a server's own: only where they agree is it known. No release of
   * the controller has that nginx, and its default server is none of the hosts'.
   */
  #protocols(own: Chain, ofDefault: Chain, isDefaultKnown: boolean): Pick<TlsPolicy, 'protocols' | 'idleProtocols'> {
    const [written, counted] = [this.#words(own, 'ssl_protocols'), this.#words(ofDefault, 'ssl_protocols')];
    const { carrier } = this.#text;
    const isOfHost = carrier.kind === 'snippet' && carrier.isOfNamedHosts && own[0]?.last.has('ssl_protocols') === true;
    if (!isOfHost && sameWords(written.value, counted.value)) return { protocols: counted, idleProtocols: null };
    const protocols = { ...written, value: Value.unknown<string>(written.value.address, written.value.place) };
    const isOwn = own[0]?.isServer && own[0].last.has('ssl_protocols') && isDefaultKnown && !counted.value.isUnknown;
    const idle = { own: written.value, ofDefault: isOfHost ? null : counted.value };
    return { protocols, idleProtocols: (isOfHost || isOwn) && written.value.known !== undefined ? idle : null };
  }

  #flag(chain: Chain, name: string): Value<boolean> {
    const { value } = this.#words(chain, name);
    if (value.isUnknown || value.isAbsent || !value.place) {
      return value.isAbsent ? Value.absent(value.address) : Value.unknown(value.address, value.place);
    }
    return Value.known(value.address, value.known?.toLowerCase() === 'on', value.place);
  }

  #words(chain: Chain, name: string): WrittenText {
    const found = this.#find(chain, name);
    const placeOf = (span: Span) => this.#text.placeOf(span);
    if (found === null || found === 'unknown') {
      const value = found === null ? Value.absent<string>([]) : Value.unknown<string>([], null);
      return { value, placeOf, rewrite: text => ({ address: [], change: { op: 'arguments', words: [text] } }) };
    }
    const { directive, path } = found;
    const { arguments: words } = directive;
    const [first, last] = [words[0], words.at(-1)];
    const address = this.#address(path);
    const entry = placeOf(directive).entry;
    const quote = first?.quote ?? '';
    const rewrite = (text: string): Change => ({
      address,
      change: { op: 'arguments', words: [`${quote}${text}${quote}`] },
    });
    const isKnown = !this.#text.isTemplated(directive) && words.every(word => word.closed && PLAIN.test(word.value));
    if (!first || !last || !isKnown || (words.length > 1 && words.some(word => word.quote !== null))) {
      return { value: Value.unknown(address, { value: entry, entry }), placeOf, rewrite };
    }
    const place = { value: placeOf({ start: first.start, end: last.end }).value, entry };
    if (words.length === 1) {
      const map = first.map();
      const value = Value.known(address, first.value, place);
      return { value, placeOf: span => placeOf(map.spanToSource(span)), rewrite };
    }
    const { start } = first;
    const text = this.#text.tree.text.slice(start, last.end);
    return {
      value: Value.known(address, text, place),
      placeOf: span => placeOf({ start: span.start + start, end: span.end + start }),
      rewrite,
    };
  }

  #address(path: NginxPath) {
    return [...this.#text.address, ...path];
  }
}

/** Where one of these stands, there is something to judge. */
const WRITTEN = ['ssl_ciphers', 'ssl_protocols', 'ssl_ecdh_curve'] as const;

const NOT_KNOWN: Pick<TlsPolicy, 'http2' | 'http2Switches'> = { http2: Value.unknown([], null), http2Switches: [] };

/** Anything else is a template's, or the grammar of BoringSSL. A path of `ssl_dhparam` too. */
const PLAIN = /^[\w\s!:+,;@=./-]*$/;

function sameWords({ known: one }: Value<string>, { known: other }: Value<string>): boolean {
  if (one === undefined || other === undefined) return one === other;
  const sorted = (text: string) => text.trim().split(/\s+/).sort().join(' ');
  return sorted(one) === sorted(other);
}

function firstOf({ arguments: [word] }: NginxDirective): string {
  return word?.value ?? '';
}

function scopeOf(path: NginxPath, directives: readonly NginxDirective[], isServer: boolean): Scope {
  return {
    path,
    directives,
    isServer,
    last: new Map(directives.map(({ name }, index) => [name.value, index])),
    certificates: directives.filter(({ name }) => name.value === 'ssl_certificate'),
    includesMore: directives.some(each => each.name.value === 'include' && !HARMLESS_INCLUDE.test(firstOf(each))),
    isSealed: directives.some(each => each.name.value === 'ssl_conf_command' && !/^Ciphersuites$/i.test(firstOf(each))),
  };
}

function listensOf({ path, directives }: Scope): readonly Listen[] {
  return directives.flatMap((directive, index) => {
    if (directive.name.value !== 'listen') return [];
    const words = directive.arguments.map(({ value }) => value);
    const socket = (words[0] ?? '').replace(/^(?=\d+$)/, '*:');
    return [{ path: [...path, index], socket, words }];
  });
}

/** What stands on each socket that any of the servers listens on. */
function socketsOf(servers: readonly Server[]): ReadonlyMap<string, Socket> {
  const sockets = new Map<string, { answering: Server; isNamed: boolean; http2: Listen[] }>();
  for (const server of servers) {
    for (const listen of server.listens) {
      const isNamed = listen.words.includes('default_server') || listen.words.includes('default');
      const socket = sockets.get(listen.socket) ?? { answering: server, isNamed: false, http2: [] };
      sockets.set(listen.socket, socket);
      if (isNamed && !socket.isNamed) Object.assign(socket, { answering: server, isNamed });
      if (listen.words.includes('http2')) socket.http2.push(listen);
    }
  }
  return sockets;
}

function tlsSockets({ listens }: Server): string[] {
  return listens.filter(({ words }) => words.includes('ssl')).map(({ socket }) => socket);
}

/** The server that answers on the sockets of another: one that is named so, else the first. */
function answering(server: Server, sockets: ReadonlyMap<string, Socket>): Server | undefined {
  const own = tlsSockets(server).flatMap(socket => sockets.get(socket) ?? []);
  return (own.find(({ isNamed }) => isNamed) ?? own[0])?.answering;
}

/** What the names of the certificates say: nothing, mostly. */
function keyTypesOf(chain: Chain): TlsPolicy['keyTypes'] {
  const certificates = chain.find(({ certificates }) => certificates.length > 0)?.certificates ?? [];
  const types = certificates.map(each => (/ecdsa|ecc\b|[._-]ec[._-]/i.test(firstOf(each)) ? 'ECDSA' : 'RSA'));
  return types.includes('ECDSA') ? [...new Set(types)] : null;
}
