import { statSync } from 'node:fs';
import { relative } from 'node:path';
import type { Test } from '@jest/reporters';

/**
 * Files that take longer than others of their size, in seconds on two cores, as `make test` prints them at its end. One
 * that began last would have one worker wait for the other.
 */
export const seconds: Readonly<Record<string, number>> = {
  'test/integration/chat-api/page.test.ts': 159,
  'test/integration/chat-api/kafka.test.ts': 101,
  'test/integration/operator/event-topic/crashes.test.ts': 94,
  'test/integration/operator/event-cluster.test.ts': 93,
  'test/integration/operator/kafka-move.test.ts': 80,
  'test/integration/soak.test.ts': 76,
  'test/integration/reminder-worker/worker.test.ts': 70,
  'test/integration/charts/credentials.test.ts': 68,
  'test/integration/operator/lab.test.ts': 66,
  'test/integration/localcluster/kafka.test.ts': 55,
  'test/integration/kafka/topic-admin.test.ts': 50,
  'test/integration/kafka/consumer.test.ts': 49,
  'test/integration/localcluster/dockerfile-build.test.ts': 48,
  'test/integration/charts/operator-rights.test.ts': 45,
  'test/integration/kafka/connection.test.ts': 44,
  'test/integration/operator/event-user/users.test.ts': 40,
};

/** Jest's sequencer: those whose time is known first, the longest of all before, then the others by their size. */
export default class LongestFirst {
  sort(tests: readonly Test[]): Test[] {
    return tests.toSorted((one, other) => weight(other) - weight(one));
  }

  allFailedTests(tests: readonly Test[]): Test[] {
    return [...tests];
  }

  cacheResults(): void {}
}

function weight({ path }: Test): number {
  return seconds[relative(process.cwd(), path)] ?? statSync(path).size / 1e6;
}
