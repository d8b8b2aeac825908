import type { TemplateBlock } from '../facts/ingressNginxTemplate.ts';
import type { NginxContext } from '../facts/nginx.ts';
import { checkNginx } from '../syntax/nginx/check.ts';
import { parseNginx } from '../syntax/nginx/parse.ts';
import type { NginxProblem } from '../syntax/nginx/problem.ts';
import type { NginxTree } from '../syntax/nginx/tree.ts';
import { placeholdersIn } from '../syntax/placeholders.ts';
import { type Arm, mask } from '../syntax/template.ts';
import type { Region } from './region.ts';
import { RegionText } from './regionText.ts';

/**
 * What carries a text of nginx directives. `file`: a configuration file of nginx itself, wherever it is kept. `snippet`: a
 * text that ingress-nginx pastes into the configuration it generates, from a ConfigMap, an annotation or Helm values.
 */
export type NginxCarrier =
  | { readonly kind: 'file' }
  | {
      readonly kind: 'snippet';
      readonly from: 'configMap' | 'annotation' | 'helmValues';
      readonly key: string;
      /** True for an Ingress all of whose rules name their hosts: nothing of it lands in the default server. */
      readonly isOfNamedHosts: boolean;
      /** What the controller writes stands in the same block; null where nobody recorded it. */
      readonly block: TemplateBlock | null;
      /** The other keys of the mapping that it stands in. */
      readonly beside: readonly string[];
    };

/** A text of nginx directives, wherever it is written. The indices of directives follow its address. */
export class NginxText extends RegionText {
  readonly is = 'nginxText';
  readonly carrier: NginxCarrier;
  readonly tree: NginxTree;
  /** What keeps nginx from taking it, in the order of the text. */
  readonly problems: readonly NginxProblem[];

  constructor(carrier: NginxCarrier, region: Region, context: NginxContext | null) {
    const masked = mask(region.text, placeholdersIn(region.text, { braces: true }));
    super(region, masked, { embedded: 'nginx', context });
    const { tree, problems } = parseNginx(masked.text, { context, inserted: carrier.kind === 'snippet' });
    const rendering = {
      unknown: masked.statements,
      canMeet: (a: number, b: number) => !neverMeet(masked.arms.at(a), masked.arms.at(b)),
    };
    this.carrier = carrier;
    this.tree = tree;
    this.problems = [...problems, ...checkNginx(tree, rendering)].sort((a, b) => a.span.start - b.span.start);
  }
}

/** True if the arms around one place exclude those around another: both are never in one rendered text. */
function neverMeet(one: readonly Arm[], other: readonly Arm[]): boolean {
  return one.some(x => other.some(y => x.group === y.group && x.arm !== y.arm));
}
