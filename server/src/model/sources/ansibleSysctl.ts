import type { Reading } from '../reading.ts';
import type { SysctlSettings } from '../sysctlSettings.ts';
import { argument, itemsOf } from './ansibleArguments.ts';
import { ansibleTasks } from './ansibleTasks.ts';
import { type SysctlPair, sysctlValues, type Written } from './sysctlValues.ts';

const MODULE = /^(?:ansible\.(?:posix|builtin)\.)?sysctl$/;

/** Where the module writes if no task says otherwise. */
const DEFAULT_FILE = '/etc/sysctl.conf';

/** Numbers that YAML 1.1, and with it Ansible, reads otherwise than the kernel: `0600`, `1_000`, `1:30`. */
const READ_BY_YAML = /^[-+]?(?:0\d|\d+(?:_|:\d))|^[-+]?0[bx]/;

/** The sysctls that tasks of Ansible set with its module, one by one or in a loop over what is written beside it. */
export function* sysctlsOfAnsible(root: Reading): Iterable<SysctlSettings> {
  const files = new Map<string, SysctlPair[]>();
  for (const task of ansibleTasks(root)) {
    const module = task.entries().find(({ name }) => MODULE.test(name))?.value;
    for (const { file, ...pair } of module ? setBy(task, module) : []) {
      const own = files.get(file) ?? [];
      files.set(file, [...own, pair]);
    }
  }
  for (const [file, pairs] of files) {
    const settings = sysctlValues(root, file, pairs);
    if (settings) yield settings;
  }
}

function* setBy(task: Reading, module: Reading): Iterable<SysctlPair & { readonly file: string }> {
  const mayFail = isReady(task, module);
  for (const item of itemsOf(task)) {
    const [file, state, name, value] = [['sysctl_file'], ['state'], ['name', 'key'], ['value', 'val']].map(names =>
      argument(task, module, item, ...names),
    );
    const isSet = state === 'absent' || (state && state.text === 'present');
    if (!isSet || !file || !name || name === 'absent') continue;
    const path = file === 'absent' ? DEFAULT_FILE : file.text;
    yield {
      file: path,
      name,
      value: !value || value === 'absent' ? null : asYamlReads(value),
      mayFail,
      isOneWord: false,
    };
  }
}

/** What the module makes of a value (ansible.posix 1.5, plugins/modules/sysctl.py, _parse_value); null where YAML makes another number of it. */
export function asYamlReads(value: Written): Written | null {
  const text = value.text.trim().toLowerCase();
  if (READ_BY_YAML.test(text)) return null;
  if (/^(?:y|yes|on|true|t)$/.test(text)) return { ...value, text: '1', isVerbatim: false };
  return /^(?:n|no|off|false|f)$/.test(text) ? { ...value, text: '0', isVerbatim: false } : value;
}

/** True if a failure stops nothing, or the task is for some kernels alone. */
function isReady(task: Reading, module: Reading): boolean {
  const isOn = (reading: Reading) => !reading.isAbsent && !reading.boolean().is(false);
  const conditions = [task.get('when'), ...task.get('when').items()].map(each => each.text().known ?? '');
  return (
    isOn(module.get('ignoreerrors')) ||
    isOn(task.get('ignore_errors')) ||
    task.get('failed_when').boolean().is(false) ||
    conditions.some(text => /kernel|conntrack/.test(text))
  );
}
