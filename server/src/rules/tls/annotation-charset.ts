import { ANNOTATIONS } from '../../facts/ingressNginxAnnotations.ts';
import { validatesAnnotations } from '../../model/controllers.ts';
import { isBefore } from '../../model/versions.ts';
import type { Span } from '../../text/span.ts';
import { atPlace, type Params } from '../draft.ts';
import { rule } from '../rule.ts';
import en from './annotation-charset.md';
import zh from './annotation-charset.zh.md';

/**
 * What OpenSSL takes in a cipher list and the annotation does not: commas and semicolons between the suites, line breaks. The controller
 * refuses the whole Ingress for them. Blanks it lets pass, and then writes the list without quotes, so that nginx refuses everything.
 */
export const annotationCharset = rule({
  id: 'tls/annotation-charset',
  severity: 'error',
  on: 'tlsPolicy',
  evidence: [
    'ingress-nginx internal/ingress/annotations/sslcipher/main.go and parser/validators.go, 1.9.0 to 1.15.1: the pattern, looked at without blanks',
    'ingress-nginx rootfs/etc/nginx/template/nginx.tmpl, 1.15.1: ssl_ciphers of a server, without quotes',
    'test/real/tls-hosts.test.ts: nginx -t with the lists as the template writes them',
    'kubernetes/ingress-nginx#10871',
  ],
  summary: {
    en: 'Characters in the annotation ssl-ciphers for which the controller or nginx refuses it',
    zh: '注解 ssl-ciphers 中含有控制器或 nginx 不接受的字符',
  },
  messages: {
    en: {
      refused: v => `The controller refuses this Ingress: the annotation ssl-ciphers may not hold ${character(v).en}`,
      arguments: v =>
        `nginx refuses its configuration, and the controller cannot reload it: ssl-ciphers is written there without quotes, and ${character(v).en} ends the argument`,
      later: v =>
        `From controller 1.12 on this Ingress is refused: the annotation ssl-ciphers may then not hold ${character(v).en}`,
      colons: () => 'Write colons between the suites',
      trim: () => 'Take the line break out',
    },
    zh: {
      refused: v => `控制器拒绝此 Ingress：注解 ssl-ciphers 中不能有${character(v).zh.trimEnd()}`,
      arguments: v =>
        `nginx 拒绝整个配置，控制器无法重新加载：ssl-ciphers 写入配置时不加引号，${character(v).zh}会使参数中断`,
      later: v => `从控制器 1.12 起，此 Ingress 会被拒绝：注解 ssl-ciphers 中不能再有${character(v).zh.trimEnd()}`,
      colons: () => '套件之间改用冒号',
      trim: () => '去掉换行',
    },
  },
  page: { en, zh },

  *check({ annotation }, { cluster, file }) {
    const text = annotation?.value.known;
    if (!annotation || text === undefined || text.trim() === '') return;
    const version = cluster.version('controller', file);
    const isValidated = validatesAnnotations(cluster, file);
    const refused = offending(text, isBefore(version, '1.12.2') ? BEFORE_UNDERSCORE : ANY);
    // Each line is trimmed before it is written.
    const ending = /(?<=\S)\s+(?=\S)|[;{}#"'\\]/.exec(text);
    const kind = isValidated && refused ? 'refused' : ending ? 'arguments' : refused ? 'later' : null;
    if (kind === null) return;
    const [found = '', at = 0] = kind === 'arguments' ? [ending?.[0], ending?.index] : [refused?.[0], refused?.index];
    const draft = atPlace<Kind | 'colons' | 'trim'>(annotation.placeOf(aroundOf(text, at, found)), kind, { found });
    const severe = kind === 'later' ? draft.as('hint') : draft;
    const joined = text.trim().replace(/[:,; \t\r\n]*[,; \t\r\n][:,; \t\r\n]*/g, ':');
    const isTaken = !offending(joined, BEFORE_UNDERSCORE);
    const title = joined === text.trim() ? 'trim' : 'colons';
    yield isTaken && joined !== text ? severe.fix(title, 'safe', annotation.rewrite(joined)) : severe;
  },
});

type Kind = 'refused' | 'arguments' | 'later';

/** What the controller looks at in 1.15.1, and what it looked at before it let `_` pass, in 1.11.6 and 1.12.2. */
const ANY = ANNOTATIONS.get('ssl-ciphers')?.pattern ?? /^[\w!:+-]*$/;
const BEFORE_UNDERSCORE = /^(?:[A-Za-z0-9!:+-]|@STRENGTH|@SECLEVEL=[0-5])*$/;

/** The first character that the pattern does not take; null if it takes them all. Blanks are not looked at. */
function offending(text: string, pattern: RegExp): RegExpExecArray | null {
  if (pattern.test(text.replaceAll(' ', ''))) return null;
  const command = pattern === ANY ? /[@=][^:,; ]*/ : /[_@=][^:,; ]*/;
  return /[^A-Za-z0-9!:+\-_@= ]/.exec(text) ?? command.exec(text);
}

/** The character, with what stands before it where it is none that can be seen. */
function aroundOf(text: string, at: number, found: string): Span {
  const word = /^\s/.test(found) ? (/\S*$/.exec(text.slice(0, at))?.[0].length ?? 0) : 0;
  return { start: at - word, end: word > 0 ? at : at + found.length };
}

function character({ found }: Params): { readonly en: string; readonly zh: string } {
  const text = String(found);
  if (/[\r\n]/.test(text)) return { en: 'a line break', zh: '换行' };
  if (text.includes('\t')) return { en: 'a tab', zh: '制表符' };
  if (text.trim() === '') return { en: 'a space', zh: '空格' };
  return { en: `\`${text}\``, zh: `字符 \`${text}\` ` };
}
