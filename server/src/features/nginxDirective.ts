import type { NginxDirectiveFacts } from '../facts/nginx.ts';
import type { Language, Wording } from '../text/wording.ts';

interface Words {
  readonly standsIn: (contexts: string) => string;
  readonly anywhere: string;
  readonly takesBlock: string;
  readonly default: (value: string) => string;
  readonly since: (version: string) => string;
  readonly until: (version: string) => string;
  readonly commercial: string;
}

const WORDS: Wording<Words> = {
  en: {
    standsIn: contexts => `Stands in: ${contexts}`,
    anywhere: 'any block',
    takesBlock: 'Takes a block',
    default: value => `Default: \`${value}\``,
    since: version => `Since nginx ${version}`,
    until: version => `Until nginx ${version}`,
    commercial: 'Needs a subscription to NGINX Plus',
  },
  zh: {
    standsIn: contexts => `可写在：${contexts}`,
    anywhere: '任何块',
    takesBlock: '后接一个块',
    default: value => `默认值：\`${value}\``,
    since: version => `自 nginx ${version} 起`,
    until: version => `至 nginx ${version} 止`,
    commercial: '需要订阅 NGINX Plus',
  },
};

/** What is known of a directive, in Markdown: one part for each module that has one of this name. */
export function directiveMarkdown(facts: readonly NginxDirectiveFacts[], language: Language): string {
  const parts = new Map<string, NginxDirectiveFacts[]>();
  for (const each of facts) parts.set(each.module, [...(parts.get(each.module) ?? []), each]);
  return [...parts.values()].map(part => ofModule(part, language)).join('\n\n');
}

/** How a directive is written first of all, and its default: one line of Markdown. */
export function directiveLine(facts: NginxDirectiveFacts, language: Language): string {
  const [form = ''] = syntaxForms(facts);
  const value = facts.default === null ? '' : ` ${WORDS[language].default(facts.default)}`;
  return `\`${form}\`${value}`;
}

/** The forms in which a directive is written, each with its `;` or its braces. */
function syntaxForms({ name, syntax, block, counts }: NginxDirectiveFacts): string[] {
  if (syntax.length > 0) return syntax.map(form => `${name} ${form}${form.endsWith('}') ? '' : ';'}`);
  const words = counts?.max === 0 ? name : `${name} …`;
  return [block ? `${words} {...}` : `${words};`];
}

/** One module may have one name twice: `if` in a server and in a location. */
function ofModule(facts: readonly NginxDirectiveFacts[], language: Language): string {
  const [first] = facts as [NginxDirectiveFacts];
  const words = WORDS[language];
  const contexts = facts.flatMap(each => each.contexts).map(context => `\`${context}\``);
  const forms = new Set(facts.flatMap(syntaxForms));
  const notes = [
    words.standsIn(contexts.join(', ') || words.anywhere),
    ...(first.block ? [words.takesBlock] : []),
    ...(first.default === null ? [] : [words.default(first.default)]),
    ...(first.since === null ? [] : [words.since(first.since)]),
    ...(first.until === null ? [] : [words.until(first.until)]),
    ...(first.commercial ? [words.commercial] : []),
  ];
  const title = `**${first.name}** (${first.module})`;
  return [title, '', '```nginx', ...forms, '```', '', ...notes.map(note => `- ${note}`)].join('\n');
}
