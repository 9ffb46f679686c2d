import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Kafka, logLevel, type IHeaders, type Producer } from 'kafkajs';
import { startKafka, type KafkaCluster } from '../../../localcluster/parts/kafka.ts';
import { runReplay } from '../../support/dead-letter-replay.ts';
import { until } from '../../support/until.ts';

let cluster: KafkaCluster;
let kafka: Kafka;
let producer: Producer;

beforeAll(async () => {
  cluster = await startKafka();
  kafka = new Kafka({ brokers: cluster.bootstrapServers.split(','), logLevel: logLevel.NOTHING });
  producer = kafka.producer();
  await producer.connect();
});
afterAll(async () => {
  await producer?.disconnect();
  await cluster?.stop();
});

const partitions = 3;
let number = 0;
let source: string;
let dead: string;

beforeEach(async () => {
  number += 1;
  [source, dead] = [`events-${number}`, `dead-${number}`];
  const admin = kafka.admin();
  await admin.connect();
  const topics = [source, dead].map((topic) => ({ topic, numPartitions: partitions }));
  await admin.createTopics({ topics, waitForLeaders: true });
  await admin.disconnect();
});

const environment = (more: Record<string, string> = {}) => ({
  KAFKA_BOOTSTRAP_SERVERS: cluster.bootstrapServers,
  DEAD_LETTER_TOPIC: dead,
  TOPICS: source,
  REPLAY_ID: `tasks.again.${number}`,
  ...more,
});

interface Letter {
  readonly key: string | null;
  readonly value?: string;
  readonly headers?: IHeaders;
}

/** As a worker would leave them. */
async function leaveLetters(letters: readonly Letter[]): Promise<void> {
  const messages = letters.map(({ key, value = `value of ${key}`, headers }) => ({
    key,
    value,
    headers: {
      'event-type': 'task-created',
      '__dlq.errors.topic': source,
      '__dlq.errors.partition': '0',
      '__dlq.errors.code': 'NotReadable',
      ...headers,
    },
  }));
  await producer.send({ topic: dead, messages });
}

