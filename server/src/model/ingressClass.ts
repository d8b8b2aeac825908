import type { Reading } from './reading.ts';
import type { Value } from './value.ts';

/** An IngressClass: which controller serves the Ingresses that name it. */
export interface IngressClass {
  readonly is: 'ingressClass';
  readonly name: Value<string>;
  readonly controller: Value<string>;
  readonly isDefault: boolean;
}

/** The IngressClass that an object is, if it is one. */
export function ingressClassOf(object: Reading): IngressClass | null {
  if (!object.get('kind').string().is('IngressClass')) return null;
  const mark = object.at('metadata', 'annotations').get('ingressclass.kubernetes.io/is-default-class').string();
  return {
    is: 'ingressClass',
    name: object.at('metadata', 'name').string(),
    controller: object.at('spec', 'controller').string(),
    isDefault: mark.is('true'),
  };
}
