import type { Reading } from './reading.ts';
import type { Place } from './value.ts';

/** A Service, or values of the chart for one, whose annotations have the cloud’s balancer speak the PROXY protocol. */
export interface BalancerService {
  readonly is: 'balancerService';
  /** The annotation that turns it on. */
  readonly annotation: string;
  readonly place: Place;
  /** True if it is certainly the controller’s: values of its chart, or its labels. */
  readonly isController: boolean;
}

/** Annotations of clouds, and the values that turn the PROXY protocol on. */
const SWITCHES: readonly (readonly [annotation: string, on: RegExp])[] = [
  ['service.beta.kubernetes.io/aws-load-balancer-proxy-protocol', /^\*$/],
  ['service.beta.kubernetes.io/aws-load-balancer-target-group-attributes', /proxy_protocol_v2\.enabled=true/],
  ['service.beta.kubernetes.io/do-loadbalancer-enable-proxy-protocol', /^true$/],
  ['service.beta.kubernetes.io/linode-loadbalancer-proxy-protocol', /^v[12]$/],
  ['service.beta.kubernetes.io/scw-loadbalancer-proxy-protocol-v2', /^(?:true|\*)$/],
  ['service.beta.kubernetes.io/ovh-loadbalancer-proxy-protocol', /^v[12]/],
  ['service.beta.kubernetes.io/vultr-loadbalancer-proxy-protocol', /^true$/],
  ['load-balancer.hetzner.cloud/uses-proxyprotocol', /^true$/],
  ['loadbalancer.openstack.org/proxy-protocol', /^(?:true|v1|v2)$/],
  ['kubernetes.civo.com/loadbalancer-enable-proxy-protocol', /^send-proxy/],
];

/** The Service that an object is, if its balancer speaks the PROXY protocol. */
export function* balancerServiceOf(object: Reading): Iterable<BalancerService> {
  if (!object.get('kind').string().is('Service')) return;
  const labels = [object.at('metadata', 'labels'), object.at('spec', 'selector')];
  const isController = labels.some(each => each.get('app.kubernetes.io/name').string().is('ingress-nginx'));
  yield* switchedOn(object.at('metadata', 'annotations'), isController);
}

/** The Service that values of the chart describe. */
export function chartBalancer(controller: Reading): Iterable<BalancerService> {
  return switchedOn(controller.at('service', 'annotations'), true);
}

function* switchedOn(annotations: Reading, isController: boolean): Iterable<BalancerService> {
  for (const [annotation, on] of SWITCHES) {
    const value = annotations.get(annotation).printed();
    if (value.place && on.test(value.known ?? '')) {
      yield { is: 'balancerService', annotation, place: value.place, isController };
    }
  }
}
