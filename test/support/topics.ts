import { expect } from '@jest/globals';
import type { EventTopic } from '../../src/api/event-topic.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { createEventTopicController } from '../../src/operator/controllers/event-topic/controller.ts';
import { KafkaClients } from '../../src/operator/kafka/kafka-clients.ts';
import { events, eventClusters, eventTopics } from '../../src/operator/runtime/kinds.ts';
import type { Key } from '../../src/operator/runtime/objects.ts';
import { eventually, type Kubernetes } from './kubernetes.ts';
import { runController, silentLogger, type RunningManager } from './running-manager.ts';

/** An operator that keeps topics, in this process. */
export function runTopicOperator(kubernetes: Kubernetes): RunningManager {
  const clients = new KafkaClients({ clock: systemClock, logger: silentLogger });
  const running = runController(kubernetes, createEventTopicController(clients));
  return {
    ...running,
    stop: async () => {
      await running.stop();
      await clients.stop();
    },
  };
}

/** An EventCluster as its controller would leave it, were it to run. */
export async function declareCluster(kubernetes: Kubernetes, key: Key, bootstrapServers: string): Promise<void> {
  const { client } = kubernetes;
  await client.create(eventClusters, {
    metadata: { ...key },
    spec: { engine: 'External', external: { bootstrapServers } },
  } as object);
  const patch = { metadata: { ...key }, status: { bootstrapServers } };
  await client.apply(eventClusters, patch, { fieldManager: 'test', subresource: 'status' });
}

export function declareTopic(kubernetes: Kubernetes, key: Key, spec: object): Promise<EventTopic> {
  const manifest = { metadata: { ...key }, spec: { clusterRef: { name: 'events' }, ...spec } };
  return kubernetes.client.create(eventTopics, manifest);
}

/** Waits until Ready says so about the newest spec. */
export function topicHas(
  kubernetes: Kubernetes,
  key: Key,
  ready: { readonly status: string; readonly reason: string; readonly message?: unknown },
  milliseconds?: number,
): Promise<EventTopic> {
  return eventually(async () => {
    const topic = await kubernetes.client.get(eventTopics, key);
    expect(topic?.status?.observedGeneration).toBe(topic?.metadata.generation);
    expect(topic?.status?.conditions).toContainEqual(expect.objectContaining({ type: 'Ready', ...ready }));
    return topic!;
  }, milliseconds);
}

/** The Events about an object, as `Reason: note`. */
export async function eventsAbout(kubernetes: Kubernetes, { namespace, name }: Key): Promise<string[]> {
  const { items } = await kubernetes.client.list(events, namespace);
  return items.filter(({ regarding }) => regarding?.name === name).map(({ reason, note }) => `${reason}: ${note}`);
}
