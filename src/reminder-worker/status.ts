import type { StuckPartition } from '../kafka/progress.ts';
import type { DueLoop, Obstacle } from './due-loop.ts';

/** What the worker says at /status, which the operator shows with its ReminderConsumer. */
export interface WorkerStatus {
  readonly reminders: {
    /** For how long some have been due and not published; missing until the worker looks. */
    readonly behindSeconds?: number;
    /** What they wait for, when none could be published for long. */
    readonly stuckAt?: Obstacle;
  };
  readonly stuckPartitions: readonly StuckPartition[];
}

/** More would make no difference to whoever reads it. */
const mostPartitions = 20;

export function workerStatus(
  dueLoop: Pick<DueLoop, 'secondsBehind' | 'stuckAt'>,
  stuck: readonly StuckPartition[],
): WorkerStatus {
  const [behindSeconds, stuckAt] = [dueLoop.secondsBehind(), dueLoop.stuckAt()];
  return {
    reminders: { ...(behindSeconds !== undefined && { behindSeconds }), ...(stuckAt && { stuckAt }) },
    stuckPartitions: stuck.slice(0, mostPartitions),
  };
}
