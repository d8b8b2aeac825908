/** The port that nginx takes where `listen` names none. */
const DEFAULT_PORT = 80;

/**
 * The socket that the first argument of `listen` means, in one form for all that nginx takes for the same; null for what
 * has to be resolved, or is several.
 *
 * Source: nginx src/core/ngx_inet.c, ngx_parse_url, and src/http/ngx_http.c, ngx_http_add_listen (1.22.1): an address in
 * the text alone decides, with `*` and no address for 0.0.0.0.
 */
export function listenSocket(address: string): string | null {
  if (address.startsWith('unix:')) return address;
  const [, host = '', port] = /^(\*|\[[\da-fA-F:.]+\]|\d+\.\d+\.\d+\.\d+)(?::(\d{1,5}))?$/.exec(address) ?? [];
  const alone = /^\d{1,5}$/.test(address) ? address : undefined;
  if (host === '' && alone === undefined) return null;
  const ip = host === '' || host === '*' ? '0.0.0.0' : host.toLowerCase();
  return `${ip}:${Number(alone ?? port ?? DEFAULT_PORT)}`;
}
