import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { parse, parseAllDocuments } from 'yaml';
import { isRecord, root } from './expand.ts';

const examples = join(root, 'examples');
const situations = readdirSync(examples, { withFileTypes: true }).filter(entry => entry.isDirectory());

function filesIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}

function at(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>((found, key) => (isRecord(found) ? found[key] : undefined), value);
}

describe('examples', () => {
  it('show each situation broken and fixed, in the same files', () => {
    assert.equal(situations.length, 5);
    for (const { name } of situations) {
      const broken = filesIn(join(examples, name, 'broken'));
      assert.ok(broken.length > 0);
      assert.deepEqual(filesIn(join(examples, name, 'fixed')), broken);
    }
  });

  for (const name of filesIn(examples).filter(each => each.endsWith('.yaml'))) {
    it(`${name} is YAML that Kubernetes takes`, () => {
      for (const document of parseAllDocuments(readFileSync(join(examples, name), 'utf8'))) {
        assert.deepEqual([...document.errors, ...document.warnings].map(String), []);
        const object: unknown = document.toJS();
        for (const path of [['apiVersion'], ['kind'], ['metadata', 'name'], ['metadata', 'namespace']])
          assert.equal(typeof at(object, ...path), 'string', path.join('.'));
        if (at(object, 'kind') === 'ConfigMap')
          for (const value of Object.values(at(object, 'data') ?? {})) assert.equal(typeof value, 'string');
      }
    });
  }

  for (const state of ['broken', 'fixed']) {
    it(`3-conntrack/${state}: the DaemonSet names the configuration it was rolled out with`, () => {
      const read = (file: string): unknown => parse(readFileSync(join(examples, '3-conntrack', state, file), 'utf8'));
      const config = at(read('kube-proxy-configmap.yaml'), 'data', 'config.conf');
      assert.ok(typeof config === 'string' && isRecord(parse(config)));
      assert.equal(
        at(read('kube-proxy-daemonset.yaml'), 'spec', 'template', 'metadata', 'annotations', 'checksum/config'),
        createHash('sha256').update(config).digest('hex'),
      );
    });
  }

  it('are told in two languages, situation by situation', () => {
    const headings = ['README.md', 'README.zh.md'].map(file =>
      [...readFileSync(join(examples, file), 'utf8').matchAll(/^## .*`(.+)\/`$/gm)].map(found => found[1]),
    );
    const names = situations.map(entry => entry.name);
    assert.deepEqual(headings, [names, names]);
  });
});
