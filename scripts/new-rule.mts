// npm run new-rule -- <area>/<name>: writes all that a rule consists of; its tests fail until it is filled in.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { HEADINGS } from '../server/src/features/page.ts';
import type { Language } from '../server/src/text/wording.ts';

const AREAS = ['dns', 'tls', 'conntrack', 'netfilter', 'ingress', 'nginx', 'probes'];

const [id = ''] = process.argv.slice(2);
const [area = '', name = ''] = id.split('/');
if (!AREAS.includes(area) || !/^[a-z][a-z0-9-]*$/.test(name)) {
  console.error(
    `usage: npm run new-rule -- <area>/<name>, with an area of ${AREAS.join(', ')} and a name in kebab-case`,
  );
  process.exit(2);
}
const constant = name.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
const rules = 'server/src/rules';
if (existsSync(path(`${rules}/${id}.ts`))) {
  console.error(`${rules}/${id}.ts is there already`);
  process.exit(2);
}

write(
  `${rules}/${id}.ts`,
  `import { at } from '../draft.ts';
import { rule } from '../rule.ts';
import en from './${name}.md';
import zh from './${name}.zh.md';

/** What it finds and why it hurts, in two or three sentences about the world. */
export const ${constant} = rule({
  id: '${id}',
  severity: 'warning',
  on: 'podSpec',
  evidence: ['upstream file and versions, or the proof among the tests'],
  summary: { en: 'SUMMARY', zh: '概要' },
  messages: {
    en: { consequence: () => 'CONSEQUENCE first, in one sentence' },
    zh: { consequence: () => '先说后果，一句话' },
  },
  page: { en, zh },

  *check(pod) {
    if (!pod.hostNetwork.is(true)) return;
    yield at(pod.hostNetwork, 'consequence');
  },
});
`,
);
write(`${rules}/${id}.md`, page('en', 'SUMMARY'));
write(`${rules}/${id}.zh.md`, page('zh', '概要'));

const index = readFileSync(path(`${rules}/index.ts`), 'utf8');
const listed = [...(/LISTED: readonly AnyRule\[\] = \[([^\]]*)\]/.exec(index)?.[1] ?? '').matchAll(/\w+/g)].map(
  ([rule]) => rule,
);
write(
  `${rules}/index.ts`,
  index
    .replace(/(?=import type \{ Draft)/, `import { ${constant} } from './${id}.ts';\n`)
    .replace(/(LISTED: readonly AnyRule\[\] = )\[[^\]]*\]/, `$1[${[...listed, constant].join(', ')}]`),
);

const fixtures = `test/rules/${id}`;
write(`${fixtures}/fires-plainly.yaml`, `a: b\n#^^^ warning ${id}: the beginning of the message\n`);
write(`${fixtures}/silent-right.yaml`, 'a: c\n');
write(`${fixtures}/silent-template.yaml`, 'a: {{ .Values.a }}\n');
write(`${fixtures}/fix-keeps-comments.yaml`, 'a: b # why\n---8<---\na: c # why\n');

console.log(`${id}: now make these right, then npm run format && npm run docs && npm run test:unit -- rules`);

function page(language: Language, summary: string): string {
  const sections = Object.entries(HEADINGS).map(([key, title]) => {
    const body = language === 'en' && (key === 'example' || key === 'fixed') ? '```yaml\n```' : '…';
    return `## ${title[language]}\n\n${body}\n`;
  });
  return [`# ${id}\n\n${summary}\n`, ...sections].join('\n');
}

function write(file: string, text: string): void {
  mkdirSync(dirname(path(file)), { recursive: true });
  writeFileSync(path(file), text);
  console.log(file);
}

function path(file: string): string {
  return fileURLToPath(new URL(`../${file}`, import.meta.url));
}
