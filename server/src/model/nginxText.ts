import type { TemplateBlock } from '../facts/ingressNginxTemplate.ts';
import type { NginxContext } from '../facts/nginx.ts';
import { checkNginx } from '../syntax/nginx/check.ts';
import { parseNginx } from '../syntax/nginx/parse.ts';
import type { NginxProblem } from '../syntax/nginx/problem.ts';
import type { NginxTree } from '../syntax/nginx/tree.ts';
import { placeholdersIn } from '../syntax/placeholders.ts';
import { type Arm, type Masked, mask } from '../syntax/template.ts';
import type { SourceMap } from '../text/sourceMap.ts';
import { overlaps, type Span } from '../text/span.ts';
import type { Region } from './region.ts';
import type { Address, Place } from './value.ts';

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

/** A text of nginx directives, wherever it is written. */
export class NginxText {
  readonly is = 'nginxText';
  readonly carrier: NginxCarrier;
  /** Ends with the step into the text; the indices of directives follow it. */
  readonly address: Address;
  /** Spans count in the text itself: `placeOf` finds them in the piece. */
  readonly tree: NginxTree;
  /** What keeps nginx from taking it, in the order of the text. */
  readonly problems: readonly NginxProblem[];
  private readonly toPiece: SourceMap;
  /** True if statements of a template stand between its lines: which of them are rendered, nobody knows. */
  readonly hasOwnLines: boolean;
  private readonly unknown: readonly Span[];

  constructor(carrier: NginxCarrier, { address, text, toPiece }: Region, context: NginxContext | null) {
    const masked = mask(text, placeholdersIn(text, { braces: true }));
    const { tree, problems } = parseNginx(masked.text, { context, inserted: carrier.kind === 'snippet' });
    const rendering = {
      unknown: masked.statements,
      canMeet: (a: number, b: number) => !neverMeet(masked.arms.at(a), masked.arms.at(b)),
    };
    this.carrier = carrier;
    this.address = [...address, { embedded: 'nginx', context }];
    this.tree = tree;
    this.problems = [...problems, ...checkNginx(tree, rendering)].sort((a, b) => a.span.start - b.span.start);
    this.toPiece = toPiece;
    this.hasOwnLines = hasOwnLines(masked);
    this.unknown = masked.statements;
  }

  placeOf(span: Span): Place {
    const there = this.toPiece.spanToSource(span);
    return { value: there, entry: there };
  }

  /** The offset in this text of one in the piece; null outside. */
  offsetOf(inPiece: number): number | null {
    return this.toPiece.toDecoded(inPiece);
  }

  /** True if a template prints part of the stretch. */
  isTemplated(span: Span): boolean {
    return this.unknown.some(each => overlaps(each, span));
  }

  /** What the workspace compares: positions and characters. */
  toJSON(): unknown {
    return { is: this.is, address: this.address, text: this.tree.text };
  }
}

/** True if a template has statements alone on their lines: those are masked by blanks. */
export function hasOwnLines({ text, statements }: Masked): boolean {
  return statements.some(({ start }) => text[start] === ' ');
}

/** True if the arms around one place exclude those around another: both are never in one rendered text. */
function neverMeet(one: readonly Arm[], other: readonly Arm[]): boolean {
  return one.some(x => other.some(y => x.group === y.group && x.arm !== y.arm));
}
