import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { open } from './caret.ts';

const pod = (version: string) =>
  `apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - image: registry.k8s.io/ingress-nginx/¦controller:${version}\n`;

const hoverOn = (version: string, language: 'en' | 'zh' = 'en') => {
  const { core, position } = open('pod.yaml', pod(version), language);
  return core.hover('pod.yaml', position)?.markdown ?? '';
};

describe('hover on the version of the controller', () => {
  it('lists what it is open to, and which releases mend it', () => {
    const [, , ...rows] = hoverOn('v1.14.4')
      .split('\n')
      .filter(line => line.startsWith('|'));
    assert.equal(
      rows[0],
      '| CVE-2026-4342 | High | combination of annotations / path in a template comment | 1.13.9, 1.14.5, 1.15.1 |',
    );
  });

  it('does not leave out what no release mends', () => {
    assert.match(hoverOn('v1.15.1'), /open to 3 published vulnerabilities[\s\S]*CVE-2026-42945 .* no release \|/);
  });

  it('speaks Chinese', () => assert.match(hoverOn('v1.15.1', 'zh'), /受 3 个已公开漏洞影响[\s\S]*没有版本修复/));

  it('has nothing to say of a template', () => assert.equal(hoverOn('{{ .tag }}'), ''));
});
