import type {
  V1ConfigMap,
  V1Deployment,
  V1Job,
  V1Namespace,
  V1NetworkPolicy,
  V1PersistentVolumeClaim,
  V1Pod,
  V1PodDisruptionBudget,
  V1ReplicaSet,
  V1Secret,
  V1Service,
  V1StatefulSet,
} from '@kubernetes/client-node';
import { chatApi, type ChatApi } from '../api/chat-api.ts';
import { deadLetterReplay, type DeadLetterReplay } from '../api/dead-letter-replay.ts';
import { eventCluster, type EventCluster } from '../api/event-cluster.ts';
import { eventTopic, type EventTopic } from '../api/event-topic.ts';
import { eventUser, type EventUser } from '../api/event-user.ts';
import { reminderConsumer, type ReminderConsumer } from '../api/reminder-consumer.ts';
import type { ObjectKind } from './runtime/object-kind.ts';
import type { Observed } from './runtime/objects.ts';

export const eventClusters: ObjectKind<EventCluster> = eventCluster;
export const eventTopics: ObjectKind<EventTopic> = eventTopic;
export const eventUsers: ObjectKind<EventUser> = eventUser;
export const reminderConsumers: ObjectKind<ReminderConsumer> = reminderConsumer;
export const chatApis: ObjectKind<ChatApi> = chatApi;
export const deadLetterReplays: ObjectKind<DeadLetterReplay> = deadLetterReplay;

/** All of them, for the labels that an EventCluster may select them by. */
export const namespaces: ObjectKind<Observed<V1Namespace>> = {
  apiVersion: 'v1',
  kind: 'Namespace',
  plural: 'namespaces',
  clusterScoped: true,
};

/** The label on everything that the operator makes; of the built-in kinds it sees nothing else. */
export const managedByLabel = { 'app.kubernetes.io/managed-by': 'kafka-events' };
const labelSelector = 'app.kubernetes.io/managed-by=kafka-events';

const core = (kind: string, plural: string) => ({ apiVersion: 'v1', kind, plural, labelSelector });
const apps = (kind: string, plural: string) => ({ apiVersion: 'apps/v1', kind, plural, labelSelector });

export const configMaps: ObjectKind<Observed<V1ConfigMap>> = core('ConfigMap', 'configmaps');
export const pods: ObjectKind<Observed<V1Pod>> = core('Pod', 'pods');
export const persistentVolumeClaims: ObjectKind<Observed<V1PersistentVolumeClaim>> = core(
  'PersistentVolumeClaim',
  'persistentvolumeclaims',
);
export const secrets: ObjectKind<Observed<V1Secret>> = core('Secret', 'secrets');
export const services: ObjectKind<Observed<V1Service>> = core('Service', 'services');
export const deployments: ObjectKind<Observed<V1Deployment>> = apps('Deployment', 'deployments');
/** Their labels are those of the pod template. */
export const replicaSets: ObjectKind<Observed<V1ReplicaSet>> = apps('ReplicaSet', 'replicasets');
export const statefulSets: ObjectKind<Observed<V1StatefulSet>> = apps('StatefulSet', 'statefulsets');
export const jobs: ObjectKind<Observed<V1Job>> = { apiVersion: 'batch/v1', kind: 'Job', plural: 'jobs', labelSelector };
export const podDisruptionBudgets: ObjectKind<Observed<V1PodDisruptionBudget>> = {
  apiVersion: 'policy/v1',
  kind: 'PodDisruptionBudget',
  plural: 'poddisruptionbudgets',
  labelSelector,
};
export const networkPolicies: ObjectKind<Observed<V1NetworkPolicy>> = {
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  plural: 'networkpolicies',
  labelSelector,
};
