import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { checkRecurrence, nextOccurrence } from '../../../src/lib/recurrence.ts';

/** The first occurrences of a series, as a task would be reminded of them one after another. */
function occurrences(rule: string, timeZone: string, start: string, count: number): string[] {
  const recurrence = { rule, time_zone: timeZone };
  const times: Date[] = [];
  for (let next: Date | undefined = new Date(start); next && times.length < count;) {
    times.push(next);
    next = nextOccurrence(recurrence, times[0]!, next);
  }
  return times.map((time) => time.toISOString());
}

describe('nextOccurrence', () => {
  it('begins at the start, though the rule would not have it', () => {
    const start = new Date('2026-11-24T09:00:00Z'); // a Tuesday
    expect(nextOccurrence({ rule: 'FREQ=WEEKLY;BYDAY=MO', time_zone: 'UTC' }, start)).toEqual(start);
  });

  it.each([
    [
      'nine stays nine when the clocks go forward',
      ['FREQ=DAILY', 'Europe/Berlin', '2026-03-28T08:00:00Z'],
      ['2026-03-28T08:00:00.000Z', '2026-03-29T07:00:00.000Z', '2026-03-30T07:00:00.000Z'],
    ],
    [
      'nine stays nine when the clocks go back',
      ['FREQ=DAILY', 'America/New_York', '2026-10-31T13:00:00Z'],
      ['2026-10-31T13:00:00.000Z', '2026-11-01T14:00:00.000Z', '2026-11-02T14:00:00.000Z'],
    ],
    [
      'a zone that moves by half an hour',
      ['FREQ=DAILY', 'Australia/Lord_Howe', '2026-10-01T22:00:00Z'],
      ['2026-10-01T22:00:00.000Z', '2026-10-02T22:00:00.000Z', '2026-10-03T21:30:00.000Z'],
    ],
    [
      'half past two is no time on the day that the clocks go forward',
      ['FREQ=DAILY', 'Europe/Berlin', '2026-03-28T01:30:00Z'],
      ['2026-03-28T01:30:00.000Z', '2026-03-30T00:30:00.000Z', '2026-03-31T00:30:00.000Z'],
    ],
    [
      'half past two comes once on the day that the clocks go back',
      ['FREQ=DAILY', 'Europe/Berlin', '2026-10-24T00:30:00Z'],
      ['2026-10-24T00:30:00.000Z', '2026-10-25T00:30:00.000Z', '2026-10-26T01:30:00.000Z'],
    ],
    [
      'the weekday is that of the zone',
      ['FREQ=WEEKLY;BYDAY=MO', 'Pacific/Auckland', '2026-11-22T19:00:00Z'],
      ['2026-11-22T19:00:00.000Z', '2026-11-29T19:00:00.000Z', '2026-12-06T19:00:00.000Z'],
    ],
    [
      'months without the day are left out',
      ['FREQ=MONTHLY;BYMONTHDAY=31', 'UTC', '2026-01-31T10:00:00Z'],
      ['2026-01-31T10:00:00.000Z', '2026-03-31T10:00:00.000Z', '2026-05-31T10:00:00.000Z'],
    ],
    [
      'the series ends with its count',
      ['FREQ=DAILY;COUNT=2', 'UTC', '2026-01-31T10:00:00Z'],
      ['2026-01-31T10:00:00.000Z', '2026-02-01T10:00:00.000Z'],
    ],
    [
      'the series ends with its last day',
      ['FREQ=DAILY;UNTIL=20260201T235959Z', 'UTC', '2026-01-31T10:00:00Z'],
      ['2026-01-31T10:00:00.000Z', '2026-02-01T10:00:00.000Z'],
    ],
  ] as const)('%s', (_, [rule, timeZone, start], expected) => {
    expect(occurrences(rule, timeZone, start, 3)).toEqual(expected);
  });

  it('gives up on a rule that never comes true', () => {
    const never = { rule: 'FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=30', time_zone: 'UTC' };
    expect(nextOccurrence(never, new Date('2026-01-31T10:00:00Z'), new Date('2026-01-31T10:00:00Z'))).toBeUndefined();
  });

  it('keeps the wall clock in every zone, whatever day it begins on', () => {
    const zones = fc.constantFrom(...Intl.supportedValuesOf('timeZone'));
    const starts = fc.date({ min: new Date('2020-01-01'), max: new Date('2035-01-01'), noInvalidDate: true });
    fc.assert(
      fc.property(zones, starts, (timeZone, start) => {
        const next = nextOccurrence({ rule: 'FREQ=DAILY', time_zone: timeZone }, start, start)!;
        const [from, to] = [start, next].map((time) => wallClock(time, timeZone));
        expect(next > start).toBe(true);
        expect(to!.toPlainTime().equals(from!.toPlainTime())).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});

function wallClock(time: Date, timeZone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(time.getTime()).toZonedDateTimeISO(timeZone);
}

describe('checkRecurrence', () => {
  it.each([
    ['FREQ=SOMETIMES', 'UTC', 'SOMETIMES'],
    ['', 'UTC', 'FREQ'],
    ['FREQ=DAILY;INTERVAL=0', 'UTC', 'interval'],
    ['FREQ=WEEKLY;BYDAY=XX', 'UTC', 'BYDAY'],
    ['FREQ=DAILY', 'Mars/Olympus', 'MARS/OLYMPUS'],
    ['FREQ=DAILY\nDTSTART:20200101T000000Z', 'UTC', 'one line'],
  ])('refuses %j in %s', (rule, timeZone, reason) => {
    const check = () => checkRecurrence({ rule, time_zone: timeZone });
    expect(check).toThrow(expect.objectContaining({ code: 'RecurrenceInvalid', retryable: false }));
    expect(check).toThrow(reason);
  });

  it('takes what can be read', () => {
    expect(() => checkRecurrence({ rule: 'FREQ=MONTHLY;BYDAY=-1FR', time_zone: 'Asia/Kathmandu' })).not.toThrow();
  });
});
