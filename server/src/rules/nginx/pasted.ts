import { valueOfKey } from '../../model/controllers.ts';
import type { NginxText } from '../../model/nginxText.ts';
import type { RuleContext } from '../rule.ts';

/**
 * False for a snippet of an annotation with which the controller refuses the whole Ingress: `ingress/snippet-refused` speaks there, and nginx never
 * sees the text.
 */
export function mayBePasted({ carrier }: NginxText, { cluster, file }: RuleContext): boolean {
  if (carrier.kind === 'file' || carrier.from !== 'annotation') return true;
  const level = valueOfKey(cluster, file, 'annotations-risk-level');
  const isAllowed = valueOfKey(cluster, file, 'allow-snippet-annotations') !== 'false';
  return isAllowed && (level === null || level.toLowerCase() === 'critical');
}
