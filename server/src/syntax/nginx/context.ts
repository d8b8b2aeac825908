import {
  NGINX_ENTRIES,
  type NginxArgumentCounts,
  type NginxContext,
  type NginxDirectiveFacts,
  type NginxEntryContext,
  nginxDirectives,
} from '../../facts/nginx.ts';

/** True for a block that holds entries of its own, not directives. */
export function holdsEntries(context: NginxContext | null): context is NginxEntryContext {
  return context !== null && Object.hasOwn(NGINX_ENTRIES, context);
}

/** Answers of `directivesIn` that are not empty. */
const remembered = new Map<NginxContext, Map<string, readonly NginxDirectiveFacts[]>>();

/** What a name means in a context, one item for each module that takes it there. */
export function directivesIn(name: string, context: NginxContext): readonly NginxDirectiveFacts[] {
  let there = remembered.get(context);
  if (!there) {
    there = new Map();
    remembered.set(context, there);
  }
  const before = there.get(name);
  if (before) return before;
  const found = nginxDirectives(name).filter(directive => mayStandIn(directive, context));
  if (found.length > 0) there.set(name, found);
  return found;
}

export function mayStandIn({ contexts }: NginxDirectiveFacts, context: NginxContext): boolean {
  return contexts.length === 0 || contexts.includes(context);
}

/** What the braces of a directive hold, misplaced or not; null if nobody knows. */
export function openedBy(name: string, context: NginxContext | null): NginxContext | null {
  if (context === null) return null;
  const here = directivesIn(name, context);
  const meant =
    here.length > 0 ? here : nginxDirectives(name).filter(({ opens }) => opens && family(opens) === family(context));
  return meant.find(({ block }) => block)?.opens ?? null;
}

/** True if the directive takes so many arguments, or nobody knows how many. */
export function takes(counts: NginxArgumentCounts | null, count: number): boolean {
  if (counts === null) return true;
  return count >= counts.min && (counts.max === null || count <= counts.max) && !counts.not.includes(count);
}

function family(context: NginxContext): 'stream' | 'mail' | 'http' {
  if (context.startsWith('stream')) return 'stream';
  return context.startsWith('mail') ? 'mail' : 'http';
}
