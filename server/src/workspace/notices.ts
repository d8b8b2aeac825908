import type { Severity } from '../rules/rule.ts';
import type { Wording } from '../text/wording.ts';
import type { SettingProblem } from './settings.ts';

/** What the product says about comments and settings addressed to itself. */
export interface Notice {
  readonly id: string;
  readonly severity: Severity;
}

export const UNUSED_SUPPRESSION: Notice = { id: 'ingress-path/unused-suppression', severity: 'information' };
export const SUPPRESSION_WITHOUT_REASON: Notice = {
  id: 'ingress-path/suppression-without-reason',
  severity: 'warning',
};
export const WRONG_SETTING: Notice = { id: 'ingress-path/setting', severity: 'warning' };

export const unusedSuppression: Wording<(rule: string) => string> = {
  en: rule => `Nothing to ignore here: ${rule} finds nothing on this line`,
  zh: rule => `无需忽略：${rule} 在这一行没有发现问题`,
};

export const unknownRule: Wording<(rule: string) => string> = {
  en: rule => `Nothing is ignored: there is no rule ${rule}`,
  zh: rule => `未忽略任何内容：不存在规则 ${rule}`,
};

export const suppressionWithoutReason: Wording<() => string> = {
  en: () => 'Nothing is ignored: a rule and a reason are needed, `# ingress-path-ignore RULE: reason`',
  zh: () => '未忽略任何内容：需要写明规则和理由，即 `# ingress-path-ignore 规则: 理由`',
};

export const wrongSetting: Wording<(problem: SettingProblem) => string> = {
  en: ({ path, problem, expected }) =>
    problem === 'unknown'
      ? `${path.join('.')} has no effect: the settings are ${expected}`
      : `${path.join('.')} has no effect: it must be ${problem === 'value' ? 'one of, or match, ' : ''}${expected}`,
  zh: ({ path, problem, expected }) =>
    problem === 'unknown'
      ? `${path.join('.')} 不起作用：可用的设置有 ${expected}`
      : `${path.join('.')} 不起作用：应为${problem === 'value' ? '以下值之一或符合格式 ' : ' '}${expected}`,
};
