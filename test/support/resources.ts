import { chatApi, type ChatApi } from '../../src/api/chat-api.ts';
import { deadLetterReplay, type DeadLetterReplay } from '../../src/api/dead-letter-replay.ts';
import { eventCluster, type EventCluster } from '../../src/api/event-cluster.ts';
import { eventUser, type EventUser } from '../../src/api/event-user.ts';
import { reminderConsumer, type ReminderConsumer } from '../../src/api/reminder-consumer.ts';
import type { KindDefinition } from '../../src/api/resource.ts';
import type { ObjectMeta } from '../../src/lib/kubernetes-object.ts';

const metadata: ObjectMeta = {
  name: 'example',
  namespace: 'tasks',
  uid: '00000000-0000-4000-8000-000000000001',
  resourceVersion: '1',
  generation: 1,
  creationTimestamp: '2026-01-01T00:00:00Z',
};

/** A resource as the API server would answer it: the defaults are filled in. */
function resource(definition: KindDefinition, name: string, spec: object, status?: object): unknown {
  const { apiVersion, kind } = definition;
  const filled = definition.spec.parse(spec);
  return { apiVersion, kind, metadata: { ...metadata, name }, spec: filled, ...(status && { status }) };
}

export const anEventCluster = (spec: object = {}, status?: EventCluster['status']) =>
  resource(eventCluster, 'events', spec, status) as EventCluster;

export const aChatApi = (spec: object = {}) =>
  resource(chatApi, 'chat', {
    clusterRef: { name: 'events' },
    databaseSecretRef: { name: 'database' },
    auth: { tokensSecretRef: { name: 'chat-tokens' } },
    ...spec,
  }) as ChatApi;

export const aReminderConsumer = (spec: object = {}) =>
  resource(reminderConsumer, 'reminders', {
    clusterRef: { name: 'events' },
    databaseSecretRef: { name: 'database' },
    ...('scaling' in spec ? {} : { replicas: 1 }),
    ...spec,
  }) as ReminderConsumer;

export const aDeadLetterReplay = (spec: object = {}) =>
  resource(deadLetterReplay, 'again', { consumerRef: { name: 'reminders' }, ...spec }) as DeadLetterReplay;

export const anEventUser = (spec: object = {}, status?: EventUser['status']) =>
  resource(eventUser, 'orders', { clusterRef: { name: 'events' }, ...spec }, status) as EventUser;
