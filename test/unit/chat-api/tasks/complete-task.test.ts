import { describe, expect, it } from '@jest/globals';
import { completion } from '../../../../src/chat-api/tasks/complete-task.ts';
import type { Recurrence, Task } from '../../../../src/chat-api/tasks/task.ts';

const task: Task = {
  id: '00000000-0000-4000-8000-000000000001',
  title: 'Descale the kettle',
  description: null,
  priority: 'MEDIUM',
  status: 'TODO',
  due_date: null,
  recurrence: null,
  tags: [],
  version: 1,
  created_at: '2026-01-01T00:00:00.000Z',
  updated_at: '2026-01-01T00:00:00.000Z',
};

function complete(due: string, rule: string, now: string): string | undefined {
  const recurrence: Recurrence = { rule, time_zone: 'Europe/Berlin', from_completion: true };
  const locked = { task: { ...task, due_date: due, recurrence }, seriesStart: new Date(due) };
  const { status, due_date } = completion(locked, new Date(now));
  return status === 'DONE' ? 'DONE' : (due_date ?? undefined);
}

describe('a task that repeats from the day on which it is done', () => {
  it.each([
    ['late', '2026-01-10T08:00:00Z', 'FREQ=DAILY;INTERVAL=3', '2026-01-14T12:00:00Z', '2026-01-17T08:00:00.000Z'],
    ['early', '2026-01-10T08:00:00Z', 'FREQ=DAILY;INTERVAL=3', '2026-01-08T12:00:00Z', '2026-01-11T08:00:00.000Z'],
    ['on the day, early', '2026-01-10T08:00:00Z', 'FREQ=DAILY', '2026-01-10T07:00:00Z', '2026-01-11T08:00:00.000Z'],
    ['after the clocks', '2026-01-10T08:00:00Z', 'FREQ=MONTHLY', '2026-03-10T12:00:00Z', '2026-04-10T07:00:00.000Z'],
    [
      'for a weekday',
      '2026-01-05T08:00:00Z',
      'FREQ=WEEKLY;BYDAY=MO',
      '2026-01-14T12:00:00Z',
      '2026-01-19T08:00:00.000Z',
    ],
    [
      'within a day',
      '2026-01-10T08:00:00Z',
      'FREQ=HOURLY;INTERVAL=2',
      '2026-01-10T09:10:00Z',
      '2026-01-10T11:10:00.000Z',
    ],
    [
      'on a day that a month lacks',
      '2026-01-10T08:00:00Z',
      'FREQ=MONTHLY;INTERVAL=3',
      '2026-11-30T12:00:00Z',
      '2027-02-28T08:00:00.000Z',
    ],
    ['for the last time', '2026-01-10T08:00:00Z', 'FREQ=DAILY;UNTIL=20260112T000000Z', '2026-01-11T12:00:00Z', 'DONE'],
  ])('is next due from there: done %s', (_when, due, rule, now, expected) => {
    expect(complete(due, rule, now)).toBe(expected);
  });
});
