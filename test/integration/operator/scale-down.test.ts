import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { systemClock } from '../../../src/lib/clock.ts';
import { createConsumer } from '../../../src/kafka/consumer.ts';
import { createProducer } from '../../../src/kafka/producer.ts';
import { AdminClients } from '../../../src/operator/brokers/admin-clients.ts';
import { createBrokers, type ReplicaAdmin } from '../../../src/operator/brokers/brokers.ts';
import { drainBrokers, restoreBrokers } from '../../../src/operator/event-cluster/kafka/drain-brokers.ts';
import { healthOf } from '../../../src/operator/event-cluster/kafka/look.ts';
import { indexes } from '../../../src/operator/event-cluster/names.ts';
import { tidyMembers } from '../../../src/operator/event-cluster/kafka/tidy-members.ts';
import { riskOf } from '../../../src/operator/event-cluster/kafka/risks.ts';
import { eventually } from '../../support/kubernetes.ts';
import { startRenderedKafka, type RenderedKafka } from '../../support/rendered-kafka.ts';
import { anEventCluster } from '../../support/resources.ts';
import { silentLogger } from '../../support/running-manager.ts';

/** Quick to notice that a broker is gone, and small. */
const config = {
  'broker.heartbeat.interval.ms': 500,
  'broker.session.timeout.ms': 3000,
  'offsets.topic.num.partitions': 3,
  'group.initial.rebalance.delay.ms': 0,
};

