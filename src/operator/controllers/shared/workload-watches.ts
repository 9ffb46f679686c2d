import type { ChatApi } from '../../../api/chat-api.ts';
import type { ReminderConsumer } from '../../../api/reminder-consumer.ts';
import { watch, watchOwned, type Watch } from '../../runtime/controller.ts';
import { deployments, eventClusters, eventTopics, pods, type ObjectKind } from '../../runtime/kinds.ts';
import { keyOf, keyText, type KubernetesObject } from '../../runtime/objects.ts';
import { clusterKey } from './cluster-access.ts';
import { instanceOf } from './labels.ts';
import { userSecrets, type SecretReference } from './user-secrets.ts';

type WorkloadResource = ChatApi | ReminderConsumer;

/** What a change of wakes a workload: all that it refers to, and all that it is made of. */
export function workloadWatches<T extends WorkloadResource & KubernetesObject>(
  kind: ObjectKind<T>,
  component: string,
  secretsOf: (resource: T) => readonly SecretReference[],
): Watch[] {
  const byCluster = (resource: T) => [keyText(clusterKey(resource))];
  const bySecret = (resource: T) =>
    secretsOf(resource).map(({ name }) => keyText({ namespace: resource.metadata.namespace, name }));
  return [
    watch(eventClusters, ({ object }, caches) =>
      caches
        .of(kind)
        .by(byCluster, keyText(keyOf(object)))
        .map(keyOf),
    ),
    watch(eventTopics, ({ object }, caches) =>
      caches
        .of(kind)
        .by(byCluster, keyText(clusterKey(object)))
        .map(keyOf),
    ),
    watch(userSecrets, ({ object }, caches) =>
      caches
        .of(kind)
        .by(bySecret, keyText(keyOf(object)))
        .map(keyOf),
    ),
    watchOwned(deployments, kind),
    watch(pods, ({ object }) => instanceOf(object, component)),
  ];
}
