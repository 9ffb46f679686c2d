import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Kafka, KafkaJSConnectionError, logLevel } from 'kafkajs';
import RequestQueue from 'kafkajs/src/network/requestQueue/index.js';
import { startKafka, type KafkaCluster } from '../../../localcluster/parts/kafka.ts';
import type { ConsumedMessage, ConsumerOptions } from '../../../src/kafka/consumer-options.ts';
import { createConsumer, type Consumer } from '../../../src/kafka/consumer.ts';
import { createGroupAdmin, type GroupAdmin } from '../../../src/kafka/groups.ts';
import { createProducer, type Producer } from '../../../src/kafka/producer.ts';
import { createTopicAdmin, type TopicAdmin } from '../../../src/kafka/topic-admin.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import { createLogger } from '../../../src/lib/log.ts';
import { until } from '../../support/until.ts';

const logger = createLogger({ name: 'test', level: 'silent' });
const context = { signal: new AbortController().signal, fail: () => {} };
let kafka: KafkaCluster;
let admin: TopicAdmin;
let groups: GroupAdmin;
let producer: Producer;
let consumers: Consumer[] = [];
let count = 0;

const connection = (clientId = 'test') => ({ bootstrapServers: kafka.bootstrapServers.split(','), clientId });

beforeAll(async () => {
  kafka = await startKafka({ properties: { 'group.min.session.timeout.ms': 1000 } });
  admin = createTopicAdmin(connection(), { logger });
  groups = createGroupAdmin(connection(), { logger });
  producer = createProducer(connection(), { logger });
});
afterEach(async () => {
  await Promise.all(consumers.map(async (consumer) => consumer.stop()));
  consumers = [];
});
afterAll(async () => {
  await Promise.all([admin?.close(), groups?.close(), producer?.stop()]);
  await kafka?.stop();
});

async function newTopic(partitions: number, configs: Record<string, string> = {}): Promise<string> {
  const name = `topic-${++count}`;
  await createTopic(name, partitions, configs);
  return name;
}

async function createTopic(name: string, partitions: number, configs: Record<string, string> = {}): Promise<void> {
  await admin.createTopics([{ name, partitions, replicationFactor: 1, configs }]);
  // Metadata names a leader a moment before that broker knows it.
  await until(() =>
    groups.messageCounts([name]).then(
      (counts) => counts.has(name),
      () => false,
    ),
  );
}

/** Longer than a busy machine keeps this process waiting: who misses its heartbeats gets messages again. */
const sessionMilliseconds = 4000;

function start(topic: string, process: ConsumerOptions['process'], options: Partial<ConsumerOptions> = {}): Consumer {
  const base = { groupId: topic, topics: [topic], process, logger, sessionMilliseconds };
  const consumer = createConsumer(connection(options.groupId), { ...base, ...options });
  consumers.push(consumer);
  void consumer.start(context);
  return consumer;
}

const stop = async (consumer: Consumer) => {
  consumers = consumers.filter((other) => other !== consumer);
  await consumer.stop();
};

/** Messages `0` to `length - 1`, by their keys over the partitions. */
const send = (topic: string, length: number, from = 0, key = (index: number) => `key-${index % 20}`) =>
  producer.send(
    topic,
    Array.from({ length }, (_, index) => ({ key: key(from + index), value: String(from + index) })),
  );

/** Requests of this kind get lost from now on. */
function silence(apiName: string) {
  const { push } = RequestQueue.prototype;
  const lost = { count: 0, end: () => void spy.mockRestore() };
  const spy = jest.spyOn(RequestQueue.prototype, 'push').mockImplementation(function (this: RequestQueue, request) {
    if (request.entry.apiName === apiName) lost.count += 1;
    else push.call(this, request);
  });
  return lost;
}

/** Requests of this kind are answered from now on, but the answers never come: the connection ends before them. */
function loseAnswers(apiName: string) {
  const { push } = RequestQueue.prototype;
  const lost = { count: 0, end: () => void spy.mockRestore() };
  const spy = jest.spyOn(RequestQueue.prototype, 'push').mockImplementation(function (this: RequestQueue, request) {
    const { entry } = request;
    if (entry.apiName !== apiName) return push.call(this, request);
    const resolve = () => {
      lost.count += 1;
      entry.reject(new KafkaJSConnectionError('The connection is gone', {}));
    };
    push.call(this, Object.assign(request, { entry: { ...entry, resolve } }));
  });
  return lost;
}