describe('brokers of a Kafka cluster that leave', () => {
  let kafka: RenderedKafka;
  let clients: AdminClients;
  let admin: ReplicaAdmin;
  const bytesPerSecond = 50_000_000;
  const drain = () => drainBrokers(admin, { leaving: [3], staying: 3 }, bytesPerSecond);
  const connection = () => ({ bootstrapServers: kafka.bootstrapServers, clientId: 'test' });
  const pods = (count: number) =>
    indexes(count).map((index) => ({ index, ready: true, starting: false, ending: false }));
  const topicAdmin = () => clients.topicAdmin(connection());

  beforeAll(async () => {
    kafka = await startRenderedKafka(anEventCluster({ engine: 'Kafka', brokers: 4, config }));
    clients = new AdminClients({ clock: systemClock, logger: silentLogger });
    admin = createBrokers(clients).replicas(connection());
  });
  afterAll(async () => {
    await clients.stop();
    await kafka.stop();
  });

  const replicasOn = async (id: number) => {
    const { topics } = await admin.describeReplicas();
    return topics.flatMap(({ partitions }) => partitions.filter(({ replicas }) => replicas.includes(id))).length;
  };

  it('are missed, or not, before that: of three controllers, one may be away, and of two replicas none', async () => {
    const health = async () => healthOf(4, await clients.clusterAdmin(connection()).describeAvailability());
    const minimum = { 'min.insync.replicas': '1' };
    await topicAdmin().createTopics([{ name: 'rolled', partitions: 8, replicationFactor: 2, configs: minimum }]);
    const settled = () =>
      eventually(async () =>
        expect(await health()).toMatchObject({ unsettled: undefined, risks: new Map<number, string>() }),
      );
    await settled();
    expect([0, 1, 2]).toContain((await health()).controllerIndex);

    await kafka.brokers[1]!.stop();
    await eventually(async () => {
      const { unsettled, risks } = await health();
      expect(unsettled).toMatchObject({ reason: 'BrokersJoining', message: expect.stringContaining('broker 1 has') });
      expect(risks.get(0)).toContain('majority of the controllers');
      expect(risks.get(2)).toContain('majority of the controllers');
      expect(risks.get(1)).toBeUndefined();
    });
    await kafka.start(1);
    await settled();
    await topicAdmin().deleteTopics([{ name: 'rolled', topicId: undefined }]);
  });

  it('are emptied step by step by whoever goes on, stay if they are wanted again, and are forgotten', async () => {
    await topicAdmin().createTopics([
      { name: 'tasks', partitions: 8, replicationFactor: 2 },
      { name: 'alone', partitions: 8, replicationFactor: 1 },
    ]);
    await eventually(async () => expect(await replicasOn(3)).toBeGreaterThan(3));
    const producer = createProducer(connection(), { logger: silentLogger });
    const messages = Array.from({ length: 400 }, (_, index) => ({ key: `key-${index}`, value: `value-${index}` }));
    // Its leaders have only just been told.
    await eventually(() => producer.send('alone', messages));

    // Undone at once: whatever has moved by then, nothing goes on, and new replicas are placed there again. The first
    // step only keeps new ones off.
    for (const _ of ['cordon', 'moves']) await drain();
    await restoreBrokers(admin, [3], bytesPerSecond);
    await eventually(async () => expect((await admin.listReassignments()).size).toBe(0));
    await topicAdmin().createTopics([{ name: 'back', partitions: 8, replicationFactor: 2 }]);
    await eventually(async () => expect(await replicasOn(3)).toBeGreaterThan(0));

    // A topic that needs all four.
    await topicAdmin().createTopics([{ name: 'wide', partitions: 1, replicationFactor: 4 }]);
    await eventually(async () =>
      expect(await drain()).toMatchObject({
        step: 'refused',
        message: expect.stringContaining('topic wide has 4 replicas'),
      }),
    );
    await topicAdmin().deleteTopics([{ name: 'wide', topicId: undefined }]);

    await eventually(async () => expect(await drain()).toEqual({ step: 'empty', from: 3 }));
    expect(await replicasOn(3)).toBe(0);
    const { topics } = await admin.describeReplicas();
    const factorOf = (name: string) =>
      new Set(topics.find((topic) => topic.name === name)?.partitions.map(({ replicas }) => replicas.length));
    expect(['tasks', 'alone', 'back'].map(factorOf)).toEqual([new Set([2]), new Set([1]), new Set([2])]);
    // None is placed there while it still runs.
    await topicAdmin().createTopics([{ name: 'late', partitions: 8, replicationFactor: 2 }]);
    expect(await replicasOn(3)).toBe(0);
    await eventually(async () => {
      const { configs } = (await topicAdmin().describeTopics(['tasks'])).get('tasks')!;
      expect(Object.fromEntries(configs)).toEqual({});
    });

    await kafka.brokers[3]!.stop();
    await eventually(async () => expect(await admin.describeBrokers()).toContainEqual({ id: 3, fenced: true }));
    await tidyMembers(admin, { staying: 3, running: 3, pods: pods(4) });
    expect(await admin.describeBrokers()).toHaveLength(4);
    await tidyMembers(admin, { staying: 3, running: 3, pods: pods(3) });
    await eventually(async () => expect(await admin.describeBrokers()).toHaveLength(3));

    const read = new Set<string>();
    const consumer = createConsumer(connection(), {
      groupId: 'reader',
      topics: ['alone'],
      logger: silentLogger,
      process: (some) => {
        for (const { value } of some) read.add(String(value));
        return Promise.resolve();
      },
    });
    await consumer.start({ signal: new AbortController().signal, fail: () => {} });
    await eventually(() => expect(read.size).toBe(messages.length));
    await consumer.stop();
    await producer.stop();

    const availability = await clients.clusterAdmin(connection()).describeAvailability();
    expect(availability.quorum?.voters.map(({ id }) => id).toSorted()).toEqual([0, 1, 2]);
    expect([0, 1, 2].map((id) => riskOf(id, availability))).toEqual([undefined, undefined, undefined]);
    expect((await admin.describeDisk(0))!.usableBytes).toBeGreaterThan(0);

    // With an empty volume it is let in again, and gets replicas.
    await kafka.loseVolume(3);
    await kafka.start(3);
    let attempt = 0;
    await eventually(async () => {
      await tidyMembers(admin, { staying: 4, running: 4, pods: pods(4) });
      await topicAdmin().createTopics([{ name: `again-${attempt++}`, partitions: 8, replicationFactor: 2 }]);
      expect(await replicasOn(3)).toBeGreaterThan(0);
    });
  });
});