interface Returned {
  readonly key: string;
  readonly value: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** All that a read_committed consumer ever gets of the source topic. */
async function returnedLetters(): Promise<Returned[]> {
  // What is in each partition by now comes before these.
  const ends = Array.from({ length: partitions }, (_, partition) => ({ key: 'end', value: 'end', partition }));
  await producer.send({ topic: source, messages: ends });
  const read: Returned[] = [];
  const consumer = kafka.consumer({ groupId: `reader-${number}-${crypto.randomUUID()}` });
  await consumer.connect();
  await consumer.subscribe({ topic: source, fromBeginning: true });
  await consumer.run({
    eachMessage: ({ message: { key, value, headers = {} } }) => {
      const texts = Object.entries(headers).map(([name, header]) => [name, String(header)]);
      read.push({ key: String(key), value: String(value), headers: Object.fromEntries(texts) as Returned['headers'] });
      return Promise.resolve();
    },
  });
  await until(() => read.filter(({ key }) => key === 'end').length === partitions);
  await consumer.disconnect();
  return read.filter(({ key }) => key !== 'end');
}

const keys = (returned: readonly Returned[]) => returned.map(({ key }) => key).sort();

describe('a replay of dead letters', () => {
  it('returns each of 10,000 letters once, though it is killed ten times in its transactions', async () => {
    const letters = Array.from({ length: 10_000 }, (_, index) => ({ key: `task-${index}` }));
    for (let from = 0; from < letters.length; from += 2000) await leaveLetters(letters.slice(from, from + 2000));
    const requests = ['AddPartitionsToTxn', 'Produce', 'AddOffsetsToTxn', 'TxnOffsetCommit', 'EndTxn'];
    for (const request of [...requests, ...requests]) {
      let seen = 0;
      const isSecond = (line: string) => line.includes(`Request ${request}(`) && (seen += 1) === 2;
      expect((await runReplay(environment(), isSecond)).report).toBeUndefined();
    }
    const { exitCode, report } = await runReplay(environment());
    const counts = { read: 10_000, matched: 10_000, replayed: 10_000, kept: 0, remaining: 0 };
    expect({ exitCode, report }).toEqual({ exitCode: 0, report: { counts } });
    // Started once more, as by a Job whose pod has gone, it has nothing left to do.
    expect(await runReplay(environment())).toEqual({ exitCode: 0, report: { counts } });
    const returned = await returnedLetters();
    expect(keys(returned)).toEqual(letters.map(({ key }) => key).sort());
    expect(returned[0]?.headers).toEqual({ 'event-type': 'task-created', '__dlq.returns': '1' });
  });

  it('counts and sends nothing in a dry run', async () => {
    await leaveLetters([{ key: 'one' }, { key: 'two' }, { key: 'three' }]);
    const filter = JSON.stringify({ keys: ['one', 'three'] });
    const { report } = await runReplay(environment({ DRY_RUN: 'true', FILTER: filter }));
    expect(report).toEqual({ counts: { read: 3, matched: 2, replayed: 0, kept: 0, remaining: 0 } });
    expect(await returnedLetters()).toEqual([]);
    const admin = kafka.admin();
    await admin.connect();
    const { groups } = await admin.listGroups();
    await admin.disconnect();
    expect(groups.map(({ groupId }) => groupId)).not.toContain(environment().REPLAY_ID);
  });

  it('keeps letters that went back too often, were cut, or name a topic of others', async () => {
    await leaveLetters([
      { key: 'new' },
      { key: 'second', headers: { '__dlq.returns': '2' } },
      { key: 'often', headers: { '__dlq.returns': '3' } },
      { key: 'cut', headers: { '__dlq.original.size': '2000000' } },
      { key: 'elsewhere', headers: { '__dlq.errors.topic': dead } },
    ]);
    const { report } = await runReplay(environment());
    expect(report).toEqual({ counts: { read: 5, matched: 5, replayed: 2, kept: 3, remaining: 0 } });
    const returned = await returnedLetters();
    expect(keys(returned)).toEqual(['new', 'second']);
    expect(returned.find(({ key }) => key === 'second')?.headers['__dlq.returns']).toBe('3');
  });

  it('sends back as many as the limit says, and not those that come while it runs', async () => {
    await leaveLetters(Array.from({ length: 50 }, (_, index) => ({ key: `task-${index}` })));
    const { report } = await runReplay(environment({ LIMIT: '20', THROTTLE: '1000' }));
    expect(report?.counts).toMatchObject({ matched: 20, replayed: 20 });
    expect(report!.counts.read + report!.counts.remaining).toBe(50);
    await leaveLetters([{ key: 'later' }]);
    const all = await runReplay(environment());
    expect(all.report?.counts).toEqual({ read: 50, matched: 50, replayed: 50, kept: 0, remaining: 0 });
    expect(keys(await returnedLetters())).not.toContain('later');
  });

  it('goes around letters that their topic does not take', async () => {
    const admin = kafka.admin();
    await admin.connect();
    const configEntries = [
      { name: 'max.message.bytes', value: '2000' },
      { name: 'cleanup.policy', value: 'compact' },
    ];
    const type = 2; // a topic
    await admin.alterConfigs({ validateOnly: false, resources: [{ type, name: source, configEntries }] });
    await admin.disconnect();
    const large = { key: 'large', value: 'x'.repeat(5000) };
    const keyless = { key: null };
    await leaveLetters([{ key: 'before' }, large, { key: 'after' }, keyless, { key: 'last' }]);
    const { exitCode, report } = await runReplay(environment());
    expect(exitCode).toBe(0);
    expect(report?.counts).toMatchObject({ read: 5, replayed: 3, kept: 2 });
    expect(keys(await returnedLetters())).toEqual(['after', 'before', 'last']);
  });
});
