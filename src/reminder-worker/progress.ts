import type { StuckPartition } from '../kafka/progress.ts';
import { ExpectedError } from '../lib/errors.ts';

/** For readiness. @throws {ExpectedError} Stuck, with where and for how long */
export function checkProgress(stuck: readonly StuckPartition[]): void {
  if (stuck.length === 0) return;
  const places = stuck.map(
    ({ topic, partition, offset, seconds }) => `${topic}/${partition} at offset ${offset} for ${seconds} s`,
  );
  throw new ExpectedError('Stuck', `Stuck: ${places.join(', ')}`, { retryable: true });
}
