import type { Entity } from '../entity.ts';
import type { Reading } from '../reading.ts';
import type { ReadText } from '../region.ts';
import { ansibleTasks } from './ansibleTasks.ts';

const MODULE = /^(?:ansible\.(?:builtin|legacy)\.)?(copy|lineinfile|blockinfile)$/;

/** Under which names a module is told the file, and under which what is to be in it. */
const ARGUMENTS: Readonly<Record<string, { readonly file: readonly string[]; readonly text: readonly string[] }>> = {
  copy: { file: ['dest'], text: ['content'] },
  lineinfile: { file: ['path', 'dest', 'destfile', 'name'], text: ['line'] },
  blockinfile: { file: ['path', 'dest', 'destfile', 'name'], text: ['block', 'content'] },
};

/** The texts that tasks of Ansible write into files: all of one, a line, or a block. */
export function* filesOfAnsible(root: Reading, readText: ReadText): Iterable<Entity> {
  for (const task of ansibleTasks(root)) {
    const module = task.entries().find(({ name }) => MODULE.test(name));
    const known = ARGUMENTS[MODULE.exec(module?.name ?? '')?.[1] ?? ''];
    if (!module || !known || !isWritten(module.value)) continue;
    const [path, content] = [known.file, known.text].map(names =>
      names.map(name => module.value.get(name)).find(each => !each.isAbsent),
    );
    const file = path?.string().known;
    const region = content?.embeddedText();
    if (file === undefined || !region) continue;
    // With a loop, each round writes another text.
    if (/^\s*\{\{\s*item\b/.test(region.text)) {
      for (const item of itemsOf(task)) yield* readText(file, item);
    } else yield* readText(file, region);
  }
}

function isWritten(module: Reading): boolean {
  return !module.get('state').string().is('absent') && !module.get('backrefs').boolean().is(true);
}

/** The texts that a loop runs over. */
function itemsOf(task: Reading) {
  return ['loop', 'with_items', 'with_list'].flatMap(key =>
    task
      .get(key)
      .items()
      .flatMap(item => item.embeddedText() ?? []),
  );
}
