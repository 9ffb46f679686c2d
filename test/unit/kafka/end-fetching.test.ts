import { expect, it } from '@jest/globals';
import Runner from 'kafkajs/src/consumer/runner.js';
// What is tried here is put in place by it.
import '../../../src/kafka/client/options.ts';
import { until } from '../../support/until.ts';

/** More than any consumer does that is ending. */
const endless = 1000;

it('comes to an end when a consumer is stopped while brokers come and go', async () => {
  let brokers = ['1', '2'];
  let isFetching = false;
  let answer = (): void => {};
  const consumerGroup = {
    connect: () => Promise.resolve(),
    joinAndSync: () => Promise.resolve(),
    heartbeat: () => Promise.resolve(),
    leave: () => Promise.resolve(),
    getNodeIds: () => brokers,
    fetch: async (broker: string) => {
      // The second has its answer later, so that both are waited for.
      if (broker === '2') {
        isFetching = true;
        await new Promise<void>((resolve) => (answer = resolve));
      }
      return [];
    },
  };
  let lines = 0;
  const logger = {
    namespace: () => logger,
    info: () => {},
    debug: (line: string) => {
      if (line.startsWith('consumer not running')) lines += 1;
      // Without an end, no timer would ever run that could fail this test.
      if (lines > endless) throw new Error('it goes on without an end');
    },
  };
  const crashes: Error[] = [];
  const runner = new Runner({
    ...{ logger, consumerGroup, concurrency: 1, instrumentationEmitter: { emit: () => {} } },
    onCrash: (error) => crashes.push(error),
  });
  await runner.start();
  await until(() => isFetching);
  brokers = ['1'];
  // The first sees that brokers have changed, and both are to be made anew once the second has its answer.
  await new Promise((resolve) => setImmediate(resolve));
  const stopped = runner.stop();
  answer();
  await stopped;
  expect(lines).toBeLessThan(10);
  expect(crashes).toEqual([]);
});

it('leaves the group when a consumer is stopped while it joins', async () => {
  const joined = Promise.withResolvers<void>();
  let hasLeft = false;
  const consumerGroup = {
    connect: () => Promise.resolve(),
    joinAndSync: () => joined.promise,
    heartbeat: () => Promise.resolve(),
    leave: () => Promise.resolve(void (hasLeft = true)),
    getNodeIds: () => ['1'],
    fetch: () => new Promise((resolve) => setImmediate(() => resolve([]))),
  };
  const logger = { namespace: () => logger, info: () => {}, debug: () => {} };
  const runner = new Runner({
    ...{ logger, consumerGroup, concurrency: 1, instrumentationEmitter: { emit: () => {} } },
    onCrash: () => {},
  });
  const started = runner.start();
  await runner.stop();
  joined.resolve();
  await started;
  const isRunning = runner.running;
  await runner.stop();
  expect({ hasLeft, isRunning }).toEqual({ hasLeft: true, isRunning: false });
});
