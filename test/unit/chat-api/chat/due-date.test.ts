import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { endedOn, firstTiming, snoozed } from '../../../../src/chat-api/chat/due-date.ts';
import { zoned } from '../../../../src/chat-api/quick-add/when.ts';
import { nextOccurrence } from '../../../../src/lib/recurrence.ts';
import type { Task } from '../../../../src/chat-api/tasks/task.ts';

const zone = 'Europe/Berlin';
// A Tuesday, 16:30 in Berlin.
const time = { now: new Date('2026-11-24T15:30:00Z'), zone };
const zones = fc.constantFrom('Europe/Berlin', 'America/New_York', 'Asia/Kathmandu', 'Australia/Lord_Howe', 'UTC');
const instants = fc.date({ min: new Date('2025-01-01'), max: new Date('2035-01-01'), noInvalidDate: true });

describe('firstTiming', () => {
  it.each([
    ['FREQ=DAILY', undefined, '2026-11-25T08:00:00.000Z'],
    ['FREQ=WEEKLY;BYDAY=MO', undefined, '2026-11-30T08:00:00.000Z'],
    ['FREQ=WEEKLY;BYDAY=MO', '18:00', '2026-11-30T17:00:00.000Z'],
    ['FREQ=WEEKLY;BYDAY=FR', '2026-12-01T10:00', '2026-12-04T09:00:00.000Z'],
    ['FREQ=MONTHLY', '2026-11-25T09:00', '2026-11-25T08:00:00.000Z'],
    ['FREQ=HOURLY', undefined, '2026-11-24T15:30:00.000Z'],
    // The first such day, however many come between it and the next
    ['FREQ=WEEKLY;INTERVAL=2;BYDAY=MO', undefined, '2026-11-30T08:00:00.000Z'],
    ['FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=10', undefined, '2026-12-10T08:00:00.000Z'],
    ['FREQ=MONTHLY;INTERVAL=2;BYDAY=1TH', undefined, '2026-12-03T08:00:00.000Z'],
    ['FREQ=YEARLY;INTERVAL=4;BYMONTH=2;BYMONTHDAY=29', undefined, '2028-02-29T08:00:00.000Z'],
    ['FREQ=WEEKLY;INTERVAL=2;BYDAY=TU', '2026-12-03T10:00', '2026-12-08T09:00:00.000Z'],
  ])('begins %s at %s on %s', (rule, when, expected) => {
    expect(firstTiming(when, rule, time).due_date).toBe(expected);
  });

  it('keeps the wall clock of a daily task over every change of the clocks', () => {
    fc.assert(
      fc.property(zones, instants, fc.integer({ min: 5, max: 22 }), (name, now, hour) => {
        const { due_date, recurrence } = firstTiming(`${String(hour).padStart(2, '0')}:00`, 'FREQ=DAILY', {
          now,
          zone: name,
        });
        const start = new Date(due_date!);
        let due = start;
        for (let count = 0; count < 200; count += 40) {
          due = nextOccurrence(recurrence!, start, new Date(due.getTime() + 40 * 86_400_000))!;
          expect(zoned(due, name).hour).toBe(hour);
        }
      }),
      { numRuns: 30 },
    );
  });

  it('leaves the day of the month open for what counts from completion', () => {
    const timing = firstTiming('2026-11-29T09:00', 'FREQ=MONTHLY;INTERVAL=3', time, { fromCompletion: true });
    expect(timing.recurrence?.rule).toBe('FREQ=MONTHLY;INTERVAL=3');
    expect(timing.due_date).toBe('2026-11-29T08:00:00.000Z');
  });

  it('gives a monthly task one due date in every month', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 31 }), (day) => {
        const when = `2027-01-${String(day).padStart(2, '0')}T09:00`;
        const { due_date, recurrence } = firstTiming(when, 'FREQ=MONTHLY', time);
        const start = new Date(due_date!);
        let due = start;
        for (let month = 2; month <= 12; month++) {
          due = nextOccurrence(recurrence!, start, due)!;
          const { month: found, day: foundDay, daysInMonth } = zoned(due, zone);
          expect([found, foundDay]).toEqual([month, Math.min(day, daysInMonth)]);
        }
      }),
    );
  });
});

describe('snoozed', () => {
  it('is later than it was due, or than now when that is past', () => {
    expect(snoozed('2026-11-24T17:00:00.000Z', 'PT10M', time)).toBe('2026-11-24T17:10:00.000Z');
    expect(snoozed('2026-11-01T17:00:00.000Z', 'PT10M', time)).toBe('2026-11-24T15:40:00.000Z');
    expect(snoozed(null, 'PT10M', time)).toBe('2026-11-24T15:40:00.000Z');
    // A day on the clock of the user, though the clocks change in between.
    expect(snoozed('2027-03-27T08:00:00.000Z', 'P1D', time)).toBe('2027-03-28T07:00:00.000Z');
  });

  it('refuses a time that no calendar here has', () => {
    expect(() => snoozed(null, 'P9000Y', time)).toThrow(RangeError);
  });
});

describe('endedOn', () => {
  const yoga = (rule: string) =>
    ({ title: 'Yoga', due_date: '2026-12-07T17:00:00.000Z', recurrence: { rule, time_zone: zone } }) as Task;

  it.each(['FREQ=WEEKLY', 'FREQ=WEEKLY;COUNT=9', 'FREQ=WEEKLY;UNTIL=20270301T225959Z'])(
    'ends %s with the last occurrence until that day',
    (rule) => {
      const recurrence = endedOn(yoga(rule), '2026-12-21', time);
      expect(recurrence).toEqual({ rule: 'FREQ=WEEKLY;UNTIL=20261221T225959Z', time_zone: zone });
      const [start, last] = [new Date('2026-12-07T17:00:00Z'), new Date('2026-12-21T17:00:00Z')];
      expect(nextOccurrence(recurrence, start, new Date('2026-12-20T17:00:00Z'))).toEqual(last);
      expect(nextOccurrence(recurrence, start, last)).toBeUndefined();
    },
  );

  it('refuses what does not repeat, and a day before the next occurrence', () => {
    expect(() => endedOn({ title: 'Yoga', due_date: null, recurrence: null } as Task, '2026-12-21', time)).toThrow(
      '"Yoga" does not repeat',
    );
    expect(() => endedOn(yoga('FREQ=WEEKLY'), '2026-12-06', time)).toThrow('"Yoga" is next due Mon 7 Dec at 18:00');
  });
});
