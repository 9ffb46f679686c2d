import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { AnswerBudget, type AnswerHolder } from '../../../src/kafka/client/answer-budget.ts';
import { createTopicAdmin, type TopicAdmin } from '../../../src/kafka/topic-admin.ts';
import { createLogger } from '../../../src/lib/log.ts';
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
const mebibyte = 2 ** 20;
const modern = { [apiKeys.metadata]: 12, [apiKeys.apiVersions]: 3 };
/** What is tried here is how much comes, and not how soon, on a machine that has other things to do. */
const unhurried = { connectMilliseconds: 20_000, requestMilliseconds: 60_000, callMilliseconds: 120_000 };
const opened: (FakeKafkaBroker | { stop(): Promise<void> })[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((part) => part.stop()));
});

async function against(script: Script, options: { readonly budget?: AnswerBudget; readonly bytes?: number } = {}) {
  const broker = await startFakeKafkaBroker(script);
  const admin = createTopicAdmin(
    { bootstrapServers: [`127.0.0.1:${broker.port}`], clientId: 'test' },
    { logger, answers: options, times: unhurried },
  );
  opened.push(broker, { stop: () => admin.close() });
  return { broker, admin };
}

/** Answers as a broker does. */
const modest: Script = (request) =>
  request.apiKey === apiKeys.apiVersions ? apiVersions(request, modern) : metadataOf(request);

/** What is loaded at the first request is no matter of answers. */
beforeAll(async () => {
  const { admin } = await against(modest);
  await admin.describeCluster();
});

describe('many topics', () => {
  it('are asked for in halves where all of them are more than one answer may hold', async () => {
    const asked: string[] = [];
    const { admin } = await against((request) => {
      if (request.apiKey === apiKeys.apiVersions) return apiVersions(request, modern);
      const names = [...request.body.toString('latin1').matchAll(/topic-(\w)/g)].map(([, letter]) => letter);
      if (names.length === 0) return metadataOf(request);
      asked.push(names.join(''));
      request.socket.write(announce(64 * mebibyte));
      return undefined;
    });
    const found = await admin.describeEach(['topic-a', 'topic-b', 'topic-c']);
    expect(asked).toEqual(['abc', 'ab', 'a', 'b', 'c']);
    const error = expect.objectContaining({ code: 'AnswerTooLarge', retryable: true }) as unknown;
    expect([...found]).toEqual(['a', 'b', 'c'].map((letter) => [`topic-${letter}`, error]));
  });
});

/** A size, and what follows it. */
function announce(size: number, ...rest: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 + rest.length);
  bytes.writeInt32BE(size, 0);
  bytes.set(rest, 4);
  return bytes;
}

const chunk = Buffer.alloc(64 * 1024);

/** Bytes without end, as fast as they are taken; tells how many went. */
function pour(first: Buffer, sent: { bytes: number }): Script {
  return ({ socket }) => {
    socket.write(first);
    const more = () => {
      while (!socket.destroyed && sent.bytes < 512 * mebibyte) {
        sent.bytes += chunk.length;
        if (!socket.write(chunk)) return;
      }
    };
    socket.on('drain', more);
    more();
    return undefined;
  };
}

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** What is in use: without what only waits to be collected. */
const memory = () => {
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
};

