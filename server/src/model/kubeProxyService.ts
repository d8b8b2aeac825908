import { KUBE_PROXY_FLAGS } from '../facts/kubeProxy.ts';
import type { Cluster, Located } from './cluster.ts';
import type { KubeProxyFlags, ServicePart } from './kubeProxyFlags.ts';
import type { KubeProxySettings } from './kubeProxySettings.ts';
import { nearest } from './nearest.ts';
import type { ServiceFile } from './serviceFile.ts';

type Flags = Located<KubeProxyFlags>;
type Questions = Pick<Cluster, 'all'>;

/** All that a kube-proxy is started with, as far as the workspace shows it. */
export interface Started {
  /** What is asked about among them; in the order of their words. */
  readonly parts: readonly Flags[];
  /** The part with the `--config` that counts; null if there is none, or none is seen. */
  readonly configIn: Flags | null;
  /** False if there may be words that are not seen. */
  readonly isWhole: boolean;
}

/** Variables that packages of Kubernetes kept single flags in, none of them `--config`: contrib/init/systemd/environ/config. */
const SINGLE_FLAGS = /^KUBE_(?:LOGTOSTDERR|LOG_LEVEL|MASTER|ETCD_SERVERS|ALLOW_PRIV)$/;

/**
 * The command line that flags are a part of: systemd puts it together from a unit, its drop-ins and files of variables. Null if it is
 * never run: a drop-in or a later file says something else instead (systemd.unit(5), systemd.exec(5): later assignments win, files
 * win over `Environment=`).
 */
export function commandLineOf(flags: KubeProxyFlags, cluster: Questions): Started | null {
  if (!flags.part) return null;
  const all = cluster.all('kubeProxyFlags');
  const own = all.find(({ entity }) => entity === flags);
  if (!own) return null;
  const starts = flags.part.is === 'start' ? [own] : startsWith(own, all, cluster);
  if (starts === null) return partsOf(own, [own], flags.isWhole);
  const counting = starts.filter(start => !isReplaced(start, cluster));
  const [start, ...others] = counting;
  if (!start) return null;
  // With several units nobody knows which of them runs.
  if (others.length > 0) return { parts: [own], configIn: null, isWhole: false };
  let isWhole = start.entity.isWhole;
  const parts = [start];
  for (const name of start.entity.part?.is === 'start' ? start.entity.part.variables : []) {
    const variable = variableOf(start, name, all, cluster);
    if (variable) parts.push(variable);
    if (variable ? !variable.entity.isWhole : !SINGLE_FLAGS.test(name)) isWhole = false;
  }
  return parts.some(({ entity }) => entity === flags) ? partsOf(own, parts, isWhole) : null;
}

function partsOf(own: Flags, parts: readonly Flags[], isWhole: boolean): Started {
  const hasConfig = ({ entity }: Flags) => entity.uses.some(({ name }) => name === '--config');
  return { parts, configIn: hasConfig(own) ? own : (parts.findLast(hasConfig) ?? null), isWhole };
}

/** The same flags with the `--config` that is in force for them, and the part that has it if that is another; null if they are never used. */
export function asStarted(
  flags: KubeProxyFlags,
  cluster: Questions,
): { readonly flags: KubeProxyFlags; readonly configIn: Flags | null } | null {
  if (!flags.part) return { flags, configIn: null };
  const started = commandLineOf(flags, cluster);
  if (!started) return null;
  const { configIn } = started;
  if (!configIn || configIn.entity === flags) return { flags, configIn: null };
  return { flags: { ...flags, config: configIn.entity.config }, configIn };
}

/**
 * Settings as far as they are in force where other files may have part of the same command line: what may be given there is unknown.
 * Null if a configuration takes their place, or if nobody can tell.
 */
