import { type IptablesCall, iptablesCallsOf } from '../../model/iptablesCall.ts';
import { optionNamed } from '../../syntax/iptables/specification.ts';
import { atPlace } from '../draft.ts';
import { rule } from '../rule.ts';
import { isAddition } from './guarded.ts';
import en from './lo-addresses-only.md';
import zh from './lo-addresses-only.zh.md';
import { listedDevice } from './localAddresses.ts';

/**
 * kube-proxy in IPVS mode binds the addresses of Services to an interface of its own, kube-ipvs0, and not to lo. A script that reads lo sees the
 * VIPs that an administrator put there, and none of kube-proxy's.
 */
export const loAddressesOnly = rule({
  id: 'netfilter/lo-addresses-only',
  severity: 'information',
  on: 'shellText',
  evidence: ['kubernetes pkg/proxy/ipvs/proxier.go: defaultDummyDevice = "kube-ipvs0" (1.9 to 1.36)'],
  summary: {
    en: 'Addresses that kube-proxy binds in IPVS mode are not on lo',
    zh: 'kube-proxy 在 IPVS 模式下绑定的地址不在 lo 上',
  },
  messages: {
    en: {
      missed: () =>
        'Addresses of Services are not among these where kube-proxy runs in IPVS mode: it binds them to kube-ipvs0, not to lo',
    },
    zh: {
      missed: () => 'kube-proxy 使用 IPVS 模式时，Service 的地址不在其中：它们绑定在 kube-ipvs0 上，而不是 lo',
    },
  },
  page: { en, zh },

  *check(text, { cluster, file }) {
    const modes = cluster.near('kubeProxyConfiguration', file).map(({ entity }) => entity.settings.mode);
    if (modes.length > 0 && !modes.some(mode => mode.is('ipvs'))) return;
    if (text.script.text.includes('kube-ipvs0') || !iptablesCallsOf(text).some(hasUnknownAddress)) return;
    const seen = new Set<number>();
    for (const invocation of text.invocations) {
      const { command } = invocation;
      if (listedDevice(invocation) !== 'lo' || seen.has(command.start) || text.isTemplated(command)) continue;
      seen.add(command.start);
      yield atPlace(text.placeOf(command), 'missed');
    }
  },
});

/** True for a rule about an address that only the running script knows. */
function hasUnknownAddress(call: IptablesCall): boolean {
  const { specification } = call;
  if (!specification || !isAddition(call)) return false;
  return ['source', 'destination'].some(name => optionNamed(specification, name)?.argument?.value === null);
}
