import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Core } from '../../server/src/core.ts';

const POD = `apiVersion: v1
kind: Pod
metadata: { name: edge }
spec:
  containers:
    - image: registry.k8s.io/ingress-nginx/controller:v1.15.1
      livenessProbe:
        httpGet: { path: /healthz, port: 10254 }
        initialDelaySeconds: 10
        failureThreshold: 3
      readinessProbe:
        httpGet: { path: /healthz, port: 10254 }
`;

function hoverAt(text: string, line: number, language: 'en' | 'zh' = 'en'): string {
  const core = new Core(message => assert.fail(message));
  core.configure({}, language);
  core.put('a.yaml', text);
  return core.hover('a.yaml', { line, character: 12 })?.markdown ?? '';
}

describe('hover on a probe', () => {
  it('shows what its figures come to, beside others', () => {
    const table = hoverAt(POD, 8)
      .split('\n')
      .filter(line => line.startsWith('|'));
    assert.deepEqual(table, [
      '|  | every | timeout | failures | silent for | once a day from a loss of | chance a day at a loss of 1 % | 5 % | 20 % | 50 % |',
      '| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |',
      '| **here** | 10 s | 1 s | 3 | 21-31 s | 4.4 % | 0.9 % | 64.2 % | 100 % | 100 % |',
      '| Kubernetes’ defaults | 10 s | 1 s | 3 | 21-31 s | 4.4 % | 0.9 % | 64.2 % | 100 % | 100 % |',
      '| the chart | 10 s | 1 s | 5 | 41-51 s | 15.7 % | < 0.1 % | 0.3 % | 89.1 % | 100 % |',
      '| patient | 10 s | 5 s | 5 | 45-55 s | 53.9 % | 0 % | 0 % | < 0.1 % | 20.6 % |',
    ]);
    assert.match(
      hoverAt(POD, 8),
      /A container that never answers is killed 31 seconds to 41 seconds after its start\./,
    );
  });

  it('is about the probe that is pointed at', () => {
    assert.match(hoverAt(POD, 6), /liveness probe has the container killed/);
    assert.match(hoverAt(POD, 11), /readiness probe takes the pod out of its Services/);
    assert.doesNotMatch(hoverAt(POD, 5), /probe/);
  });

  it('takes what values leave out from the chart', () => {
    const values = 'controller:\n  electionID: a\n  livenessProbe:\n    periodSeconds: 20\n';
    assert.match(hoverAt(values, 3), /\*\*here\*\* \| 20 s \| 1 s \| 5 \| 81-101 s/);
  });

  it('leaves the start to a startup probe', () => {
    const startup = (figure: string) =>
      POD.replace('      readinessProbe:', `      startupProbe: { failureThreshold: ${figure} }\n$&`);
    assert.match(hoverAt(startup('30'), 6), /never answers is killed 4 minutes 51 seconds to 5 minutes 1 second after/);
    assert.doesNotMatch(hoverAt(startup('{{ .n }}'), 6), /never answers/);
  });

  it('has no table for figures that a template renders', () => {
    assert.equal(hoverAt(POD.replace('failureThreshold: 3', 'failureThreshold: {{ .n }}'), 8), '');
  });

  it('speaks Chinese', () => assert.match(hoverAt(POD, 6, 'zh'), /此存活探针何时会杀死容器/));
});
