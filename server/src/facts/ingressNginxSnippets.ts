import type { NginxContext } from './nginx.ts';

/** A key whose text ingress-nginx pastes into the configuration that it generates. */
export interface SnippetKey {
  readonly name: string;
  readonly context: NginxContext;
}

/**
 * Where the texts land: rootfs/etc/nginx/template/nginx.tmpl of ingress-nginx, controller 1.15.1. `modsecurity-snippet` is
 * not among them: it holds rules of ModSecurity, in quotes.
 */
export const CONFIG_MAP_SNIPPETS: readonly SnippetKey[] = Object.freeze([
  { name: 'main-snippet', context: 'main' },
  { name: 'http-snippet', context: 'http' },
  { name: 'server-snippet', context: 'server' },
  { name: 'location-snippet', context: 'location' },
  { name: 'stream-snippet', context: 'stream' },
  { name: 'global-auth-snippet', context: 'location' },
]);

/** Names behind `nginx.ingress.kubernetes.io/`. */
export const ANNOTATION_SNIPPETS: readonly SnippetKey[] = Object.freeze([
  { name: 'server-snippet', context: 'server' },
  { name: 'configuration-snippet', context: 'location' },
  { name: 'auth-snippet', context: 'location' },
  { name: 'stream-snippet', context: 'stream' },
]);

export const ANNOTATION_PREFIX = 'nginx.ingress.kubernetes.io/';
