import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { editPiece } from '../../server/src/model/edit.ts';
import type { Entity } from '../../server/src/model/entity.ts';
import { languageOf, readPiece } from '../../server/src/model/pieces.ts';
import { applyEdits } from '../../server/src/text/edits.ts';

const FILE = 'config.yaml';
const read = (text: string): Entity[] => {
  const language = languageOf(FILE, text);
  return language ? readPiece(FILE, language, text) : [];
};

/** What a document says of kube-proxy, of netfilter and of modules, one word for each. */
function told(text: string): string[] {
  return read(text).flatMap(entity => {
    switch (entity.is) {
      case 'kubeProxyFlags':
        return entity.uses.map(({ name, value }) => `${name}=${value.isUnknown ? '?' : value.known}`);
      case 'sysctlSettings':
        return [
          ...entity.lines.map(({ knob, text: own }) => `${knob}=${own}`),
          ...entity.hidden.map(knob => `${knob} hidden`),
        ];
      case 'kernelModules':
        return entity.loads.map(({ module }) => `loads ${module}`);
      default:
        return [];
    }
  });
}

const MAX = 'net/netfilter/nf_conntrack_max';
const K3S = 'token: x\nkube-proxy-arg:\n  - conntrack-min=5 # ours\n  - "conntrack-max-per-core={{ n }}"\n  - --v=2\n';
const TALOS =
  'machine:\n  sysctls:\n    net.netfilter.nf_conntrack_max: "7"\ncluster:\n  proxy:\n    extraArgs:\n      conntrack-min: "5"\n';
const KOPS =
  'apiVersion: kops.k8s.io/v1alpha2\nkind: Cluster\nspec:\n  kubeProxy:\n    conntrackMin: 5\n    enabled: true\n  sysctlParameters:\n    - net.netfilter.nf_conntrack_max=7\n';
const KUBESPRAY =
  'kube_proxy_mode: nftables\nkube_proxy_conntrack_min: 5\nkube_proxy_conntrack_tcp_close_wait_timeout: "{{ t }}"\n';

