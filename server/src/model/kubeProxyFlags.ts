import { KUBE_PROXY_FIELDS, KUBE_PROXY_FLAGS } from '../facts/kubeProxy.ts';
import { parseGoDuration } from '../text/goDuration.ts';
import { parseGoBoolean, parseGoInt } from '../text/goLiteral.ts';
import type { Change } from './edit.ts';
import { type KubeProxySettings, settingValues, written } from './kubeProxySettings.ts';
import type { ServiceFile } from './serviceFile.ts';
import { type Address, type Place, Value } from './value.ts';

/** How one kube-proxy is started. */
export interface KubeProxyFlags {
  readonly is: 'kubeProxyFlags';
  /** The name and namespace of the object that runs it; absent outside Kubernetes. */
  readonly name: Value<string>;
  readonly namespace: Value<string>;
  /** In their order; those that only rendering knows are left out. */
  readonly uses: readonly FlagUse[];
  /** The path behind `--config`; absent if there certainly is none. */
  readonly config: Value<string>;
  /** ConfigMaps that its container sees as files. */
  readonly mounts: readonly ConfigMapMount[];
  /** Keys of the annotations of its pods; null if some of them are not known. */
  readonly annotations: readonly string[] | null;
  /** What the flags say of connection tracking; null where a file replaces them, or may. Of a part, ask `settingsInForce`. */
  readonly settings: KubeProxySettings | null;
  /** Null unless it certainly runs where it may not write all that it writes. */
  readonly readOnly: ReadOnlyKernel | null;
  /** What of a service's command line this is; null where all of it is here. */
  readonly part: ServicePart | null;
  /** False if there may be words here that are not seen, apart from the part's variables. */
  readonly isWhole: boolean;
  /** The settings, if `isElsewhere` tells which flags may be given by words that are not here. */
  settingsBeside(isElsewhere: (flag: string) => boolean): KubeProxySettings;
}

/** What keeps kube-proxy from writing to the kernel. */
export interface ReadOnlyKernel {
  /** sysMount: sysfs alone is read-only. The others: /proc/sys is too. */
  readonly by: 'unprivileged' | 'ProtectKernelTunables' | 'sysMount';
  readonly place: Place;
  /** What lets it write. */
  readonly lift: Change;
}

/** `start`: what systemd runs, with words of variables. `variable`: the words of one. */
export type ServicePart =
  | {
      readonly is: 'start';
      readonly service: string;
      /** '' where it stands in the unit itself. */
      readonly dropIn: string;
      readonly variables: readonly string[];
    }
  | {
      readonly is: 'variable';
      readonly name: string;
      /** The name of its file on the machine. */
      readonly file: string;
      /** The service whose own `Environment=` it is, and the drop-in that says so; null in a file of variables. */
      readonly of: Pick<ServiceFile, 'service' | 'dropIn'> | null;
    };

/** A ConfigMap that a container sees below a path. */
export interface ConfigMapMount {
  readonly path: string;
  readonly configMap: Value<string>;
}

/** A flag as it is used. */
export interface FlagUse {
  /** With dashes, as kube-proxy knows it. */
  readonly name: string;
  /** Absent for a switch without a value. */
  readonly value: Value<string>;
  /** The word with its name. */
  readonly place: Place;
  /** What gives it another value. */
  set(value: string): Change;
  /** What gives it another name, with dashes. */
  rename(name: string): Change;
  /** What takes it out. */
  readonly removal: readonly Change[];
}

/** A word of a command line, and how it is changed where it is written. */
export interface CommandWord {
  /** Unknown where a template or an environment variable has part of it. */
  readonly value: Value<string>;
  set(text: string): Change;
  readonly removal: Change;
}

/** The binary alone. */
export const BINARY = /(?:^|[/\\])kube-proxy(?:\.exe)?$/;

/** Flags that take no second word. */
const SWITCHES: ReadonlySet<string> = new Set([
  '--cleanup',
  '--cleanup-ipvs',
  '-h',
  '--init-only',
  '--version',
  '--help',
  '--alsologtostderr',
  '--logtostderr',
  ...[...KUBE_PROXY_FLAGS.values()]
    .filter(({ field }) => field !== null && KUBE_PROXY_FIELDS.get(field)?.type === 'bool')
    .map(({ name }) => name),
]);

/** True for a flag whose value is the next word. */
export function takesNextWord(text: string): boolean {
  return /^-{1,2}[\w-]+$/.test(text) && !SWITCHES.has(text.replaceAll('_', '-'));
}

/** Flags with which kube-proxy does something else, and ends. */
const ERRANDS: ReadonlySet<string> = new Set(['--cleanup', '--version', '--help', '-h', '--write-config-to']);

