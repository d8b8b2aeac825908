import { type NginxContext, nginxDirectives } from '../../facts/nginx.ts';
import { holdsEntries } from '../../syntax/nginx/context.ts';
import { parseNginx } from '../../syntax/nginx/parse.ts';
import { walk } from '../../syntax/nginx/tree.ts';
import { placeholdersIn } from '../../syntax/placeholders.ts';
import { mask } from '../../syntax/template.ts';
import { withoutTemplateEnding } from '../../text/path.ts';
import { NginxText } from '../nginxText.ts';
import type { Region } from '../region.ts';

/** Words that begin a line in nginx files, and seldom in others: a cheap look before any parsing. */
const NGINX_WORDS =
  /^[ \t]*(?:(?:server|http|events|stream)[ \t\r\n]*\{|(?:upstream|location|map|geo)[ \t][^;{}\n]*\{|(?:listen|server_name|proxy_\w+|ssl_\w+|add_header|fastcgi_\w+|try_files|resolver|include|keepalive_timeout|client_max_body_size|rewrite|return|set)[ \t][^;\n]*;)/m;

/** Programs whose files have blocks or semicolons too. */
const OTHER_PROGRAMS =
  /(?:^|\/)(?:httpd|apache2?|named|dhcpd|haproxy|squid|redis|lighttpd|keepalived|unbound|bind9?|rsyslog|syslog-ng|supervisord?|php-fpm|dnsmasq)[^/]*(?:\/|$)/i;

const OTHER_ENDINGS =
  /\.(?:ya?ml|json|tf|hcl|md|markdown|rst|adoc|html?|xml|s?css|less|sh|bash|zsh|go|py|rb|jsx?|mjs|cjs|tsx?|java|kt|scala|rs|[chm]|cc|cpp|hpp|cs|php|lua|pl|sql|log|lock|patch|diff|proto|thrift|zone|toml|ini|csv|svg|txt|service)$/i;

/** At least this share of the directives must be nginx's own by name. */
const KNOWN_SHARE = 0.7;

/** The text of a file that looks like nginx's own. */
export function nginxOfFile(file: string, region: Region): NginxText {
  return new NginxText({ kind: 'file' }, region, contextOfFile(file, region.text));
}

/** True if most directives of the text are nginx's, by name: content decides, the file's name can only speak against it. */
export function looksLikeNginx(file: string, text: string): boolean {
  const name = withoutTemplateEnding(file);
  if (OTHER_ENDINGS.test(name) || OTHER_PROGRAMS.test(name) || !NGINX_WORDS.test(text)) return false;
  const { tree } = parseNginx(mask(text, placeholdersIn(text, { braces: true })).text, { context: null });
  const directives = [...walk(tree)].filter(({ context }) => !holdsEntries(context));
  // Keys of YAML, and assignments of other languages, end in characters that no directive's name has.
  if (directives.some(({ name }) => /[:=]$/.test(name.value))) return false;
  // A line that is being typed must not take its file away from those who help to write it.
  const finished = directives.filter(({ semicolon, block }) => semicolon !== null || block !== null);
  const known = finished.filter(({ name }) => nginxDirectives(name.value).length > 0).length;
  return finished.length > 0 && known / finished.length >= KNOWN_SHARE;
}

/** Directives that stand in the main context alone; a file that has one of them is a whole configuration. */
const MAIN_ONLY = ['http', 'events', 'stream', 'mail', 'worker_processes', 'worker_rlimit_nofile', 'daemon', 'pid'];

/** Directives that tell `http` from `stream`, where both have a `server`. */
const HTTP_ONLY =
  /^[ \t]*(?:location|server_name|root|index|try_files|fastcgi_pass|rewrite|add_header|proxy_set_header)[ \t]/m;

/**
 * What a file's text stands in, once it is included where such files are; null if that cannot be told: templates with
 * statements of their own lines may define parts in one place and print them in another.
 */
function contextOfFile(file: string, text: string): NginxContext | null {
  const masked = mask(text, placeholdersIn(text, { braces: true }));
  if (masked.hasOwnLines) return null;
  const { tree } = parseNginx(masked.text, { context: null });
  const names = tree.directives.map(({ name }) => name.value);
  if (names.some(name => MAIN_ONLY.includes(name))) return 'main';
  const isHttp = HTTP_ONLY.test(text) && !/stream/.test(file);
  return isHttp && names.includes('server') ? 'http' : null;
}
