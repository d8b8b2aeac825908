import { type KernelModules, moduleName } from '../kernelModules.ts';
import type { Reading } from '../reading.ts';
import { ansibleTasks } from './ansibleTasks.ts';

const MODPROBE = /^(?:(?:community\.general|ansible\.builtin)\.)?modprobe$/;
const LOOPS = ['loop', 'with_items', 'with_list'];

/** The modules of the kernel that tasks of Ansible load, one by one or in a loop. */
export function* modulesOfAnsible(root: Reading): Iterable<KernelModules> {
  const loads = [...ansibleTasks(root)].flatMap(task => [...loadedBy(task)]);
  if (loads.length > 0) yield { is: 'kernelModules', loads, options: [] };
}

function* loadedBy(task: Reading): Iterable<KernelModules['loads'][number]> {
  const call = task.entries().find(({ name }) => MODPROBE.test(name))?.value;
  if (!call || call.get('state').string().is('absent')) return;
  const name = call.get('name').string();
  const names = name.isUnknown ? LOOPS.flatMap(key => task.get(key).items()).map(item => item.string()) : [name];
  for (const { known, place } of names) if (known !== undefined && place) yield { module: moduleName(known), place };
}
