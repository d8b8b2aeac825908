import { CONFIG_KEYS } from '../facts/ingressNginxKeys.ts';
import { TEMPLATE_DIRECTIVES, TEMPLATE_MORE, type TemplateDirective } from '../facts/ingressNginxTemplate.ts';
import { nginxDirectives } from '../facts/nginx.ts';
import type { NginxText } from '../model/nginxText.ts';
import { directivesIn, holdsEntries } from '../syntax/nginx/context.ts';
import type { NginxDirective } from '../syntax/nginx/tree.ts';
import { type Span, touches } from '../text/span.ts';
import type { Language, Wording } from '../text/wording.ts';
import { type NginxOffset, wordAt } from './nginxAt.ts';
import { directiveMarkdown } from './nginxDirective.ts';
import { variablesIn, variablesNamed } from './nginxVariable.ts';

/** What to show, and the stretch of nginx text that it is about. */
export interface NginxHover {
  readonly markdown: string;
  readonly span: Span;
}

interface Words {
  readonly lands: (key: string, context: string) => string;
  readonly landsInMain: (key: string) => string;
  readonly variable: (module: string) => string;
  /** What the controller writes into the same block itself. */
  readonly written: (context: string) => string;
  readonly perhapsWritten: (context: string) => string;
  readonly fromKey: (key: string, byDefault: string | undefined) => string;
  readonly as: (directive: string) => string;
  readonly stop: string;
}

const WORDS: Wording<Words> = {
  en: {
    lands: (key, context) => `ingress-nginx pastes \`${key}\` into \`${context}\`.`,
    landsInMain: key => `ingress-nginx pastes \`${key}\` outside of all blocks (\`main\`).`,
    variable: module => `variable of ${module}`,
    written: context => `ingress-nginx itself writes this directive into the same \`${context}\` block`,
    perhapsWritten: context =>
      `ingress-nginx itself writes this directive into the same \`${context}\` block, under some settings`,
    fromKey: (key, byDefault) => `, from the key \`${key}\`${byDefault ? ` (by default \`${byDefault}\`)` : ''}.`,
    as: directive => `: \`${directive}\``,
    stop: '.',
  },
  zh: {
    lands: (key, context) => `ingress-nginx 会将 \`${key}\` 写入 \`${context}\`。`,
    landsInMain: key => `ingress-nginx 会将 \`${key}\` 写在所有块之外（\`main\`）。`,
    variable: module => `${module} 的变量`,
    written: context => `ingress-nginx 自己会在同一个 \`${context}\` 块中写入此指令`,
    perhapsWritten: context => `在某些设置下，ingress-nginx 自己会在同一个 \`${context}\` 块中写入此指令`,
    fromKey: (key, byDefault) => `，取自键 \`${key}\`${byDefault ? `（默认值 \`${byDefault}\`）` : ''}。`,
    as: directive => `：\`${directive}\``,
    stop: '。',
  },
};

/** What nginx knows of the directive or the variable at an offset; null where there is nothing to say. */
export function nginxHover(at: NginxOffset, language: Language): NginxHover | null {
  const found = wordAt(at);
  if (!found) return null;
  const { directive, word, isName } = found;
  const variable = variableAt(at, word);
  if (variable) {
    const lines = variablesNamed(variable.name, directive.context).map(
      ({ name, module }) => `**$${name}** (${WORDS[language].variable(module)})`,
    );
    return lines.length > 0 ? { markdown: lines.join('\n\n'), span: variable } : null;
  }
  const markdown = isName ? ofDirective(directive, at.text, language) : null;
  return markdown === null ? null : { markdown, span: word };
}

function variableAt({ text, offset }: NginxOffset, word: Span) {
  return [...variablesIn(text.tree.text, word)].find(variable => touches(variable, offset));
}

/** Null for an entry of `map` and the like, and for a name that nobody knows. */
function ofDirective(directive: NginxDirective, text: NginxText, language: Language): string | null {
  const { name, context } = directive;
  if (holdsEntries(context)) return null;
  const here = context === null ? [] : directivesIn(name.value, context);
  const facts = here.length > 0 ? here : nginxDirectives(name.value);
  if (facts.length === 0) return null;
  const parts = [directiveMarkdown(facts, language), landingOf(text, language), ofTemplate(directive, text, language)];
  return parts.filter(part => part !== null).join('\n\n');
}

/** What the controller writes of the same name beside a snippet; null for nothing, and within blocks of the snippet's own. */
function ofTemplate(directive: NginxDirective, { carrier, tree }: NginxText, language: Language): string | null {
  if (carrier.kind === 'file' || carrier.block === null || !tree.directives.includes(directive)) return null;
  const words = WORDS[language];
  const named = ({ name }: TemplateDirective) => name === directive.name.value;
  const always = TEMPLATE_DIRECTIVES[carrier.block].find(named);
  const found = always ?? TEMPLATE_MORE[carrier.block].find(named);
  if (!found) return null;
  const said = (always ? words.written : words.perhapsWritten)(tree.context ?? '');
  if (found.value !== null) return said + words.as(`${found.name} ${found.value};`);
  return said + (found.key === null ? words.stop : words.fromKey(found.key, CONFIG_KEYS.get(found.key)?.default));
}

/** Where the controller puts a snippet; null for a file. */
function landingOf({ carrier, tree }: NginxText, language: Language): string | null {
  if (carrier.kind === 'file' || tree.context === null) return null;
  const words = WORDS[language];
  return tree.context === 'main' ? words.landsInMain(carrier.key) : words.lands(carrier.key, tree.context);
}
