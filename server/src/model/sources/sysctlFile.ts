import { parseSysctl } from '../../syntax/sysctl/parse.ts';
import type { Reading } from '../reading.ts';
import type { Region } from '../region.ts';
import { type SysctlSettings, sysctlSettingsOf } from '../sysctlSettings.ts';
import { objects } from './manifest.ts';

/** Where such files are, and what they are called: sysctl.conf, sysctl.d/…, 95-k8s-sysctl.conf.j2. */
const SYSCTL_FILE = /(?:^|\/)sysctl\.d\/[^/]+\.conf(?:\.\w+)?$|(?:^|[/._-])sysctl(?:[._-][\w.-]*)?\.conf(?:\.\w+)?$/i;

const OTHER_ENDINGS =
  /\.(?:ya?ml|json|tf|hcl|md|markdown|rst|adoc|html?|xml|sh|bash|zsh|go|py|rb|js|ts|java|properties|rs|c|h|lua|sql|log|lock|patch|diff|toml|service)$/i;

/** Names of the kernel's own that begin a line, and of which one at least is needed. */
const KERNEL_NAME =
  /^[ \t]*-?(?:net[./](?:core|ipv4|ipv6|netfilter|nf_conntrack|bridge|unix)|kernel|vm|fs)[./][\w./*?-]+[ \t]*=/m;

/** At least this share of the assignments must be of names that the kernel has. */
const KERNEL_SHARE = 0.7;

/** The settings of a text that looks like a sysctl file. */
export function* sysctlOfFile(file: string, region: Region): Iterable<SysctlSettings> {
  const settings = sysctlSettingsOf(file, region);
  if (settings) yield settings;
}

/** The files of a ConfigMap that pods hand to sysctl. */
export function* sysctlInYaml(_file: string, root: Reading): Iterable<SysctlSettings> {
  for (const object of objects(root)) {
    if (!object.get('kind').string().is('ConfigMap')) continue;
    for (const { name, value } of object.get('data').entries()) {
      const region = value.embeddedText();
      if (region && looksLikeSysctl(name, region.text)) yield* sysctlOfFile(name, region);
    }
  }
}

/** True for a text that sysctl reads: by its file's name, or by what is in it where that is about conntrack. */
export function looksLikeSysctl(file: string, text: string): boolean {
  if (OTHER_ENDINGS.test(file)) return false;
  if (SYSCTL_FILE.test(file)) return true;
  if (!text.includes('conntrack') || !KERNEL_NAME.test(text)) return false;
  const { assignments, problems } = parseSysctl(text);
  const known = assignments.filter(({ path }) => /^(?:net|kernel|vm|fs|dev|user|abi|debug)\//.test(path)).length;
  return known / (assignments.length + problems.length) >= KERNEL_SHARE;
}
