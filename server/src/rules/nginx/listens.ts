import type { NginxText } from '../../model/nginxText.ts';
import { listenSocket } from '../../simulate/listenSocket.ts';
import { type NginxDirective, walk } from '../../syntax/nginx/tree.ts';

/** A `listen` of a server, and the socket that it means. */
export interface Listen {
  readonly server: NginxDirective;
  readonly listen: NginxDirective;
  readonly socket: string;
  readonly isDefault: boolean;
}

/** All that is known of where its servers listen, in the order of the text. */
export function listensOf(text: NginxText): readonly Listen[] {
  const found: Listen[] = [];
  for (const server of walk(text.tree)) {
    if (server.block?.context !== 'server') continue;
    for (const listen of server.block.directives) {
      const [address, ...parameters] = listen.arguments.map(({ value }) => value);
      if (listen.name.value !== 'listen' || text.isTemplated(listen) || parameters.includes('quic')) continue;
      const socket = listenSocket(address ?? '');
      const isDefault = parameters.includes('default_server') || parameters.includes('default');
      if (socket !== null) found.push({ server, listen, socket, isDefault });
    }
  }
  return found;
}

/** True for a server whose only name is one that stands for all in the author's mind. */
export function isMeantForAll(server: NginxDirective): boolean {
  const names = namesOf(server);
  return names.length > 0 && names.every(name => /^_+$/.test(name));
}

export function namesOf(server: NginxDirective): readonly string[] {
  const lines = server.block?.directives.filter(({ name }) => name.value === 'server_name') ?? [];
  return lines.flatMap(({ arguments: words }) => words.map(({ value }) => value));
}

/** True for a directive that may bring in directives of another file; mime.types holds none, wherever nginx is installed. */
export function includesMore({ name, arguments: [file] }: NginxDirective): boolean {
  return name.value === 'include' && !/(?:^|\/)mime\.types$/.test(file?.value ?? '');
}

/** True if no other file can have a server of the same sockets: that one may be the default. */
export function isWhole(text: NginxText): boolean {
  const { tree } = text;
  if (tree.context !== 'main') return false;
  for (const { block } of walk(tree)) {
    const inside = block?.directives ?? [];
    if (block?.context === 'http') {
      if (inside.some(each => text.isTemplated(each.name) || includesMore(each))) return false;
    }
    // Where a server without a listen may have it in another file, it may have any.
    if (block?.context === 'server' && !inside.some(({ name }) => name.value === 'listen')) return false;
  }
  return tree.directives.every(({ name }) => !text.isTemplated(name));
}

/** True if names or listens of the server may stand elsewhere, or come from a template. */
export function mayHoldMore(text: NginxText, { block }: NginxDirective): boolean {
  return (block?.directives ?? []).some(
    each =>
      each.name.value === 'include' ||
      text.isTemplated(each.name) ||
      (/^(?:listen|server_name)$/.test(each.name.value) && text.isTemplated(each)),
  );
}
