import type { Reading } from '../reading.ts';

/** Plays hold tasks, and blocks of tasks hold others. */
const MAX_DEPTH = 8;

/** The items of a list of plays or tasks, and the tasks that they hold, in their order. */
export function* ansibleTasks(list: Reading, depth = 0): Iterable<Reading> {
  for (const item of list.items()) yield* tasksWithin(item, depth);
}

/** A play or a task, and the tasks that it holds. */
export function* tasksWithin(item: Reading, depth = 0): Iterable<Reading> {
  if (depth > MAX_DEPTH) return;
  yield item;
  for (const key of ['tasks', 'pre_tasks', 'post_tasks', 'handlers', 'block', 'rescue', 'always'])
    yield* ansibleTasks(item.get(key), depth + 1);
}
