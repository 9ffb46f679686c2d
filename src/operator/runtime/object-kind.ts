import type { CoreV1Event, V1Lease } from '@kubernetes/client-node';
import type { KubernetesObject, Observed } from './objects.ts';

/** A kind and the type of its objects. */
export interface ObjectKind<T extends KubernetesObject = KubernetesObject> {
  readonly apiVersion: string;
  readonly kind: string;
  readonly plural: string;
  /** Whether its objects have no namespace: then that of their keys is ''. */
  readonly clusterScoped?: boolean;
  /** Lists and watches see only objects with these labels. */
  readonly labelSelector?: string;
  /** And only those whose fields are so: `type!=helm.sh/release.v1`. */
  readonly fieldSelector?: string;
  /** Never set: it ties the type to the kind. */
  readonly objectType?: T;
}

/** The API group of a kind; empty for the core. */
export const groupOf = ({ apiVersion }: Pick<ObjectKind, 'apiVersion'>): string =>
  /^(.*)\//.exec(apiVersion)?.[1] ?? '';

export const leases: ObjectKind<Observed<V1Lease>> = {
  apiVersion: 'coordination.k8s.io/v1',
  kind: 'Lease',
  plural: 'leases',
};

/** Of the core: the times that kubectl orders Events by cannot be written through events.k8s.io. */
export const events: ObjectKind<Observed<CoreV1Event>> = {
  apiVersion: 'v1',
  kind: 'Event',
  plural: 'events',
};
