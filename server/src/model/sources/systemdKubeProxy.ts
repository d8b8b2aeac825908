import { parseUnit, type UnitAssignment, type UnitWord } from '../../syntax/systemd/parse.ts';
import type { TextEdit } from '../../text/edits.ts';
import type { Change } from '../edit.ts';
import type { Entity } from '../entity.ts';
import { BINARY, type CommandWord, kubeProxyStarted, type ReadOnlyKernel } from '../kubeProxyFlags.ts';
import type { Region } from '../region.ts';
import { type Place, Value } from '../value.ts';

const UNIT = /^[ \t]*\[Service\][ \t]*\r?$/m;
const VARIABLE = /^[ \t]*(?:export[ \t]+)?KUBE_?PROXY_\w*=/m;
const OTHER_ENDINGS = /\.(?:ya?ml|json|tf|hcl|md|markdown|rst|html?|sh|bash|zsh|go|py|rb|js|ts|log|toml)$/i;

/** True for a unit that starts kube-proxy, or for a file of the variables that one starts it with. */
export function startsKubeProxy(file: string, text: string): boolean {
  if (OTHER_ENDINGS.test(file) || /^\uFEFF?#!/.test(text)) return false;
  return UNIT.test(text) ? text.includes('kube-proxy') : VARIABLE.test(text);
}

/** How kube-proxy is started in `ExecStart`, or by the flags in its variables. */
export function* kubeProxyOfUnit(_file: string, region: Region): Iterable<Entity> {
  const assignments = parseUnit(region.text);
  const readOnly = readOnlyOf(assignments, region);
  for (const assignment of assignments) {
    const words = wordsBehindProgram(assignment);
    if (words) yield* kubeProxyStarted(commandOf(words, region, readOnly));
  }
}

/** systemd.exec: with ProtectKernelTunables= the variables below /proc/sys and /sys are read-only to the unit. */
function readOnlyOf(assignments: readonly UnitAssignment[], region: Region): ReadOnlyKernel | null {
  const last = assignments.findLast(({ section, key }) => section === 'Service' && key === 'ProtectKernelTunables');
  const [word, ...more] = last?.words ?? [];
  // What comes before kube-proxy may set what it then finds as it wants it.
  const isPrepared = assignments.some(({ key }) => key === 'ExecStartPre');
  if (!word || more.length > 0 || isPrepared || !/^(?:1|yes|y|true|t|on)$/i.test(word.text ?? '')) return null;
  const span = region.toPiece.spanToSource(word);
  return {
    by: 'ProtectKernelTunables',
    place: { value: span, entry: span },
    lift: edit(region, { span: { start: word.start, end: word.end }, newText: 'no' }),
  };
}

/** The words that kube-proxy is started with; null where it is not. */
function wordsBehindProgram({ section, key, words }: UnitAssignment): readonly UnitWord[] | null {
  if (section === '')
    return /^KUBE_?PROXY_/.test(key) && words.some(({ text }) => text?.startsWith('--')) ? words : null;
  if (section !== 'Service' || key !== 'ExecStart') return null;
  const program = words.findIndex(({ text }) => text !== null && BINARY.test(text.replace(/^[-@:+!|]+/, '')));
  if (program === 0) return words.slice(1);
  // The binary of all programs, with the one that it is to be as its first argument.
  const isHyperkube = /(?:^|\/)hyperkube$/.test(words[0]?.text ?? '') && /^(?:kube-)?proxy$/.test(words[1]?.text ?? '');
  return isHyperkube ? words.slice(2) : null;
}

function commandOf(
  words: readonly UnitWord[],
  region: Region,
  readOnly: ReadOnlyKernel | null,
): Parameters<typeof kubeProxyStarted>[0] {
  const last = words.at(-1);
  return {
    name: Value.absent([]),
    namespace: Value.absent([]),
    words: words.map((_, index) => wordOf(words, index, region)),
    // A variable may hold several words.
    mayHaveMore: words.some(({ text }) => text === null || /^\$/.test(text)),
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
  const span = region.toPiece.spanToSource({ start, end });
  const place: Place = { value: span, entry: span };
  const previous = words[index - 1];
  const gone = previous ? { start: previous.end, end } : { start, end: words[index + 1]?.start ?? end };
  return {
    value: text === null ? Value.unknown(region.address, place) : Value.known(region.address, text, place),
    set: written => edit(region, { span: { start, end }, newText: written }),
    removal: edit(region, { span: gone, newText: '' }),
  };
}

function edit({ address }: Region, change: TextEdit): Change {
  return { address: [...address, { embedded: 'text', span: null }], change: { op: 'edit', edits: [change] } };
}
