import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { EventEmitter } from 'node:events';
import { setImmediate as turn } from 'node:timers/promises';
import { Kafka, type Consumer, type ConsumerRunConfig, type EachBatchPayload } from 'kafkajs';
import { ConsumerSession, type SessionOptions } from '../../../src/kafka/consumer-session.ts';
import { Progress } from '../../../src/kafka/progress.ts';
import type { TopicIdentity } from '../../../src/kafka/topic-identity.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import { createLogger } from '../../../src/lib/log.ts';

afterEach(() => {
  jest.restoreAllMocks();
});

type Assignment = Readonly<Record<string, readonly number[]>>;

/** A session whose kafkajs does nothing but what the test says. */
async function startSession() {
  const emitter = new EventEmitter();
  const commitOffsets = jest.fn<Consumer['commitOffsets']>(() => Promise.resolve());
  let eachBatch: ConsumerRunConfig['eachBatch'];
  const stopped = new AbortController();
  const client = {
    events: new Proxy({}, { get: (_events, name) => name }),
    on: (name: string, listener: (event: unknown) => void) => emitter.on(name, listener),
    connect: () => Promise.resolve(),
    disconnect: () => Promise.resolve(),
    subscribe: () => Promise.resolve(),
    run: (config: ConsumerRunConfig) => Promise.resolve(void (eachBatch = config.eachBatch)),
    seek: () => {},
    commitOffsets,
  };
  jest.spyOn(Kafka.prototype, 'consumer').mockReturnValue(client as unknown as Consumer);
  const identity = {
    refresh: () => Promise.resolve(false),
    isRecreated: () => false,
    commitMetadata: () => null,
    resumedPositions: () => Promise.resolve([]),
  } as unknown as TopicIdentity;
  const progress = new Progress(systemClock);
  const seen: string[] = [];
  const options: SessionOptions = {
    ...{ groupId: 'group', topics: ['tasks', 'updates'], clock: systemClock, identity, progress },
    logger: createLogger({ name: 'test', level: 'silent' }),
    process: (messages) =>
      Promise.resolve(void seen.push(...messages.map(({ topic, partition }) => `${topic}/${partition}`))),
  };
  const session = new ConsumerSession({ bootstrapServers: ['localhost:9092'], clientId: 'test' }, options);
  const running = session.run(stopped.signal);
  await turn();
  const join = async (memberAssignment: Assignment) => {
    emitter.emit('GROUP_JOIN', { payload: { memberId: 'member', memberAssignment } });
    await turn();
  };
  /** A broker answers with a message, or with what holds none. */
  const answer = async (topic: string, partition: number, batchSize = 1) => {
    const messages = batchSize ? [{ offset: '7', key: null, value: null, headers: {} }] : [];
    const payload = {
      batch: { topic, partition, messages, lastOffset: () => '7' },
      commitOffsetsIfNecessary: () => Promise.resolve(),
      resolveOffset: () => {},
      pause: () => () => {},
    } as unknown as EachBatchPayload;
    if (batchSize) await eachBatch!(payload);
    else emitter.emit('END_BATCH_PROCESS', { payload: { topic, partition, batchSize, lastOffset: '7' } });
    await turn();
  };
  const stop = async () => {
    stopped.abort();
    await running;
  };
  return { join, answer, seen, commitOffsets, stop };
}

describe('a session', () => {
  it('leaves alone what a broker gives of a partition that is another member’s by now', async () => {
    const { join, answer, seen, commitOffsets, stop } = await startSession();
    await join({ tasks: [0, 1], updates: [0] });
    await answer('tasks', 1);
    await answer('updates', 0, 0);
    expect(seen).toEqual(['tasks/1']);
    expect(commitOffsets).toHaveBeenCalledTimes(1);
    await join({ tasks: [0] });
    for (const [topic, partition] of [
      ['tasks', 1],
      ['updates', 0],
    ] as const) {
      await answer(topic, partition);
      await answer(topic, partition, 0);
    }
    await answer('tasks', 0);
    expect(seen).toEqual(['tasks/1', 'tasks/0']);
    expect(commitOffsets).toHaveBeenCalledTimes(1);
    await stop();
  });
});
