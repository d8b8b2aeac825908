import { parseUnit, type UnitAssignment, type UnitWord } from '../../syntax/systemd/parse.ts';
import type { TextEdit } from '../../text/edits.ts';
import type { Change } from '../edit.ts';
import type { Entity } from '../entity.ts';
import {
  BINARY,
  type CommandWord,
  kubeProxyStarted,
  optionOf,
  type ReadOnlyKernel,
  type ServicePart,
} from '../kubeProxyFlags.ts';
import { proxyArguments } from '../proxyArguments.ts';
import { placeIn, type Region } from '../region.ts';
import { nameOnMachine, type ServiceFile, serviceAt } from '../serviceFile.ts';
import { Value } from '../value.ts';

const UNIT = /^[ \t]*\[Service\][ \t]*\r?$/m;
const VARIABLE = /^[ \t]*(?:export[ \t]+)?KUBE_?PROXY_\w*=/m;
const OF_KUBE_PROXY = /kube-?_?proxy/i;
const OTHER_ENDINGS = /\.(?:ya?ml|json|tf|hcl|md|markdown|rst|html?|sh|bash|zsh|go|py|rb|js|ts|log|toml)$/i;

/** True for a unit that starts kube-proxy, a drop-in of one, or a file of the variables that one starts it with. */
export function startsKubeProxy(file: string, text: string): boolean {
  if (OTHER_ENDINGS.test(file) || /^\uFEFF?#!/.test(text)) return false;
  return UNIT.test(text) ? OF_KUBE_PROXY.test(text) || OF_KUBE_PROXY.test(file) : VARIABLE.test(text);
}

/** How kube-proxy is started in `ExecStart`, or by the flags in its variables, and what else decides about that. */
export function* kubeProxyOfUnit(file: string, region: Region): Iterable<Entity> {
  const assignments = parseUnit(region.text);
  const own = serviceAt(file);
  const readOnly = readOnlyOf(assignments, region);
  if (UNIT.test(region.text)) yield serviceFileOf(own, assignments, region);
  const reset = assignments.findLastIndex(each => isOf(each, 'ExecStart') && each.words.length === 0);
  for (const [index, assignment] of assignments.entries()) {
    const words = wordsBehindProgram(assignment);
    // What an empty one behind it takes away is never run.
    if (words && index > reset) {
      const variables = words.flatMap(({ text }) => /^\$\{?([A-Za-z_]\w*)\}?$/.exec(text ?? '')?.[1] ?? []);
      yield* kubeProxyStarted(commandOf(words, region, { is: 'start', ...own, variables }, readOnly));
    }
    const handedOn =
      index > reset && startsK3s(assignment)
        ? proxyArguments(commandOf(assignment.words.slice(1), region, { is: 'start', ...own, variables: [] }, null))
        : null;
    if (handedOn) yield* kubeProxyStarted(handedOn);
    const set = variableOf(assignment);
    if (!set) continue;
    const of = assignment.section === '' ? null : own;
    const part: ServicePart = { is: 'variable', name: set.name, file: nameOnMachine(file), of };
    yield* kubeProxyStarted(commandOf(set.words, region, part, null));
  }
}

/** systemd.exec: with ProtectKernelTunables= the variables below /proc/sys and /sys are read-only to the unit. */
function readOnlyOf(assignments: readonly UnitAssignment[], region: Region): ReadOnlyKernel | null {
  const last = assignments.findLast(({ section, key }) => section === 'Service' && key === 'ProtectKernelTunables');
  const [word, ...more] = last?.words ?? [];
  // What comes before kube-proxy may set what it then finds as it wants it.
  const isPrepared = assignments.some(({ key }) => key === 'ExecStartPre');
  if (!word || more.length > 0 || isPrepared || !/^(?:1|yes|y|true|t|on)$/i.test(word.text ?? '')) return null;
  return {
    by: 'ProtectKernelTunables',
    place: placeIn(region, word),
    lift: edit(region, { span: { start: word.start, end: word.end }, newText: 'no' }),
  };
}

function serviceFileOf(
  own: Pick<ServiceFile, 'service' | 'dropIn'>,
  assignments: readonly UnitAssignment[],
  { text }: Region,
): ServiceFile {
  return {
    is: 'serviceFile',
    ...own,
    resetsStart: assignments.some(each => isOf(each, 'ExecStart') && each.words.length === 0),
    variableFiles: assignments
      .filter(each => isOf(each, 'EnvironmentFile'))
      .map(({ value, words }) => {
        if (words.length === 0) return null;
        const name = nameOnMachine(
          text
            .slice(value.start, value.end)
            .trim()
            .replace(/^-/, '')
            .replace(/^.*\}\}(?=\/)/, ''),
        );
        return /[{}$%*]/.test(name) ? '' : name;
      }),
  };
}

