import type { AnnotationConsequence, AnnotationFacts } from '../facts/ingressNginxAnnotations.ts';
import type { KeyConsequence, KeyFacts } from '../facts/ingressNginxKeys.ts';
import { choicesOf } from '../simulate/controllerValue.ts';
import type { Language, Wording } from '../text/wording.ts';

interface Words {
  readonly type: string;
  readonly values: string;
  readonly default: string;
  readonly inForce: string;
  readonly becomes: string;
  readonly since: (version: string) => string;
  readonly risk: string;
  readonly readWith: string;
  readonly invalid: string;
  readonly none: string;
  readonly deprecated: string;
  readonly node: string;
  readonly key: Readonly<Record<KeyConsequence, string>>;
  readonly annotation: Readonly<Record<AnnotationConsequence, string>>;
}

/** What hovers, completion and hints of ingress-nginx say. */
export const CONTROLLER_WORDS: Wording<Words> = {
  en: {
    type: 'Type',
    values: 'Values',
    default: 'Default',
    inForce: 'In force',
    becomes: 'Becomes',
    since: version => `since ${version}`,
    risk: 'Risk',
    readWith: 'Read only beside',
    invalid: 'A bad value',
    none: 'none',
    deprecated: 'has no effect any more',
    node: 'told by the node',
    key: {
      default: 'keeps the default, with one line in the log',
      reload: 'makes nginx refuse the whole configuration: no later change is loaded',
      omitted: 'leaves the directive out: nginx’s own default counts',
      dropped: 'is left out of the list',
      ignored: 'counts as if it were not there',
      low: 'counts as Low: Ingresses with riskier annotations are refused',
      authOff: 'turns global authentication off',
      roundRobin: 'means round_robin',
      header: 'goes out as it is, and browsers ignore the header',
    },
    annotation: {
      'default-used': 'is ignored, with one line in the log',
      'ingress-rejected': 'makes the controller refuse the whole Ingress',
      'location-503': 'makes every path of the Ingress answer 503',
      'external-auth-dropped': 'likely drops external authentication: the paths become public',
      'not-validated': 'is not looked for: the text goes to nginx as it is',
    },
  },
  zh: {
    type: '类型',
    values: '取值',
    default: '默认值',
    inForce: '当前生效',
    becomes: '对应',
    since: version => `自 ${version} 起`,
    risk: '风险',
    readWith: '仅在有此注解时读取',
    invalid: '错误的值',
    none: '无',
    deprecated: '已不起作用',
    node: '由节点决定',
    key: {
      default: '保留默认值，日志中只有一行',
      reload: '使 nginx 拒绝整个配置：此后的变更都无法加载',
      omitted: '使该指令被省略：实际为 nginx 自己的默认值',
      dropped: '会从列表中去掉',
      ignored: '当作不存在',
      low: '按 Low 处理：含有更高风险注解的 Ingress 会被拒绝',
      authOff: '使全局认证失效',
      roundRobin: '等同于 round_robin',
      header: '会原样发出，浏览器忽略该响应头',
    },
    annotation: {
      'default-used': '会被忽略，日志中只有一行',
      'ingress-rejected': '使控制器拒绝整个 Ingress',
      'location-503': '使此 Ingress 的所有路径返回 503',
      'external-auth-dropped': '很可能使外部认证失效：路径将公开',
      'not-validated': '不检查：文本会原样写入 nginx',
    },
  },
};

/** Values that a key can have, where there is a list: for completion and hovers. */
export function valuesOfKey({ type, values, words }: KeyFacts): readonly string[] {
  if (type === 'bool') return ['true', 'false'];
  return values.length > 0 ? values : words;
}

export function valuesOfAnnotation(facts: AnnotationFacts): readonly string[] {
  return facts.check === 'bool' ? ['true', 'false'] : choicesOf(facts);
}

/** A row of a table in Markdown; nothing for an empty cell. */
export function tableRow(title: string, cell: string | null): string[] {
  return cell === null || cell === '' ? [] : [`| ${title} | ${cell.replaceAll('|', '\\|')} |`];
}

/** Text as code, in one line. */
export function code(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  const short = line.length > 160 ? `${line.slice(0, 160)}…` : line;
  return `\`${short.replaceAll('`', "'")}\``;
}

/** A default as a reader wants it; null for none. */
export function defaultShown(value: string, language: Language): string | null {
  if (value === '') return null;
  return value.startsWith('<') ? CONTROLLER_WORDS[language].node : code(value);
}
