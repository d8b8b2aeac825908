// biome-ignore-all lint/suspicious/noTemplateCurlyInString: those are the placeholders of snippets
// Writes the blocks of nginx that fixes insert (server/src/facts/nginxBlocks.json) and that snippets offer (snippets/nginx.json), by
// nginx-conf: `tsx scripts/facts/nginx-blocks.mts`. Not while somebody edits: it wants `fs`, which no browser and no core has.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { NginxConfFile } from 'nginx-conf';

export const BLOCKS = fileURLToPath(new URL('../../server/src/facts/nginxBlocks.json', import.meta.url));
export const SNIPPETS = fileURLToPath(new URL('../../snippets/nginx.json', import.meta.url));

/** Name and arguments of each directive of a `server`, in their order. */
type Server = readonly (readonly [name: string, value: string])[];

/** What hangs up on whoever asks for a name that no other server has; with TLS it needs no certificate (nginx 1.19.4). */
function catchAll(listens: readonly string[], tls: readonly (readonly [name: string, value: string])[] = []): Server {
  return [
    ...listens.map(listen => ['listen', `${listen} default_server`] as const),
    ['server_name', '_'],
    ...tls,
    ['return', '444'],
  ];
}

const REJECT = [['ssl_reject_handshake', 'on']] as const;
const CERTIFICATE = [
  ['ssl_certificate', '${2:/etc/nginx/tls/default.crt}'],
  ['ssl_certificate_key', '${3:/etc/nginx/tls/default.key}'],
] as const;

/** The blocks that fixes insert: a tab for each step of indentation, `<listen>` for the words of a `listen`. */
export function blocks(): string {
  const about =
    'Blocks that fixes insert, by scripts/facts/nginx-blocks.mts. A tab is a step of indentation; a line with <listen> is written once for each listen.';
  return json({
    about,
    catchAll: lines(catchAll(['<listen>'])),
    catchAllTls: lines(catchAll(['<listen>'], REJECT)),
  });
}

/** The snippets as they must be: names and descriptions as they are, bodies by nginx-conf. */
export function snippets(): string {
  const written = JSON.parse(readFileSync(SNIPPETS, 'utf8')) as Record<string, object>;
  const http = catchAll(['${1:80}', '[::]:${1:80}']);
  const https = (port: number) => [`\${${port}:443} ssl`, `[::]:\${${port}:443} ssl`];
  const bodies: Readonly<Record<string, readonly Server[]>> = {
    'Catch-all that hangs up': [http, catchAll(https(2), REJECT)],
    'Catch-all that hangs up, with a certificate': [catchAll(https(1), CERTIFICATE)],
  };
  const entries = Object.entries(written).map(([name, snippet]) => [
    name,
    { ...snippet, body: body(bodies[name] ?? []) },
  ]);
  return json(Object.fromEntries(entries));
}

function body(servers: readonly Server[]): readonly string[] {
  const text = servers.flatMap((server, i) => [...(i === 0 ? [] : ['']), ...lines(server)]);
  return text.map((line, i) => (i === text.length - 1 ? `${line}$0` : line));
}

function lines(server: Server): readonly string[] {
  let text = '';
  NginxConfFile.createFromSource('', { tab: '\t' }, (error, file) => {
    if (error || !file) throw error ?? new Error('nginx-conf gave nothing');
    file.nginx._add('server', '', []);
    const [block] = file.nginx.server ?? [];
    for (const [name, value] of server) block?._add(name, value);
    text = file.toString();
  });
  return text.trimEnd().split('\n');
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(BLOCKS, blocks());
  writeFileSync(SNIPPETS, snippets());
}