/** The flags among the words of a command line, as pflag reads them: `_` for `-`, the value in the same word or the next. */
function flagUses(words: readonly CommandWord[]): FlagUse[] {
  const uses: FlagUse[] = [];
  for (let index = 0; index < words.length; index++) {
    const word = words[index];
    const text = word?.value.known ?? '';
    const place = word?.value.place;
    if (!word || !place || !/^-/.test(text)) continue;
    if (text === '--') break;
    const [, dashed = text, value] = /^(-{1,2}[\w-]+)(?:=([\s\S]*))?$/.exec(text) ?? [];
    const name = dashed.replaceAll('_', '-');
    const { address } = word.value;
    if (value !== undefined || !takesNextWord(dashed)) {
      const own = value === undefined ? Value.absent<string>(address) : stringValue(address, value, place);
      uses.push({
        name,
        value: own,
        place,
        set: text => word.set(`${dashed}=${text}`),
        rename: to => word.set(value === undefined ? to : `${to}=${value}`),
        removal: [word.removal],
      });
      continue;
    }
    const next = words[index + 1];
    if (!next) continue;
    index++;
    // The last first: indices behind a word that is gone would be others.
    const removal = [next.removal, word.removal];
    uses.push({
      name,
      value: next.value.map(found => (isLiteral(found) ? found : null)),
      place,
      set: next.set,
      rename: word.set,
      removal,
    });
  }
  return uses;
}

function stringValue(address: Address, value: string, place: Place): Value<string> {
  return isLiteral(value) ? Value.known(address, value, place) : Value.unknown(address, place);
}

/** False for what an environment variable stands in. */
function isLiteral(value: string): boolean {
  return !/\$[({\w]/.test(value);
}

/** The value of a flag; of several the last one counts. `mayHaveMore` if there may be flags that are not seen. */
export function flagValue(uses: readonly FlagUse[], name: string, mayHaveMore: boolean): Value<string> {
  const last = uses.findLast(use => use.name === name);
  return last?.value ?? (mayHaveMore ? Value.unknown([], null) : Value.absent([]));
}

/**
 * What flags say of connection tracking where no configuration replaces them. `append` puts a word behind the last one;
 * `isElsewhere` tells if a flag may be given by words that are not among these.
 */
function settingsOfFlags(
  uses: readonly FlagUse[],
  isElsewhere: (flag: string) => boolean,
  append: (word: string) => Change,
): KubeProxySettings {
  const flagOf = (path: string) => KUBE_PROXY_FIELDS.get(path)?.flag ?? '';
  const use = (path: string) => uses.findLast(({ name }) => name === flagOf(path));
  const text = (path: string): Value<string> =>
    use(path)?.value ?? (isElsewhere(flagOf(path)) ? Value.unknown([], null) : Value.absent([]));
  return {
    is: 'kubeProxySettings',
    origin: 'flags',
    mode: text('mode'),
    ...settingValues({
      number: path => text(path).map(integer),
      seconds: path => text(path).map(parseGoDuration),
      boolean(path) {
        const found = use(path);
        if (found?.value.isAbsent) return Value.known(found.value.address, true, found.place);
        return text(path).map(parseGoBoolean);
      },
    }),
    change(path, value) {
      const text = String(written(value));
      return use(path)?.set(text) ?? append(`${KUBE_PROXY_FIELDS.get(path)?.flag}=${text}`);
    },
    removal: path => use(path)?.removal ?? [],
  };
}

function integer(text: string): number | null {
  const read = parseGoInt(text);
  return read === null ? null : Number(read);
}

/** A command line that starts kube-proxy, and what is around it. */
export interface KubeProxyCommand
  extends Pick<KubeProxyFlags, 'name' | 'namespace' | 'mounts' | 'annotations' | 'readOnly'> {
  readonly part?: ServicePart;
  /** Behind the program. */
  readonly words: readonly CommandWord[];
  /** True if there may be words that are not seen, apart from the part's variables. */
  readonly mayHaveMore: boolean;
  /** What whoever starts it says behind `--config`, unless one of the words does. */
  readonly config?: Value<string>;
  /** True if whoever starts it gives it some flags that are not among the words. */
  readonly hasOwnDefaults?: boolean;
  /** How a flag is called where the words stand, if not by its name. */
  readonly spelling?: (flag: string) => string;
  /** What puts a word behind the last one. */
  append(word: string): Change;
}

/** The flags of a command line, and what they say where no file replaces them. */
export function* kubeProxyStarted({
  words,
  mayHaveMore,
  append,
  part,
  hasOwnDefaults = false,
  spelling,
  config: given,
  ...around
}: KubeProxyCommand): Iterable<KubeProxyFlags | KubeProxySettings> {
  const uses = flagUses(words);
  const hasVariables = part?.is === 'start' && part.variables.length > 0;
  const own = flagValue(uses, '--config', mayHaveMore || hasVariables);
  const config = own.isAbsent && given ? given : own;
  const settingsBeside = (isElsewhere: (flag: string) => boolean): KubeProxySettings => ({
    ...settingsOfFlags(uses, isElsewhere, append),
    ...(spelling ? { spelling } : {}),
  });
  const mayCount = config.isAbsent || config.is('') || (hasVariables && config.isUnknown && !mayHaveMore);
  const isOwn = mayCount && !uses.some(({ name }) => ERRANDS.has(name));
  const settings = isOwn
    ? settingsBeside(flag => mayHaveMore || hasVariables || (hasOwnDefaults && flag !== '--conntrack-max'))
    : null;
  yield {
    is: 'kubeProxyFlags',
    ...around,
    uses,
    config,
    part: part ?? null,
    isWhole: !mayHaveMore,
    settings,
    settingsBeside,
  };
  if (settings) yield settings;
}

/** The flag that a word certainly is, whatever its value: that is not known. Null for other words. */
export function optionOf(written: string): string | null {
  const [, name] = /^["']?(-{1,2}[\w-]+=)/.exec(written) ?? [];
  return name === undefined ? null : `${name}$(unknown)`;
}