const valueOf = ({ value }: ConsumedMessage) => Number(String(value));
const numbers = (length: number) => Array.from({ length }, (_, index) => index);
const isSorted = (values: readonly number[]) =>
  values.every((value, index) => index === 0 || values[index - 1]! < value);

const until0Lag = (topic: string) => until(async () => (await groups.lag(topic, [topic])).get(topic) === 0);

describe('a consumer', () => {
  it('gets every message, in order by partition, with key, headers and place', async () => {
    const topic = await newTopic(3);
    const seen: ConsumedMessage[] = [];
    start(topic, (messages) => Promise.resolve(void seen.push(...messages)));
    await send(topic, 1000);
    await producer.send(topic, [{ key: 'last', value: null, headers: { ce_id: 'x', twice: ['a', 'b'] } }]);
    await until(() => seen.length === 1001);
    for (const messages of Map.groupBy(seen.slice(0, 1000), ({ partition }) => partition).values()) {
      expect(isSorted(messages.filter(({ value }) => value).map(valueOf))).toBe(true);
    }
    expect(
      seen
        .filter(({ value }) => value)
        .map(valueOf)
        .toSorted((a, b) => a - b),
    ).toEqual(numbers(1000));
    const last = seen.find(({ value }) => value === null);
    expect(last).toMatchObject({ topic, key: Buffer.from('last'), headers: { ce_id: Buffer.from('x') } });
    expect(last?.headers.twice).toEqual([Buffer.from('a'), Buffer.from('b')]);
  });

  it('goes on after what it has committed, and no earlier', async () => {
    const topic = await newTopic(2);
    const seen: number[] = [];
    const first = start(topic, (messages) => Promise.resolve(void seen.push(...messages.map(valueOf))));
    await send(topic, 50);
    await until(() => seen.length === 50);
    await until0Lag(topic);
    await stop(first);
    await send(topic, 50, 50);
    start(topic, (messages) => Promise.resolve(void seen.push(...messages.map(valueOf))));
    await until(() => seen.length >= 100);
    expect(seen.toSorted((a, b) => a - b)).toEqual(numbers(100));
  });

  it('gives a call no more messages than asked for', async () => {
    const topic = await newTopic(1);
    const sizes: number[] = [];
    await send(topic, 25);
    start(topic, (messages) => Promise.resolve(void sizes.push(messages.length)), { maximumMessages: 10 });
    await until(() => sizes.reduce((sum, size) => sum + size, 0) === 25);
    expect(Math.max(...sizes)).toBe(10);
  });

  it.each(['gzip', 'snappy', 'lz4', 'zstd'])('reads what a broker has compressed by %s', async (compression) => {
    const topic = await newTopic(1, { 'compression.type': compression });
    const values = ['small', 'long '.repeat(20_000), ...numbers(500).map((index) => `${index} ${crypto.randomUUID()}`)];
    await producer.send(
      topic,
      values.map((value) => ({ key: 'key', value })),
    );
    const seen: string[] = [];
    start(topic, (messages) => Promise.resolve(void seen.push(...messages.map(({ value }) => String(value)))));
    await until(() => seen.length >= values.length);
    expect(seen).toEqual(values);
    await until0Lag(topic);
  });

  it('can begin at the end', async () => {
    const topic = await newTopic(1);
    await send(topic, 10);
    const seen: number[] = [];
    const process = (messages: readonly ConsumedMessage[]) => Promise.resolve(void seen.push(...messages.map(valueOf)));
    const consumer = start(topic, process, { startFrom: 'latest' });
    await until(() => isMember(consumer));
    await until(async () => {
      await send(topic, 1, 10);
      return seen.length > 0;
    });
    expect(new Set(seen)).toEqual(new Set([10]));
  });
});

function isMember(consumer: Consumer): boolean {
  try {
    consumer.check();
    return true;
  } catch {
    return false;
  }
}

