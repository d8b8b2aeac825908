import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { languageOf, readPiece } from '../../server/src/model/pieces.ts';

const application = (helm: string) => `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: { name: cilium }
spec:
  source:
    chart: cilium
    helm:
${helm}
`;

/** True if a document shows that something else than kube-proxy's DNAT sees to Services. */
const ROWS: readonly [what: string, isShown: boolean, text: string][] = [
  ['values of Cilium', true, 'kubeProxyReplacement: true\n'],
  ['values of Cilium, as they were before 1.14', true, 'kubeProxyReplacement: strict\n'],
  ['values of Cilium beside kube-proxy', false, 'kubeProxyReplacement: false\n'],
  ['values of Cilium that a template decides', true, 'kubeProxyReplacement: {{ .Values.replace }}\n'],
  ['values of a chart with Cilium in it', true, 'cilium:\n  kubeProxyReplacement: "true"\n'],
  ['the ConfigMap of Cilium', true, 'apiVersion: v1\nkind: ConfigMap\ndata:\n  kube-proxy-replacement: "true"\n'],
  ['values in a text of Argo CD', true, application('      values: |\n        kubeProxyReplacement: true\n')],
  ['a parameter of Argo CD', true, application('      parameters: [{ name: kubeProxyReplacement, value: "true" }]\n')],
  ['kubespray with IPVS', true, 'kube_proxy_mode: ipvs\n'],
  ['kubespray with iptables', false, 'kube_proxy_mode: iptables\n'],
  ['k3s without kube-proxy', true, 'disable-kube-proxy: true\n'],
  ['k3s with IPVS', true, 'kube-proxy-arg:\n  - proxy-mode=ipvs\n'],
  ['k3s with arguments in one text', true, 'extra_server_args: "--kube-proxy-arg proxy-mode=ipvs --disable traefik"\n'],
  ['k3s with nftables', false, 'kube-proxy-arg:\n  - proxy-mode=nftables\n'],
  ['kind without kube-proxy', true, 'kind: Cluster\nnetworking:\n  kubeProxyMode: none\n'],
  ['kubeadm without kube-proxy', true, 'kind: InitConfiguration\nskipPhases: [addon/kube-proxy]\n'],
  ['Talos without kube-proxy', true, 'cluster:\n  proxy:\n    disabled: true\n'],
  ['Talos with kube-proxy', false, 'cluster:\n  proxy:\n    disabled: false\n'],
  ['kube-router', true, 'spec:\n  containers:\n    - args: [--run-router=true, --run-service-proxy=true]\n'],
  ['kube-router for policies alone', false, 'spec:\n  containers:\n    - args: [--run-service-proxy=false]\n'],
  ['Calico with eBPF', true, 'kind: Installation\nspec:\n  calicoNetwork: { linuxDataplane: BPF }\n'],
  ['Calico with iptables', false, 'kind: Installation\nspec:\n  calicoNetwork: { linuxDataplane: Iptables }\n'],
];

describe('what else sees to Services', () => {
  for (const [what, isShown, text] of ROWS) {
    it(what, () => {
      const isRead = languageOf('cluster.yaml', text) === 'yaml';
      const entities = isRead ? readPiece('cluster.yaml', 'yaml', text) : [];
      assert.equal(
        entities.some(entity => entity.is === 'serviceProxy'),
        isShown,
      );
    });
  }
});
