import { isDeepStrictEqual } from 'node:util';
import { withTransaction, type Database, type Queryable } from '../../lib/database.ts';
import { isScheduledAlike, openTask } from '../open-task.ts';
import { applyEvent, unknownTask, type TaskChange, type TaskState } from '../task-state.ts';
import { scheduleTasks } from './schedule-tasks.ts';
import { addTasks, lockTasks, updateTasks, type TaskStates } from './tasks.ts';

/** An event, and the version that its task has since. */
export interface VersionedEvent {
  readonly event: TaskChange;
  readonly version: number;
}

/** A task that was known has been forgotten while it was about to be locked. */
class ForgottenMeanwhile extends Error {}

/**
 * Brings tasks and their reminders to where the events say, all in one transaction. Most events that have piled up are
 * of tasks that nothing is known of, and so is every task taken to be at first: of those that are, there is nothing
 * that would have to be locked, read or removed.
 *
 * @returns when the earliest of the reminders that were scheduled is to be published
 */
export async function applyEvents(database: Database, events: readonly VersionedEvent[]): Promise<Date | undefined> {
  for (;;) {
    try {
      return await withTransaction(database, (transaction) => applyTogether(transaction, events));
    } catch (error) {
      if (!(error instanceof ForgottenMeanwhile)) throw error;
    }
  }
}

/** @throws {ForgottenMeanwhile} with a part of it done */
async function applyTogether(transaction: Queryable, events: readonly VersionedEvent[]): Promise<Date | undefined> {
  const unknown = applyToStates(new Map(), events);
  const added = await addTasks(transaction, unknown);
  const known = [...unknown.keys()].filter((taskId) => !added.has(taskId));
  const before = await lockTasks(transaction, known);
  if (before.size < known.length) throw new ForgottenMeanwhile();
  const after = applyToStates(
    before,
    events.filter(({ event }) => before.has(event.payload.task_id)),
  );
  await updateTasks(transaction, changed(before, after, isDeepStrictEqual));
  return scheduleTasks(transaction, { added, changed: changed(before, after, areScheduledAlike) });
}

/** Of all tasks that the events tell of. */
function applyToStates(before: TaskStates, events: readonly VersionedEvent[]): TaskStates {
  const states = new Map(before);
  for (const { event, version } of events) {
    const { task_id: taskId } = event.payload;
    states.set(taskId, applyEvent(states.get(taskId) ?? unknownTask, event, version));
  }
  return states;
}

/** Those that are not any more what they were. */
function changed(
  before: TaskStates,
  after: TaskStates,
  areAlike: (one: TaskState, other: TaskState) => boolean,
): TaskStates {
  return new Map(
    [...before].flatMap(([taskId, state]) => {
      const now = after.get(taskId)!;
      return areAlike(now, state) ? [] : [[taskId, now]];
    }),
  );
}

function areScheduledAlike(one: TaskState, other: TaskState): boolean {
  return isScheduledAlike(openTask(one), openTask(other));
}
