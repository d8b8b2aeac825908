import { CONFIG_KEYS } from '../../facts/ingressNginxKeys.ts';
import { at, set } from '../draft.ts';
import { rule } from '../rule.ts';
import en from './helm-number.md';
import zh from './helm-number.zh.md';

/**
 * Values files are read as JSON, whose numbers are floating: the chart prints a million as 1e+06 with many releases of Helm. The controller takes
 * no such number, and browsers no such max-age.
 */
export const helmNumber = rule({
  id: 'ingress/helm-number',
  severity: 'warning',
  on: 'controllerConfig',
  evidence: [
    'Go fmt: %v of a float64 is %g, which writes an exponent from 1e+06 on; sprig’s toString prints so',
    'ingress-nginx chart 4.15.1, templates/controller-configmap.yaml: toString | quote',
    'helm/helm#12195: helm template 3.12.1 on 1000000 with `quote` prints "1e+06"',
    'helm/helm#13254',
  ],
  summary: {
    en: 'A number of a million or more in values of the chart, without quotes',
    zh: 'chart 的 values 中没有引号、且不小于一百万的数字',
  },
  messages: {
    en: {
      exponent: v =>
        `The controller may get \`${v.printed}\`, which ${v.key} does not accept: Helm reads ${v.text} without quotes as a floating-point number`,
      quote: v => `Write "${v.text}" in quotes`,
    },
    zh: {
      exponent: v =>
        `控制器可能得到 \`${v.printed}\`，而 ${v.key} 不接受这种写法：没有引号的 ${v.text} 会被 Helm 当作浮点数`,
      quote: v => `写成带引号的 "${v.text}"`,
    },
  },
  page: { en, zh },

  *check(config) {
    if (config.origin !== 'helmValues') return;
    for (const { name, value, notString } of config.keys) {
      const facts = CONFIG_KEYS.get(name);
      const text = notString?.text ?? '';
      if (notString?.type !== 'number' || !value.place || !/^[1-9]\d{6,15}$/.test(text)) continue;
      if (facts?.type !== 'int' && name !== 'hsts-max-age') continue;
      yield at(value, 'exponent', { key: name, text, printed: asGoPrints(Number(text)) }).fix(
        'quote',
        'safe',
        set(value, text),
      );
    }
  },
});

/** 31536000 -> 3.1536e+07. */
function asGoPrints(number: number): string {
  const [digits = '', exponent = ''] = number.toExponential().split('e+');
  return `${digits}e+${exponent.padStart(2, '0')}`;
}
