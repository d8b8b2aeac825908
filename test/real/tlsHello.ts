import { connect, createServer } from 'node:net';
import { TLS_PROTOCOLS, type TlsProtocol } from '../../server/src/facts/tlsCiphers.ts';
import type { TlsClient } from '../../server/src/facts/tlsClients.ts';

/** What a ClientHello offers, as far as the records go. */
export type Offer = Pick<TlsClient, 'oldest' | 'newest' | 'suites' | 'groups' | 'alpn'>;

/** A server's first answer, as it stands on the wire. */
export type FirstAnswer =
  | { readonly alert: number }
  | { readonly protocol: TlsProtocol; readonly suite: string; readonly alpn: string | null };

const EXTENSION = {
  supportedGroups: 0x0a,
  pointFormats: 0x0b,
  signatureAlgorithms: 0x0d,
  alpn: 0x10,
  supportedVersions: 0x2b,
  pskModes: 0x2d,
  keyShare: 0x33,
} as const;

/** With SHA-256 and better, as the clients of TLS 1.2 have them; the records do not say. */
const SIGNATURES = '0403 0503 0603 0804 0805 0806 0401 0501 0601 0203 0201'.split(' ');
const RENEGOTIATION_INFO = '00ff';
const HANDSHAKE = 22;
const ALERT = 21;

/** Sends the ClientHello of a record (RFC 5246, RFC 8446) and reads the ServerHello, the HelloRetryRequest or the alert. */
export function firstAnswer(port: number, offer: Offer, signatures = SIGNATURES): Promise<FirstAnswer> {
  return new Promise((resolve, reject) => {
    let received = Buffer.alloc(0);
    const socket = connect(port, '127.0.0.1', () => socket.write(clientHello(offer, signatures)));
    socket.setTimeout(20_000, () => socket.destroy(new Error('no answer')));
    socket.on('data', data => {
      received = Buffer.concat([received, data]);
      if (received.length < 5 || received.length < 5 + received.readUInt16BE(3)) return;
      socket.destroy();
      resolve(readAnswer(received.subarray(5), received[0] ?? 0));
    });
    socket.on('error', reject);
    socket.on('end', () => reject(new Error('the server hangs up')));
  });
}

function clientHello(offer: Offer, signatures: readonly string[]): Buffer {
  const legacy = offer.newest === 'TLSv1.3' ? 'TLSv1.2' : offer.newest;
  const body = Buffer.concat([
    number(2, codeOf(legacy)),
    Buffer.alloc(32, 7),
    counted(1, Buffer.alloc(0)),
    counted(2, ids([...offer.suites, RENEGOTIATION_INFO])),
    counted(1, Buffer.of(0)),
    counted(2, extensions(offer, signatures)),
  ]);
  return Buffer.concat([Buffer.of(HANDSHAKE, 3, 1), counted(2, Buffer.concat([Buffer.of(1), counted(3, body)]))]);
}

function extensions({ oldest, newest, groups, alpn }: Offer, signatures: readonly string[]): Buffer {
  const age = (protocol: TlsProtocol) => TLS_PROTOCOLS.indexOf(protocol);
  const list: Buffer[] = [];
  const add = (type: number, content: Buffer) => list.push(number(2, type), counted(2, content));
  if (groups.length > 0) {
    add(EXTENSION.supportedGroups, counted(2, ids(groups)));
    add(EXTENSION.pointFormats, counted(1, Buffer.of(0)));
  }
  if (age(newest) >= age('TLSv1.2')) add(EXTENSION.signatureAlgorithms, counted(2, ids(signatures)));
  if (alpn.length > 0) {
    add(EXTENSION.alpn, counted(2, Buffer.concat(alpn.map(name => counted(1, Buffer.from(name))))));
  }
  if (newest === 'TLSv1.3') {
    const versions = TLS_PROTOCOLS.slice(age(oldest)).reverse();
    add(EXTENSION.supportedVersions, counted(1, Buffer.concat(versions.map(version => number(2, codeOf(version))))));
    add(EXTENSION.pskModes, counted(1, Buffer.of(1)));
    // No share: the server answers with a HelloRetryRequest, which names the suite too.
    add(EXTENSION.keyShare, counted(2, Buffer.alloc(0)));
  }
  return Buffer.concat(list);
}

