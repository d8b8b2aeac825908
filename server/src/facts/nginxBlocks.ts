import table from './nginxBlocks.json';

/** Lines of a block: a tab at the start is a step of indentation, `<listen>` stands for the words of a `listen` before `default_server`. */
export type NginxBlockLines = readonly string[];

/** A server that hangs up on names that no other server has, at plain sockets. */
export const CATCH_ALL: NginxBlockLines = Object.freeze(table.catchAll);

/** The same at sockets of which one speaks TLS: nginx 1.19.4 and later need no certificate for it. */
export const CATCH_ALL_TLS: NginxBlockLines = Object.freeze(table.catchAllTls);
