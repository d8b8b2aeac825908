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

export const NOTICES: readonly Notice[] = [UNUSED_SUPPRESSION, SUPPRESSION_WITHOUT_REASON, WRONG_SETTING];

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

/** What a setting has to be, by the type that the schema has. */
const TYPES: Wording<Readonly<Record<string, string>>> = {
  en: { object: 'a mapping', array: 'a list', string: 'text', number: 'a number' },
  zh: { object: '映射', array: '列表', string: '文本', number: '数字' },
};

export const wrongSetting: Wording<(problem: SettingProblem) => string> = {
  en: ({ path, problem, expected }) => {
    const must = {
      setting: `the settings are ${expected}`,
      rule: `there is no such rule${expected === '' ? '' : `; did you mean ${expected}?`}`,
      type: `it must be ${TYPES.en[expected] ?? expected}`,
      choice: `it must be one of ${expected}`,
      least: `it must be ${expected} or more`,
      form: `it must look like ${expected}`,
    }[problem];
    return `${path.join('.')} has no effect: ${must}`;
  },
  zh: ({ path, problem, expected }) => {
    const must = {
      setting: `可用的设置有 ${expected}`,
      rule: `不存在此规则${expected === '' ? '' : `；是否应为 ${expected}？`}`,
      type: `应为${TYPES.zh[expected] ?? ` ${expected}`}`,
      choice: `应为以下值之一：${expected}`,
      least: `不能小于 ${expected}`,
      form: `应写成 ${expected} 这样的形式`,
    }[problem];
    return `${path.join('.')} 不起作用：${must}`;
  },
};
