import type { Severity } from '../rules/rule.ts';
import type { Language, Wording } from '../text/wording.ts';

const SEVERITY_WORDS: Wording<Record<Severity, string>> = {
  en: { error: 'error', warning: 'warning', information: 'information', hint: 'hint' },
  zh: { error: '错误', warning: '警告', information: '信息', hint: '提示' },
};

/** How loud a finding is, in a word. */
export function severityWord(severity: Severity, language: Language): string {
  return SEVERITY_WORDS[language][severity];
}
