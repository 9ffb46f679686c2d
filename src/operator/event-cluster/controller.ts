import type { EventCluster } from '../../api/event-cluster.ts';
import type { Controller } from '../runtime/reconcile/controller.ts';
import { watch, watchOwned } from '../runtime/reconcile/controller.ts';
import {
  configMaps,
  deployments,
  eventClusters,
  eventTopics,
  eventUsers,
  namespaces,
  networkPolicies,
  persistentVolumeClaims,
  podDisruptionBudgets,
  pods,
  reminderConsumers,
  services,
  statefulSets,
} from '../kinds.ts';
import { keyOf, keyText, type Key, type KubernetesObject } from '../runtime/objects.ts';
import type { Brokers } from '../brokers/brokers.ts';
import type { RedpandaAdmin } from '../brokers/redpanda-admin.ts';
import type { PodDefaults } from '../pods/pod-defaults.ts';
import type { PodSecurityLevel } from '../pods/pod-security-standard.ts';
import { clusterSecrets } from '../brokers/cluster-access.ts';
import { instanceOf } from '../pods/labels.ts';
import { userSecrets } from '../brokers/user-secrets.ts';
import type { BrokerView } from './broker-view.ts';
import { ExternalLooks } from './external-looks.ts';
import { lastOfItsResources } from './finalizer.ts';
import { component } from './names.ts';
import { conditionTypes, reconcileEngine } from './reconcile-engine.ts';
import { RememberedByCluster } from '../brokers/remembered-by-cluster.ts';
import { configSecrets, SentSecrets } from './secret-config.ts';
import { securitySecrets } from './security/align-security.ts';
import { reconcileExternal } from './reconcile-external.ts';

export interface EventClusterControllerOptions {
  readonly brokers: Brokers;
  /** Redpanda's own API, for brokers that the operator runs. */
  readonly redpandaAdmin: RedpandaAdmin;
  /** What a resource's podTemplate may ask for at most. */
  readonly podSecurity: PodSecurityLevel;
  /** What its pods have that say nothing else. */
  readonly podDefaults?: PodDefaults | undefined;
  /** Where the operator itself runs, which the network policies of brokers let in. */
  readonly operatorNamespace: string;
  /** Is told of each look at the brokers of a cluster: undefined while none is ready. */
  readonly onLook?: ((cluster: Key, view: BrokerView | undefined) => void) | undefined;
}

/** Keeps event clusters: runs the brokers of an engine, or looks after the way to those that somebody else runs. */
export function createEventClusterController({
  brokers,
  redpandaAdmin,
  podSecurity,
  podDefaults,
  operatorNamespace,
  onLook = () => {},
}: EventClusterControllerOptions): Controller<EventCluster> {
  const looks = new ExternalLooks(brokers);
  const sentSecrets = new SentSecrets();
  const configVersions = new RememberedByCluster<number>();
  const instance = ({ object }: { object: KubernetesObject }) => instanceOf(object, component);
  return {
    name: 'event-cluster',
    kind: eventClusters,
    lane: (cluster) => keyText(keyOf(cluster)),
    // A roll brings a dozen changes for each pod, and none of its steps should wait.
    rateLimit: { burst: 100, perSecond: 5 },
    conditionTypes,
    watches: [
      watchOwned(statefulSets, eventClusters),
      watchOwned(configMaps, eventClusters),
      watchOwned(services, eventClusters),
      watchOwned(podDisruptionBudgets, eventClusters),
      watchOwned(networkPolicies, eventClusters),
      // These belong to the StatefulSet, and carry the cluster's name.
      watch(pods, instance),
      watch(persistentVolumeClaims, instance),
      watch(userSecrets, ({ object }, caches) =>
        caches
          .of(eventClusters)
          .by(secretsOf, keyText(keyOf(object)))
          .map(keyOf),
      ),
      // Who depends on a cluster is looked up when it goes, and when it moves to closed listeners.
      watch(deployments, () => []),
      watch(eventTopics, () => []),
      watch(eventUsers, () => []),
      watch(reminderConsumers, () => []),
      watch(namespaces, () => []),
    ],
    finalizer: lastOfItsResources,
    reconcile: (context) =>
      context.object.spec.engine === 'External'
        ? reconcileExternal(context, looks, onLook)
        : reconcileEngine(context, {
            brokers,
            admin: redpandaAdmin,
            podSecurity,
            podDefaults,
            operatorNamespace,
            sentSecrets,
            configVersions,
            onLook,
          }),
  };
}

function secretsOf(cluster: EventCluster): string[] {
  const read = [...clusterSecrets(cluster), ...configSecrets(cluster)].map(({ name }) => name);
  const names = [...new Set([...read, ...securitySecrets(cluster)])];
  return names.map((name) => keyText({ namespace: cluster.metadata.namespace, name }));
}