describe('when processing fails', () => {
  it('brings the messages again, before any later one, and meanwhile goes on with other partitions', async () => {
    const topic = await newTopic(2);
    const done: string[] = [];
    let attempts = 0;
    await producer.send(
      topic,
      numbers(20).map((index) => ({ key: `key-${index % 4}`, value: String(index) })),
    );
    const places = await findPlaces(topic, 20);
    const poisoned = places.get('5')!;
    const isElsewhere = (partition: number) => partition !== poisoned;
    const elsewhere = [...places.values()].filter(isElsewhere).length;
    let doneElsewhere = 0;
    start(
      topic,
      ([message]) => {
        const isTooEarly = () => ++attempts <= 2 || doneElsewhere < elsewhere;
        if (String(message!.value) === '5' && isTooEarly()) return Promise.reject(new Error('not now'));
        if (isElsewhere(message!.partition)) doneElsewhere += 1;
        done.push(`${message!.partition}/${String(message!.value)}`);
        return Promise.resolve();
      },
      { maximumMessages: 1 },
    );
    await until(() => done.length === 20);
    expect(attempts).toBeGreaterThanOrEqual(3);
    const inPartition = (partition: number) =>
      done.filter((entry) => entry.startsWith(`${partition}/`)).map((entry) => Number(entry.split('/')[1]));
    expect(isSorted(inPartition(0))).toBe(true);
    expect(isSorted(inPartition(1))).toBe(true);
    await until0Lag(topic);
  });

  it('stays in the group while messages take longer than its session, and other partitions go on', async () => {
    const topic = await newTopic(2);
    const seen: number[] = [];
    let isHeld = true;
    await send(topic, 40);
    const held = (await findPlaces(topic, 40)).get('0');
    const consumer = start(topic, async (messages) => {
      if (messages[0]!.partition === held) await until(() => !isHeld);
      seen.push(...messages.map(valueOf));
    });
    await until(() => seen.length > 0);
    const memberBefore = (await groups.describeGroup(topic)).members;
    const started = performance.now();
    let next = 40;
    while (performance.now() - started < 1.5 * sessionMilliseconds) {
      const before = seen.length;
      await send(topic, 20, next);
      next += 20;
      await until(() => seen.length > before);
    }
    expect(isMember(consumer)).toBe(true);
    expect((await groups.describeGroup(topic)).members).toEqual(memberBefore);
    expect(seen).not.toContain(0);
    isHeld = false;
    await until(() => seen.length === next);
    expect(seen.toSorted((a, b) => a - b)).toEqual(numbers(next));
    await until0Lag(topic);
  });
});

describe('while nothing can be processed', () => {
  it('holds a bounded part of what many partitions have, stays in the group, and loses nothing', async () => {
    const topic = await newTopic(12, { 'compression.type': 'zstd' });
    const text = 'There is no place like home. '.repeat(30);
    const total = 240_000;
    for (let from = 0; from < total; from += 2000) {
      await producer.send(
        topic,
        Array.from({ length: 2000 }, (_, index) => ({ key: `key-${from + index}`, value: `${from + index} ${text}` })),
      );
    }
    const hold = Promise.withResolvers<void>();
    const held = new Set<number>();
    const seen = new Set<number>();
    const buffersBefore = process.memoryUsage().arrayBuffers;
    const consumer = start(topic, async (messages) => {
      held.add(messages[0]!.partition);
      await hold.promise;
      for (const { value } of messages) seen.add(Number(String(value).split(' ', 1)[0]));
    });
    await until(() => held.size > 1);
    const memberBefore = (await groups.describeGroup(topic)).members;
    await systemClock.sleep(1.5 * sessionMilliseconds);
    // All of it would be 200 MB.
    expect(process.memoryUsage().arrayBuffers - buffersBefore).toBeLessThan(110e6);
    expect(isMember(consumer)).toBe(true);
    expect((await groups.describeGroup(topic)).members).toEqual(memberBefore);
    hold.resolve();
    await until(() => seen.size === total);
    await until0Lag(topic);
  });
});

/** In which partition each value is, read by a consumer of its own. */
async function findPlaces(topic: string, length: number): Promise<ReadonlyMap<string, number>> {
  const places = new Map<string, number>();
  const finder = start(
    topic,
    (messages) => {
      for (const { value, partition } of messages) places.set(String(value), partition);
      return Promise.resolve();
    },
    { groupId: `find-${topic}` },
  );
  await until(() => places.size === length);
  await stop(finder);
  return places;
}

