import { balancerServiceOf, chartBalancer } from '../balancerService.ts';
import { chartConfigOf, controllerConfigOf, kubesprayConfigOf } from '../controllerConfig.ts';
import { chartWorkloadOf, controllerWorkloadsOf } from '../controllerWorkload.ts';
import type { Entity } from '../entity.ts';
import { annotationsBelow, ingressOf } from '../ingress.ts';
import { ingressClassOf } from '../ingressClass.ts';
import { namedObjectOf } from '../namedObject.ts';
import { chartPodNetwork } from '../podNetwork.ts';
import type { Reading } from '../reading.ts';
import { chartService, serviceOf } from '../service.ts';
import { streamServicesOf } from '../streamServices.ts';
import { chartControllers, orDefault } from './helmValues.ts';
import { objects } from './manifest.ts';

/** What a YAML document says of ingress-nginx: its ConfigMap, what runs it, Ingresses and their classes, values of its chart. */
export function* controllerInYaml(file: string, root: Reading): Iterable<Entity> {
  let isManifest = false;
  for (const object of objects(root)) {
    isManifest = true;
    const kind = object.get('kind').string().known;
    const ingress = ingressOf(object);
    if (ingress) yield ingress;
    else yield* annotationsBelow(object, kind);
    yield* controllerWorkloadsOf(object);
    yield* balancerServiceOf(object);
    for (const entity of [
      controllerConfigOf(object),
      ingressClassOf(object),
      streamServicesOf(object),
      namedObjectOf(object),
      serviceOf(object),
    ]) {
      if (entity) yield entity;
    }
  }
  for (const { controller, hasUpstreamDefaults, isLayer } of chartControllers(file, root)) {
    const config = chartConfigOf(controller);
    if (config) yield { ...config, isOpen: config.isOpen || isLayer };
    const workload = chartWorkloadOf(controller);
    yield {
      ...workload,
      kind: orDefault(workload.kind, hasUpstreamDefaults),
      mayHaveMoreFlags: workload.mayHaveMoreFlags || isLayer,
    };
    yield* chartBalancer(controller);
    const pods = chartPodNetwork(controller);
    yield { ...pods, hostNetwork: orDefault(pods.hostNetwork, hasUpstreamDefaults) };
    const service = chartService(controller);
    if (service) yield service;
  }
  if (isManifest) return;
  const variables = kubesprayConfigOf(root);
  if (variables) yield variables;
  yield* annotationsBelow(root, undefined);
}

/** Words that one of them has. */
export const CONTROLLER_WORDS = /nginx|kind["']?: *["']?(?:Ingress|ConfigMap|Service|Secret)\b/;
