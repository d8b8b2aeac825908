import type { Cve } from '../../facts/ingressNginxReleases.ts';
import { closedNear } from '../../model/controllers.ts';
import { controllerCves, nearestFixed } from '../../simulate/controllerCves.ts';
import { atPlace } from '../draft.ts';
import { rule } from '../rule.ts';
import en from './cve.md';
import zh from './cve.zh.md';

const GRAVITY: Readonly<Record<string, string>> = { critical: '严重', high: '高危', medium: '中危', low: '低危' };

/**
 * Each release of the controller has vulnerabilities that were published later. Some are closed by a setting, so that the version alone does
 * not tell; for the rest there is one nearest release that fixes them all.
 */
export const cve = rule({
  id: 'ingress/cve',
  severity: 'warning',
  on: 'versionEvidence',
  evidence: [
    'kubernetes/kubernetes#131005 to #131009, #126744, #136677 to #136680, #136789, #137560, #137893: affected and fixed releases',
    'kubernetes/ingress-nginx#7837, #8502, #8503, #10570 to #10572: the settings that close what a release alone does not',
  ],
  summary: {
    en: 'This release of the controller has published vulnerabilities that a later one fixes',
    zh: '该版本的控制器存在已公开、且在后续版本中修复的漏洞',
  },
  messages: {
    en: {
      one: v => `Controller ${v.version} is open to ${v.worst} (${v.severity}), which is fixed in ${v.fixed}`,
      some: v =>
        `Controller ${v.version} is open to ${v.count} published vulnerabilities, the worst ${v.worst} (${v.severity}): ${v.fixed} is the nearest release that fixes them all`,
    },
    zh: {
      one: v => `控制器 ${v.version} 受 ${v.worst}（${GRAVITY[v.severity ?? '']}）影响，${v.fixed} 已修复`,
      some: v =>
        `控制器 ${v.version} 受 ${v.count} 个已公开漏洞影响，最严重的是 ${v.worst}（${GRAVITY[v.severity ?? '']}）：全部修复的最近版本是 ${v.fixed}`,
    },
  },
  page: { en, zh },

  *check({ program, version, place }, { cluster, file }) {
    if (program !== 'controller') return;
    const isClosed = closedNear(cluster, file);
    const open = controllerCves(version, isClosed).filter(({ fixed }) => fixed.length > 0);
    const [worst] = open;
    const fixed = nearestFixed(version, isClosed);
    if (!worst || fixed === null) return;
    const finding = atPlace(place, open.length === 1 ? 'one' : 'some', {
      version: version.join('.'),
      count: open.length,
      worst: worst.id,
      severity: worst.severity?.toLowerCase() ?? '',
      fixed,
    });
    yield isGrave(worst) ? finding : finding.as('information');
  },
});

function isGrave({ severity }: Cve): boolean {
  return severity === 'Critical' || severity === 'High';
}
