import type { Language, Wording } from '../text/wording.ts';

/** The headings that every rule's page has, in their order. */
export const HEADINGS = {
  finds: { en: 'What it finds', zh: '检查什么' },
  hurts: { en: 'Why it hurts', zh: '为什么有害' },
  example: { en: 'Example', zh: '示例' },
  fixed: { en: 'Fixed', zh: '修复' },
  applying: { en: 'After applying', zh: '应用之后' },
  checking: { en: 'Check it on a live node', zh: '在节点上验证' },
  silent: { en: 'When it stays silent', zh: '何时保持沉默' },
  proof: { en: 'Proof and versions', zh: '依据与版本' },
  references: { en: 'References', zh: '参考' },
} as const satisfies Record<string, Wording>;

export type Heading = keyof typeof HEADINGS;

/** What stands under a heading of a page, without the heading; empty if it has none. */
export function section(page: string, heading: Heading, language: Language): string {
  const sections = page.split(/^## +/m);
  const title = HEADINGS[heading][language];
  const found = sections.find(text => text.split(/\r?\n/, 1)[0]?.trim() === title);
  return found?.slice(found.indexOf('\n') + 1).trim() ?? '';
}

/** The first fenced block in Markdown, and the language it names; null if there is none. */
export function codeBlock(markdown: string): { readonly language: string; readonly text: string } | null {
  const [, language = '', text = ''] = /^```(\w*)\r?\n([\s\S]*?)^```/m.exec(markdown) ?? [];
  return text === '' ? null : { language, text };
}
