import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startKafka, type KafkaCluster } from '../../../../localcluster/parts/kafka.ts';
import { createGroupAdmin, type GroupAdmin } from '../../../../src/kafka/groups.ts';
import { createProducer } from '../../../../src/kafka/producer.ts';
import { createTopicAdmin, type TopicAdmin } from '../../../../src/kafka/topic-admin.ts';
import { eventTopics } from '../../../../src/operator/kinds.ts';
import { startKubernetes, type Kubernetes } from '../../../support/kubernetes.ts';
import { silentLogger, type RunningManager } from '../../../support/running-manager.ts';
import { topicHas } from '../../../support/topic-expectations.ts';
import { declareCluster, declareTopic, runTopicOperator } from '../../../support/topics.ts';

let kubernetes: Kubernetes;
let kafka: KafkaCluster;
let admin: TopicAdmin;
let groups: GroupAdmin;
let namespace: string;
let operator: RunningManager;

beforeAll(async () => {
  // A broker that is frozen is believed to be there for as long as a test needs it: replicas that go to it do not arrive.
  const properties = { 'broker.session.timeout.ms': 60_000 };
  [kubernetes, kafka] = await Promise.all([startKubernetes(), startKafka({ brokers: 3, properties })]);
  namespace = await kubernetes.createNamespace();
  const connection = { bootstrapServers: kafka.bootstrapServers.split(','), clientId: 'test' };
  admin = createTopicAdmin(connection, { logger: silentLogger });
  groups = createGroupAdmin(connection, { logger: silentLogger });
  await declareCluster(kubernetes, { namespace, name: 'events' }, kafka.bootstrapServers);
  operator = runTopicOperator(kubernetes);
});

afterAll(async () => {
  await operator?.stop();
  await Promise.all([admin?.close(), groups?.close()]);
  await Promise.all([kubernetes?.stop(), kafka?.stop()]);
});

const ready = { status: 'True', reason: 'TopicReady' };
const moving = {
  status: 'False',
  reason: 'ReplicasMoving',
  message: expect.stringMatching(/Replicas of \d of 3 partitions are moving; messages flow meanwhile\./),
};
const change = (name: string, spec: object) => kubernetes.client.mergePatch(eventTopics, { namespace, name }, { spec });
const has = (name: string, condition: Parameters<typeof topicHas>[2]) =>
  topicHas(kubernetes, { namespace, name }, condition);
const numbers = (name: string) => ({ ...ready, message: `3 partitions, replication factor ${name}.` });

async function assignment(name: string) {
  const topic = (await admin.describeTopics([name], { configNames: [] })).get(name)!;
  return topic.assignment.toSorted((one, other) => one.partition - other.partition);
}

describe('the replication factor of an EventTopic', () => {
  it('is raised and lowered by moving replicas, and no message is lost', async () => {
    const name = 'moved';
    await declareTopic(kubernetes, { namespace, name }, { partitions: 3, replicationFactor: 1 });
    await has(name, ready);
    const leaders = (await assignment(name)).map(({ replicas }) => replicas[0]);
    const producer = createProducer(
      { bootstrapServers: kafka.bootstrapServers.split(','), clientId: 'test' },
      { logger: silentLogger },
    );
    await producer.start({ signal: new AbortController().signal, fail: () => {} });
    const messages = Array.from({ length: 300 }, (_, index) => ({ key: `${index}`, value: 'kept', headers: {} }));
    await producer.send(name, messages);
    await change(name, { replicationFactor: 3 });
    const raised = await has(name, numbers('3'));
    expect(raised.status).toMatchObject({ replicationFactor: 3 });
    expect(raised.status?.reassignment).toBeUndefined();
    for (const { replicas, isr } of await assignment(name)) {
      expect(replicas.toSorted()).toEqual([1, 2, 3]);
      expect(isr).toHaveLength(3);
    }
    await change(name, { replicationFactor: 2 });
    await has(name, numbers('2'));
    const after = await assignment(name);
    expect(after.map(({ replicas }) => replicas[0])).toEqual(leaders);
    const perBroker = [1, 2, 3].map((id) => after.filter(({ replicas }) => replicas.includes(id)).length);
    expect(perBroker).toEqual([2, 2, 2]);
    await producer.stop();
    expect((await groups.messageCounts([name])).get(name)).toBe(300);
  });

  it('tells what still moves, and turns round when it is changed again', async () => {
    const name = 'stuck';
    await declareTopic(kubernetes, { namespace, name }, { partitions: 3, replicationFactor: 2 });
    await has(name, ready);
    await kafka.brokers[2]!.pause();
    await change(name, { replicationFactor: 3 });
    const stuck = await has(name, moving);
    expect(stuck.status?.reassignment?.remainingPartitions).toBeGreaterThan(0);
    expect(stuck.status?.conditions?.map(({ type }) => type)).toEqual(['Ready', 'Reconciling']);
    await change(name, { replicationFactor: 2 });
    await kafka.brokers[2]!.resume();
    const turned = await has(name, numbers('2'));
    expect(turned.status?.reassignment).toBeUndefined();
  });
});
