import { chainsOf, type IptablesRule, type IptablesTable, rulesOf } from '../../syntax/iptables/tree.ts';
import { atPlace } from '../draft.ts';
import { rule } from '../rule.ts';
import { loadingOf } from './loading.ts';
import { withoutLines } from './rulesetEdits.ts';
import en from './saved-kube-chains.md';
import zh from './saved-kube-chains.zh.md';

/**
 * `iptables-save` on a node of a cluster saves what kube-proxy wrote, too. Loaded at the next boot, it sends Services to pods that are
 * long gone, until kube-proxy has synced; what another version or mode of kube-proxy left in it stays.
 */
export const savedKubeChains = rule({
  id: 'netfilter/saved-kube-chains',
  severity: 'warning',
  on: 'iptablesText',
  evidence: [
    'kubernetes pkg/proxy/iptables/proxier.go, syncProxyRules: writes its chains with iptables-restore --noflush, and deletes old chains of Services that it finds',
    'kubernetes-sigs/kubespray#2354',
  ],
  summary: {
    en: 'Chains of kube-proxy in a file that is loaded at boot',
    zh: '开机加载的文件中保存了 kube-proxy 的链',
  },
  messages: {
    en: {
      stale: v =>
        `Loaded at boot, these ${v.chains} chains and ${v.rules} rules of kube-proxy send Services to pods of the day they were saved`,
      saved: v =>
        `These ${v.chains} chains and ${v.rules} rules are kube-proxy's: loaded again, they send Services to pods of the day they were saved`,
      remove: () => "Remove kube-proxy's chains, and the jumps to them",
    },
    zh: {
      stale: v =>
        `开机加载后，kube-proxy 的这 ${v.chains} 个链和 ${v.rules} 条规则会把 Service 的流量送往保存当天的 Pod`,
      saved: v =>
        `这 ${v.chains} 个链和 ${v.rules} 条规则属于 kube-proxy：再次加载会把 Service 的流量送往保存当天的 Pod`,
      remove: () => '删除 kube-proxy 的链以及指向它们的跳转',
    },
  },
  page: { en, zh },

  *check(text, { file }) {
    if (text.hasOwnLines) return;
    const { tree } = text;
    const chains = tree.tables.flatMap(table => chainsOf(table).filter(({ name }) => isKube(name.value)));
    const rules = tree.tables.flatMap(kubeRules);
    const [first] = chains;
    // The kubelet has such chains too, in IPVS mode no rule sends anything to pods, and a chain or two may be there for rules of one's own.
    if (!first || rules.length < 3 || !chains.some(({ name }) => /^KUBE-(?:SVC|SEP)-/.test(name.value ?? ''))) return;
    const isAtBoot = loadingOf(file, text) === 'flush';
    const params = { chains: chains.length, rules: rules.length };
    const draft = atPlace(
      text.placeOf({ start: first.start, end: first.name.end }),
      isAtBoot ? 'stale' : 'saved',
      params,
    );
    const edits = [...chains, ...rules]
      .map(line => withoutLines(tree.text, line))
      .sort((a, b) => a.span.start - b.span.start);
    const told = isAtBoot ? draft : draft.as('information');
    yield told.fix('remove', 'unsafe', { address: text.address, change: { op: 'edit', edits } });
  },
});

/** True for kube-proxy's and the kubelet's chains; kube-router's begin the same. */
function isKube(chain: string | null | undefined): boolean {
  return /^KUBE-(?!ROUTER-|NWPLCY-|POD-FW-)/.test(chain ?? '');
}

function kubeRules(table: IptablesTable): IptablesRule[] {
  return rulesOf(table).filter(
    ({ specification: { chain, jump } }) => isKube(chain?.value) || isKube(jump?.argument?.value),
  );
}
