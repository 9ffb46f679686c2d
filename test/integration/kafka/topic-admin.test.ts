import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startKafka, type KafkaCluster } from '../../../localcluster/parts/kafka.ts';
import { createTopicAdmin, type TopicAdmin, type TopicResults } from '../../../src/kafka/topic-admin.ts';
import { mostNewPartitions } from '../../../src/kafka/topic-changes.ts';
import { createLogger } from '../../../src/lib/log.ts';
import { until } from '../../support/until.ts';

const logger = createLogger({ name: 'test', level: 'silent' });
let kafka: KafkaCluster;
let admin: TopicAdmin;
let topics = 0;
const newTopic = () => `topic-${++topics}`;

const connection = () => ({ bootstrapServers: kafka.bootstrapServers.split(','), clientId: 'test' });

beforeAll(async () => {
  kafka = await startKafka({ brokers: 3 });
  admin = createTopicAdmin(connection(), { logger });
});
afterAll(async () => {
  await admin?.close();
  await kafka?.stop();
});

async function create(configs: Record<string, string> = {}, partitions = 1, replicationFactor = 2): Promise<string> {
  const name = newTopic();
  expect(await admin.createTopics([{ name, partitions, replicationFactor, configs }])).toEqual(done(name));
  await until(async () => (await admin.describeTopics([name])).has(name));
  return name;
}

const describeOne = async (name: string, configNames?: string[]) =>
  (await admin.describeTopics([name], configNames && { configNames })).get(name);

const done = (...names: string[]): TopicResults => new Map(names.map((name) => [name, undefined]));

const byName = (...names: string[]) => names.map((name) => ({ name, topicId: undefined }));

const failed = (name: string, error: object) => new Map([[name, expect.objectContaining(error)]]);

describe('createTopics', () => {
  it('creates topics as they are specified', async () => {
    const name = await create({ 'retention.ms': '604800000' }, 3, 2);
    const described = await describeOne(name);
    expect(described).toEqual({
      name,
      topicId: expect.stringMatching(/^[\w-]{22}$/),
      partitions: 3,
      replicationFactor: 2,
      underReplicatedPartitions: 0,
      leaderlessPartitions: 0,
      isInternal: false,
      assignment: expect.anything(),
      configs: new Map([['retention.ms', { value: '604800000', source: 'Topic' }]]),
      configsError: undefined,
    });
    expect(described?.assignment.map(({ partition }) => partition).toSorted()).toEqual([0, 1, 2]);
    for (const { leader, replicas, isr } of described?.assignment ?? []) {
      expect(replicas[0]).toBe(leader);
      expect(isr.toSorted()).toEqual(replicas.toSorted());
    }
  });

  it("takes the brokers' defaults for what is left out", async () => {
    const name = newTopic();
    expect(await admin.createTopics([{ name }])).toEqual(done(name));
    await until(async () => (await describeOne(name)) !== undefined);
    expect(await describeOne(name)).toMatchObject({ partitions: 1, replicationFactor: 1, configs: new Map() });
  });

  it('says of each topic of a batch what became of it, and creates the good ones', async () => {
    const existing = await create();
    const [good, unknownConfig, badValue, tooMany, noPartitions] = [1, 2, 3, 4, 5].map(newTopic) as [
      string,
      string,
      string,
      string,
      string,
    ];
    const results = await admin.createTopics([
      { name: existing },
      { name: good, partitions: 1 },
      { name: unknownConfig, configs: { 'retention.mss': '1' } },
      { name: badValue, configs: { 'retention.ms': 'a week' } },
      { name: tooMany, replicationFactor: 4 },
      { name: noPartitions, partitions: 0 },
      { name: 'no spaces' },
    ]);
    const words = [...results].map(([name, error]) => [name, error && [error.code, error.retryable, error.message]]);
    expect(Object.fromEntries(words)).toEqual({
      [good]: undefined,
      [existing]: ['TopicAlreadyExists', false, `Topic '${existing}' already exists.`],
      [unknownConfig]: ['InvalidConfig', false, 'Unknown topic config name: retention.mss'],
      [badValue]: [
        'InvalidConfig',
        false,
        'Invalid value a week for configuration retention.ms: Not a number of type LONG',
      ],
      [tooMany]: ['InvalidReplicationFactor', false, expect.stringContaining('only 3 broker(s) are registered')],
      [noPartitions]: ['InvalidPartitions', false, expect.stringContaining('Number of partitions')],
      'no spaces': ['InvalidTopicName', false, expect.stringContaining('ASCII alphanumerics')],
    });
    await until(async () => (await describeOne(good)) !== undefined);
    expect(await describeOne(unknownConfig)).toBeUndefined();
  });

  it('creates nothing when it is only to say what would happen', async () => {
    const [good, bad] = [newTopic(), newTopic()];
    const specs = [
      { name: good, partitions: 3 },
      { name: bad, configs: { 'retention.ms': '-2' } },
    ];
    const results = await admin.createTopics(specs, { validateOnly: true });
    expect(results.get(good)).toBeUndefined();
    expect(results.get(bad)).toMatchObject({ code: 'InvalidConfig' });
    expect(await admin.describeTopics([good, bad])).toEqual(new Map());
  });

  it('takes more partitions than go into one request, and refuses the topic alone that has them by itself', async () => {
    const many = Array.from({ length: 500 }, newTopic).map((name) => ({ name, partitions: 21 }));
    const tooMany = { name: newTopic(), partitions: 10_001 };
    const results = await admin.createTopics([...many, tooMany], { validateOnly: true });
    expect(results.get(tooMany.name)).toMatchObject({
      code: 'InvalidPartitions',
      message: expect.stringMatching(/^10001 new partitions are too many at once: Kafka makes at most 9999 of a topic/),
    });
    results.delete(tooMany.name);
    expect(results).toEqual(done(...many.map(({ name }) => name)));
  });

  it('takes more topics than go into one request', async () => {
    const names = Array.from({ length: 501 }, newTopic);
    const results = await admin.createTopics(names.map((name) => ({ name, partitions: 1, replicationFactor: 1 })));
    expect(results).toEqual(done(...names));
    await until(async () => (await admin.describeTopics(names, { configNames: [] })).size === names.length);
    const described = await admin.describeTopics(names, { configNames: ['retention.ms'] });
    expect(described.get(names[500]!)?.configs.get('retention.ms')).toEqual({ value: '604800000', source: 'Default' });
    expect(await admin.deleteTopics(byName(...names))).toEqual(done(...names));
  });
});