function readAnswer(body: Buffer, type: number): FirstAnswer {
  if (type === ALERT) return { alert: body.readUInt8(1) };
  const sessionId = body.readUInt8(38);
  const suiteAt = 39 + sessionId;
  const found = new Map(extensionsOf(body, suiteAt + 3));
  const protocol = protocolOf(found.get(EXTENSION.supportedVersions)?.readUInt16BE(0) ?? body.readUInt16BE(4));
  const alpn = found.get(EXTENSION.alpn)?.subarray(3).toString() ?? null;
  return { protocol, suite: body.toString('hex', suiteAt, suiteAt + 2), alpn };
}

function* extensionsOf(body: Buffer, start: number): Generator<[type: number, content: Buffer]> {
  const end = 4 + body.readUIntBE(1, 3);
  if (start + 2 > end) return;
  for (let at = start + 2; at < end; ) {
    const length = body.readUInt16BE(at + 2);
    yield [body.readUInt16BE(at), body.subarray(at + 4, at + 4 + length)];
    at += 4 + length;
  }
}

/** What a client really offers: `dial` makes it connect to the port that it is given. */
export async function offerOf(dial: (port: number) => unknown): Promise<Offer> {
  return new Promise((resolve, reject) => {
    let received = Buffer.alloc(0);
    const server = createServer(socket => {
      socket.on('error', () => {});
      socket.on('data', data => {
        received = Buffer.concat([received, data]);
        if (received.length < 5 || received.length < 5 + received.readUInt16BE(3)) return;
        socket.destroy();
        server.close();
        resolve(readHello(received.subarray(5)));
      });
    }).listen(0, '127.0.0.1', () => {
      const address = server.address();
      if (address === null || typeof address === 'string') reject(new Error('no port'));
      else dial(address.port);
    });
  });
}

function readHello(body: Buffer): Offer {
  const suitesAt = 39 + body.readUInt8(38);
  const suitesEnd = suitesAt + 2 + body.readUInt16BE(suitesAt);
  const found = new Map(extensionsOf(body, suitesEnd + 1 + body.readUInt8(suitesEnd)));
  const pairs = (bytes: Buffer) => (bytes.toString('hex').match(/.{4}/g) ?? []).filter(id => !isGrease(id));
  const versions = pairs(found.get(EXTENSION.supportedVersions)?.subarray(1) ?? body.subarray(4, 6)).sort();
  return {
    oldest: protocolOf(Number.parseInt(versions[0] ?? '', 16)),
    newest: protocolOf(Number.parseInt(versions.at(-1) ?? '', 16)),
    suites: pairs(body.subarray(suitesAt + 2, suitesEnd)).filter(id => id !== RENEGOTIATION_INFO),
    groups: pairs(found.get(EXTENSION.supportedGroups)?.subarray(2) ?? Buffer.alloc(0)),
    alpn: [...names(found.get(EXTENSION.alpn)?.subarray(2) ?? Buffer.alloc(0))],
  };
}

function* names(bytes: Buffer): Generator<string> {
  for (let at = 0; at < bytes.length; at += 1 + bytes.readUInt8(at)) {
    yield bytes.toString('latin1', at + 1, at + 1 + bytes.readUInt8(at));
  }
}

/** Values that mean nothing, so that servers learn to bear them (RFC 8701). */
function isGrease(id: string): boolean {
  return /^(.a)\1$/.test(id);
}

function codeOf(protocol: TlsProtocol): number {
  return 0x300 + TLS_PROTOCOLS.indexOf(protocol);
}

function protocolOf(code: number): TlsProtocol {
  const protocol = TLS_PROTOCOLS[code - 0x300];
  if (protocol === undefined) throw new Error(`no protocol ${code.toString(16)}`);
  return protocol;
}

function ids(list: readonly string[]): Buffer {
  return Buffer.from(list.join(''), 'hex');
}

function number(bytes: number, value: number): Buffer {
  const buffer = Buffer.alloc(bytes);
  buffer.writeUIntBE(value, 0, bytes);
  return buffer;
}

/** Bytes after their count, as TLS writes vectors. */
function counted(bytes: number, content: Buffer): Buffer {
  return Buffer.concat([number(bytes, content.length), content]);
}
