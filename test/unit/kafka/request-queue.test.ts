import { afterEach, beforeAll, expect, it, jest } from '@jest/globals';
import RequestQueue from 'kafkajs/src/network/requestQueue/index.js';
import { throttleByMonotonicTime } from '../../../src/kafka/client/request-queue.ts';
import { until } from '../../support/until.ts';

beforeAll(() => throttleByMonotonicTime());
afterEach(() => void jest.restoreAllMocks());

const queueOf = (maxInFlightRequests: number | null) =>
  new RequestQueue({
    ...{ maxInFlightRequests, requestTimeout: 1000, enforceRequestTimeout: false, clientId: 'test', broker: 'one' },
    logger: { debug: () => {} },
  });

function push(queue: RequestQueue, correlationId: number, sent: number[]): void {
  queue.push({
    entry: { correlationId, reject: () => {} },
    expectResponse: true,
    sendRequest: () => sent.push(correlationId),
  });
}

const hour = 60 * 60 * 1000;

it.each([-hour, hour])(
  'a request waits as long as its broker asks, whatever the time of day does (%s)',
  async (step) => {
    const queue = queueOf(null);
    const sent: number[] = [];
    const begun = performance.now();
    queue.maybeThrottle(200);
    const { now } = Date;
    jest.spyOn(Date, 'now').mockImplementation(() => now() + step);
    push(queue, 1, sent);
    await until(() => sent.length > 0, 10_000);
    expect(performance.now() - begun).toBeGreaterThanOrEqual(199);
  },
);

it.each([null, undefined, 0, -1])('a request does not wait after an answer that asks for %s', (asked) => {
  const queue = queueOf(null);
  const sent: number[] = [];
  queue.maybeThrottle(asked);
  push(queue, 1, sent);
  expect(sent).toEqual([1]);
});

it('a request waits while as many are under way as may be', () => {
  const queue = queueOf(1);
  const sent: number[] = [];
  push(queue, 1, sent);
  push(queue, 2, sent);
  expect(sent).toEqual([1]);
  clearTimeout(queue.throttleCheckTimeoutId ?? undefined);
});