describe('describeTopics', () => {
  it('leaves out what does not exist', async () => {
    const name = await create();
    const described = await admin.describeTopics([name, 'missing', 'no spaces']);
    expect([...described.keys()]).toEqual([name]);
    expect(await admin.describeTopics([])).toEqual(new Map());
  });

  it('tells the configs that are asked for, and where they come from', async () => {
    const name = await create({ 'retention.ms': '1000' });
    const described = await describeOne(name, ['retention.ms', 'cleanup.policy', 'segment.bytes']);
    expect(described?.configs.get('retention.ms')).toEqual({ value: '1000', source: 'Topic' });
    expect(described?.configs.get('cleanup.policy')).toEqual({ value: 'delete', source: 'Default' });
    expect(described?.configs.size).toBe(3);
    expect((await describeOne(name, []))?.configs.size).toBe(0);
  });
});

describe('createPartitions', () => {
  it('raises the number of partitions', async () => {
    const name = await create();
    expect(await admin.createPartitions([{ name, partitions: 4 }])).toEqual(done(name));
    await until(async () => (await describeOne(name))?.partitions === 4);
  });

  it("says why it cannot, in the broker's words", async () => {
    const name = await create({}, 3);
    expect(await admin.createPartitions([{ name, partitions: 2 }])).toEqual(
      failed(name, {
        code: 'InvalidPartitions',
        message: expect.stringContaining(`The topic ${name} currently has 3 partition(s); 2 would not be an increase.`),
      }),
    );
    expect(await admin.createPartitions([{ name: 'missing', partitions: 2 }])).toEqual(
      failed('missing', { code: 'UnknownTopic' }),
    );
  });
});

describe('a growth by more than Kafka does in one request', () => {
  it('is refused before anything is made, and one that is allowed is done', async () => {
    const [large, small] = [await create(), await create()];
    const results = await admin.createPartitions([
      { name: large, partitions: mostNewPartitions + 2 },
      { name: small, partitions: 2 },
    ]);
    expect(results).toEqual(
      new Map([
        [large, expect.objectContaining({ code: 'InvalidPartitions', retryable: false })],
        [small, undefined],
      ]),
    );
    await until(async () => (await describeOne(small))?.partitions === 2);
    expect((await describeOne(large))?.partitions).toBe(1);
  });

  it('is what Kafka takes up to the limit', async () => {
    const name = await create({}, 1, 1);
    const most = [{ name, partitions: 1 + mostNewPartitions }];
    expect(await admin.createPartitions(most, { validateOnly: true })).toEqual(done(name));
    // A new topic takes of it for itself, and for its configs.
    const spec = { name: newTopic(), replicationFactor: 1, configs: { 'retention.ms': '1000' } };
    const partitions = mostNewPartitions - 2;
    expect(await admin.createTopics([{ ...spec, partitions }], { validateOnly: true })).toEqual(done(spec.name));
    expect(await admin.createTopics([{ ...spec, partitions: partitions + 1 }], { validateOnly: true })).toEqual(
      failed(spec.name, { code: 'InvalidPartitions', message: expect.stringContaining(`at most ${partitions}`) }),
    );
  });
});

