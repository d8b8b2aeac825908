import { operatorsIn } from '../../syntax/shell/operators.ts';
import { mask } from '../../syntax/template.ts';
import { type Span, shift } from '../../text/span.ts';
import type { Entity } from '../entity.ts';
import type { Reading } from '../reading.ts';
import { joined, type ReadText, type Region } from '../region.ts';
import type { Again } from '../shellText.ts';
import { iptablesModule } from './ansibleIptables.ts';
import { ansibleTasks, tasksWithin } from './ansibleTasks.ts';
import { commandWords } from './commandWords.ts';
import { isOfInterest, shellOf } from './shellFile.ts';

const MODULE = /^(?:ansible\.(?:builtin|legacy)\.)?(shell|raw|command|iptables|cron)$/;

/** A command of a task. */
interface TaskCommand {
  readonly region: Region;
  readonly group: Group;
  /** True for what no shell reads. */
  readonly isUnread: boolean;
  /** What only a shell would understand of it; null where its text has to be searched for that. */
  readonly operators: readonly Span[] | null;
}

/** How tasks are run: those of a group as one script, for what they do to rules, they do together. */
type Group = 'module' | 'guarded' | 'each run' | 'cron' | 'reboot';

const AGAIN: Readonly<Record<Group, Again | null>> = {
  // It asks for each rule before it adds it.
  module: null,
  guarded: null,
  'each run': 'playbook',
  cron: 'cron',
  reboot: null,
};

/** What decides whether a task runs, or remembers that it did. */
const GUARDS = [
  'when',
  'args',
  'loop_control',
  'until',
  'register',
  'changed_when',
  'failed_when',
  'ignore_errors',
  'notify',
];

/**
 * Commands in tasks of Ansible: of its modules shell, raw and command, the rules of its module iptables, and jobs for cron. `command` starts no
 * shell. The tasks of a play, or of a file of tasks, are read as one script.
 */
export function* shellOfAnsible(root: Reading, readText: ReadText): Iterable<Entity> {
  const plays = root.items().filter(item => !item.get('hosts').isAbsent);
  const lists = plays.length > 0 ? plays.map(play => [...tasksWithin(play)]) : [[...ansibleTasks(root)]];
  for (const tasks of lists) {
    const commands: TaskCommand[] = [];
    for (const task of tasks) {
      const module = task.entries().find(({ name }) => MODULE.test(name));
      if (!module) continue;
      const name = MODULE.exec(module.name)?.[1] ?? '';
      commands.push(...commandOf(name, module.value, task));
    }
    for (const group of new Set(commands.map(each => each.group)))
      yield* scriptOf(
        root,
        group,
        commands.filter(each => each.group === group),
        readText,
      );
  }
}

function commandOf(name: string, module: Reading, task: Reading): TaskCommand[] {
  if (name === 'iptables') {
    const region = iptablesModule(task);
    return region ? [{ region, group: 'module', isUnread: true, operators: [] }] : [];
  }
  if (name === 'cron') {
    const region = module.get('state').string().is('absent') ? null : module.get('job').embeddedText();
    const group = module.get('special_time').string().is('reboot') ? 'reboot' : 'cron';
    return region ? [{ region, group, isUnread: false, operators: null }] : [];
  }
  const isUnread = name === 'command';
  const isGuarded = GUARDS.some(key => !task.get(key).isAbsent) || !module.get('creates').isAbsent;
  const group = isGuarded ? 'guarded' : 'each run';
  const words = module.get('argv');
  const listed = words.isList ? commandWords(words.items()) : null;
  if (listed) return [{ ...listed, group, isUnread }];
  const region = (module.isMap ? module.get('cmd') : module).embeddedText();
  return region ? [{ region, group, isUnread, operators: isUnread ? null : [] }] : [];
}

function* scriptOf(
  root: Reading,
  group: Group,
  commands: readonly TaskCommand[],
  readText: ReadText,
): Iterable<Entity> {
  const region = joined(
    root.address,
    commands.map(command => command.region),
    null,
  );
  if (!isOfInterest(region.text)) return;
  const { text } = mask(region.text);
  const placed = region.parts.flatMap(({ path, start, end }) => {
    const command = commands.find(each => samePath(each.region.address.slice(root.address.length), path));
    return command?.isUnread ? [{ start, end, operators: command.operators }] : [];
  });
  const carrier = { kind: 'ansible', again: AGAIN[group] } as const;
  yield* shellOf(carrier, region, readText, {
    isSparse: true,
    unread: placed,
    operators: placed.flatMap(each =>
      each.operators ? each.operators.map(span => shift(span, each.start)) : operatorsIn(text, each, false),
    ),
  });
}

function samePath(a: readonly unknown[], b: readonly unknown[]): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
