import { kernelNumber } from '../../syntax/sysctl/parse.ts';
import { type KernelModules, moduleName } from '../kernelModules.ts';
import { modulesLoadedBy, type SysctlWrite, sysctlWritesOf } from '../shell/sysctlWrites.ts';
import type { ShellText } from '../shellText.ts';
import { isOfNetfilter, knobOf, type SysctlLine, type SysctlSettings } from '../sysctlSettings.ts';

/** The sysctls of netfilter that commands set, and the modules that they load. */
export function* sysctlOfShell(text: ShellText): Iterable<SysctlSettings | KernelModules> {
  const seen = new Set<number>();
  const writes = text.invocations.flatMap(sysctlWritesOf).filter(({ path, span }) => {
    // A loop runs a command more than once; it is written once.
    if (!isOfNetfilter(path) || text.isTemplated(span) || seen.has(span.start)) return false;
    seen.add(span.start);
    return true;
  });
  if (writes.length > 0) {
    const lines = writes.map(write => lineOf(write, text));
    const { address } = text.region;
    yield { is: 'sysctlSettings', carrier: 'commands', file: '', address, eol: '\n', lines, hidden: [] };
  }
  const loaded = text.invocations.map(modulesLoadedBy).filter(words => words.length > 0);
  if (loaded.length === 0) return;
  yield {
    is: 'kernelModules',
    loads: loaded
      .flat()
      .filter(({ value }) => !value?.includes('='))
      .map(({ value, word }) => ({ module: moduleName(value ?? ''), place: text.placeOf(word) })),
    options: loaded.flatMap(([first, ...rest]) =>
      rest.flatMap(({ value, word }) => {
        const [name = '', setting] = (value ?? '').split('=', 2);
        if (setting === undefined) return [];
        return [{ module: moduleName(first?.value ?? ''), name, value: setting, place: text.placeOf(word) }];
      }),
    ),
  };
}

function lineOf(
  { path, written, text, name, value, span, isVerbatim, mayFail }: SysctlWrite,
  shell: ShellText,
): SysctlLine {
  const taken = kernelNumber(text);
  return {
    path,
    knob: knobOf(path),
    written,
    text,
    number: taken?.value ?? null,
    rest: taken?.rest ?? '',
    mayFail,
    isGlob: false,
    isVerbatim,
    place: { ...shell.placeOf(span), value: shell.placeOf(value).value },
    namePlace: shell.placeOf(name),
    valuePlace: shell.placeOf(value),
    indent: '',
    spans: { name, value, entry: span, line: span },
  };
}
