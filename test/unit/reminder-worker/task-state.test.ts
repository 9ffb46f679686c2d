import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { openTask } from '../../../src/reminder-worker/open-task.ts';
import { nextDueAt } from '../../../src/reminder-worker/reminder.ts';
import { applyEvent, unknownTask, type TaskState } from '../../../src/reminder-worker/task-state.ts';
import {
  anyDelivery,
  taskCreated,
  taskDeleted,
  taskHistory,
  taskUpdated,
  type VersionedChange,
} from '../../support/task-history.ts';

const taskId = '0b9f8f0c-2a5b-4a5c-8f39-0c9f6a1de001';
const monday = '2026-11-23T09:00:00Z';
const tuesday = '2026-11-24T09:00:00Z';

function apply(changes: readonly VersionedChange[], state: TaskState = unknownTask): TaskState {
  return changes.reduce((known, { event, version }) => applyEvent(known, event, version), state);
}

/** When the reminder is due that the state leads to. */
function dueAt(state: TaskState): Date | undefined {
  const task = openTask(state);
  return task && nextDueAt(task);
}

describe('a task as its events tell of it', () => {
  it('ends the same in any interleaving and with any repetition', () => {
    const deliveries = taskHistory().chain((history) => fc.tuple(fc.constant(history), anyDelivery(history)));
    fc.assert(
      fc.property(deliveries, ([history, delivery]) => {
        const expected = apply(history);
        expect(apply(delivery)).toEqual(expected);
        expect(dueAt(apply(delivery))).toEqual(dueAt(expected));
      }),
      { numRuns: 2000 },
    );
  });

  it('has its due date alone, when it repeats from the day on which it is done', () => {
    const recurrence = { rule: 'FREQ=DAILY', time_zone: 'UTC' };
    const open = (more: object) =>
      openTask(
        apply([
          { event: taskCreated(taskId, { due_date: monday, recurrence: { ...recurrence, ...more } }), version: 1 },
        ]),
      );
    expect(open({})?.recurrence).toEqual(recurrence);
    expect(open({ from_completion: true })).toMatchObject({ dueDate: new Date(monday), recurrence: null });
  });

  it('is what the chat API has, when its whole history has come', () => {
    fc.assert(
      fc.property(taskHistory(), (history) => {
        expect(openTask(apply(history))?.dueDate.toISOString()).toEqual(dueDateOf(history));
      }),
      { numRuns: 500 },
    );
  });

  it('keeps what an update said before its create came', () => {
    const state = apply([
      { event: taskUpdated(taskId, { due_date: tuesday, title: 'Pay more rent' }), version: 2 },
      { event: taskCreated(taskId, { due_date: monday }), version: 1 },
    ]);
    expect(openTask(state)).toMatchObject({ dueDate: new Date(tuesday), title: 'Pay more rent', version: 2 });
  });

  it('reminds of nothing while only an update has come', () => {
    expect(openTask(apply([{ event: taskUpdated(taskId, { due_date: tuesday }), version: 2 }]))).toBeUndefined();
  });

  it('is not revived by what is older than its deletion', () => {
    const deleted = apply([{ event: taskDeleted(taskId), version: 3 }]);
    const later = apply(
      [
        { event: taskCreated(taskId, { due_date: monday }), version: 1 },
        { event: taskUpdated(taskId, { due_date: tuesday }), version: 2 },
      ],
      deleted,
    );
    expect(openTask(later)).toBeUndefined();
    expect(later.fields).toEqual({});
  });

  it.each([
    ['is done', { status: 'DONE' as const }, undefined],
    ['is under way', { status: 'IN_PROGRESS' as const }, new Date(monday)],
    ['has no due date any more', { due_date: null }, undefined],
    ['is due at another time', { due_date: tuesday }, new Date(tuesday)],
    ['has another text', { description: 'by bank transfer' }, new Date(monday)],
  ])('is scheduled accordingly when it %s', (_, changes, expected) => {
    const state = apply([
      { event: taskCreated(taskId, { due_date: monday }), version: 1 },
      { event: taskUpdated(taskId, changes), version: 2 },
    ]);
    expect(dueAt(state)).toEqual(expected);
  });
});

/** The due date that a reminder is for, from the events in the order in which they were made. */
function dueDateOf(history: readonly VersionedChange[]): string | undefined {
  let task: { due_date: string | null; status: string } | undefined;
  for (const { event } of history) {
    if (event.event_type === 'task-created') task = { ...event.payload };
    if (event.event_type === 'task-deleted') task = undefined;
    if (event.event_type !== 'task-updated' || !task) continue;
    const { due_date: dueDate, status } = event.payload.changes;
    if (dueDate) task.due_date = dueDate.new;
    if (status) task.status = status.new;
  }
  return task && task.status !== 'DONE' ? (task.due_date ?? undefined) : undefined;
}