describe('alterConfigs', () => {
  it('sets and takes back what is named, and leaves the rest alone', async () => {
    const name = await create({ 'retention.ms': '1000', 'max.message.bytes': '2000' });
    const configs = { 'retention.ms': null, 'cleanup.policy': 'compact' };
    expect(await admin.alterConfigs([{ topic: name, configs }])).toEqual(done(name));
    const isChanged = async () => (await describeOne(name))?.configs.get('cleanup.policy')?.value === 'compact';
    await until(isChanged);
    expect((await describeOne(name))?.configs).toEqual(
      new Map([
        ['cleanup.policy', { value: 'compact', source: 'Topic' }],
        ['max.message.bytes', { value: '2000', source: 'Topic' }],
      ]),
    );
  });

  it('refuses one topic of a batch and changes the other, and says so', async () => {
    const [good, bad] = [await create(), await create()];
    const results = await admin.alterConfigs([
      { topic: good, configs: { 'retention.ms': '5000' } },
      { topic: bad, configs: { 'retention.ms': '5000', 'cleanup.policy': 'burn' } },
    ]);
    expect(results.get(good)).toBeUndefined();
    expect(results.get(bad)).toMatchObject({
      code: 'InvalidConfig',
      message: expect.stringContaining('Invalid value burn for configuration cleanup.policy'),
    });
    await until(async () => (await describeOne(good))?.configs.has('retention.ms') ?? false);
    expect((await describeOne(bad))?.configs.size).toBe(0);
  });
});

describe('deleteTopics', () => {
  it('deletes, and says what does not exist', async () => {
    const name = await create();
    const results = await admin.deleteTopics(byName(name, 'missing'));
    expect(results.get(name)).toBeUndefined();
    expect(results.get('missing')).toMatchObject({ code: 'UnknownTopic' });
    await until(async () => (await describeOne(name)) === undefined);
  });
});

describe('deleteTopics by id', () => {
  it('deletes the topic of this id, and no other of its name', async () => {
    const name = await create();
    const oldId = (await describeOne(name))?.topicId;
    expect(await admin.deleteTopics([{ name, topicId: oldId }])).toEqual(done(name));
    await until(async () => (await describeOne(name)) === undefined);
    expect(await admin.createTopics([{ name }])).toEqual(done(name));
    await until(async () => (await describeOne(name)) !== undefined);
    const newId = (await describeOne(name))?.topicId;
    expect(newId).not.toBe(oldId);

    const other = await create();
    const results = await admin.deleteTopics([
      { name, topicId: oldId },
      { name: other, topicId: undefined },
      { name: 'missing', topicId: undefined },
    ]);
    expect(results).toEqual(
      new Map([
        [name, expect.objectContaining({ code: 'UnknownTopic' })],
        [other, undefined],
        ['missing', expect.objectContaining({ code: 'UnknownTopic' })],
      ]),
    );
    await until(async () => (await describeOne(other)) === undefined);
    expect((await describeOne(name))?.topicId).toBe(newId);
    expect(await admin.deleteTopics([{ name, topicId: newId }])).toEqual(done(name));
    await until(async () => (await describeOne(name)) === undefined);
  });

  it.each(['', 'not an id', 'AAAAAAAAAAAAAAAAAAAAAA'])('deletes nothing for "%s"', async (topicId) => {
    const name = await create();
    expect(await admin.deleteTopics([{ name, topicId }])).toEqual(failed(name, { code: 'UnknownTopic' }));
    expect(await describeOne(name)).toMatchObject({ name });
  });
});

describe('describeCluster', () => {
  it('tells who is there', async () => {
    const cluster = await admin.describeCluster();
    expect(cluster.clusterId).toBe('kafka-events-parts-000');
    expect(cluster.brokers.map(({ id }) => id).toSorted()).toEqual([1, 2, 3]);
    expect([1, 2, 3]).toContain(cluster.controllerId);
    await create({}, 6);
    await until(async () => {
      const { topics, partitions } = await admin.describeCluster();
      return topics === cluster.topics + 1 && partitions === cluster.partitions + 6;
    });
  });
});

