import { dnsConfigOf, isControllerImage, type PodSpec } from '../podSpec.ts';
import { chartSysctls, type PodSysctls } from '../podSysctls.ts';
import { chartProbes, type Probe } from '../probe.ts';
import type { Reading } from '../reading.ts';
import { Value } from '../value.ts';

/** Keys below `controller` that the ingress-nginx chart has, and no other controller's chart known to us. */
const CHART_KEYS = [
  'addHeaders',
  'admissionWebhooks',
  'allowSnippetAnnotations',
  'configMapNamespace',
  'electionID',
  'enableMimalloc',
  'enableTopologyAwareRouting',
  'healthCheckPath',
  'ingressClassByName',
  'maxmindLicenseKey',
  'proxySetHeaders',
  'reportNodeInternalIp',
  'watchIngressWithoutClass',
];

/** Keys of its ConfigMap that the charts of other controllers do not have below `controller.config`: F5's has `entries` there. */
const CONFIG_KEY =
  /^(?:proxy-(?:read|send|connect)-timeout|proxy-buffer.*|proxy-next-upstream.*|proxy-real-ip-cidr|use-forwarded-headers|compute-full-forwarded-for|enable-real-ip|forwarded-for-header|client-(?:header|body)-.*|large-client-header-buffers|server-tokens|log-format-(?:upstream|escape-json)|worker-(?:processes|shutdown-timeout)|max-worker-.*|keep-alive(?:-requests)?|upstream-keepalive-.*|(?:http|server|main|location)-snippet|enable-(?:modsecurity|owasp-modsecurity-crs|brotli)|use-gzip|gzip-.*|custom-http-errors|allow-snippet-annotations|annotations-risk-level|generate-request-id|server-name-hash-.*|enable-underscores-in-headers)$/;

/** The chart's name in a file's or folder's, or as a parent chart's key; `nginx-ingress` is F5's chart too. */
const CHART_NAME = /(?:^|[^a-z])ingress[-_]?nginx(?:[^a-z]|$)/i;

/** RKE2 installs a build of the chart that has other defaults. */
const RKE2_CHART = /rke2/i;

/** The `controller` of an ingress-nginx chart. */
export interface ChartController {
  readonly controller: Reading;
  /**
   * False if what it leaves out is not what upstream's chart puts in: RKE2's has dnsPolicy ClusterFirstWithHostNet, kind DaemonSet and host
   * ports (rancher/rke2-charts packages/rke2-ingress-nginx/generated-changes/patch/values.yaml.patch).
   */
  readonly hasUpstreamDefaults: boolean;
  /** True if the object takes values from elsewhere too: what it leaves out may stand there. */
  readonly isLayer: boolean;
}

/** The controller's pod as a values file of the ingress-nginx chart describes it. */
export function* helmValuesPodSpecs(file: string, values: Reading): Iterable<PodSpec> {
  for (const each of chartControllers(file, values)) yield fromController(each);
}

/** The controller's probes, and the flags that move what they ask. */
export function* helmValuesProbes(file: string, values: Reading): Iterable<Probe> {
  for (const { controller } of chartControllers(file, values)) yield* chartProbes(controller);
}

/** The sysctls that the controller asks for. */
export function* helmValuesSysctls(file: string, values: Reading): Iterable<PodSysctls> {
  for (const { controller } of chartControllers(file, values)) yield* chartSysctls(controller);
}

/** The `controller` of each ingress-nginx chart that a document is about: at the top of values, under a subchart's key, in a release. */
export function* chartControllers(file: string, root: Reading): Iterable<ChartController> {
  if (!root.get('apiVersion').isAbsent && !root.get('kind').isAbsent) {
    for (const { chart, values, hasMoreValues } of releasesOf(root)) {
      for (const each of values) yield* controllersIn(each, [chart.string().known ?? ''], hasMoreValues);
    }
  } else yield* controllersIn(root, file.split('/').slice(-2), false);
}

