import type { Reading } from '../reading.ts';
import { stretchOf } from '../region.ts';
import { type Written, writtenAs, writtenIn, writtenKey } from './sysctlValues.ts';

/** One of the rounds of a loop: what a field of its item is, null for the item itself. Null where nobody knows. */
export type Item = (field: string | null) => Written | null;

const LISTS = ['loop', 'with_items', 'with_list'];

/** `key=value` in a task of one line, in quotes or not, a template's expression with its blanks. */
const WORD = /(\w+)=(?:"([^"]*)"|'([^']*)'|((?:\{\{.*?\}\}|[^\s"'])*))/g;

/** The rounds of a task’s loop whose items are written beside it; one without an item for any other task. */
export function itemsOf(task: Reading): readonly Item[] {
  const list = LISTS.map(key => task.get(key)).find(each => each.isList);
  if (list) return list.items().map(item => field => writtenIn(field === null ? item : item.get(field)));
  const entries = task.get('with_dict').ownEntries();
  if (entries.length === 0) return [() => null];
  return entries.map(entry => field => {
    if (field === 'key') return writtenKey(entry);
    return field === 'value' ? writtenIn(entry.value) : null;
  });
}

/** An argument of a module under the first of its names that is given, as it is in a round of the loop: `absent` without it, null if nobody knows. */
export function argument(
  task: Reading,
  module: Reading,
  item: Item,
  ...names: readonly string[]
): Written | null | 'absent' {
  const written = names.map(name => givenAs(module, name)).find(each => each !== 'absent') ?? 'absent';
  if (written === 'absent' || written === null) return written;
  const variable = task.at('loop_control', 'loop_var').string().known ?? 'item';
  const [all, name, dotted, quoted] =
    /^\s*\{\{\s*(\w+)(?:\.(\w+)|\[\s*["'](\w+)["']\s*\])?\s*\}\}\s*$/.exec(written.text) ?? [];
  if (all !== undefined && name === variable) return item(dotted ?? quoted ?? null);
  return /\{\{|\{%/.test(written.text) ? null : written;
}

function givenAs(module: Reading, name: string): Written | null | 'absent' {
  if (module.isMap) {
    const value = module.get(name);
    const region = value.embeddedText();
    return value.isAbsent ? 'absent' : region && writtenAs(region);
  }
  const region = module.embeddedText();
  for (const { 0: all, 1: key, 2: double, 3: single, 4: bare = '', index } of region?.text.matchAll(WORD) ?? []) {
    if (!region || key !== name) continue;
    const end = index + all.length - (double === undefined && single === undefined ? 0 : 1);
    return writtenAs(stretchOf(region, { start: end - (double ?? single ?? bare).length, end }));
  }
  return 'absent';
}
