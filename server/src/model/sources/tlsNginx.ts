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

/** Files that are included everywhere and say nothing of TLS. */
const HARMLESS_INCLUDE = /(?:^|\/)(?:mime\.types|(?:fastcgi|uwsgi|scgi|proxy)_params|fastcgi\.conf|koi-\w+|win-utf)$/;

/** What a text of nginx directives says of TLS: for each server, and for each block above that says something itself. */
export function* tlsOfNginx(text: NginxText): Iterable<TlsPolicy> {
  if (text.hasOwnLines || text.problems.length > 0) return;
  const { context, directives } = text.tree;
  const top: Scope = { path: [], directives, isServer: context === 'server' };
  const reader = new TlsReader(text);
  if (context === 'main') {
    for (const [index, { name, block }] of directives.entries()) {
      if (name.value !== 'http' || !block) continue;
      yield* reader.policies([{ path: [index], directives: block.directives, isServer: false }], true);
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
    if (this.#saysSomething(outer)) yield this.#policy(chain, null, []);
    const servers = outer.directives.flatMap(({ name, block }, index): Server[] => {
      if (name.value !== 'server' || !block) return [];
      const path = [...outer.path, index];
      const scope = { path, directives: block.directives, isServer: true };
      return [{ chain: [scope, ...chain], listens: listensOf(scope) }];
    });
    for (const server of servers) {
      const policy = this.#policy(server.chain, server, servers);
      if (policy.ciphers.value.place || policy.protocols.value.place) yield policy;
    }
  }

  #saysSomething({ directives }: Scope): boolean {
    return directives.some(({ name }) => name.value === 'ssl_ciphers' || name.value === 'ssl_protocols');
  }

  #policy(chain: Chain, server: Server | null, servers: readonly Server[]): TlsPolicy {
    const speaksTls = server?.listens.some(({ words }) => words.includes('ssl')) ?? false;
    const isDefault = server?.listens.some(({ words }) => words.includes('default_server')) ?? false;
    const first = server && (defaultServer(server, servers) ?? server);
    const isAlone = this.#isWhole && !chain.at(-1)?.directives.some(includesMore);
    const http2 = server && speaksTls ? this.#http2(server, servers, isAlone) : NOT_KNOWN;
    return {
      is: 'tlsPolicy',
      origin: 'nginx',
      ciphers: this.#words(chain, 'ssl_ciphers'),
      protocols: this.#protocols(chain, first?.chain ?? chain),
      preferServerCiphers: this.#flag(chain, 'ssl_prefer_server_ciphers'),
      ...http2,
      dhparam: this.#words(chain, 'ssl_dhparam').value,
      keyTypes: keyTypesOf(chain),
      mayShareSocket: !isAlone && !isDefault,
    };
  }

  /** `http2 on` is the server's, or inherited; a `listen` with the word turns it on for all on the socket. */
  #http2(server: Server, servers: readonly Server[], isAlone: boolean): Pick<TlsPolicy, 'http2' | 'http2Switches'> {
    const own = this.#find(server.chain, 'http2');
    const sockets = server.listens.filter(({ words }) => words.includes('ssl')).map(({ socket }) => socket);
    const listens = servers
      .flatMap(each => each.listens)
      .filter(({ socket, words }) => sockets.includes(socket) && words.includes('http2'));
    const switches = listens.map(({ path, words }) => ({
      address: this.#address(path),
      off: words.filter(word => word !== 'http2'),
    }));
    const isOn = own !== null && own !== 'unknown' && own.directive.arguments[0]?.value === 'on';
    if (isOn) switches.push({ address: this.#address(own.path), off: ['off'] });
    const [where] = switches;
    const directive = where && directiveAt(this.#text.tree, isOn ? own.path : (listens[0]?.path ?? []));
    if (where && directive) {
      const place = this.#text.placeOf(directive);
      return { http2: Value.known(where.address, true, place), http2Switches: switches };
    }
    return isAlone && own !== 'unknown' ? { http2: Value.absent([]), http2Switches: [] } : NOT_KNOWN;
  }

  /** The directive in force; null if there certainly is none. */
  #find(chain: Chain, name: string): { directive: NginxDirective; path: NginxPath } | 'unknown' | null {
    for (const { path, directives } of chain) {
      // They set what no other directive shows.
      if (directives.some(each => each.name.value === 'ssl_conf_command' && !/^Ciphersuites$/i.test(firstOf(each)))) {
        return 'unknown';
      }
      const index = directives.findLastIndex(each => each.name.value === name);
      const directive = directives[index];
      if (directive) return { directive, path: [...path, index] };
      if (directives.some(includesMore)) return 'unknown';
    }
    return this.#isWhole ? null : 'unknown';
  }

  /** Before 1.29.2 those of the default server count, since then a server's own: only where they agree is it known. */
  #protocols(own: Chain, ofDefault: Chain): WrittenText {
    const [written, counted] = [this.#words(own, 'ssl_protocols'), this.#words(ofDefault, 'ssl_protocols')];
    if (written.value.known === counted.value.known) return counted;
    return { ...written, value: Value.unknown(written.value.address, written.value.place) };
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

const NOT_KNOWN: Pick<TlsPolicy, 'http2' | 'http2Switches'> = { http2: Value.unknown([], null), http2Switches: [] };

/** Anything else is a template's, or the grammar of BoringSSL. A path of `ssl_dhparam` too. */
const PLAIN = /^[\w\s!:+,;@=./-]*$/;

function firstOf({ arguments: [word] }: NginxDirective): string {
  return word?.value ?? '';
}

function includesMore(directive: NginxDirective): boolean {
  return directive.name.value === 'include' && !HARMLESS_INCLUDE.test(firstOf(directive));
}

function listensOf({ path, directives }: Scope): readonly Listen[] {
  return directives.flatMap((directive, index) => {
    if (directive.name.value !== 'listen') return [];
    const words = directive.arguments.map(({ value }) => value);
    const socket = (words[0] ?? '').replace(/^(?=\d+$)/, '*:');
    return [{ path: [...path, index], socket, words }];
  });
}

/** The one that is named so on a socket of the server, else the first on it. */
function defaultServer({ listens }: Server, servers: readonly Server[]): Server | undefined {
  const sockets = new Set(listens.filter(({ words }) => words.includes('ssl')).map(({ socket }) => socket));
  const there = servers.filter(server => server.listens.some(({ socket }) => sockets.has(socket)));
  const isNamed = ({ socket, words }: Listen) =>
    sockets.has(socket) && (words.includes('default_server') || words.includes('default'));
  return there.find(server => server.listens.some(isNamed)) ?? there[0];
}

/** What the names of the certificates say: nothing, mostly. */
function keyTypesOf(chain: Chain): TlsPolicy['keyTypes'] {
  const own = chain.map(({ directives }) => directives.filter(({ name }) => name.value === 'ssl_certificate'));
  const certificates = own.find(list => list.length > 0) ?? [];
  const types = certificates.map(each => (/ecdsa|ecc\b|[._-]ec[._-]/i.test(firstOf(each)) ? 'ECDSA' : 'RSA'));
  return types.includes('ECDSA') ? [...new Set(types)] : null;
}
