import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { randomInt } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { startKafka, type KafkaCluster } from '../../../../localcluster/parts/kafka.ts';
import { createTopicAdmin, type TopicAdmin } from '../../../../src/kafka/topic-admin.ts';
import { eventTopics } from '../../../../src/operator/kinds.ts';
import { eventually, startKubernetes, type Kubernetes } from '../../../support/kubernetes.ts';
import { createOperatorProcess, type OperatorProcess } from '../../../support/operator-process.ts';
import { silentLogger } from '../../../support/running-manager.ts';
import { declareCluster, declareTopic } from '../../../support/topics.ts';

let kubernetes: Kubernetes;
let kafka: KafkaCluster;
let admin: TopicAdmin;
let namespace: string;
let operators: OperatorProcess[];

beforeAll(async () => {
  [kubernetes, kafka] = await Promise.all([startKubernetes(), startKafka({ brokers: 3 })]);
  const connection = { bootstrapServers: kafka.bootstrapServers.split(','), clientId: 'test' };
  admin = createTopicAdmin(connection, { logger: silentLogger });
});

afterAll(async () => {
  await admin?.close();
  await Promise.all([kubernetes?.stop(), kafka?.stop()]);
});

beforeEach(async () => {
  operators = [];
  namespace = await kubernetes.createNamespace();
  await declareCluster(kubernetes, { namespace, name: 'events' }, kafka.bootstrapServers);
});

afterEach(() => Promise.all(operators.map((operator) => operator.leave())));

async function createOperator(name: string, environment: Readonly<Record<string, string>> = {}) {
  const { kubeconfigFile } = kubernetes.controlPlane;
  const operator = await createOperatorProcess({
    kubeconfigFile,
    namespace,
    name,
    environment: { WATCH_NAMESPACES: namespace, ...environment },
  });
  operators.push(operator);
  return operator;
}

const spec = { partitions: 1, replicationFactor: 1, retentionSeconds: 3600 };
const namesOf = (count: number) => Array.from({ length: count }, (_, index) => `${namespace}-${index}`);
const declareAll = (names: readonly string[]) =>
  inParallel(names, (name) => declareTopic(kubernetes, { namespace, name }, spec));
const list = async () => (await kubernetes.client.list(eventTopics, namespace)).items;
const onBrokers = (names: readonly string[]) => admin.describeTopics(names, { configNames: ['retention.ms'] });

async function inParallel(items: readonly string[], work: (item: string) => Promise<unknown>): Promise<void> {
  const left = items.values();
  const worker = async () => {
    for (const item of left) await work(item);
  };
  await Promise.all(Array.from({ length: 16 }, worker));
}

const allReady = (count: number) =>
  eventually(async () => {
    const ready = (await list()).filter(({ status }) => status?.conditions?.[0]?.status === 'True');
    expect(ready).toHaveLength(count);
  }, 240_000);

/** Each of them is there, as declared, and is the one that its resource tells of. */
async function expectTopics(names: readonly string[]): Promise<void> {
  const [topics, resources] = [await onBrokers(names), await list()];
  expect([...topics.keys()].toSorted()).toEqual([...names].toSorted());
  for (const { metadata, status } of resources) {
    const topic = topics.get(metadata.name)!;
    expect(topic).toMatchObject({ partitions: 1, replicationFactor: 1, topicId: status!.topicId });
    expect(topic.configs.get('retention.ms')?.value).toBe('3600000');
  }
}

describe('topics, while the operator crashes', () => {
  /** Kills it again and again at moments that chance chooses, while the work goes on. */
  async function crashing(operator: OperatorProcess, times: number, work: Promise<unknown>): Promise<void> {
    for (let crash = 0; crash < times; crash += 1) {
      await operator.process.start();
      await delay(randomInt(20, 700)); // no condition: any moment must do
      await operator.process.kill();
    }
    await work;
    await operator.process.start();
  }

  it('come to be, each once and as declared, and go, wherever it is killed', async () => {
    const names = namesOf(150);
    const operator = await createOperator('crashing');
    await crashing(operator, 4, declareAll(names));
    await allReady(names.length);
    await expectTopics(names);
    const remove = (name: string) => kubernetes.client.delete(eventTopics, { namespace, name });
    await crashing(operator, 3, inParallel(names, remove));
    await eventually(async () => expect(await list()).toEqual([]), 240_000);
    await eventually(async () => expect((await onBrokers(names)).size).toBe(0));
  }, 900_000);

  it('come to be while the API server is killed and a broker is lost', async () => {
    const names = namesOf(100);
    // With a lease, it would end where the API server is away for longer than that, and nobody starts it again here.
    const operator = await createOperator('steady', { LEADER_ELECTION: 'false' });
    await operator.process.start();
    await declareAll(names.slice(0, 50));
    await Promise.all([kafka.brokers[2]!.kill(), kubernetes.controlPlane.apiServer.kill()]);
    await kubernetes.controlPlane.apiServer.start();
    await declareAll(names.slice(50));
    await kafka.brokers[2]!.start();
    await allReady(names.length);
    await expectTopics(names);
  }, 600_000);
});

describe('two operators', () => {
  const retention = async (name: string) => (await onBrokers([name])).get(name)?.configs.get('retention.ms')?.value;

  it('the one that was paused past its lease puts nothing back', async () => {
    const [name] = namesOf(1) as [string];
    const [paused, heir] = [await createOperator('paused'), await createOperator('heir')];
    await paused.process.start();
    await declareTopic(kubernetes, { namespace, name }, spec);
    await allReady(1);
    await heir.process.start();
    await paused.process.pause();
    await kubernetes.client.mergePatch(eventTopics, { namespace, name }, { spec: { retentionSeconds: 7200 } });
    await eventually(async () => expect(await retention(name)).toBe('7200000'));
    await paused.process.resume();
    // It ends by itself: it cannot tell what happened while it slept.
    await eventually(() => expect(paused.process.pid).toBeUndefined());
    expect(await retention(name)).toBe('7200000');
    const topic = await kubernetes.client.get(eventTopics, { namespace, name });
    expect(topic?.status?.observedGeneration).toBe(topic?.metadata.generation);
  });
});
