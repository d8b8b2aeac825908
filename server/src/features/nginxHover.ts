import { nginxDirectives } from '../facts/nginx.ts';
import type { NginxText } from '../model/nginxText.ts';
import { directivesIn, holdsEntries } from '../syntax/nginx/context.ts';
import type { NginxDirective } from '../syntax/nginx/tree.ts';
import type { Span } from '../text/span.ts';
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
}

const WORDS: Wording<Words> = {
  en: {
    lands: (key, context) => `ingress-nginx pastes \`${key}\` into \`${context}\`.`,
    landsInMain: key => `ingress-nginx pastes \`${key}\` outside of all blocks (\`main\`).`,
    variable: module => `variable of ${module}`,
  },
  zh: {
    lands: (key, context) => `ingress-nginx 会将 \`${key}\` 写入 \`${context}\`。`,
    landsInMain: key => `ingress-nginx 会将 \`${key}\` 写在所有块之外（\`main\`）。`,
    variable: module => `${module} 的变量`,
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
  return [...variablesIn(text.tree.text, word)].find(({ start, end }) => start <= offset && offset <= end);
}

/** Null for an entry of `map` and the like, and for a name that nobody knows. */
function ofDirective({ name, context }: NginxDirective, text: NginxText, language: Language): string | null {
  if (holdsEntries(context)) return null;
  const here = context === null ? [] : directivesIn(name.value, context);
  const facts = here.length > 0 ? here : nginxDirectives(name.value);
  if (facts.length === 0) return null;
  const landing = landingOf(text, language);
  return [directiveMarkdown(facts, language), ...(landing === null ? [] : [landing])].join('\n\n');
}

/** Where the controller puts a snippet; null for a file. */
function landingOf({ carrier, tree }: NginxText, language: Language): string | null {
  if (carrier.kind === 'file' || tree.context === null) return null;
  const words = WORDS[language];
  return tree.context === 'main' ? words.landsInMain(carrier.key) : words.lands(carrier.key, tree.context);
}
