import type { CoreV1Event, V1Lease } from '@kubernetes/client-node';
import type { KubernetesObject, Observed } from './objects.ts';

/** A kind and the type of its objects. */
export interface ObjectKind<T extends KubernetesObject = KubernetesObject> {
  readonly apiVersion: string;
  readonly kind: string;
  readonly plural: string;
  /** Whether its objects have no namespace; their keys then have the namespace ''. */
  readonly clusterScoped?: boolean;
  /** Lists and watches see only objects with these labels. */
  readonly labelSelector?: string;
  /** And only those that match this field selector, such as `type!=helm.sh/release.v1`. */
  readonly fieldSelector?: string;
  /** Never set: it ties the type to the kind. */
  readonly objectType?: T;
}

/** The API group of a kind; empty for the core group. */
export const groupOf = ({ apiVersion }: Pick<ObjectKind, 'apiVersion'>): string =>
  /^(.*)\//.exec(apiVersion)?.[1] ?? '';

export const leases: ObjectKind<Observed<V1Lease>> = {
  apiVersion: 'coordination.k8s.io/v1',
  kind: 'Lease',
  plural: 'leases',
};

/** From the core group: the times by which kubectl sorts Events cannot be written through events.k8s.io. */
export const events: ObjectKind<Observed<CoreV1Event>> = {
  apiVersion: 'v1',
  kind: 'Event',
  plural: 'events',
};
