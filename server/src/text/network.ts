const OCTET = /^(?:0|[1-9]\d{0,2})$/;
const GROUP = /^[0-9a-f]{1,4}$/i;

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

export function isIpv4(text: string): boolean {
  const octets = text.split('.');
  return octets.length === 4 && octets.every(octet => OCTET.test(octet) && Number(octet) <= 255);
}

export function isIpv6(text: string): boolean {
  const halves = text.split('::');
  if (halves.length > 2 || !text.includes(':')) return false;
  const groups = halves.flatMap(half => (half === '' ? [] : half.split(':')));
  const last = groups.at(-1) ?? '';
  const mapped = last.includes('.');
  if (mapped && !isIpv4(last)) return false;
  const count = groups.length + (mapped ? 1 : 0);
  if (!(mapped ? groups.slice(0, -1) : groups).every(group => GROUP.test(group))) return false;
  return halves.length === 2 ? count < 8 : count === 8;
}
