import type { EventCluster } from '../../api/event-cluster.ts';
import type { ClusterRef } from '../../api/shared.ts';
import { eventClusters } from '../kinds.ts';
import type { Caches } from '../runtime/cache/caches.ts';
import type { Change } from '../runtime/cache/informer.ts';
import type { ObjectKind } from '../runtime/object-kind.ts';
import { keyOf, keyText, type KubernetesObject } from '../runtime/objects.ts';
import { watch, type Watch } from '../runtime/reconcile/controller.ts';
import { byCluster, clusterSecrets, watchConsent, workloadSecrets } from './cluster-access.ts';
import { userSecrets } from './user-secrets.ts';

interface BelongsToCluster extends KubernetesObject {
  readonly spec: { readonly clusterRef: ClusterRef };
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] | undefined };
}

/** Wakes what is kept on the brokers of a cluster: by the cluster, the Secrets to reach it, and its owner's consent. */
export function clusterWatches<T extends BelongsToCluster>(kind: ObjectKind<T>): Watch[] {
  const resourcesOf = (cluster: EventCluster, caches: Caches) => caches.of(kind).by(byCluster, keyText(keyOf(cluster)));
  return [
    watch(eventClusters, (change, caches) => {
      const isAboutAll = concernsResources(change);
      if (!isAboutAll && !hasGained(change)) return [];
      const resources = resourcesOf(change.object, caches);
      return (isAboutAll ? resources : resources.filter((resource) => !isReady(resource))).map(keyOf);
    }),
    watch(userSecrets, ({ object }, caches) => {
      const clusters = caches.of(eventClusters).by(bySecret, keyText(keyOf(object)));
      return clusters.flatMap((cluster) => resourcesOf(cluster, caches)).map(keyOf);
    }),
    watchConsent(kind),
  ];
}

const bySecret = (cluster: EventCluster) =>
  [...clusterSecrets(cluster), ...workloadSecrets(cluster)].map(({ name }) =>
    keyText({ namespace: cluster.metadata.namespace, name }),
  );

/** A cluster's status changes often, and for thousands of resources only this of it counts. */
function concernsResources({ object, previous, deleted }: Change<EventCluster>): boolean {
  if (!previous || deleted || object.metadata.deletionTimestamp !== previous.metadata.deletionTimestamp) return true;
  return reachability(object) !== reachability(previous);
}

/** With a broker more, there may be as many as a topic needs. */
const hasGained = ({ object, previous }: Change<EventCluster>): boolean =>
  (object.status?.brokers?.ready ?? 0) > (previous?.status?.brokers?.ready ?? 0);

const isReady = ({ status }: BelongsToCluster): boolean =>
  status?.conditions?.find(({ type }) => type === 'Ready')?.status === 'True';

function reachability({ spec, status }: EventCluster): string {
  const available = status?.conditions?.find(({ type }) => type === 'Available');
  return JSON.stringify([
    available?.status,
    available?.reason,
    status?.bootstrapServers,
    status?.clusterId,
    spec.allowedNamespaces,
    spec.tls,
    spec.authentication,
    spec.security,
    status?.security,
  ]);
}
