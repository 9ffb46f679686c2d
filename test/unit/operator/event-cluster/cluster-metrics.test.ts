import { beforeEach, describe, expect, it } from '@jest/globals';
import { ExpectedError } from '../../../../src/lib/errors.ts';
import { createRegistry, type Registry } from '../../../../src/lib/metrics.ts';
import type { BrokerView } from '../../../../src/operator/event-cluster/broker-view.ts';
import { ClusterMetrics } from '../../../../src/operator/event-cluster/cluster-metrics.ts';
import { ManualClock } from '../../../../src/operator/runtime/testing/manual-clock.ts';

const well: BrokerView = {
  answered: true,
  clusterId: 'abc',
  controllerId: 1,
  brokers: [0, 1].map((id) => ({ id, host: `broker-${id}`, port: 9092 })),
  topics: 4,
  partitions: 12,
  underReplicatedPartitions: 3,
  leaderlessPartitions: 2,
};
const refusing = (code: string, retryable: boolean): BrokerView => ({
  answered: false,
  error: new ExpectedError(code, 'no answer', { retryable }),
});
const events = { namespace: 'tasks', name: 'events' };

let registry: Registry;
let clock: ManualClock;
let metrics: ClusterMetrics;

beforeEach(() => {
  registry = createRegistry('operator');
  clock = new ManualClock();
  metrics = new ClusterMetrics(registry, clock);
});

/** What a scrape has of a cluster. */
async function told(name = 'events'): Promise<string[]> {
  const lines = (await registry.metrics()).split('\n');
  const labels = `{resource_namespace="tasks",name="${name}",program="operator"}`;
  return lines.filter((line) => line.includes(labels)).map((line) => line.replace(labels, ''));
}

describe('the metrics of event clusters', () => {
  it('tell what brokers said, by the names that others have for it', async () => {
    metrics.looked(events, well);
    expect(await told()).toEqual([
      'kafka_brokers 2',
      'kafka_controller_kafkacontroller_activecontrollercount 1',
      'kafka_controller_kafkacontroller_offlinepartitionscount 2',
      'kafka_server_replicamanager_underreplicatedpartitions 3',
      'kafka_controller_kafkacontroller_globaltopiccount 4',
      'kafka_controller_kafkacontroller_globalpartitioncount 12',
    ]);
    metrics.looked(events, { ...well, controllerId: undefined });
    expect(await told()).toContain('kafka_controller_kafkacontroller_activecontrollercount 0');
  });

  it.each<[string, BrokerView | undefined]>([
    ['no broker is ready', undefined],
    ['none answers', refusing('BrokerUnreachable', true)],
  ])('tell only that no broker is running when %s', async (_, view) => {
    metrics.looked(events, well);
    metrics.looked(events, view);
    expect(await told()).toEqual(['kafka_brokers 0']);
  });

  it('tell nothing of brokers that may not be asked', async () => {
    metrics.looked(events, refusing('NotAuthorized', false));
    expect(await told()).toEqual([]);
  });

  it('forget what nobody looks at any more, and nothing else', async () => {
    metrics.looked(events, well);
    metrics.looked({ ...events, name: 'gone' }, well);
    await clock.advance(90_000);
    metrics.looked(events, well);
    await clock.advance(60_000);
    expect(await told('gone')).toEqual([]);
    expect(await told()).toContain('kafka_brokers 2');
  });
});
