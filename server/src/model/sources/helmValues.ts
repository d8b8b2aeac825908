import { dnsConfigOf, isControllerImage, type PodSpec } from '../podSpec.ts';
import { chartSysctls, type PodSysctls } from '../podSysctls.ts';
import { chartProbes, type Probe } from '../probe.ts';
import type { Reading } from '../reading.ts';

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

/** The chart's name in a file's or folder's, or as a parent chart's key; `nginx-ingress` is F5's chart too. */
const CHART_NAME = /(?:^|[^a-z])ingress[-_]?nginx(?:[^a-z]|$)/i;

/** The controller's pod as a values file of the ingress-nginx chart describes it. */
export function* helmValuesPodSpecs(file: string, values: Reading): Iterable<PodSpec> {
  for (const controller of chartControllers(file, values)) yield fromController(controller);
}

/** The controller's probes, and the flags that move what they ask. */
export function* helmValuesProbes(file: string, values: Reading): Iterable<Probe> {
  for (const controller of chartControllers(file, values)) yield* chartProbes(controller);
}

/** The sysctls that the controller asks for. */
export function* helmValuesSysctls(file: string, values: Reading): Iterable<PodSysctls> {
  for (const controller of chartControllers(file, values)) yield* chartSysctls(controller);
}

/** The `controller` of each ingress-nginx chart that a document is about: at the top of values, under a subchart's key, in a release. */
export function* chartControllers(file: string, root: Reading): Iterable<Reading> {
  if (!root.get('apiVersion').isAbsent && !root.get('kind').isAbsent) {
    for (const { chart, values } of releasesOf(root)) {
      for (const each of values) yield* controllersIn(each, CHART_NAME.test(chart.string().known ?? ''));
    }
    return;
  }
  const parts = file.split('/').slice(-2);
  yield* controllersIn(
    root,
    parts.some(part => CHART_NAME.test(part)),
  );
}

function* controllersIn(values: Reading, named: boolean): Iterable<Reading> {
  for (const { name, value } of [{ name: '', value: values }, ...values.entries()]) {
    const controller = value.get('controller');
    if (controller.isMap && (named || CHART_NAME.test(name) || isChart(controller))) yield controller;
  }
}

/** A chart that an object installs, in which version, with which values. */
export interface ChartRelease {
  readonly chart: Reading;
  readonly version: Reading;
  readonly values: readonly Reading[];
}

/** The charts that an object of Flux, Argo CD or k3s and RKE2 installs. */
export function* releasesOf(object: Reading): Iterable<ChartRelease> {
  const spec = object.get('spec');
  switch (object.get('kind').string().known) {
    case 'HelmRelease': {
      const chart = spec.at('chart', 'spec');
      yield { chart: chart.get('chart'), version: chart.get('version'), values: [spec.get('values')] };
      break;
    }
    case 'Application':
      for (const source of [spec.get('source'), ...spec.get('sources').items()]) {
        const { chart, helm } = { chart: source.get('chart'), helm: source.get('helm') };
        const values = [helm.get('valuesObject'), ...helm.get('values').embeddedYaml()];
        yield { chart, version: source.get('targetRevision'), values };
      }
      break;
    case 'HelmChart':
    case 'HelmChartConfig': {
      const chart = spec.get('chart').isAbsent ? object.at('metadata', 'name') : spec.get('chart');
      yield { chart, version: spec.get('version'), values: spec.get('valuesContent').embeddedYaml() };
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

function fromController(controller: Reading): PodSpec {
  const nothing = controller.get('');
  return {
    is: 'podSpec',
    origin: 'helmValues',
    kind: nothing.string(),
    name: nothing.string(),
    namespace: nothing.string(),
    software: 'ingress-nginx',
    partial: false,
    hostNetwork: controller.get('hostNetwork').boolean(),
    dnsPolicy: controller.get('dnsPolicy').string(),
    dnsConfig: dnsConfigOf(controller.get('dnsConfig')),
    images: [],
  };
}