describe('when the clock is set back', () => {
  it('comes back to the group at once, which hears nothing more of it as it was', async () => {
    const topic = await newTopic(1);
    const seen: number[] = [];
    // kafkajs asks Date.now, and so does this clock.
    const clock = { ...systemClock, now: () => new Date(Date.now()) };
    // A group that is not told waits that long for the member that it knows.
    const options = { clock, sessionMilliseconds: 120_000 };
    start(topic, (messages) => Promise.resolve(void seen.push(...messages.map(valueOf))), options);
    const member = async () => (await groups.describeGroup(topic)).members[0]?.id;
    await until(async () => (await member()) !== undefined);
    const before = await member();
    const realNow = Date.now;
    Date.now = () => realNow() - 3_600_000;
    try {
      await until(async () => ![undefined, before].includes(await member()));
      const { state } = await groups.describeGroup(topic);
      expect(state).not.toBe('Empty');
      await send(topic, 10);
      await until(() => seen.length === 10);
    } finally {
      Date.now = realNow;
    }
  });

  it('comes back once its session is over, when nobody answers that it leaves', async () => {
    const topic = await newTopic(1);
    let setBack = 0;
    // What is waited for at leaving ends sooner than usual.
    const sleep = (milliseconds: number, signal?: AbortSignal) =>
      systemClock.sleep(Math.min(milliseconds, 300), signal);
    const clock = { ...systemClock, sleep, now: () => new Date(Date.now() - setBack) };
    const consumer = start(topic, () => Promise.resolve(), { clock, sessionMilliseconds: 2000 });
    const member = async () => (await groups.describeGroup(topic)).members[0]?.id;
    await until(() => isMember(consumer));
    const before = await member();
    const unanswered = silence('LeaveGroup');
    try {
      setBack = 3_600_000;
      await until(() => unanswered.count > 0);
      await until(async () => ![undefined, before].includes(await member()));
      await until(() => isMember(consumer));
    } finally {
      unanswered.end();
    }
  });
});

describe('when what is processed never ends', () => {
  it('comes back to the group without it, and processes the same messages again', async () => {
    const topic = await newTopic(1);
    const seen: number[] = [];
    const sleep = (milliseconds: number, signal?: AbortSignal) =>
      systemClock.sleep(Math.min(milliseconds, 1000), signal);
    const clock = { ...systemClock, sleep, now: () => new Date(Date.now()) };
    let attempts = 0;
    await send(topic, 3);
    start(
      topic,
      (messages) => {
        attempts += 1;
        if (attempts === 1) return new Promise(() => {});
        return Promise.resolve(void seen.push(...messages.map(valueOf)));
      },
      { clock },
    );
    await until(() => attempts === 1);
    const realNow = Date.now;
    Date.now = () => realNow() - 3_600_000;
    try {
      await until(() => seen.length === 3);
    } finally {
      Date.now = realNow;
    }
    await until0Lag(topic);
  });
});

describe('when a consumer ends', () => {
  it('brings again what a crashed one had not committed, and loses nothing', async () => {
    const topic = await newTopic(1);
    await send(topic, 30);
    const fixture = fileURLToPath(new URL('consumer.fixture.ts', import.meta.url));
    const child = spawn(process.execPath, [fixture, kafka.bootstrapServers, topic, topic]);
    let output = '';
    child.stdout.on('data', (chunk) => (output += String(chunk)));
    await once(child, 'close');
    const before = output.trim().split('\n').map(Number);
    expect(before).toEqual(numbers(10));
    const seen: number[] = [];
    start(topic, (messages) => Promise.resolve(void seen.push(...messages.map(valueOf))));
    await until(() => seen.includes(29));
    expect(seen).toEqual(numbers(30).slice(9)); // the tenth again: it was processed and not committed
  });

  it('commits what finishes while it stops, and gives back the rest', async () => {
    const topic = await newTopic(1);
    await send(topic, 3);
    const seen: number[] = [];
    let release: (() => void) | undefined;
    const first = start(
      topic,
      async (messages) => {
        if (valueOf(messages[0]!) === 1) await new Promise<void>((resolve) => (release = resolve));
        seen.push(...messages.map(valueOf));
      },
      { maximumMessages: 1 },
    );
    // The second is under way, and not just about to be.
    await until(() => release !== undefined);
    const stopping = stop(first);
    release!();
    await stopping;
    expect(seen).toEqual([0, 1]);
    start(topic, (messages) => Promise.resolve(void seen.push(...messages.map(valueOf))));
    await until(() => seen.length === 3);
    expect(seen).toEqual([0, 1, 2]);
  });

  it('does not commit what is given up because it stops', async () => {
    const topic = await newTopic(1);
    await send(topic, 2);
    let isWaiting = false;
    const first = start(topic, async (_, signal) => {
      isWaiting = true;
      if (!signal.aborted) await once(signal, 'abort');
      throw new Error('given up');
    });
    await until(() => isWaiting);
    await stop(first);
    const seen: number[] = [];
    start(topic, (messages) => Promise.resolve(void seen.push(...messages.map(valueOf))));
    await until(() => seen.length === 2);
    expect(seen).toEqual([0, 1]);
  });
});

