import { describe, expect, it } from '@jest/globals';
import { lookup } from 'kafkajs/src/protocol/requests/index.js';
import type { Broker, BrokerAccess } from '../../../src/kafka/client/broker-connections.ts';
import { describeCluster, describeLoad } from '../../../src/kafka/describe-cluster.ts';
import { describeEachTopic } from '../../../src/kafka/describe-topics.ts';
import { deleteGroup, describeGroup, lag, messageCounts } from '../../../src/kafka/groups.ts';
import { listOffsets } from '../../../src/kafka/offsets.ts';
import { makeChange, reassignment, topicCreation } from '../../../src/kafka/topic-changes.ts';

type Answers = Readonly<Record<string, unknown>>;

/** A fake, for answers that real brokers give at bad moments only: by the request's name, what is decoded of them. */
function fakeBroker(answers: Answers, maxVersion = 15): Broker {
  const versions = Object.fromEntries(
    [2, 3, 9, 10, 15, 19, 20, 32, 37, 42, 45, 55].map((key) => [key, { minVersion: 0, maxVersion }]),
  );
  const lookupRequest = lookup(versions);
  const send = ({ request: { apiName } }: { request: { apiName: string } }) => Promise.resolve(answers[apiName]);
  return { versions, lookupRequest, connectionPool: { send } } as unknown as Broker;
}

function fakeAccess(answers: Answers, maxVersion?: number): BrokerAccess {
  const broker = fakeBroker(answers, maxVersion);
  return {
    withController: (work) => work(broker),
    withBroker: (_, work) => work(broker),
    withCoordinator: (_, work) => work(broker),
    withTransactionCoordinator: (_, work) => work(broker),
  };
}

const denied = 29;
const leaderNotAvailable = 5;
const topic = (name: string, errorCode = 0, partitions = [0]) => ({
  errorCode,
  name,
  topicId: 'id',
  isInternal: false,
  partitions: partitions.map((partition) => ({ partition, leader: 1, replicas: [1], isr: [1] })),
});
const metadata = (...topics: readonly object[]) => ({
  Metadata: { clusterId: 'c', controllerId: 1, brokers: [{ nodeId: 1, host: 'h', port: 1, rack: null }], topics },
});
const quorum = { DescribeQuorum: { errorCode: 0, partition: { errorCode: 0, leader: 1 } } };
const offsets = (...partitions: readonly object[]) => ({ responses: [{ topic: 'a', partitions }] });
const good = { partition: 0, errorCode: 0, offset: '5' };

const incomplete = { code: 'AnswerIncomplete', retryable: true };
const notAuthorized = { code: 'NotAuthorized' };

describe('committed offsets', () => {
  const answers = { ...metadata(topic('a', 0, [0, 1])), ListOffsets: offsets(good, { ...good, partition: 1 }) };
  const ask = (answer: object) => lag(fakeAccess({ ...answers, OffsetFetch: answer }), 'group', ['a']);

  it('are errors where one of them is', async () => {
    const bad = { partition: 1, errorCode: denied, offset: '-1' };
    await expect(ask(offsets(good, bad))).rejects.toMatchObject(notAuthorized);
  });

  it('that are not told are no zeros', async () => {
    await expect(ask(offsets(good))).rejects.toMatchObject(incomplete);
    await expect(ask({ responses: [] })).rejects.toMatchObject(incomplete);
  });

  it('are counted when all are told', async () => {
    expect(await ask(offsets({ ...good, offset: '2' }, { ...good, partition: 1 }))).toEqual(new Map([['a', 0]]));
  });
});

describe('offsets of leaders', () => {
  const ask = (answer: object) => messageCounts(fakeAccess({ ...metadata(topic('a')), ListOffsets: answer }), ['a']);

  it('that are not told, or are others, are no zeros', async () => {
    await expect(ask(offsets())).rejects.toMatchObject(incomplete);
    await expect(ask(offsets({ ...good, partition: 7 }))).rejects.toMatchObject(incomplete);
  });

  it('that are told beside what nobody asked for are taken', async () => {
    const asked = [{ topic: 'a', partition: 0, leader: 1, topicId: undefined }];
    const access = fakeAccess({ ListOffsets: offsets(good, { ...good, partition: 7 }) });
    expect([...(await listOffsets(access, asked, 'next'))]).toEqual([[asked[0], 5n]]);
  });
});

describe('an answer about groups', () => {
  it('that has none, or another, is an error', async () => {
    for (const groups of [[], [{ groupId: 'other', errorCode: 0, state: 'Empty', members: [] }]])
      await expect(describeGroup(fakeAccess({ DescribeGroups: { groups } }), 'group')).rejects.toMatchObject(
        incomplete,
      );
    for (const results of [[], [{ groupId: 'other', errorCode: 0 }]])
      await expect(deleteGroup(fakeAccess({ DeleteGroups: { results } }), 'group')).rejects.toMatchObject(incomplete);
  });
});

