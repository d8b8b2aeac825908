import type { KubeProxyField } from '../facts/kubeProxy.ts';
import { formatList, type Language, type Wording } from '../text/wording.ts';

interface Words {
  readonly byDefault: (value: string) => string;
  readonly flag: (name: string) => string;
  readonly since: (release: string) => string;
  readonly removed: (release: string) => string;
  readonly sysctl: (name: string) => string;
}

const WORDS: Wording<Words> = {
  en: {
    byDefault: value => `default \`${value}\``,
    flag: name => `flag \`${name}\``,
    since: release => `since Kubernetes ${release}`,
    removed: release => `removed in Kubernetes ${release}`,
    sysctl: name => `written to \`${name}\``,
  },
  zh: {
    byDefault: value => `默认 \`${value}\``,
    flag: name => `参数 \`${name}\``,
    since: release => `Kubernetes ${release} 起`,
    removed: release => `Kubernetes ${release} 起移除`,
    sysctl: name => `写入 \`${name}\``,
  },
};

/** A field in a line: its type, default, flag, releases and sysctl. */
export function fieldLine(field: KubeProxyField, language: Language): string {
  const words = WORDS[language];
  const { type, default: byDefault, flag, since, removed, sysctl } = field;
  return [
    `\`${type}\``,
    ...(byDefault === null || byDefault === '' ? [] : [words.byDefault(String(byDefault))]),
    ...(flag === null ? [] : [words.flag(flag)]),
    ...(since === null ? [] : [words.since(since)]),
    ...(removed === null ? [] : [words.removed(removed)]),
    ...(sysctl === null ? [] : [words.sysctl(sysctl)]),
  ].join(' · ');
}

/** What a field is, in Markdown. */
export function fieldMarkdown(field: KubeProxyField, language: Language): string {
  return `**${field.path}**: ${field.about[language]}\n\n${fieldLine(field, language)}`;
}

/** The fields of a section, for whoever looks at the section. */
export function sectionMarkdown(path: string, names: readonly string[], language: Language): string {
  return `**${path}**: ${formatList(
    names.map(name => `\`${name}\``),
    language,
  )}`;
}
