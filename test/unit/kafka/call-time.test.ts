import { afterEach, describe, expect, it } from '@jest/globals';
import Encoder from 'kafkajs/src/protocol/encoder.js';
import type { KafkaConnection } from '../../../src/kafka/connection.ts';
import { createGroupAdmin } from '../../../src/kafka/groups.ts';
import { createTopicAdmin } from '../../../src/kafka/topic-admin.ts';
import { createLogger } from '../../../src/lib/log.ts';
import { ManualClock } from '../../../src/operator/runtime/testing/manual-clock.ts';
import {
  apiKeys,
  apiVersions,
  metadataOf,
  startFakeKafkaBroker,
  type FakeKafkaBroker,
  type Script,
} from '../../support/fake-kafka-broker.ts';
import { until } from '../../support/until.ts';

const logger = createLogger({ name: 'test', level: 'silent' });
const times = { requestMilliseconds: 1000, connectMilliseconds: 300, callMilliseconds: 1200 };
const modern = { [apiKeys.metadata]: 12, [apiKeys.apiVersions]: 2, [apiKeys.saslHandshake]: 0 };
const sasl = { mechanism: 'PLAIN', username: 'app', password: 's3cret' } as const;

let brokers: FakeKafkaBroker[] = [];
afterEach(async () => {
  await Promise.all(brokers.map((broker) => broker.stop()));
  brokers = [];
});

async function start(script: Script, count = 1): Promise<KafkaConnection> {
  for (let index = 0; index < count; index += 1) brokers.push(await startFakeKafkaBroker(script));
  return { bootstrapServers: brokers.map(({ port }) => `127.0.0.1:${port}`), clientId: 'test' };
}

/** Every method that asks brokers something. */
function calls(connection: KafkaConnection) {
  const [topics, groups] = [
    createTopicAdmin(connection, { logger, times }),
    createGroupAdmin(connection, { logger, times }),
  ];
  const many = Array.from({ length: 2000 }, (_, index) => ({ name: `topic-${index}`, partitions: 10 }));
  return {
    asked: {
      describeEach: () => topics.describeEach(['a']),
      describeTopics: () => topics.describeTopics(['a']),
      createTopics: () => topics.createTopics(many),
      createPartitions: () => topics.createPartitions(many),
      alterConfigs: () => topics.alterConfigs([{ topic: 'a', configs: { 'retention.ms': '1' } }]),
      deleteTopics: () => topics.deleteTopics([{ name: 'a', topicId: undefined }]),
      reassignPartitions: () =>
        topics.reassignPartitions([{ topic: 'a', partitions: [{ partition: 0, replicas: [1] }] }]),
      listReassignments: () => topics.listReassignments(),
      describeCluster: () => topics.describeCluster(),
      describeLoad: () => topics.describeLoad(),
      describeGroup: () => groups.describeGroup('a'),
      lag: () => groups.lag('a', ['a']),
      messageCounts: () => groups.messageCounts(['a']),
      deleteGroup: () => groups.deleteGroup('a'),
    },
    close: () => Promise.all([topics.close(), groups.close()]),
  };
}

const codesOf = (result: unknown): unknown[] =>
  result instanceof Map
    ? [...new Set([...(result as Map<string, { code?: string } | undefined>).values()].map((error) => error?.code))]
    : ['answered'];

const silent: Script = () => undefined;
const hangs: Script = (request) => (request.apiKey === apiKeys.apiVersions ? apiVersions(request, modern) : undefined);
/** Takes the mechanism, and says nothing to the password. kafkajs waits for that without end. */
const hangsAtPassword: Script = (request) => {
  if (request.apiKey !== apiKeys.saslHandshake) return hangs(request);
  return new Encoder().writeInt16(0).writeInt32(1).writeString('PLAIN').buffer;
};
/** Sends a byte now and then of an answer that it has announced. */
const dribbles: Script = ({ socket }) => {
  socket.write(Buffer.of(0, 1, 0, 0));
  const dribbling = setInterval(() => socket.write(Buffer.of(0)), 50);
  socket.on('close', () => clearInterval(dribbling));
  return undefined;
};
/** Says who is there, and nothing after that. */
const falls: Script = (request) => (request.apiKey === apiKeys.metadata ? metadataOf(request) : hangs(request));

describe('a call ends in time', () => {
  it.each<[string, Script, Partial<KafkaConnection>, number]>([
    ['says nothing', silent, {}, 1],
    ['says nothing, nor do the others', silent, {}, 5],
    ['hangs after its versions', hangs, {}, 1],
    ['hangs when it is given a password', hangsAtPassword, { sasl }, 1],
    ['sends a byte now and then', dribbles, {}, 1],
  ])('whatever it asks of a broker that %s', async (_, script, changes, count) => {
    const connection = { ...(await start(script, count)), ...changes };
    // A client for each, since one call's trouble makes all of its client's calls look at the brokers anew.
    const clients = Object.keys(calls(connection).asked).map((name) => ({ name, ...calls(connection) }));
    const before = performance.now();
    const answers = clients.map(async ({ name, asked }) => {
      const codes = await asked[name as keyof typeof asked]().then(codesOf, ({ code }: { code: string }) => [code]);
      return { name, codes, late: performance.now() - before > times.callMilliseconds + 6000 };
    });
    expect(await Promise.all(answers)).toEqual(clients.map(({ name }) => ({ name, codes: ['Timeout'], late: false })));
    await Promise.all(clients.map(({ close }) => close()));
    await until(() => brokers.every((broker) => broker.connections() === 0));
  });

  it('when brokers hang of which one has told', async () => {
    const { asked, close } = calls(await start(falls));
    const before = performance.now();
    await expect(asked.lag()).rejects.toMatchObject({ code: 'AnswerIncomplete' });
    await expect(asked.describeEach()).rejects.toMatchObject({ code: 'AnswerIncomplete' });
    expect(performance.now() - before).toBeLessThan(times.callMilliseconds + 6000);
    await close();
  });

  it('on the clock that it is given, wherever the time of day goes', async () => {
    const clock = new ManualClock();
    const admin = createTopicAdmin(await start(silent), { logger, clock });
    const asked = admin.describeCluster().then(
      () => 'answered',
      (error: { code: string }) => error.code,
    );
    await until(() => brokers[0]!.seen.length > 0);
    clock.jump(-3_600_000);
    await clock.advance(20_000);
    expect(await asked).toBe('Timeout');
    await admin.close();
  });
});
