import table from './ingressNginxSuccessors.json';

/** What an annotation of ingress-nginx becomes in Gateway API, as ingress2gateway converts it. */
export interface GatewayCounterpart {
  /** `field`: a part of Gateway API itself. `extension`: only implementations have it, in resources of their own. */
  readonly is: 'field' | 'extension';
  /** The part, such as `HTTPRoute URLRewrite`; null for extensions. */
  readonly target: string | null;
  /** Values that have no counterpart all the same; null without such. */
  readonly notWith: RegExp | null;
  /** Repository, path and commit that say so. */
  readonly source: string;
}

interface Row {
  readonly target?: string;
  readonly source: string;
  readonly names: readonly string[];
  readonly notWith?: string;
}

const sources: Readonly<Record<string, string>> = table.sources;

/** By the names of annotations without their prefix; what is not in it has no counterpart. */
export const GATEWAY_COUNTERPARTS: ReadonlyMap<string, GatewayCounterpart> = new Map([
  ...counterparts('field', table.gateway),
  ...counterparts('extension', table.extensions),
]);

/** The annotations that Traefik's ingress-nginx provider reads, without their prefix, each with what says so. */
export const TRAEFIK_READS: ReadonlyMap<string, string> = new Map(
  table.traefik.flatMap(({ source, names }) => names.map(name => [name, sources[source] ?? ''] as const)),
);

function counterparts(
  is: GatewayCounterpart['is'],
  rows: readonly Row[],
): (readonly [name: string, GatewayCounterpart])[] {
  return rows.flatMap(({ target = null, source, names, notWith }) => {
    const facts = Object.freeze({
      is,
      target,
      notWith: notWith === undefined ? null : new RegExp(notWith),
      source: sources[source] ?? '',
    });
    return names.map(name => [name, facts] as const);
  });
}
