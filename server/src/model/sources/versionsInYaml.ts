import { CONTROLLER_RELEASES } from '../../facts/ingressNginxReleases.ts';
import { parseVersion } from '../../text/version.ts';
import type { Program } from '../environment.ts';
import { isControllerImage, podSpecsOf } from '../podSpec.ts';
import type { Reading } from '../reading.ts';
import type { Value } from '../value.ts';
import type { VersionEvidence } from '../versions.ts';
import { chartControllers, releasesOf } from './helmValues.ts';
import { objects } from './manifest.ts';

/** The program whose version an image's tag is. */
const IMAGES: readonly { readonly program: Program; readonly is: (image: string) => boolean }[] = [
  { program: 'controller', is: isControllerImage },
  { program: 'kubernetes', is: image => /(?:^|\/)kube-(?:proxy|apiserver)(?:-amd64|-arm64)?:/.test(image) },
];

/** Where kinds of Kubernetes' own tools say which Kubernetes they install. */
const CLUSTER_KINDS: ReadonlyMap<string, readonly string[]> = new Map([
  ['ClusterConfiguration', ['kubernetesVersion']],
  ['Cluster', ['spec', 'kubernetesVersion']],
  ['KubeadmControlPlane', ['spec', 'version']],
]);

/** What a YAML document says of the versions that run: in tags of images, and where clusters are set up. */
export function* versionsInYaml(file: string, root: Reading): Iterable<VersionEvidence> {
  for (const object of objects(root)) {
    for (const { images } of podSpecsOf(object)) yield* images.flatMap(image => [...ofImage(image)]);
    const path = CLUSTER_KINDS.get(object.get('kind').string().known ?? '');
    if (path) yield* evidence('kubernetes', object.at(...path).string());
  }
  for (const { controller } of chartControllers(file, root)) {
    yield* evidence('controller', controller.at('image', 'tag').string());
  }
  for (const object of objects(root)) {
    for (const { chart, version } of releasesOf(object)) {
      if (CHART.test(chart.string().known ?? '')) yield* ofChart(version.string());
    }
  }
  for (const dependency of root.get('dependencies').items()) {
    if (dependency.get('name').string().is('ingress-nginx')) yield* ofChart(dependency.get('version').string());
  }
}

/** The chart of ingress-nginx, as repositories and addresses of registries name it. */
const CHART = /(?:^|\/)(?:rke2-)?ingress-nginx$/;

/** A version of the chart, which installs one release of the controller unless its values say otherwise. */
function* ofChart(version: Value<string>): Iterable<VersionEvidence> {
  const chart = version.known?.replace(/^v/, '');
  const release = CONTROLLER_RELEASES.find(each => each.chart !== null && each.chart === chart);
  if (release) yield* evidence('controller', version, release.version);
}

function* ofImage(image: Value<string>): Iterable<VersionEvidence> {
  const name = image.known ?? '';
  const [, tag = ''] = /:(?:nginx-)?(v?\d[\w.+-]*)(?:@|$)/.exec(name) ?? [];
  for (const { program, is } of IMAGES) if (is(name)) yield* evidence(program, image, tag);
}

/** A tag such as `1` names a line of releases, no release. */
function* evidence(program: Program, value: Value<string>, text = value.known ?? ''): Iterable<VersionEvidence> {
  const version = /\.\d/.test(text) ? parseVersion(text) : null;
  if (version && value.place) yield { is: 'versionEvidence', program, version, place: value.place };
}
