import { isDeepStrictEqual } from 'node:util';
import { withTransaction, type Database } from '../../lib/database.ts';
import { isScheduledAlike, openTask } from '../open-task.ts';
import { applyEvent, unknownTask, type TaskChange, type TaskState } from '../task-state.ts';
import { scheduleTasks } from './schedule-tasks.ts';
import { lockTasks, saveTasks } from './tasks.ts';

/** An event, and the version that its task has since. */
export interface VersionedEvent {
  readonly event: TaskChange;
  readonly version: number;
}

/**
 * Brings tasks and their reminders to where the events say, all in one transaction.
 *
 * @returns when the earliest of the reminders that were scheduled is to be published
 */
export async function applyEvents(database: Database, events: readonly VersionedEvent[]): Promise<Date | undefined> {
  const taskIds = [...new Set(events.map(({ event }) => event.payload.task_id))];
  return withTransaction(database, async (transaction) => {
    const before = await lockTasks(transaction, taskIds);
    const after = applyToStates(before, events);
    await saveTasks(transaction, changed(before, after, isDeepStrictEqual));
    return scheduleTasks(transaction, changed(before, after, areScheduledAlike));
  });
}

type States = ReadonlyMap<string, TaskState>;

function applyToStates(before: States, events: readonly VersionedEvent[]): States {
  const states = new Map(before);
  for (const { event, version } of events) {
    const { task_id: taskId } = event.payload;
    states.set(taskId, applyEvent(states.get(taskId) ?? unknownTask, event, version));
  }
  return states;
}

function changed(before: States, after: States, areAlike: (one: TaskState, other: TaskState) => boolean): States {
  return new Map([...after].filter(([taskId, state]) => !areAlike(state, before.get(taskId) ?? unknownTask)));
}

function areScheduledAlike(one: TaskState, other: TaskState): boolean {
  return isScheduledAlike(openTask(one), openTask(other));
}