describe('what platforms are told of kube-proxy and sysctls', () => {
  const cases: readonly (readonly [what: string, text: string, expected: readonly string[]])[] = [
    ['k3s and RKE2', K3S, ['--v=2', '--conntrack-min=5'].reverse()],
    ['one flag of theirs', 'kube-proxy-arg: conntrack-min=5\n', ['--conntrack-min=5']],
    ['a file beside others', 'kube-proxy-arg+:\n  - conntrack-min=5\n', ['--conntrack-min=5']],
    ['Talos', TALOS, [`${MAX}=7`, '--conntrack-min=5']],
    [
      'a template of Talos',
      TALOS.replace('"7"', '{{ max }}').replace('"5"', '"{{ min }}"'),
      [`${MAX} hidden`, '--conntrack-min=?'],
    ],
    ['kOps', KOPS, [`${MAX}=7`, '--conntrack-min=5']],
    ['RKE', 'services:\n  kubeproxy:\n    extra_args: {conntrack-min: 5}\n', ['--conntrack-min=5']],
    [
      'OpenShift',
      'apiVersion: operator.openshift.io/v1\nkind: Network\nspec:\n  kubeProxyConfig:\n    proxyArguments:\n      conntrack-min: ["5"]\n',
      ['--conntrack-min=5'],
    ],
    ['kubespray', KUBESPRAY, ['--proxy-mode=nftables', '--conntrack-min=5', '--conntrack-tcp-timeout-close-wait=?']],
    [
      'variables of kubespray',
      'additional_sysctl:\n  - { name: net.netfilter.nf_conntrack_max, value: 7 }\n  - { name: net.netfilter.nf_conntrack_buckets, value: "{{ n }}" }\n  - { name: vm.swappiness, value: 0 }\n',
      [`${MAX}=7`, 'net/netfilter/nf_conntrack_buckets hidden'],
    ],
    [
      'variables of groups',
      'sysctl_conf:\n  edge:\n    - key: net.netfilter.nf_conntrack_max\n      value: "7"\n  other: {net.netfilter.nf_conntrack_buckets: 8}\n',
      [`${MAX}=7`, 'net/netfilter/nf_conntrack_buckets=8'],
    ],
    [
      'variables of a play',
      '- hosts: all\n  vars:\n    sysctls: {net.netfilter.nf_conntrack_max: 7}\n  tasks:\n    - sysctl: {name: "{{ item.key }}", value: "{{ item.value }}"}\n      loop: "{{ sysctls | dict2items }}"\n',
      [`${MAX}=7`],
    ],
    [
      'nothing that a pod asks for',
      'podSecurityContext:\n  sysctls:\n    - {name: net.netfilter.nf_conntrack_max, value: "7"}\n',
      [],
    ],
    [
      'nothing that names it otherwise',
      'alerts:\n  - {name: net.netfilter.nf_conntrack_max}\n  - {metric: net.netfilter.nf_conntrack_max, value: 7}\n',
      [],
    ],
    [
      'k0s',
      'apiVersion: k0s.k0sproject.io/v1beta1\nkind: ClusterConfig\nspec:\n  network:\n    kubeProxy:\n      extraArgs: {conntrack-min: "5"}\n',
      ['--conntrack-min=5'],
    ],
    ['GKE', 'linuxConfig:\n  sysctl:\n    net.netfilter.nf_conntrack_max: "7"\n', [`${MAX}=7`]],
    [
      'Gardener',
      'apiVersion: core.gardener.cloud/v1beta1\nkind: Shoot\nspec:\n  provider:\n    workers:\n      - sysctls: {net.netfilter.nf_conntrack_max: "7"}\n',
      [`${MAX}=7`],
    ],
    [
      'cloud-init',
      `write_files:\n  - path: /etc/sysctl.d/9.conf\n    content: net.netfilter.nf_conntrack_max = 7\n  - path: /etc/modules-load.d/a.conf\n    content: |\n      nf_conntrack\nruncmd:\n  - [sysctl, -w, net.netfilter.nf_conntrack_max=8]\n`,
      [`${MAX}=8`, `${MAX}=7`, 'loads nf_conntrack'],
    ],
    [
      'no file in an encoding',
      'write_files:\n  - path: /etc/sysctl.d/9.conf\n    encoding: b64\n    content: bmV0\n',
      [],
    ],
    [
      'Butane',
      'variant: fcos\nstorage:\n  files:\n    - path: /etc/sysctl.d/9.conf\n      contents: {inline: net.netfilter.nf_conntrack_max = 7}\nsystemd:\n  units:\n    - name: kube-proxy.service\n      dropins:\n        - name: a.conf\n          contents: |\n            [Service]\n            ExecStart=\n            ExecStart=/usr/bin/kube-proxy --conntrack-min=5\n',
      [`${MAX}=7`, '--conntrack-min=5'],
    ],
    [
      'OpenShift’s machine configuration',
      'apiVersion: machineconfiguration.openshift.io/v1\nkind: MachineConfig\nspec:\n  config:\n    storage:\n      files:\n        - path: /etc/sysctl.d/9.conf\n          contents: {source: "data:,net.netfilter.nf_conntrack_max%3D7%0A"}\n        - path: /etc/sysctl.d/8.conf\n          contents: {source: "data:;base64,bmV0"}\n    systemd:\n      units:\n        - name: kube-proxy.service\n          contents: |\n            [Service]\n            ExecStart=kube-proxy --conntrack-min=5\n',
      [`${MAX}=7`, '--conntrack-min=5'],
    ],
    [
      'Ignition',
      '{"ignition": {}, "storage": {"files": [{"path": "/etc/modules-load.d/a.conf", "contents": {"source": "data:,nf_conntrack%0A"}}]}}\n',
      ['loads nf_conntrack'],
    ],
    [
      'Cluster API',
      'apiVersion: bootstrap.cluster.x-k8s.io/v1beta1\nkind: KubeadmConfigTemplate\nspec:\n  template:\n    spec:\n      files:\n        - path: /etc/sysctl.d/9.conf\n          content: net.netfilter.nf_conntrack_max = 7\n',
      [`${MAX}=7`],
    ],
    [
      'nothing in another object',
      KOPS.replace('kops.k8s.io', 'cluster.x-k8s.io').replace('sysctlParameters', 'other'),
      [],
    ],
    ['nothing half typed', 'kube-proxy-arg:\n  - \ncluster:\n  proxy:\n    extraArgs:\n', []],
    ['nothing of what is no list', 'kube-proxy-arg: 5\nmachine: {sysctls: [1, {}]}\n', []],
  ];
  for (const [what, text, expected] of cases) {
    it(what, () => {
      for (const each of [text, text.replaceAll('\n', '\r\n')]) assert.deepEqual(told(each), expected);
    });
  }

  const changes: readonly (readonly [what: string, text: string, after: string])[] = [
    [
      'k3s',
      K3S.replace(/.*\{\{.*\n/, ''),
      'token: x\nkube-proxy-arg:\n  - conntrack-min=8 # ours\n  - --v=2\n  - conntrack-max-per-core=1\n',
    ],
    ['Talos', TALOS, TALOS.replace('"5"\n', '"8"\n      conntrack-max-per-core: "1"\n')],
    [
      'kOps',
      KOPS,
      KOPS.replace('Min: 5', 'Min: 8').replace('enabled: true', 'enabled: true\n    conntrackMaxPerCore: 1'),
    ],
    ['kubespray', KUBESPRAY, `${KUBESPRAY.replace('min: 5', 'min: 8')}kube_proxy_conntrack_max_per_core: 1\n`],
  ];
  for (const [what, text, after] of changes) {
    it(`are changed where they are written: ${what}`, () => {
      const settings = read(text).find(entity => entity.is === 'kubeProxySettings');
      assert.ok(settings?.is === 'kubeProxySettings');
      const result = editPiece(text, [settings.change('conntrack.min', 8), settings.change('conntrack.maxPerCore', 1)]);
      assert.ok('edits' in result, JSON.stringify(result));
      assert.equal(applyEdits(text, result.edits), after);
    });
  }
});
