import type { ChatApi } from '../../api/chat-api.ts';
import type { ReminderConsumer } from '../../api/reminder-consumer.ts';
import { watch, watchOwned, type Watch } from '../runtime/reconcile/controller.ts';
import { deployments, eventClusters, eventTopics, eventUsers, networkPolicies, pods, replicaSets } from '../kinds.ts';
import type { ObjectKind } from '../runtime/object-kind.ts';
import { keyOf, keyText, type Key, type KubernetesObject } from '../runtime/objects.ts';
import { byCluster, clusterKey, watchConsent } from '../brokers/cluster-access.ts';
import { instanceOf } from '../pods/labels.ts';
import { topicIndex, topicIndexValue } from '../event-topic/topic-index.ts';
import { userSecrets, type SecretReference } from '../brokers/user-secrets.ts';

type WorkloadResource = ChatApi | ReminderConsumer;

/** What a workload names in its spec. */
export interface WorkloadNeeds<T> {
  readonly secretsOf: (resource: T) => readonly SecretReference[];
  readonly topicsOf: (resource: T) => readonly string[];
  /** The EventUsers that its pods may connect as. */
  readonly usersOf: (resource: T) => readonly Key[];
}

/** What wakes a workload when it changes: all that it refers to, and all that it is made of. */
export function workloadWatches<T extends WorkloadResource & KubernetesObject>(
  kind: ObjectKind<T>,
  component: string,
  { secretsOf, topicsOf, usersOf }: WorkloadNeeds<T>,
): Watch[] {
  const byTopic = (resource: T) => topicsOf(resource).map((topic) => topicIndexValue(clusterKey(resource), topic));
  const bySecret = (resource: T) =>
    [...secretsOf(resource), ...usersOf(resource)].map(({ name }) =>
      keyText({ namespace: resource.metadata.namespace, name }),
    );
  return [
    watch(eventClusters, ({ object }, caches) =>
      caches
        .of(kind)
        .by(byCluster, keyText(keyOf(object)))
        .map(keyOf),
    ),
    watch(eventTopics, ({ object }, caches) =>
      topicIndex(object).flatMap((topic) => caches.of(kind).by(byTopic, topic).map(keyOf)),
    ),
    watch(userSecrets, ({ object }, caches) =>
      caches
        .of(kind)
        .by(bySecret, keyText(keyOf(object)))
        .map(keyOf),
    ),
    watchConsent(kind),
    watchOwned(deployments, kind),
    watchOwned(eventUsers, kind),
    watchOwned(networkPolicies, kind),
    watch(replicaSets, ({ object }) => instanceOf(object, component)),
    watch(pods, ({ object }) => instanceOf(object, component)),
  ];
}