describe('when another joins the group', () => {
  it('shares the partitions, and no message is lost while they move, in both directions', async () => {
    const topic = await newTopic(6);
    const seen = new Map<string, number[]>([
      ['one', []],
      ['two', []],
    ]);
    const process = (name: string) => async (messages: readonly ConsumedMessage[]) => {
      await new Promise((resolve) => setTimeout(resolve, 1)); // work that a rebalance can interrupt
      seen.get(name)!.push(...messages.map(valueOf));
    };
    const options = { maximumMessages: 5 };
    const one = start(topic, process('one'), options);
    let sent = 0;
    const sendSome = async () => {
      await send(topic, 40, sent, (index) => String(index));
      sent += 40;
    };
    await until(() => isMember(one));
    while (seen.get('one')!.length < 100) await sendSome();
    const two = start(topic, process('two'), options);
    while (seen.get('two')!.length < 100) await sendSome();
    expect((await groups.describeGroup(topic)).members).toHaveLength(2);
    const before = seen.get('two')!.length;
    await stop(one);
    while (seen.get('two')!.length < before + 200) await sendSome();
    const all = () => new Set([...seen.get('one')!, ...seen.get('two')!]);
    await until(() => all().size === sent);
    await until0Lag(topic);
    await stop(two);
  });
});

describe('when a partition moves while its messages are in work', () => {
  it('tells the work to end, gives the messages to the new owner, and commits nothing for the old one', async () => {
    const topic = await newTopic(2);
    await send(topic, 20);
    const held = new Set<number>();
    const aborted = new Set<number>();
    const hold = Promise.withResolvers<void>();
    const one = start(topic, async (messages, signal) => {
      const { partition } = messages[0]!;
      held.add(partition);
      signal.addEventListener('abort', () => aborted.add(partition));
      await hold.promise; // and not a word about the signal
    });
    await until(() => held.size === 2);
    const taken = new Set<number>();
    start(topic, (messages) => {
      taken.add(messages[0]!.partition);
      return Promise.reject(new Error('not committed by the new owner'));
    });
    await until(() => taken.size === 1 && aborted.size === 2);
    const lagBefore = (await groups.lag(topic, [topic])).get(topic);
    expect(lagBefore).toBe(20);
    const [moved] = taken;
    held.clear();
    hold.resolve();
    // The partition that has stayed comes again, and is committed; the one that has moved is not.
    await until(() => held.has(1 - moved!));
    await until(async () => (await groups.lag(topic, [topic])).get(topic)! < 20);
    expect((await groups.lag(topic, [topic])).get(topic)).toBeGreaterThan(0);
    await stop(one);
  });
});

