import { defaultOfKey } from '../../model/controllerDefaults.ts';
import { keyInForce } from '../../model/controllers.ts';
import type { NginxText } from '../../model/nginxText.ts';
import type { RuleContext } from '../rule.ts';

/**
 * False for a snippet of an annotation with which the controller refuses the whole Ingress: `ingress/snippet-refused` speaks there, and nginx never
 * sees the text.
 */
export function mayBePasted({ carrier }: NginxText, { cluster, file }: RuleContext): boolean {
  if (carrier.kind === 'file' || carrier.from !== 'annotation') return true;
  const controller = cluster.version('controller', file);
  const inForce = (key: string) => {
    const said = keyInForce(cluster, file, key);
    if (said.state === 'known') return said.value;
    return said.state === 'default' ? defaultOfKey(key, controller) : null;
  };
  const level = inForce('annotations-risk-level');
  return inForce('allow-snippet-annotations') !== 'false' && (level === null || level.toLowerCase() === 'critical');
}