export function settingsInForce(settings: KubeProxySettings, cluster: Questions): KubeProxySettings | null {
  if (settings.origin === 'configuration') return settings;
  const flags = cluster.all('kubeProxyFlags').find(({ entity }) => entity.settings === settings)?.entity;
  if (!flags?.part) return settings;
  const started = commandLineOf(flags, cluster);
  if (!started?.isWhole || started.configIn?.entity.config.is('') === false) return null;
  const others = started.parts.filter(({ entity }) => entity !== flags);
  // Parts that say nothing of it leave it to those that do.
  if (!saysSomething(flags) && others.some(({ entity }) => saysSomething(entity))) return null;
  const isElsewhere = (flag: string) => others.some(({ entity }) => entity.uses.some(({ name }) => name === flag));
  return flags.settingsBeside(isElsewhere);
}

function saysSomething({ uses }: KubeProxyFlags): boolean {
  return uses.some(({ name }) => /^(?:mode|conntrack|ipvs)\b/.test(KUBE_PROXY_FLAGS.get(name)?.field ?? ''));
}

/** The commands that have the words of a variable; null if the workspace shows none. */
function startsWith(variable: Flags, all: readonly Flags[], cluster: Questions): readonly Flags[] | null {
  const { part } = variable.entity;
  if (part?.is !== 'variable') return null;
  const starts = all.filter(
    start =>
      start.entity.part?.is === 'start' &&
      start.entity.part.variables.includes(part.name) &&
      isSeen(variable, start, cluster),
  );
  return starts.length === 0 ? null : nearest(variable.file, starts);
}

/** True if a service has a variable from where it is set: its own files, or a file that they name. */
function isSeen(variable: Flags, start: Flags, cluster: Questions): boolean {
  const [{ part }, service] = [variable.entity, serviceOf(start)];
  if (part?.is !== 'variable' || service === null) return false;
  if (part.of) return part.of.service === service;
  return variableFiles(start, cluster).some(
    file => file === part.file || (file === '' && variable.file === start.file),
  );
}

/** The one that counts of all that set a variable for a command. */
function variableOf(start: Flags, name: string, all: readonly Flags[], cluster: Questions): Flags | null {
  const found = all.filter(
    each => each.entity.part?.is === 'variable' && each.entity.part.name === name && isSeen(each, start, cluster),
  );
  const files = variableFiles(start, cluster);
  const rank = ({ entity: { part } }: Flags) =>
    part?.is === 'variable' && !part.of ? 1 + files.lastIndexOf(part.file) : 0;
  const best = Math.max(...found.map(rank));
  const last = nearest(
    start.file,
    found.filter(each => rank(each) === best),
  );
  return [...last].sort((a, b) => (dropInOf(a.entity.part) < dropInOf(b.entity.part) ? -1 : 1)).at(-1) ?? null;
}

function dropInOf(part: ServicePart | null): string {
  return part?.is === 'start' ? part.dropIn : (part?.of?.dropIn ?? '');
}

function serviceOf({ entity: { part } }: Flags): string | null {
  return part?.is === 'start' ? part.service : null;
}

/** The names of the files that a command has its variables from, in the order in which systemd reads them. */
function variableFiles(start: Flags, cluster: Questions): readonly string[] {
  const said = filesOf(start, cluster).flatMap(({ entity }) => entity.variableFiles);
  return said.slice(said.lastIndexOf(null) + 1).filter(name => name !== null);
}

/** The unit and the drop-ins of a command's service, in the order in which systemd reads them. */
function filesOf(start: Flags, cluster: Questions): readonly Located<ServiceFile>[] {
  const all = cluster.all('serviceFile').filter(({ entity }) => entity.service === serviceOf(start));
  // A drop-in is read with those beside it.
  const from = start.file.replace(/(\.service\.d\/)[^/]+$/, '$1');
  const [units, dropIns] = [true, false].map(isUnit =>
    nearest(
      from,
      all.filter(({ entity }) => (entity.dropIn === '') === isUnit),
    ),
  );
  return [...(units ?? []), ...[...(dropIns ?? [])].sort((a, b) => (a.entity.dropIn < b.entity.dropIn ? -1 : 1))];
}

/** True if a drop-in that is read later begins anew. */
function isReplaced(start: Flags, cluster: Questions): boolean {
  const own = dropInOf(start.entity.part);
  return filesOf(start, cluster).some(({ entity }) => entity.resetsStart && entity.dropIn > own);
}