describe('an answer', () => {
  it('that is announced as larger than allowed is refused before it comes', async () => {
    const sent = { bytes: 0 };
    const { admin, broker } = await against(pour(announce(2_000_000_000), sent));
    const before = memory();
    await expect(admin.describeCluster()).rejects.toMatchObject({
      code: 'AnswerTooLarge',
      retryable: true,
      message: expect.stringMatching(/^127\.0\.0\.1:\d+ announced an answer of 1907 MiB; at most 32 MiB are accepted/),
    });
    expect(memory() - before).toBeLessThan(16 * mebibyte);
    expect(sent.bytes).toBeLessThan(16 * mebibyte);
    await until(() => broker.connections() === 0);
  });

  it('counts whatever it answers: also the first look at the brokers', async () => {
    const { admin } = await against((request) => {
      if (request.apiKey === apiKeys.apiVersions) return apiVersions(request, modern);
      request.socket.write(announce(33 * mebibyte));
      return undefined;
    });
    await expect(admin.listReassignments()).rejects.toMatchObject({ code: 'AnswerTooLarge' });
    const deleted = await admin.deleteTopics([{ name: 'a', topicId: undefined }]);
    expect(deleted.get('a')).toMatchObject({ code: 'AnswerTooLarge', retryable: true });
  });

  it.each([
    ['shorter than an answer can be', announce(0)],
    ['of a negative size', announce(-1, 1, 2, 3, 4)],
  ])('%s ends the connection, and not the process', async (_, bytes) => {
    const { admin, broker } = await against(({ socket }) => void socket.write(bytes));
    await expect(admin.describeCluster()).rejects.toMatchObject({ code: 'BrokerUnreachable', retryable: true });
    await until(() => broker.connections() === 0);
  });

  it('in pieces, or together with others, is put together', async () => {
    const { admin } = await against((request) => {
      if (request.apiKey === apiKeys.apiVersions) return apiVersions(request, modern);
      const body = metadataOf(request);
      const head = announce(4 + body.length, 0, 0, 0, 0);
      head.writeInt32BE(request.correlationId, 4);
      // An answer that nobody waits for comes with it.
      const all = Buffer.concat([announce(4, 127, 0, 0, 0), head, body]);
      for (const byte of all) request.socket.setNoDelay(true).write(Buffer.of(byte));
      return undefined;
    });
    expect(await admin.describeCluster()).toMatchObject({ clusterId: 'fake-cluster' });
  });

  it('that announces more items than it has bytes allocates nothing for them', async () => {
    const { admin } = await against((request) => {
      if (request.apiKey === apiKeys.apiVersions) return apiVersions(request, modern);
      // Tags, throttle time, and so many brokers: all that a length can say.
      return Buffer.from([0, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0x0f]);
    });
    const before = memory();
    await expect(admin.describeCluster()).rejects.toMatchObject({ code: 'AnswerIncomplete', retryable: true });
    expect(memory() - before).toBeLessThan(16 * mebibyte);
  });

  it('that announces more versions of its requests than it has bytes is refused, too', async () => {
    const { admin } = await against(() => Buffer.from([0, 0, 0x7f, 0xff, 0xff, 0xff]));
    await expect(admin.describeCluster()).rejects.toMatchObject({ code: 'AnswerIncomplete' });
  });
});

/** Looks each time that an answer ends or is given up: the most is kept just before. */
class WatchedBudget extends AnswerBudget {
  readonly #before = memory();
  mostHeld = 0;
  mostMemory = 0;

  override hold(holder: AnswerHolder, bytes: number): void {
    if (bytes === 0) this.mostMemory = Math.max(this.mostMemory, memory() - this.#before);
    super.hold(holder, bytes);
    this.mostHeld = Math.max(this.mostHeld, this.held);
  }
}

describe('many answers at once', () => {
  it('stay within a budget, and the largest is the one that is given up', async () => {
    const budget = new WatchedBudget(8 * mebibyte);
    const greedy = pour(announce(30 * mebibyte), { bytes: 0 });
    const clusters: TopicAdmin[] = [];
    for (let index = 0; index < 10; index += 1) clusters.push((await against(greedy, { budget })).admin);
    const { admin } = await against(modest, { budget });
    const asked = clusters.map((cluster) => cluster.describeCluster());
    expect(await admin.describeCluster()).toMatchObject({ clusterId: 'fake-cluster' });
    for (const answer of await Promise.allSettled(asked))
      expect(answer).toMatchObject({ status: 'rejected', reason: { code: 'AnswerTooLarge', retryable: true } });
    expect(budget.mostHeld).toBeGreaterThan(4 * mebibyte);
    expect(budget.mostHeld).toBeLessThanOrEqual(8 * mebibyte);
    // Of 300 MiB; the brokers that send them are in this process, too.
    expect(budget.mostMemory).toBeLessThan(128 * mebibyte);
    expect(budget.held).toBe(0);
  });
});
