import { describe, expect, it } from '@jest/globals';
import type { OpenTask } from '../../../src/reminder-worker/open-task.ts';
import { fireAt, nextDueAt, passedAt } from '../../../src/reminder-worker/reminder.ts';

const once: OpenTask = {
  title: 'Pay rent',
  userId: '6f0a3c5e-8a57-4a53-9d0e-0f6d2f5f7b11',
  dueDate: new Date('2026-11-23T09:00:00Z'),
  recurrence: null,
  reminders: [],
  correlationId: '0b9f8f0c-2a5b-4a5c-8f39-0c9f6a1de001',
  version: 1,
};
const daily: OpenTask = { ...once, recurrence: { rule: 'FREQ=DAILY', time_zone: 'UTC' } };
const reminder = { taskId: '0b9f8f0c-2a5b-4a5c-8f39-0c9f6a1de002', dueAt: once.dueDate, leadTimeSeconds: 0 };
const hourAhead = { ...reminder, leadTimeSeconds: 3600 };

describe('fireAt', () => {
  it('is the due time, less the lead time', () => {
    expect(fireAt(reminder)).toEqual(new Date('2026-11-23T09:00:00Z'));
    expect(fireAt(hourAhead)).toEqual(new Date('2026-11-23T08:00:00Z'));
  });
});

describe('nextDueAt', () => {
  it('is the due date of a task that does not recur', () => {
    expect(nextDueAt(once)).toEqual(once.dueDate);
  });

  it('is the due date of a task that was reminded of for another due date before', () => {
    expect(nextDueAt(once, new Date('2026-12-01T09:00:00Z'))).toEqual(once.dueDate);
  });

  it('begins with the due date of a task that recurs', () => {
    expect(nextDueAt(daily)).toEqual(daily.dueDate);
  });

  it('goes on from the occurrence that was published in time', () => {
    const passed = passedAt(reminder, new Date('2026-11-23T09:00:00.005Z'));
    expect(nextDueAt(daily, passed)).toEqual(new Date('2026-11-24T09:00:00Z'));
  });

  it('leaves out what has passed while the worker was away', () => {
    const passed = passedAt(reminder, new Date('2026-11-27T10:00:00Z'));
    expect(nextDueAt(daily, passed)).toEqual(new Date('2026-11-28T09:00:00Z'));
  });

  it('leaves out what should have been announced already', () => {
    const passed = passedAt(hourAhead, new Date('2026-11-27T08:30:00Z'));
    expect(nextDueAt(daily, passed)).toEqual(new Date('2026-11-28T09:00:00Z'));
  });

  it('never goes back when the task is moved to an older due date', () => {
    const passed = passedAt(reminder, new Date('2026-11-23T09:00:00.005Z'));
    const moved = { ...daily, dueDate: new Date('2026-11-20T12:00:00Z') };
    expect(nextDueAt(moved, passed)).toEqual(new Date('2026-11-23T12:00:00Z'));
  });

  it('leaves out excluded occurrences, also the due date itself', () => {
    const excluded = ['2026-11-23T09:00:00Z', '2026-11-25T09:00:00Z'];
    const recurring = { ...daily, recurrence: { rule: 'FREQ=DAILY', time_zone: 'UTC', excluded } };
    expect(nextDueAt(recurring)).toEqual(new Date('2026-11-24T09:00:00Z'));
    expect(nextDueAt(recurring, new Date('2026-11-24T09:00:00Z'))).toEqual(new Date('2026-11-26T09:00:00Z'));
  });

  it('is none for a stored rule that this release cannot read', () => {
    const stored = { ...once, recurrence: { rule: 'FREQ=DAILY;BYHOUR=24', time_zone: 'UTC' } };
    expect(nextDueAt(stored, passedAt(reminder, once.dueDate))).toBeUndefined();
  });

  it('ends with the recurrence', () => {
    const last = { ...once, recurrence: { rule: 'FREQ=DAILY;COUNT=1', time_zone: 'UTC' } };
    expect(nextDueAt(last, passedAt(reminder, new Date('2026-11-23T09:00:00.005Z')))).toBeUndefined();
  });
});
