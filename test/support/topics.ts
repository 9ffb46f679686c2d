import type { EventTopic } from '../../src/api/event-topic.ts';
import { systemClock, type Clock } from '../../src/lib/clock.ts';
import { createEventTopicController } from '../../src/operator/event-topic/controller.ts';
import { AdminClients } from '../../src/operator/brokers/admin-clients.ts';
import { eventClusters, eventTopics } from '../../src/operator/kinds.ts';
import type { Key } from '../../src/operator/runtime/objects.ts';
import type { Kubernetes } from './kubernetes.ts';
import { runController, silentLogger, type RunningManager } from './running-manager.ts';
import { available, setStatus } from './set-status.ts';

/** An operator that keeps topics, in this process. */
export function runTopicOperator(kubernetes: Kubernetes, clock: Clock = systemClock): RunningManager {
  const clients = new AdminClients({ clock, logger: silentLogger });
  const running = runController(kubernetes, createEventTopicController(clients), { clock });
  return {
    ...running,
    stop: async () => {
      await running.stop();
      await clients.stop();
    },
  };
}

/** An EventCluster as its controller would leave it, were it to run. */
export async function declareCluster(
  kubernetes: Kubernetes,
  key: Key,
  bootstrapServers: string,
  { condition = available('True'), clusterId }: { readonly condition?: object; readonly clusterId?: string } = {},
): Promise<void> {
  await kubernetes.client.create(eventClusters, {
    metadata: { ...key },
    spec: { engine: 'External', external: { bootstrapServers } },
  } as object);
  await setStatus(kubernetes, eventClusters, key, { bootstrapServers, clusterId, conditions: [condition] });
}

export function declareTopic({ client }: Pick<Kubernetes, 'client'>, key: Key, spec: object): Promise<EventTopic> {
  const manifest = { metadata: { ...key }, spec: { clusterRef: { name: 'events' }, ...spec } };
  return client.create(eventTopics, manifest);
}
