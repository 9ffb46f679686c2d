import { describe, expect, it, jest } from '@jest/globals';
import type { EachBatchPayload } from 'kafkajs';
import { PartitionWork } from '../../../src/kafka/partition-work.ts';
import { Progress } from '../../../src/kafka/progress.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import { createLogger } from '../../../src/lib/log.ts';

const notCoordinator = new Error('This is not the correct coordinator for this group');

/** A batch of messages, whose offsets are committed as the function says. */
function workOn(offsets: readonly string[], commit: () => Promise<void>) {
  const resolveOffset = jest.fn<(offset: string) => void>();
  const messages = offsets.map((offset) => ({ offset, key: null, value: null, headers: {} }));
  const batch = { topic: 'tasks', partition: 0, messages, lastOffset: () => offsets.at(-1)! };
  const payload = { batch, commitOffsetsIfNecessary: commit, resolveOffset } as unknown as EachBatchPayload;
  const seen: string[] = [];
  const failures: unknown[] = [];
  const work: PartitionWork = new PartitionWork(
    payload,
    {
      ...{ clock: systemClock, logger: createLogger({ name: 'test', level: 'silent' }), maximumMessages: 1 },
      progress: new Progress(systemClock),
      identity: { commitMetadata: () => null },
      process: (given) => Promise.resolve(void seen.push(...given.map(({ offset }) => offset))),
      onCommitFailed: (error) => {
        failures.push(error);
        work.hurry();
      },
    },
    Promise.resolve(),
  );
  return { work, seen, failures, resolveOffset };
}

describe('the work on a partition', () => {
  it('goes from message to message, each committed before the next', async () => {
    const { work, seen, failures, resolveOffset } = workOn(['7', '8'], () => Promise.resolve());
    await work.done;
    expect(seen).toEqual(['7', '8']);
    expect(resolveOffset.mock.calls).toEqual([['7'], ['8']]);
    expect(failures).toEqual([]);
  });

  it('tells at once that the coordinator is not where it was, and goes no further', async () => {
    const { work, seen, failures, resolveOffset } = workOn(['7', '8'], () => Promise.reject(notCoordinator));
    await work.done;
    expect(seen).toEqual(['7']);
    expect(failures).toEqual([notCoordinator]);
    expect(resolveOffset).not.toHaveBeenCalled();
  });
});