describe('a change', () => {
  it('of which the broker does not tell is not done', async () => {
    const access = fakeAccess({
      CreateTopics: [
        { topic: 'a', errorCode: 0 },
        { topic: 'x', errorCode: 0 },
      ],
    });
    const results = await makeChange(access, topicCreation(), [{ name: 'a' }, { name: 'b' }]);
    expect(results).toEqual(
      new Map([
        ['a', undefined],
        ['b', expect.objectContaining(incomplete)],
      ]),
    );
  });

  it('tells the ids of topics that were created, where brokers know them', async () => {
    const ids: (readonly string[])[] = [];
    const creation = topicCreation((...created) => ids.push(created));
    const answers = [
      { topic: 'a', errorCode: 0, topicId: 'id-of-a' },
      { topic: 'b', errorCode: 36, topicId: undefined },
    ];
    const specs = [{ name: 'a' }, { name: 'b' }];
    const results = await makeChange(fakeAccess({ CreateTopics: answers }), creation, specs);
    expect([...results].map(([topic, error]) => [topic, error?.code])).toEqual([
      ['a', undefined],
      ['b', 'TopicAlreadyExists'],
    ]);
    expect(ids).toEqual([['a', 'id-of-a']]);
    // Redpanda, and Kafka before 2.8.
    const older = fakeAccess({ CreateTopics: { topicErrors: answers } }, 4);
    expect([...(await makeChange(older, topicCreation(), specs)).keys()]).toEqual(['a', 'b']);
    await makeChange(fakeAccess({ CreateTopics: answers }), creation, specs, { validateOnly: true });
    expect(ids).toHaveLength(1);
  });

  it('of some partitions of which the broker tells is not done', async () => {
    const told = { error: undefined, topics: new Map([['a', [{ partition: 0, errorCode: 0, errorMessage: null }]]]) };
    const access = fakeAccess({ AlterPartitionReassignments: told });
    const move = (...partitions: number[]) => ({
      topic: 'a',
      partitions: partitions.map((partition) => ({ partition, replicas: [1] })),
    });
    expect((await makeChange(access, reassignment(), [move(0)])).get('a')).toBeUndefined();
    expect((await makeChange(access, reassignment(), [move(0, 1)])).get('a')).toMatchObject(incomplete);
  });
});

describe('metadata', () => {
  it('of a topic that has an error is not left out of sums', async () => {
    const broker = fakeBroker({ ...metadata(topic('a'), topic('b', denied, [])), ...quorum });
    await expect(describeCluster(broker)).rejects.toMatchObject(notAuthorized);
    await expect(describeLoad(broker)).rejects.toMatchObject(notAuthorized);
  });

  it('of topics without leaders, or just deleted, is as good as any', async () => {
    const broker = fakeBroker({ ...metadata(topic('a', leaderNotAvailable), topic('b', 3, [])), ...quorum });
    expect(await describeCluster(broker)).toMatchObject({ leaderlessPartitions: 0, controllerId: 1 });
    expect(await describeLoad(broker)).toEqual([{ id: 1, rack: undefined, replicas: 1 }]);
  });

  it('without a topic does not say that there is none', async () => {
    await expect(
      describeEachTopic(fakeBroker(metadata(topic('a'))), ['a', 'b'], { configNames: [] }),
    ).rejects.toMatchObject(incomplete);
    await expect(messageCounts(fakeAccess(metadata()), ['a'])).rejects.toMatchObject(incomplete);
  });
});

describe('the leader of the quorum', () => {
  it.each([
    ['of which nobody tells', { errorCode: 0, partition: undefined }, incomplete],
    ['that the answer refuses', { errorCode: 31, partition: undefined }, notAuthorized],
    ['that the partition refuses', { errorCode: 0, partition: { errorCode: 31, leader: -1 } }, notAuthorized],
  ])('%s is not "none"', async (_, answer, error) => {
    await expect(describeCluster(fakeBroker({ ...metadata(), DescribeQuorum: answer }))).rejects.toMatchObject(error);
  });
});

describe('configs', () => {
  const ask = (...answers: readonly object[]) =>
    describeEachTopic(fakeBroker({ ...metadata(topic('a'), topic('b')), DescribeConfigs: answers }), ['a', 'b']);
  const told = { errorCode: 0, errorMessage: null, name: 'a', configs: [{ name: 'x', value: '1', source: 1 }] };

  it('that are refused leave the topic described, with the error beside it', async () => {
    const described = await ask(told, { errorCode: denied, errorMessage: 'no', name: 'b', configs: [] });
    expect(described.get('a')).toMatchObject({ configsError: undefined, partitions: 1 });
    expect(described.get('b')).toMatchObject({ configsError: notAuthorized, partitions: 1, configs: new Map() });
  });

  it('that are not told do not say that the topic is gone', async () => {
    expect((await ask(told)).get('b')).toMatchObject({ configsError: incomplete, partitions: 1 });
  });

  it('of a topic that was just deleted are none, nor is the topic', async () => {
    expect([...(await ask(told, { ...told, name: 'b', errorCode: 3 })).keys()]).toEqual(['a']);
  });
});