function* controllersIn(values: Reading, names: readonly string[], isLayer: boolean): Iterable<ChartController> {
  for (const { name, value } of [{ name: '', value: values }, ...values.entries()]) {
    const controller = value.get('controller');
    const named = [name, ...names];
    if (!controller.isMap) continue;
    const isKnown = named.some(each => CHART_NAME.test(each)) || isChart(controller);
    if (!isKnown && !hasKeysOfNginx(controller)) continue;
    const isRke2 = named.some(each => RKE2_CHART.test(each));
    // A file that says no more than a few keys is often one of several.
    yield { controller, hasUpstreamDefaults: !isLayer && !isRke2, isLayer: isLayer || !isKnown };
  }
}

/** A setting that is read as it is written, and unknown where only defaults that are not upstream's could tell. */
export function orDefault<T>(value: Value<T>, hasUpstreamDefaults: boolean): Value<T> {
  return value.isAbsent && !hasUpstreamDefaults ? Value.unknown(value.address, null) : value;
}

/** A chart that an object installs, in which version, with which values. */
export interface ChartRelease {
  readonly chart: Reading;
  readonly version: Reading;
  readonly values: readonly Reading[];
  /** True if the object names other values too: files, ConfigMaps, single parameters, or the HelmChart that a HelmChartConfig lies over. */
  readonly hasMoreValues: boolean;
}

/** The charts that an object of Flux, Argo CD or k3s and RKE2 installs. */
export function* releasesOf(object: Reading): Iterable<ChartRelease> {
  const spec = object.get('spec');
  switch (object.get('kind').string().known) {
    case 'HelmRelease': {
      const chart = spec.at('chart', 'spec');
      yield {
        chart: chart.get('chart'),
        version: chart.get('version'),
        values: [spec.get('values')],
        hasMoreValues: [spec.get('valuesFrom'), chart.get('valuesFiles')].some(each => !each.isAbsent),
      };
      break;
    }
    case 'Application':
      for (const source of [spec.get('source'), ...spec.get('sources').items()]) {
        const { chart, helm } = { chart: source.get('chart'), helm: source.get('helm') };
        const values = [helm.get('valuesObject'), ...helm.get('values').embeddedYaml()];
        const more = ['valueFiles', 'parameters', 'fileParameters'].map(key => helm.get(key));
        yield {
          chart,
          version: source.get('targetRevision'),
          values,
          hasMoreValues: more.some(each => !each.isAbsent),
        };
      }
      break;
    case 'HelmChart':
    case 'HelmChartConfig': {
      const chart = spec.get('chart').isAbsent ? object.at('metadata', 'name') : spec.get('chart');
      // What RKE2 gives the charts that come with it says nothing of what they configure.
      const isOwn = object.get('kind').string().is('HelmChart') || RKE2_CHART.test(chart.string().known ?? '');
      yield {
        chart,
        version: spec.get('version'),
        values: spec.get('valuesContent').embeddedYaml(),
        hasMoreValues: !isOwn || !spec.get('set').isAbsent,
      };
    }
  }
}

function isChart(controller: Reading): boolean {
  const image = controller.get('image');
  const names = [image, image.get('image'), image.get('repository')].map(reading => reading.string().known ?? '');
  const className = controller.at('ingressClassResource', 'controllerValue').string().known ?? '';
  return (
    names.some(isControllerImage) ||
    className.startsWith('k8s.io/ingress-nginx') ||
    controller.entries().some(({ name }) => CHART_KEYS.includes(name))
  );
}

function hasKeysOfNginx(controller: Reading): boolean {
  return controller
    .get('config')
    .entries()
    .some(({ name }) => CONFIG_KEY.test(name));
}

function fromController({ controller, hasUpstreamDefaults }: ChartController): PodSpec {
  const absent = Value.absent<string>(controller.address);
  return {
    is: 'podSpec',
    origin: 'helmValues',
    kind: absent,
    name: absent,
    namespace: absent,
    software: 'ingress-nginx',
    partial: false,
    hostNetwork: controller.get('hostNetwork').boolean(),
    dnsPolicy: orDefault(controller.get('dnsPolicy').string(), hasUpstreamDefaults),
    dnsConfig: dnsConfigOf(controller.get('dnsConfig')),
    images: [],
  };
}
