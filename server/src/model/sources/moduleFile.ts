import { moduleLines } from '../../syntax/sysctl/modules.ts';
import { withoutTemplateEnding } from '../../text/path.ts';
import type { Span } from '../../text/span.ts';
import { type KernelModules, type ModuleOption, moduleName } from '../kernelModules.ts';
import { placeIn, type Region } from '../region.ts';

const LISTS = /(?:^|\/)(?:modules-load\.d\/[^/]+\.conf|etc\/modules)$/;
const OPTIONS = /(?:^|\/)modprobe(?:\.d\/[^/]+)?\.conf$/;

/** True for files of modules-load.d(5) and modprobe.d(5), and for /etc/modules: nothing but their place tells them. */
export function looksLikeModules(file: string): boolean {
  const path = withoutTemplateEnding(file);
  return LISTS.test(path) || OPTIONS.test(path);
}

/** The modules that a file has loaded, or the options that it gives them. */
export function* modulesOfFile(file: string, region: Region): Iterable<KernelModules> {
  const placeOf = (span: Span) => placeIn(region, span);
  const lines = moduleLines(region.text);
  if (LISTS.test(withoutTemplateEnding(file))) {
    const loads = lines.flatMap(([first]) =>
      first && /^[\w-]+$/.test(first.text) ? [{ module: moduleName(first.text), place: placeOf(first.span) }] : [],
    );
    yield { is: 'kernelModules', loads, options: [] };
    return;
  }
  const options = lines.flatMap(([command, module, ...words]): ModuleOption[] => {
    if (command?.text !== 'options' || !module) return [];
    return words.map(({ text: word, span }) => {
      const [name = '', value = ''] = word.split('=', 2);
      return { module: moduleName(module.text), name, value, place: placeOf(span) };
    });
  });
  yield { is: 'kernelModules', loads: [], options };
}
