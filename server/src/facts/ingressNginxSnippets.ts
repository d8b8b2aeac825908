import type { TemplateBlock } from './ingressNginxTemplate.ts';
import type { NginxContext } from './nginx.ts';

/** A key whose text ingress-nginx pastes into the configuration that it generates. */
export interface SnippetKey {
  readonly name: string;
  readonly context: NginxContext;
  /** The block that it shares with what the controller writes itself; null for one that nobody recorded. */
  readonly block: TemplateBlock | null;
}

/**
 * Where the texts land: rootfs/etc/nginx/template/nginx.tmpl of ingress-nginx, controller 1.15.1. `modsecurity-snippet` is
 * not among them: it holds rules of ModSecurity, in quotes.
 */
export const CONFIG_MAP_SNIPPETS: readonly SnippetKey[] = Object.freeze([
  { name: 'main-snippet', context: 'main', block: 'main' },
  { name: 'http-snippet', context: 'http', block: 'http' },
  { name: 'server-snippet', context: 'server', block: 'server' },
  { name: 'location-snippet', context: 'location', block: 'location' },
  { name: 'stream-snippet', context: 'stream', block: null },
  { name: 'global-auth-snippet', context: 'location', block: 'auth' },
]);

/** Names behind `nginx.ingress.kubernetes.io/`. */
export const ANNOTATION_SNIPPETS: readonly SnippetKey[] = Object.freeze([
  { name: 'server-snippet', context: 'server', block: 'server' },
  { name: 'configuration-snippet', context: 'location', block: 'location' },
  { name: 'auth-snippet', context: 'location', block: 'auth' },
  { name: 'stream-snippet', context: 'stream', block: null },
]);

export const ANNOTATION_PREFIX = 'nginx.ingress.kubernetes.io/';
