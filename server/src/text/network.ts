/** True for an address or a network as Go's net package and nginx read them: `10.0.0.0/8`, `::1`. */
export function isNetwork(text: string): boolean {
  const [address = '', bits, ...others] = text.split('/');
  if (others.length > 0) return false;
  const width = isIpv4(address) ? 32 : isIpv6(address) ? 128 : null;
  if (width === null) return false;
  return bits === undefined || (/^(?:0|[1-9]\d{0,2})$/.test(bits) && Number(bits) <= width);
}

/** True for what can be nothing but an address or a network, right or wrong. */
export function looksLikeNetwork(text: string): boolean {
  return /^[\d.]+(?:\/\d*)?$/.test(text) || /^[0-9a-f:.]*:[0-9a-f:.]*(?:\/\d*)?$/i.test(text);
}

/** True for `10.0.0.1`, as inet_pton(3) takes it: no zeros in front, nothing left out. */
export function isIpv4(text: string): boolean {
  return parseIpv4(text) !== null;
}

/** True for `::1` or `::ffff:10.0.0.1`, as inet_pton(3) takes it: without a zone. */
export function isIpv6(text: string): boolean {
  return parseIpv6(text) !== null;
}

/** The 32 bits of an address as inet_pton(3) takes it; null for anything else. */
export function parseIpv4(text: string): bigint | null {
  const octets = text.split('.');
  if (octets.length !== 4 || !octets.every(octet => /^(?:0|[1-9]\d{0,2})$/.test(octet) && Number(octet) <= 255))
    return null;
  return octets.reduce((sum, octet) => (sum << 8n) | BigInt(octet), 0n);
}

/** The 128 bits of an address as inet_pton(3) takes it; null for anything else. */
export function parseIpv6(text: string): bigint | null {
  const [head = '', tail, ...more] = text.split('::');
  const before = groupsOf(head, tail === undefined);
  const behind = groupsOf(tail ?? '', true);
  if (more.length > 0 || !before || !behind) return null;
  const missing = 8 - before.length - behind.length;
  if (tail === undefined ? missing !== 0 : missing < 1) return null;
  const groups = [...before, ...Array.from({ length: missing }, () => 0n), ...behind];
  return groups.reduce((sum, group) => (sum << 16n) | group, 0n);
}

/** Groups of 16 bits, parted by colons; the last may be an IPv4 address if the text ends with it. */
function groupsOf(text: string, isEnd: boolean): bigint[] | null {
  if (text === '') return [];
  const groups: bigint[] = [];
  const parts = text.split(':');
  for (const [index, part] of parts.entries()) {
    const ipv4 = isEnd && index === parts.length - 1 ? parseIpv4(part) : null;
    if (ipv4 !== null) groups.push(ipv4 >> 16n, ipv4 & 0xffffn);
    else if (/^[\da-f]{1,4}$/i.test(part)) groups.push(BigInt(`0x${part}`));
    else return null;
  }
  return groups;
}
