import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, it } from 'node:test';
import { parseDocument } from 'yaml';
import { Core } from '../../server/src/core.ts';
import { expand, isRecord, readSnippets } from './expand.ts';

const languages = ['yaml', 'shell', 'nginx'];
const places = [{}, { indent: '    ' }, { indent: '\t', tab: '\t' }];

function yamlOf(text: string): unknown {
  const document = parseDocument(text, { prettyErrors: true });
  assert.deepEqual([...document.errors, ...document.warnings].map(String), []);
  return document.toJS();
}

function bashRefuses(text: string): string {
  return spawnSync('bash', ['-n'], { input: text, encoding: 'utf8' }).stderr;
}

describe('snippets', () => {
  it('have prefixes that are unique and that only someone looking for them types', () => {
    const prefixes = languages.flatMap(language => readSnippets(language).map(each => each.prefix));
    assert.equal(new Set(prefixes).size, prefixes.length);
    for (const prefix of prefixes) assert.match(prefix, /^ingress-path-[a-z0-9-]+$/);
  });

  for (const language of languages) {
    for (const { name, description, body } of readSnippets(language)) {
      it(`${language}: ${name}: described in English and Chinese, ends with the cursor`, () => {
        assert.match(description, /^[\x20-\x7e]+ \/ .*\p{Script=Han}/u);
        assert.equal(body.join('\n').match(/(?<!\\)\$0/g)?.length, 1);
        assert.ok(body.every(line => !line.includes('\n') && line === line.trimEnd()));
      });
    }
  }

  for (const { name, body } of readSnippets('yaml')) {
    it(`yaml: ${name}: means the same at any indentation, and holds no tab`, () => {
      assert.ok(!body.join('').includes('\t'));
      const meant = yamlOf(expand(body));
      assert.ok(isRecord(meant));
      assert.deepEqual(yamlOf(`outer:\n    ${expand(body, { indent: '    ' })}\n`), { outer: meant });
      assert.deepEqual(yamlOf(`- item: 1\n  ${expand(body, { indent: '  ' })}\n`), [{ item: 1, ...meant }]);
    });
  }

  it('write nothing that a rule would find fault with', () => {
    const endings: Record<string, string> = { yaml: 'yaml', shell: 'sh', nginx: 'conf' };
    const pod = (fields: string) =>
      `apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - image: registry.k8s.io/ingress-nginx/controller\n      ${fields}\n`;
    for (const language of languages) {
      for (const { name, body } of readSnippets(language)) {
        const core = new Core(message => assert.fail(message));
        const text = expand(body);
        core.put(`snippet.${endings[language]}`, text);
        core.put('pod.yaml', pod(expand(body, { indent: '      ' })));
        const files = language === 'yaml' ? ['snippet.yaml', 'pod.yaml'] : [`snippet.${endings[language]}`];
        assert.deepEqual(
          files.flatMap(file => core.findings(file)).map(({ rule }) => rule),
          [],
          name,
        );
      }
    }
  });

  for (const { name, body } of readSnippets('shell')) {
    it(`shell: ${name}: is a script for bash at any indentation`, () => {
      for (const place of places) {
        const text = expand(body, place);
        assert.equal(bashRefuses(text), '', text);
        assert.equal(bashRefuses(`if true; then\n${place.indent ?? ''}${text}\nfi\n`), '', text);
        assert.doesNotMatch(text, /<</, 'the end of a heredoc must not be indented');
      }
    });
  }

  for (const { name, body } of readSnippets('nginx')) {
    it(`nginx: ${name}: closes its blocks and its directives`, () => {
      for (const place of places) {
        let depth = 0;
        for (const line of expand(body, place)
          .split('\n')
          .map(each => each.trim())) {
          if (line === '') continue;
          assert.match(line, /[;{}]$/);
          if (line.endsWith('{')) depth++;
          if (line === '}') depth--;
          assert.ok(depth >= 0);
        }
        assert.equal(depth, 0);
      }
    });
  }
});

describe('expand', () => {
  it('knows escapes, tab stops, placeholders, choices and indentation', () => {
    assert.equal(expand(['\\$a \\} \\\\ \\n']), '$a } \\ \\n');
    assert.equal(expand([`$1\${2}\${3:x:\${4:y}}\${5|a,b|}$0`]), 'x:ya');
    assert.equal(expand([`\${1:x\\}}`], { typed: { 1: 'z' } }), 'z');
    assert.equal(expand(['a', '\tb'], { indent: '  ', tab: '    ' }), 'a\n      b');
  });

  it('refuses an unescaped $ and a placeholder without an end', () => {
    assert.throws(() => expand(['echo $vip']), SyntaxError);
    assert.throws(() => expand([`\${1:x`]), SyntaxError);
  });
});
