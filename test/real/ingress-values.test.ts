import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { CONFIG_KEYS } from '../../server/src/facts/ingressNginxKeys.ts';
import { KEYS } from '../rules/ingressValueTables.ts';
import { NGINX_PROGRAM } from './nginxOracle.ts';

const folder = mkdtempSync(join(tmpdir(), 'ingress-values-'));
mkdirSync(join(folder, 'logs'));
after(() => rmSync(folder, { recursive: true }));

type Block = 'main' | 'http' | 'location' | 'upstream' | 'stream';

/** How nginx.tmpl of controller 1.15.1 prints each key whose bad value `ingress/bad-value` calls a stop of all reloads; VALUE stands for it. */
const PRINTED: Readonly<Record<string, readonly [block: Block, text: string]>> = {
  'block-cidrs': ['http', 'deny VALUE;'],
  'client-body-buffer-size': ['http', 'client_body_buffer_size VALUE;'],
  'client-header-buffer-size': ['http', 'client_header_buffer_size VALUE;'],
  'denylist-source-range': ['location', 'deny VALUE;'],
  'error-log-level': ['http', 'error_log logs/error.log VALUE;'],
  'gzip-level': ['http', 'gzip_comp_level VALUE;'],
  'large-client-header-buffers': ['http', 'large_client_header_buffers VALUE;'],
  'nginx-status-ipv4-whitelist': ['location', 'allow VALUE;'],
  'nginx-status-ipv6-whitelist': ['location', 'allow VALUE;'],
  'proxy-buffer-size': ['location', 'proxy_buffer_size VALUE; proxy_buffers 4 VALUE;'],
  'proxy-buffering': ['location', 'proxy_buffering VALUE;'],
  'proxy-busy-buffers-size': ['location', 'proxy_buffer_size 16k; proxy_buffers 4 16k; proxy_busy_buffers_size VALUE;'],
  'proxy-http-version': ['location', 'proxy_http_version VALUE;'],
  'proxy-next-upstream': ['location', 'proxy_next_upstream VALUE;'],
  'proxy-real-ip-cidr': ['http', 'set_real_ip_from VALUE;'],
  'proxy-request-buffering': ['location', 'proxy_request_buffering VALUE;'],
  'ssl-buffer-size': ['http', 'ssl_buffer_size VALUE;'],
  'ssl-protocols': ['http', 'ssl_protocols VALUE;'],
  'ssl-session-cache-size': ['http', 'ssl_session_cache shared:SSL:VALUE;'],
  'ssl-session-timeout': ['http', 'ssl_session_timeout VALUE;'],
  'upstream-keepalive-time': ['upstream', 'keepalive 8; keepalive_time VALUE;'],
  'whitelist-source-range': ['location', 'allow VALUE;'],
  'worker-processes': ['main', 'worker_processes VALUE;'],
  'worker-shutdown-timeout': ['main', 'worker_shutdown_timeout VALUE;'],
};

/** Brotli and the stream module are in the controller’s own image; Debian’s nginx-light has neither. */
const ELSEWHERE = ['brotli-level', 'proxy-stream-next-upstream-timeout', 'proxy-stream-timeout'];

/** What nginx refuses the configuration for; null if it takes it. */
function refusal(block: Block, text: string): string | null {
  const put = (here: Block) => (here === block ? text : '');
  const file = join(folder, 'nginx.conf');
  writeFileSync(
    file,
    `${put('main')}\nevents { }\nhttp {\n${put('http')}\nupstream u { server 127.0.0.1:9; ${put('upstream')} }\nserver { listen 127.0.0.1:8099; location / { ${put('location')} proxy_pass http://u; } }\n}\n`,
  );
  const { stderr } = spawnSync(NGINX_PROGRAM, ['-t', '-p', folder, '-c', file, '-e', 'stderr'], { encoding: 'utf8' });
  return /\[emerg\] \d+#\d+: (.*)/.exec(stderr)?.[1] ?? null;
}

describe('a key whose bad value stops all reloads', () => {
  const stopping = [...CONFIG_KEYS.values()].filter(
    ({ onInvalid, range, type }) => onInvalid === 'reload' || (range && type === 'int'),
  );

  it('is each one that the rule says so of', () => {
    assert.deepEqual(
      stopping.map(({ name }) => name).filter(name => !ELSEWHERE.includes(name)),
      Object.keys(PRINTED),
    );
  });

  for (const [name, [block, text]] of Object.entries(PRINTED)) {
    it(`${name}: nginx takes the right value, and refuses the wrong one`, () => {
      const [right = '', wrong = ''] = KEYS.get(name) ?? [];
      // A list is printed item by item.
      const isList = CONFIG_KEYS.get(name)?.type === 'cidr-list';
      const printed = (value: string) =>
        (isList ? value.split(',') : [value])
          .map(item => text.replaceAll('VALUE', item.trim().replace('proxy.example.com', 'localhost')))
          .join(' ');
      assert.equal(refusal(block, printed(right)), null);
      assert.notEqual(refusal(block, printed(wrong)), null);
    });
  }
});