describe('positions', () => {
  it('count the ends of transactions, and what was aborted, as read', async () => {
    const topic = await newTopic(2);
    const kafkajs = new Kafka({ brokers: kafka.bootstrapServers.split(','), logLevel: logLevel.NOTHING });
    const transactional = kafkajs.producer({ transactionalId: topic, maxInFlightRequests: 1, idempotent: true });
    await transactional.connect();
    const inTransaction = async (values: readonly string[], end: 'commit' | 'abort') => {
      const transaction = await transactional.transaction();
      await transaction.send({ topic, messages: values.map((value) => ({ key: value, value })) });
      await transaction[end]();
    };
    const seen: number[] = [];
    start(topic, (messages) => Promise.resolve(void seen.push(...messages.map(valueOf))));
    await inTransaction(['1', '2', '3', '4'], 'commit');
    await until(() => seen.length === 4);
    await until0Lag(topic);
    await inTransaction(['5', '6'], 'abort');
    await until0Lag(topic);
    await inTransaction(['7'], 'commit');
    await until0Lag(topic);
    expect(seen.toSorted()).toEqual([1, 2, 3, 4, 7]);
    await transactional.disconnect();
  });

  it('lead past what several producers aborted that wrote in turn, one with the key of an end of a transaction', async () => {
    const topic = await newTopic(1);
    const kafkajs = new Kafka({ brokers: kafka.bootstrapServers.split(','), logLevel: logLevel.NOTHING });
    const [first, second] = [1, 2].map((number) =>
      kafkajs.producer({ transactionalId: `${topic}-${number}`, maxInFlightRequests: 1, idempotent: true }),
    );
    const begin = async (own = first!) => {
      await own.connect();
      return own.transaction();
    };
    const [one, other] = [await begin(), await begin(second)];
    const say = (transaction: typeof one, value: string, key: string | Buffer = value) =>
      transaction.send({ topic, messages: [{ key, value }] });
    await say(one, '1', Buffer.alloc(4));
    await say(other, '2');
    await say(one, '3');
    await say(other, '4');
    await other.abort();
    await say(one, '5');
    await one.abort();
    const last = await first!.transaction();
    await say(last, '6');
    await last.commit();
    const seen: number[] = [];
    start(topic, (messages) => Promise.resolve(void seen.push(...messages.map(valueOf))));
    await until0Lag(topic);
    expect(seen).toEqual([6]);
    await Promise.all([first!.disconnect(), second!.disconnect()]);
  });

  it('begin anew in a topic that was deleted and created again, and this is reported', async () => {
    const topic = await newTopic(2);
    const seen: number[] = [];
    const recreated: string[] = [];
    let release: (() => void) | undefined;
    const process = async (messages: readonly ConsumedMessage[]) => {
      seen.push(...messages.map(valueOf));
      if (seen.includes(99) && !release) await new Promise<void>((resolve) => (release = resolve));
    };
    await send(topic, 99);
    const consumer = start(topic, process, { onRecreated: (name) => recreated.push(name) });
    await until(() => seen.length === 99);
    await until0Lag(topic);
    await send(topic, 1, 99);
    await until(() => release !== undefined);
    // All that comes now comes between two looks at the topic.
    await admin.deleteTopics([{ name: topic, topicId: undefined }]);
    await until(async () => !(await groups.messageCounts([topic])).has(topic));
    await createTopic(topic, 2);
    await send(topic, 300, 1000);
    release!();
    await until(() => new Set(seen.filter((value) => value >= 1000)).size === 300);
    await until0Lag(topic);
    expect(recreated).toEqual([topic]);
    await stop(consumer);
  });

  it('begin anew also where messages of the topic as it was end only once it is known to be another', async () => {
    const topic = await newTopic(1);
    const seen: number[] = [];
    let isInWork = false;
    const recreated = Promise.withResolvers<void>();
    const process = async (messages: readonly ConsumedMessage[]) => {
      isInWork = true;
      if (messages.some((message) => valueOf(message) < 1000)) await recreated.promise;
      seen.push(...messages.map(valueOf));
    };
    await send(topic, 100);
    const consumer = start(topic, process, { onRecreated: () => recreated.resolve() });
    await until(() => isInWork);
    await admin.deleteTopics([{ name: topic, topicId: undefined }]);
    await until(async () => !(await groups.messageCounts([topic])).has(topic));
    await createTopic(topic, 1);
    await send(topic, 300, 1000);
    await recreated.promise;
    await until(() => seen.includes(1299));
    await until0Lag(topic);
    expect(new Set(seen.filter((value) => value >= 1000)).size).toBe(300);
    await stop(consumer);
  });
});

