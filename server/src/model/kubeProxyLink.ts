import { baseName, withoutTemplateEnding } from '../text/path.ts';
import type { Located } from './cluster.ts';
import type { KubeProxyConfiguration } from './kubeProxyConfiguration.ts';
import type { KubeProxyFlags } from './kubeProxyFlags.ts';

type Configurations = readonly Located<KubeProxyConfiguration>[];

/**
 * The configuration that a kube-proxy's `--config` names: the one in the ConfigMap that it sees there, else, where no ConfigMap
 * is mounted around that path, a file of that name. Null if there is none in the workspace, or more than one: nobody knows then
 * which of them is applied.
 */
export function configurationOf(flags: KubeProxyFlags, all: Configurations): Located<KubeProxyConfiguration> | null {
  const path = flags.config.known;
  if (path === undefined) return null;
  const mounts = flags.mounts.filter(mount => path.startsWith(`${mount.path.replace(/\/$/, '')}/`));
  const found =
    mounts.length > 0
      ? all.filter(each => mounts.some(mount => isIn(each.entity, mount.configMap.known, flags)))
      : all.filter(each => isFile(each, path));
  const [only, ...others] = found;
  return only && others.length === 0 ? only : null;
}

function isIn({ configMap }: KubeProxyConfiguration, name: string | undefined, { namespace }: KubeProxyFlags): boolean {
  if (!configMap || name === undefined || !configMap.name.is(name)) return false;
  const [own, theirs] = [configMap.namespace.known, namespace.known];
  return own === undefined || theirs === undefined || own === theirs;
}

function isFile({ file, entity }: Located<KubeProxyConfiguration>, path: string): boolean {
  const nameOf = (of: string) => withoutTemplateEnding(baseName(of));
  return entity.carrier === 'document' && nameOf(file) === nameOf(path);
}
