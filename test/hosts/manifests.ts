/** An ingress-nginx controller on hostNetwork without a DNS policy: one finding, at `hostNetwork` in line 8, with one safe fix. */
export const BROKEN = `apiVersion: apps/v1
kind: DaemonSet
metadata:
  name: edge
spec:
  template:
    spec:
      hostNetwork: true
      containers:
        - name: controller
          image: registry.k8s.io/ingress-nginx/controller
`;

/** The same after the fix. */
export const FIXED = BROKEN.replace(
  'hostNetwork: true\n',
  'hostNetwork: true\n      dnsPolicy: ClusterFirstWithHostNet\n',
);

/** The same as somebody else's pod: nothing is said of it. */
export const OTHERS = BROKEN.replace('registry.k8s.io/ingress-nginx/controller', 'docker.io/library/haproxy');

export const RULE = 'dns/hostnetwork-dns-policy';

/** Line of `hostNetwork: true` in BROKEN, from 0. */
export const LINE = 7;

/** The same text with Windows' line endings. */
export function crlf(text: string): string {
  return text.replaceAll('\n', '\r\n');
}

/** A kustomization of these files. */
export function kustomization(resources: readonly string[], patches: readonly string[] = []): string {
  const list = (name: string, paths: readonly string[], entry: (path: string) => string) =>
    paths.length === 0 ? '' : `${name}:\n${paths.map(path => `  - ${entry(path)}\n`).join('')}`;
  return `kind: Kustomization\n${list('resources', resources, path => path)}${list('patches', patches, path => `path: ${path}`)}`;
}

/** A patch for BROKEN's DaemonSet that sets its pod's DNS policy. */
export function patch(dnsPolicy: string): string {
  return `apiVersion: apps/v1
kind: DaemonSet
metadata:
  name: edge
spec:
  template:
    spec:
      dnsPolicy: ${dnsPolicy}
`;
}
