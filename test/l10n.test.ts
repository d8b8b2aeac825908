import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { LANGUAGES } from '../server/src/text/wording.ts';
import { SETTINGS_SCHEMA } from '../server/src/workspace/settings.ts';

const json = (file: string) => JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>;
const sources = (folder: string) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter(file => file.endsWith('.ts'))
    .map(file => readFileSync(`${folder}/${file}`, 'utf8'))
    .join('\n');

describe('both languages', () => {
  it('have every text of package.json, and no other', () => {
    const used = [...readFileSync('package.json', 'utf8').matchAll(/"%([\w.]+)%"/g)].map(([, key]) => key ?? '').sort();
    for (const file of ['package.nls.json', 'package.nls.zh-cn.json']) {
      const texts = json(file);
      assert.deepEqual(Object.keys(texts).sort(), [...new Set(used)], file);
      for (const [key, text] of Object.entries(texts)) assert.notEqual(text, '', `${file}: ${key}`);
    }
  });

  it('have every text of the client, and no other', () => {
    const used = [...sources('client/src').matchAll(/l10n\.t\(\s*'((?:[^'\\]|\\.)*)'/g)].map(([, text]) => text ?? '');
    assert.ok(used.length > 0);
    assert.deepEqual(Object.keys(json('l10n/bundle.l10n.zh-cn.json')).sort(), [...new Set(used)].sort());
  });

  it('describe every setting', () => {
    for (const [name, { description }] of Object.entries(SETTINGS_SCHEMA)) {
      for (const language of LANGUAGES) assert.ok(description?.[language], `${name} in ${language}`);
    }
  });

  it('write Chinese in Chinese, with its own punctuation', () => {
    const texts = [
      ...Object.values(json('package.nls.zh-cn.json')),
      ...Object.values(json('l10n/bundle.l10n.zh-cn.json')),
    ];
    const literals = [...sources('server/src').matchAll(/\bzh: (?:\([^)]*\) => )?[`']([^`']+)[`']/g)].map(
      ([, text]) => text ?? '',
    );
    assert.ok(literals.length > 10);
    for (const text of [...texts, ...literals.filter(each => each !== 'zh-CN')]) {
      assert.match(text, /\p{Script=Han}/u);
      assert.doesNotMatch(text, /\p{Script=Han}[,:;?!](?!\/)/u, text);
    }
  });
});
