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

/** Another worker has come to know one of the tasks at the same time. */
class KnownMeanwhile extends Error {}

/**
 * Brings tasks and their reminders to where the events say, all in one transaction. Most events that have piled up are
 * of tasks that nothing is known of: there is nothing of them that would have to be locked, read or removed.
 *
 * @returns when the earliest of the reminders that were scheduled is to be published
 */
export async function applyEvents(database: Database, events: readonly VersionedEvent[]): Promise<Date | undefined> {
  for (;;) {
    try {
      return await withTransaction(database, (transaction) => applyTogether(transaction, events));
    } catch (error) {
      // It has committed what it knows, so that this time the task is one of those that are locked.
      if (!(error instanceof KnownMeanwhile)) throw error;
    }
  }
}

/** @throws {KnownMeanwhile} with a part of it done */
async function applyTogether(transaction: Queryable, events: readonly VersionedEvent[]): Promise<Date | undefined> {
  const before = await lockTasks(transaction, [...new Set(events.map(({ event }) => event.payload.task_id))]);
  const after = applyToStates(before, events);
  const added = new Map([...after].filter(([taskId]) => !before.has(taskId)));
  if (!(await addTasks(transaction, added))) throw new KnownMeanwhile();
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

/** Those that were known before, and are not any more what they were. */
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
