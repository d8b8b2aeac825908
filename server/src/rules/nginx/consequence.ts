import type { NginxText } from '../../model/nginxText.ts';
import { hasReached, isBefore } from '../../model/versions.ts';
import type { Wording } from '../../text/wording.ts';
import type { Params } from '../draft.ts';
import type { RuleContext } from '../rule.ts';

/** What comes of a text that nginx refuses. `tried`: the controller's webhook runs `nginx -t` on the Ingress; `untried`: it does not. */
type Consequence = 'file' | 'snippet' | 'tried' | 'untried';

const WORDS: Wording<Readonly<Record<Consequence, string>>> = {
  en: {
    file: 'nginx does not start or reload with this file',
    snippet: 'The controller cannot reload with this snippet, nor with anything after it',
    tried: 'The webhook refuses this Ingress, and without a webhook the controller cannot reload any more',
    untried:
      'The controller cannot reload with this snippet, nor with anything after it, and no webhook tries it first',
  },
  zh: {
    file: 'nginx 无法用此文件启动或重新加载',
    snippet: '控制器无法加载此片段，此后的任何变更也都无法生效',
    tried: '准入 webhook 会拒绝这个 Ingress；没有 webhook 时，控制器将无法再重新加载',
    untried: '控制器无法加载此片段，此后的任何变更也都无法生效，而且 webhook 不会事先检查',
  },
};

/**
 * The figure of a message that `consequence` puts into words. Since controller 1.11.5 and 1.12.1 the webhook no longer runs nginx
 * (CVE-2025-1974); it never looks at the ConfigMap.
 */
export function consequenceOf({ carrier }: NginxText, { cluster, file }: RuleContext): { consequence: Consequence } {
  if (carrier.kind === 'file') return { consequence: 'file' };
  if (carrier.from !== 'annotation') return { consequence: 'snippet' };
  const controller = cluster.version('controller', file);
  const isReleased = (from: string, before: string) => hasReached(controller, from) && isBefore(controller, before);
  if (hasReached(controller, '1.12.1') || isReleased('1.11.5', '1.12.0')) return { consequence: 'untried' };
  return { consequence: isReleased('0.25.0', '1.11.5') || isReleased('1.12.0', '1.12.1') ? 'tried' : 'snippet' };
}

/** How a message begins. */
export const consequence: Wording<(v: Params) => string> = {
  en: v => WORDS.en[v.consequence as Consequence],
  zh: v => WORDS.zh[v.consequence as Consequence],
};
