import type { IptablesText } from '../../model/iptablesText.ts';

/** How a text gets into the kernel: `flush` if its tables are emptied first, `add` if what they hold stays, null if nobody knows. */
export type Loading = 'flush' | 'add' | null;

/** Files that services load when a machine boots, without `--noflush`. */
const AT_BOOT = /(?:^|\/)(?:rules\.v[46]|(?:etc\/)?sysconfig\/ip6?tables|ip6?tables\.rules|rules-save)$/;

/** Files of ufw, which loads them with `-n`. */
const OF_UFW = /(?:^|\/)ufw\/|(?:^|\/)(?:before|after|user)6?\.(?:init|rules)$/;

/** What the file's name and the text's own commands tell of it. */
export function loadingOf(file: string, text: IptablesText): Loading {
  if (OF_UFW.test(file) || text.addsToTables || /--noflush|restore\s+-n\b/.test(text.text)) return 'add';
  return AT_BOOT.test(file) ? 'flush' : null;
}

/** Chains that programs make which are there already when they load rules of their own, or that wait for the user's. */
const OF_PROGRAMS =
  /^(?:KUBE-|DOCKER|CNI-|CILIUM|OLD_CILIUM|cali-|felix-|FLANNEL|WEAVE|ufw6?-|f2b-|fail2ban|LIBVIRT|sshguard|ts-|AMZN-|AWS-|ISTIO_|LXD|NETAVARK|CNI$|IN_|FWD_|PRE_|POST_)/;

/** True for a chain whose name says that another program makes it. */
export function isOfProgram(chain: string): boolean {
  return OF_PROGRAMS.test(chain);
}