describe('a consumer that makes no progress', () => {
  it('is not well when its broker no longer answers, and goes on when one does', async () => {
    const topic = await newTopic(1);
    const seen: number[] = [];
    const times = { requestMilliseconds: 2000 };
    const consumer = start(topic, (messages) => Promise.resolve(void seen.push(...messages.map(valueOf))), { times });
    await send(topic, 1);
    await until(() => seen.length === 1);
    await kafka.brokers[0]!.pause();
    try {
      await until(() => !isMember(consumer));
    } finally {
      await kafka.brokers[0]!.resume();
    }
    await until(() => isMember(consumer));
    await until(() => send(topic, 1, 1).then(() => true));
    await until(() => seen.includes(1));
  });

  it('names the partition that is stuck, and where, as long as it is', async () => {
    const topic = await newTopic(1);
    const clock = { ...systemClock, monotonic: () => performance.now() * 100 };
    let isBroken = true;
    const process = () => (isBroken ? Promise.reject(new Error('not now')) : Promise.resolve());
    const consumer = start(topic, process, { clock });
    await send(topic, 3);
    await until(() => consumer.stuck().length > 0);
    expect(consumer.stuck()).toEqual([{ topic, partition: 0, offset: '0', seconds: expect.any(Number) }]);
    isBroken = false;
    await until(() => consumer.stuck().length === 0);
  });

  it('names none whose messages are removed by now', async () => {
    const topic = await newTopic(1);
    let later = 0;
    const clock = { ...systemClock, monotonic: () => performance.now() + later };
    let attempts = 0;
    const process = () => {
      attempts += 1;
      return Promise.reject(new Error('not now'));
    };
    const consumer = start(topic, process, { clock });
    await send(topic, 3);
    await until(() => attempts > 0);
    const kafkajs = new Kafka({ brokers: kafka.bootstrapServers.split(','), logLevel: logLevel.NOTHING }).admin();
    await kafkajs.connect();
    await kafkajs.fetchTopicOffsets(topic);
    await kafkajs.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: '-1' }] });
    await kafkajs.disconnect();
    await until0Lag(topic);
    const comeAgain = async () => {
      const before = attempts;
      await systemClock.sleep(2000);
      return attempts > before;
    };
    await until(async () => !(await comeAgain()));
    later = 60_000;
    await until(() => isMember(consumer) && consumer.stuck().length === 0);
  });

  it('names none whose messages are processed and committed, though nobody was told that they are', async () => {
    const topic = await newTopic(1);
    let later = 0;
    const clock = {
      ...systemClock,
      now: () => new Date(Date.now() + later),
      monotonic: () => performance.now() + later,
    };
    const seen: number[] = [];
    const consumer = start(topic, (messages) => Promise.resolve(void seen.push(...messages.map(valueOf))), { clock });
    await until(() => isMember(consumer));
    const lost = loseAnswers('OffsetCommit');
    try {
      await send(topic, 3);
      await until(() => lost.count > 0 && !isMember(consumer));
    } finally {
      lost.end();
    }
    await until0Lag(topic);
    later = 60_000;
    await until(() => isMember(consumer) && consumer.stuck().length === 0);
    expect(seen).toEqual(numbers(3));
  });
});

describe('when Kafka is away', () => {
  it('says so, and joins as soon as the topic is there', async () => {
    const topic = `later-${++count}`;
    const seen: number[] = [];
    const consumer = start(topic, (messages) => Promise.resolve(void seen.push(...messages.map(valueOf))));
    await until(() => {
      try {
        consumer.check();
        return false;
      } catch (error) {
        return (error as { code: string }).code === 'UnknownTopic';
      }
    });
    await admin.createTopics([{ name: topic, partitions: 1, replicationFactor: 1 }]);
    await until(() => isMember(consumer));
    await send(topic, 1);
    await until(() => seen.length === 1);
  });

  it('goes on when the broker comes back, without losing or reordering anything', async () => {
    const topic = await newTopic(1);
    const seen: number[] = [];
    const consumer = start(topic, (messages) => Promise.resolve(void seen.push(...messages.map(valueOf))));
    await send(topic, 10);
    await until(() => seen.length === 10);
    await kafka.brokers[0]!.kill();
    await until(() => !isMember(consumer));
    expect(() => consumer.check()).toThrow(expect.objectContaining({ code: 'BrokerUnreachable', retryable: true }));
    await kafka.brokers[0]!.start();
    await until(() =>
      send(topic, 10, 10).then(
        () => true,
        () => false,
      ),
    );
    await until(() => seen.includes(19));
    expect([...new Set(seen)]).toEqual(numbers(20));
  });

  it('stops at once, although it never joined', async () => {
    const options = { groupId: 'g', topics: ['t'], logger, process: () => Promise.resolve() };
    const nowhere = createConsumer({ bootstrapServers: ['127.0.0.1:1'], clientId: 'test' }, options);
    void nowhere.start(context);
    await until(() => !isMember(nowhere));
    await nowhere.stop();
  });
});
