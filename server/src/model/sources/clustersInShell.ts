import { wholeOf } from '../../syntax/shell/tree.ts';
import type { Change } from '../edit.ts';
import { type K3sArgument, k3dClusterOf, type NestedCluster } from '../nestedCluster.ts';
import type { PlatformField } from '../platformField.ts';
import type { ShellField } from '../shell/fields.ts';
import { programOf } from '../shell/program.ts';
import type { ShellText } from '../shellText.ts';
import { Value } from '../value.ts';
import { edit } from './kubeProxyInShell.ts';

/** What commands that create clusters have kube-proxy do: `k3d cluster create`, `minikube start`. */
export function* clustersOfShell(text: ShellText): Iterable<NestedCluster | PlatformField> {
  const seen = new Set<number>();
  for (const { command, fields } of text.invocations) {
    const program = programOf(fields);
    if (!program || seen.has(command.start)) continue;
    const [first, second] = program.arguments.map(({ value }) => value);
    const isK3d = program.name === 'k3d' && first === 'cluster' && second === 'create';
    const isMinikube = program.name === 'minikube' && first === 'start';
    if (!isK3d && !isMinikube) continue;
    seen.add(command.start);
    const options = optionsOf(program.arguments, text);
    if (isMinikube) yield* minikubeFields(options, text);
    const cluster = isK3d ? k3dCluster(options, text) : null;
    if (cluster) yield cluster;
  }
}

/** An option with its value, in one word or in two. */
interface Option {
  readonly name: string;
  readonly value: Value<string>;
  readonly words: readonly ShellField[];
}

function optionsOf(words: readonly ShellField[], text: ShellText): Option[] {
  return words.flatMap((word, index) => {
    const [, name = '', own] = /^(--[\w-]+)(?:=([\s\S]*))?$/.exec(word.value ?? '') ?? [];
    const next = words[index + 1];
    if (name === '' || (own === undefined && !next)) return [];
    const used = own === undefined && next ? [word, next] : [word];
    const written = own ?? next?.value ?? null;
    const place = text.placeOf((used.at(-1) ?? word).word);
    const { address } = text.region;
    return [
      {
        name,
        value: written === null ? Value.unknown(address, place) : Value.known(address, written, place),
        words: used,
      },
    ];
  });
}

/** The filter of nodes behind an argument: `@server:0`. */
const FILTER = /@[a-z]+:[\w*;,:-]*$/;

function k3dCluster(options: readonly Option[], text: ShellText): NestedCluster | null {
  const named = (name: string) => options.filter(option => option.name === name);
  // A file may say more.
  if (named('--config').length > 0) return null;
  const args = named('--k3s-arg').map((option): K3sArgument => {
    const { value } = option;
    const filter = FILTER.exec(value.known ?? '')?.[0] ?? '';
    const isPlain = value.known !== undefined && filter.length < value.known.length;
    return {
      word: isPlain ? value.map(known => known.slice(0, known.length - filter.length)) : value,
      set: argument => withValue(option, argument + filter, text),
    };
  });
  const last = (name: string) => named(name).at(-1)?.value ?? Value.absent<string>([]);
  return k3dClusterOf(args, last('--image'), last('--network'));
}

/** A field of KubeProxyConfiguration within a section. */
const OF_SECTION = /^kube-proxy\.(\w+\.[\w.]+)=/;

/** What minikube has written anyway since 1.21. */
const AS_MINIKUBE = /^kube-proxy\.conntrack\.(?:maxPerCore=0|tcp(?:Established|CloseWait)Timeout=0s?)$/;

/** minikube writes each as one key, dots and all (pkg/minikube/bootstrapper/bsutil/ktmpl: printMapInOrder .KubeProxyOptions). */
function* minikubeFields(options: readonly Option[], text: ShellText): Iterable<PlatformField> {
  for (const option of options) {
    const { name, value } = option;
    const [, path] = name === '--extra-config' ? (OF_SECTION.exec(value.known ?? '') ?? []) : [];
    if (path === undefined || !value.place || AS_MINIKUBE.test(value.known ?? '')) continue;
    const removal = removalOf(option, text);
    yield { is: 'platformField', platform: 'minikube', path, place: value.place, removal };
  }
}

/** Gives an option another value. */
function withValue({ name, words }: Option, value: string, text: ShellText): Change {
  const last = words.at(-1);
  const span = last && isWritten(words) ? wholeOf(last.word) : null;
  return edit(text, span, words.length === 1 ? `${name}=${value}` : value);
}

/** Takes an option out, with the blanks or the end of a line that goes on before it. */
function removalOf({ words }: Option, text: ShellText): Change {
  const [first, last] = [words[0]?.word, words.at(-1)?.word];
  if (!first || !last || !isWritten(words)) return edit(text, null, '');
  const before = /(?:[ \t]|\\\r?\n)*$/.exec(text.script.text.slice(0, first.start))?.[0].length ?? 0;
  return edit(text, { start: first.start - before, end: last.end }, '');
}

/** True for words that stand where they are used, and not in a call or a variable. */
function isWritten(words: readonly ShellField[]): boolean {
  return words.every(({ word, from = word }) => from === word && word.parts.every(({ kind }) => kind === 'text'));
}
