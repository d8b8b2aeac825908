import { CONTROLLER_COMPILED_OUT, type NginxContext, type NginxDirectiveFacts } from '../../facts/nginx.ts';
import { hasReached } from '../../model/versions.ts';
import { directivesIn, holdsEntries } from '../../syntax/nginx/context.ts';
import { walk } from '../../syntax/nginx/tree.ts';
import { compareVersions, parseVersion, type Version } from '../../text/version.ts';
import { atPlace, type Params } from '../draft.ts';
import { rule } from '../rule.ts';
import en from './compiled-out.md';
import zh from './compiled-out.zh.md';
import { consequence, consequenceOf } from './consequence.ts';
import { nginxOf } from './controllerNginx.ts';
import { mayBePasted } from './pasted.ts';
import { isSettled } from './settled.ts';

/** Where the words are directives; elsewhere they may be entries of a map, or of a module that nobody recorded. */
const HTTP: ReadonlySet<NginxContext | null> = new Set(['http', 'server', 'location', 'if in location'] as const);

/**
 * The images of ingress-nginx are built without some directives, so that no snippet can serve files of the controller's pod, its
 * token among them. For that nginx they are unknown words, and one of them keeps the whole configuration from loading.
 */
export const compiledOut = rule({
  id: 'nginx/compiled-out',
  severity: 'error',
  on: 'nginxText',
  evidence: [
    'ingress-nginx images/nginx/rootfs/patches/00_drop-alias-root.patch (controller 1.2.1 to 1.15.1)',
    'nginx CHANGES: 1.25.1, 1.27.2, 1.27.4, 1.29.0, 1.29.1; ingress-nginx images/nginx build.sh: the nginx of each release',
    'kubernetes/ingress-nginx#8624, kubernetes/ingress-nginx#11086, kubernetes/ingress-nginx#11322, kubernetes/ingress-nginx#12431',
  ],
  summary: {
    en: 'A directive that the nginx of the controller was built without',
    zh: '控制器的 nginx 编译时去掉了这条指令',
  },
  messages: {
    en: {
      unknown: v => `${consequence.en(v)}: its nginx has no \`${v.directive}\` since controller ${v.since}`,
      early: v =>
        `${consequence.en(v)}: \`${v.directive}\` came with nginx ${v.since}, and that of controller ${v.controller} is ${v.nginx}`,
      gone: v =>
        `${consequence.en(v)}: \`${v.directive}\` went after nginx ${v.until}, and that of controller ${v.controller} is ${v.nginx}`,
    },
    zh: {
      unknown: v => `${consequence.zh(v)}：从控制器 ${v.since} 起，它的 nginx 没有 \`${v.directive}\``,
      early: v =>
        `${consequence.zh(v)}：指令 \`${v.directive}\` 从 nginx ${v.since} 起才有，而控制器 ${v.controller} 里的 nginx 是 ${v.nginx}`,
      gone: v =>
        `${consequence.zh(v)}：nginx ${v.until} 之后不再有 \`${v.directive}\`，而控制器 ${v.controller} 里的 nginx 是 ${v.nginx}`,
    },
  },
  page: { en, zh },

  *check(text, rest) {
    if (text.carrier.kind !== 'snippet' || !isSettled(text) || !mayBePasted(text, rest)) return;
    const controller = rest.cluster.version('controller', rest.file);
    const nginx = nginxOf(controller);
    const { directives, since } = CONTROLLER_COMPILED_OUT;
    for (const { name, context } of walk(text.tree)) {
      if (context === null || holdsEntries(context) || text.isTemplated(name)) continue;
      const draft = <Key extends string>(message: Key, figures: Params) =>
        atPlace(text.placeOf(name), message, { ...consequenceOf(text, rest), directive: name.value, ...figures });
      if (directives.includes(name.value)) {
        if (HTTP.has(context) && hasReached(controller, since)) yield draft('unknown', { since });
        continue;
      }
      const here = directivesIn(name.value, context);
      if (!nginx || here.length === 0) continue;
      const [from, to] = [earliest(here), latest(here)];
      const shown = { controller: controller.newest.join('.'), nginx: nginx.newest.join('.') };
      if (from && compareVersions(nginx.newest, from) < 0) yield draft('early', { ...shown, since: from.join('.') });
      if (to && compareVersions(nginx.oldest, to) > 0) yield draft('gone', { ...shown, until: to.join('.') });
    }
  },
});

/** The first version that has it in some module; null where that is not known of all. */
function earliest(facts: readonly NginxDirectiveFacts[]): Version | null {
  const versions = facts.map(({ since }) => parseVersion(since ?? ''));
  return versions.includes(null) ? null : ((versions as Version[]).sort(compareVersions)[0] ?? null);
}

/** The last version that has it in some module; null if one has it still. */
function latest(facts: readonly NginxDirectiveFacts[]): Version | null {
  const versions = facts.map(({ until }) => parseVersion(until ?? ''));
  return versions.includes(null) ? null : ((versions as Version[]).sort(compareVersions).at(-1) ?? null);
}