describe('when brokers fail', () => {
  it('goes on with the others, tells what is under-replicated, and sees when all is well again', async () => {
    const name = await create({}, 6, 3);
    const [, , third] = kafka.brokers;
    await third!.kill();
    await until(async () => (await admin.describeCluster()).brokers.length === 2);
    expect(await describeOne(name)).toMatchObject({ underReplicatedPartitions: 6, leaderlessPartitions: 0 });
    expect((await admin.describeCluster()).underReplicatedPartitions).toBeGreaterThanOrEqual(6);
    expect(await admin.createTopics([{ name: newTopic(), replicationFactor: 2 }])).toEqual(done(`topic-${topics}`));
    await third!.start();
    await until(async () => (await describeOne(name))?.underReplicatedPartitions === 0);
    await until(async () => (await admin.describeCluster()).underReplicatedPartitions === 0);
  });

  it('asks another at once when the one that it has asked is gone', async () => {
    const name = await create();
    const [first] = kafka.brokers;
    await first!.kill();
    expect(await describeOne(name)).toMatchObject({ name });
    await first!.start();
  });

  it('asks another when the one that it has asked hangs, and says so once', async () => {
    // Longer than a busy broker takes that does answer.
    const times = { requestMilliseconds: 2000, connectMilliseconds: 2000 };
    const hasty = createTopicAdmin(connection(), { logger, times });
    const name = await create();
    await until(async () => (await hasty.describeTopics([name])).size === 1);
    const [first] = kafka.brokers;
    await first!.pause();
    try {
      await expect(hasty.describeTopics([name])).rejects.toMatchObject({ code: 'Timeout', retryable: true });
      expect((await hasty.describeTopics([name])).size).toBe(1);
    } finally {
      await first!.resume();
      await hasty.close();
    }
  });

  it('gives every topic of a batch a result when a broker dies in the middle of it, and the batch can be sent again', async () => {
    const names = Array.from({ length: 400 }, newTopic);
    const specs = names.map((name) => ({ name, partitions: 3, replicationFactor: 2 }));
    const { controllerId } = await admin.describeCluster();
    const creating = admin.createTopics(specs);
    await kafka.brokers[controllerId! - 1]!.kill();
    const results = await creating;
    expect([...results.keys()].toSorted()).toEqual(names.toSorted());
    for (const error of results.values()) if (error) expect(error.retryable).toBe(true);
    // Until there is another controller, the answer is again one that a retry may mend.
    await until(async () => {
      const again = [...(await admin.createTopics(specs)).values()];
      return again.every((error) => error === undefined || error.code === 'TopicAlreadyExists');
    }, 180_000);
    await until(async () => (await admin.describeTopics(names, { configNames: [] })).size === names.length);
    await kafka.brokers[controllerId! - 1]!.start();
    await admin.deleteTopics(byName(...names));
  }, 480_000);

  it('says Timeout, which a retry may mend, when brokers do not answer, and mends itself', async () => {
    const times = { requestMilliseconds: 300, connectMilliseconds: 300 };
    const hasty = createTopicAdmin(connection(), { logger, times });
    const name = await create();
    const seesIt = () =>
      hasty.describeTopics([name]).then(
        ({ size }) => size === 1,
        () => false,
      );
    // The broker that answers may hear of the topic after the one that created it.
    await until(seesIt);
    await Promise.all(kafka.brokers.map((broker) => broker.pause()));
    try {
      await expect(hasty.describeTopics([name])).rejects.toMatchObject({ code: 'Timeout', retryable: true });
      const created = await hasty.createTopics([{ name: 'later' }]);
      expect(created).toEqual(failed('later', { code: 'Timeout', retryable: true }));
    } finally {
      await Promise.all(kafka.brokers.map((broker) => broker.resume()));
    }
    await until(seesIt);
    await hasty.close();
  });

  it('says BrokerUnreachable where nobody listens', async () => {
    const nowhere = createTopicAdmin({ bootstrapServers: ['127.0.0.1:1'], clientId: 'test' }, { logger });
    await expect(nowhere.describeCluster()).rejects.toMatchObject({ code: 'BrokerUnreachable', retryable: true });
    const results = await nowhere.deleteTopics(byName('any'));
    expect(results).toEqual(failed('any', { code: 'BrokerUnreachable', retryable: true }));
    await nowhere.close();
  });
});
