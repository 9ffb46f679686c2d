import { describe, expect, it } from '@jest/globals';
import type { EventCluster } from '../../../../src/api/event-cluster.ts';
import type { EventTopic } from '../../../../src/api/event-topic.ts';
import type { byCluster } from '../../../../src/operator/brokers/cluster-access.ts';
import { clusterWatches } from '../../../../src/operator/brokers/cluster-watches.ts';
import { eventClusters, eventTopics } from '../../../../src/operator/kinds.ts';
import type { Caches } from '../../../../src/operator/runtime/cache/caches.ts';
import { ObjectCache } from '../../../../src/operator/runtime/cache/object-cache.ts';
import { anEventCluster } from '../../../support/resources.ts';

const cluster = anEventCluster({ engine: 'Kafka' });
const { name: clusterName, namespace } = cluster.metadata;

const topics = new ObjectCache<EventTopic>();
for (const [name, status] of [
  ['ready', 'True'],
  ['refused', 'False'],
] as const) {
  topics.put({
    metadata: { name, namespace, uid: name, resourceVersion: '1' },
    spec: { clusterRef: { name: clusterName } },
    status: { conditions: [{ type: 'Ready', status }] },
  } as EventTopic);
}
const caches = {
  of: () => ({
    by: (index: typeof byCluster, value: string) => topics.list().filter((topic) => index(topic).includes(value)),
  }),
} as unknown as Caches;

function withStatus(ready: number, available = 'True'): EventCluster {
  const conditions = [{ type: 'Available', status: available, reason: 'BrokersAnswer' }];
  return { ...cluster, status: { conditions, brokers: { desired: 3, ready } } } as EventCluster;
}

function woken(previous: EventCluster, object: EventCluster): string[] {
  const [first] = clusterWatches(eventTopics);
  expect(first!.kind).toBe(eventClusters);
  return first!.requests({ previous, object, deleted: false }, caches).map(({ name }) => name);
}

describe('a change of a cluster', () => {
  it('wakes all that is kept on its brokers when they begin to answer', () => {
    expect(woken(withStatus(0, 'False'), withStatus(2))).toEqual(['ready', 'refused']);
  });

  it('wakes what is not ready when a broker more is: it may have been one too few', () => {
    expect(woken(withStatus(2), withStatus(3))).toEqual(['refused']);
  });

  it.each([
    ['stays as it is', 3, 3],
    ['has a broker less', 3, 2],
  ])('wakes nothing when it %s', (_, before, after) => {
    expect(woken(withStatus(before), withStatus(after))).toEqual([]);
  });
});
