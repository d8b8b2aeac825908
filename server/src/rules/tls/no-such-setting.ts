import { NO_SUCH_ANNOTATION, NO_SUCH_KEY } from '../../facts/tlsNames.ts';
import { keyInForce } from '../../model/controllers.ts';
import { controllerTls } from '../../model/controllerTls.ts';
import type { TlsName } from '../../model/tlsName.ts';
import { at } from '../draft.ts';
import { takes } from '../ingress/words.ts';
import { type RuleContext, rule } from '../rule.ts';
import en from './no-such-setting.md';
import zh from './no-such-setting.zh.md';

/**
 * ingress-nginx passes over annotations and keys that it does not know, without a line in the log. Of TLS, nginx has directives for
 * which it has no annotation, or no key: people write what should be there.
 */
export const noSuchSetting = rule({
  id: 'tls/no-such-setting',
  severity: 'error',
  on: 'tlsName',
  evidence: [
    'ingress-nginx internal/ingress/annotations and internal/ingress/controller/config/config.go, 1.15.1: names that are not there',
    'ingress-nginx rootfs/etc/nginx/template/nginx.tmpl, 1.15.1: ssl_prefer_server_ciphers on',
    'kubernetes/ingress-nginx#7294, kubernetes/ingress-nginx#10794',
  ],
  summary: {
    en: 'A TLS setting that ingress-nginx does not have',
    zh: 'ingress-nginx 没有这个 TLS 设置',
  },
  messages: {
    en: {
      keyOnly: v =>
        `This does nothing: ingress-nginx has no annotation \`${v.name}\` and says nothing of it; \`${v.meant}\` is a key of its ConfigMap, for all hosts`,
      annotationOnly: v =>
        `This does nothing: the ConfigMap has no key \`${v.name}\`, and the controller says nothing of it; the server’s order is on, and only the annotation \`${v.meant}\` changes it, for one host`,
      misnamed: v =>
        `This does nothing: ingress-nginx has no \`${v.name}\` and says nothing of it; its name for that is \`${v.meant}\``,
      remove: v => `Remove ${v.name}, which does nothing`,
      rename: v => `Write ${v.meant}`,
    },
    zh: {
      keyOnly: v =>
        `此设置不起作用：ingress-nginx 没有注解 \`${v.name}\`，也不会提示；\`${v.meant}\` 是 ConfigMap 的键，对所有主机生效`,
      annotationOnly: v =>
        `此设置不起作用：ConfigMap 没有键 \`${v.name}\`，控制器也不会提示；服务器的顺序始终优先，只有注解 \`${v.meant}\` 能为单个主机更改`,
      misnamed: v => `此设置不起作用：ingress-nginx 没有 \`${v.name}\`，也不会提示；正确的名称是 \`${v.meant}\``,
      remove: v => `删除不起作用的 ${v.name}`,
      rename: v => `改为 ${v.meant}`,
    },
  },
  page: { en, zh },

  *check(setting, context) {
    const { origin, name, value, meant, of } = setting;
    const no = origin === 'annotation' ? NO_SUCH_ANNOTATION.get(name) : NO_SUCH_KEY.get(name.toLowerCase());
    if (!no || !value.place) return;
    // Higress reads this one.
    if (name === 'ssl-cipher' && of?.is === 'ingress' && !/nginx/.test(of.className.known ?? 'nginx')) return;
    const figures = { name, meant: no.why === 'misnamed' ? no.meant : no.why === 'keyOnly' ? no.key : no.annotation };
    const draft = at<Key>(value, no.why, figures).as(isSoAnyway(setting, figures.meant, context) ? 'hint' : 'error');
    const { address } = value;
    // What is written twice would change what counts; nginx's own words behind a boolean's name would be refused in their turn.
    const isTaken = origin === 'annotation' || takes(figures.meant, value.known);
    if (meant?.isAbsent && value.known !== undefined && isTaken) {
      yield draft.fix('rename', 'safe', { address, change: { op: 'rename', to: String(meant.address.at(-1)) } });
    } else yield draft.fix('remove', 'unsafe', { address, change: { op: 'remove' } });
  },
});

type Key = 'keyOnly' | 'annotationOnly' | 'misnamed' | 'remove' | 'rename';

/** True where the controller does anyway what the setting was to make it do. */
function isSoAnyway({ value }: TlsName, meant: string, context: RuleContext): boolean {
  if (meant === 'ssl-prefer-server-ciphers' || meant === 'use-http2') return value.is('true', 'on', '1');
  return meant === 'ssl-protocols' && value.known !== undefined && haveProtocols(value.known, context);
}

/** True if the hosts have these protocols in any case: by the ConfigMap in sight, else by default. */
function haveProtocols(written: string, { cluster, file }: RuleContext): boolean {
  const sorted = (words: string) =>
    words
      .trim()
      .split(/[\s,]+/)
      .sort()
      .join(' ');
  const inForce = keyInForce(cluster, file, 'ssl-protocols');
  if (inForce.state === 'known') return sorted(inForce.value) === sorted(written);
  const { oldest, newest } = cluster.version('controller', file);
  return controllerTls(oldest, newest).every(({ protocols }) => sorted(protocols.join(' ')) === sorted(written));
}