function isOf({ section, key }: UnitAssignment, name: string): boolean {
  return section === 'Service' && key === name;
}

/** The words that kube-proxy is started with; null where it is not. */
function wordsBehindProgram(assignment: UnitAssignment): readonly UnitWord[] | null {
  if (!isOf(assignment, 'ExecStart')) return null;
  const { words } = assignment;
  const program = words.findIndex(({ text }) => text !== null && BINARY.test(text.replace(/^[-@:+!|]+/, '')));
  if (program === 0) return words.slice(1);
  // The binary of all programs, with the one that it is to be as its first argument.
  const isHyperkube = /(?:^|\/)hyperkube$/.test(words[0]?.text ?? '') && /^(?:kube-)?proxy$/.test(words[1]?.text ?? '');
  return isHyperkube ? words.slice(2) : null;
}

/** True for k3s and RKE2, which start kube-proxy themselves. */
function startsK3s(assignment: UnitAssignment): boolean {
  return isOf(assignment, 'ExecStart') && /(?:^|\/)(?:k3s|rke2)$/.test(assignment.words[0]?.text ?? '');
}

/** The flags that a variable holds: in a file of variables, or in `Environment="NAME=…"`. */
function variableOf({ section, key, words }: UnitAssignment): { name: string; words: readonly UnitWord[] } | null {
  if (section === '') return /^KUBE_?PROXY_/.test(key) && words.some(isFlag) ? { name: key, words } : null;
  if (section !== 'Service' || key !== 'Environment') return null;
  const [first, ...rest] = words;
  const [whole = '', name = ''] = /^(\w*KUBE_?PROXY\w*)=/.exec(first?.text ?? '') ?? [];
  if (!first || name === '' || first.text === null || first.end - first.start !== first.text.length) return null;
  const behind = { start: first.start + whole.length, end: first.end, text: first.text.slice(whole.length) };
  const all = [...(behind.text === '' ? [] : [behind]), ...rest];
  return all.some(isFlag) ? { name, words: all } : null;
}

function isFlag({ text }: UnitWord): boolean {
  return text?.startsWith('--') === true;
}

function commandOf(
  words: readonly UnitWord[],
  region: Region,
  part: ServicePart,
  readOnly: ReadOnlyKernel | null,
): Parameters<typeof kubeProxyStarted>[0] {
  const last = words.at(-1);
  const all = words.map((_, index) => wordOf(words, index, region));
  const isVariable = (word: CommandWord) => part.is === 'start' && /^\$\{?\w+\}?$/.test(word.value.known ?? '');
  return {
    name: Value.absent([]),
    namespace: Value.absent([]),
    part,
    words: all,
    // A variable may hold several words.
    mayHaveMore: all.some(word => word.value.isUnknown || (!isVariable(word) && /^\$/.test(word.value.known ?? ''))),
    mounts: [],
    annotations: null,
    readOnly,
    append: word =>
      edit(region, { span: { start: last?.end ?? 0, end: last?.end ?? 0 }, newText: separator(words, region) + word }),
  };
}

/** What stands between the last two words: a blank, or the end of a line that goes on. */
function separator(words: readonly UnitWord[], { text }: Region): string {
  const [before, last] = words.slice(-2);
  return before && last ? text.slice(before.end, last.start) : ' ';
}

function wordOf(words: readonly UnitWord[], index: number, region: Region): CommandWord {
  const { start, end, text } = words[index] ?? { start: 0, end: 0, text: null };
  const place = placeIn(region, { start, end });
  const previous = words[index - 1];
  const gone = previous ? { start: previous.end, end } : { start, end: words[index + 1]?.start ?? end };
  const known = text ?? optionOf(region.text.slice(start, end));
  return {
    value: known === null ? Value.unknown(region.address, place) : Value.known(region.address, known, place),
    set: written => edit(region, { span: { start, end }, newText: written }),
    removal: edit(region, { span: gone, newText: '' }),
  };
}

function edit({ address }: Region, change: TextEdit): Change {
  return { address: [...address, { embedded: 'text', span: null }], change: { op: 'edit', edits: [change] } };
}
