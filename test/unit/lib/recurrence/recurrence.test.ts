import { describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { checkRecurrence, firstOccurrence, nextOccurrence, ruleProblem } from '../../../../src/lib/recurrence.ts';

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
      'every half hour of the wall clock, which shows some twice',
      ['FREQ=MINUTELY;INTERVAL=30', 'Europe/Berlin', '2026-10-25T00:00:00Z'],
      ['2026-10-25T00:00:00.000Z', '2026-10-25T00:30:00.000Z', '2026-10-25T02:00:00.000Z'],
    ],
    [
      'every second hour of the wall clock, also when it leaves one out',
      ['FREQ=HOURLY;INTERVAL=2', 'Europe/Berlin', '2026-03-28T23:30:00Z'],
      ['2026-03-28T23:30:00.000Z', '2026-03-29T02:30:00.000Z', '2026-03-29T04:30:00.000Z'],
    ],
    [
      'a start in an hour that comes for the second time',
      ['FREQ=MINUTELY', 'Europe/Berlin', '2026-10-25T01:59:20.123Z'],
      ['2026-10-25T01:59:20.123Z', '2026-10-25T02:00:20.123Z', '2026-10-25T02:01:20.123Z'],
    ],
    [
      'a day that a country left out',
      ['FREQ=DAILY', 'Pacific/Apia', '2011-12-28T20:00:00Z'],
      ['2011-12-28T20:00:00.000Z', '2011-12-29T20:00:00.000Z', '2011-12-30T20:00:00.000Z'],
    ],
    [
      'the weekday of the start in a week of the year',
      ['FREQ=YEARLY;BYWEEKNO=20', 'UTC', '2026-05-12T09:00:00Z'],
      ['2026-05-12T09:00:00.000Z', '2027-05-18T09:00:00.000Z', '2028-05-16T09:00:00.000Z'],
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
    [
      'the series ends with its last day by the wall clock',
      ['FREQ=DAILY;UNTIL=20260201', 'America/New_York', '2026-02-01T04:30:00Z'],
      ['2026-02-01T04:30:00.000Z', '2026-02-02T04:30:00.000Z'],
    ],
    [
      'the series ends with a time by the wall clock, which may be its last',
      ['FREQ=DAILY;UNTIL=20260201T233000', 'America/New_York', '2026-02-01T04:30:00Z'],
      ['2026-02-01T04:30:00.000Z', '2026-02-02T04:30:00.000Z'],
    ],
    [
      'the series ends before its first repetition by the wall clock',
      ['FREQ=DAILY;UNTIL=20260201T232959', 'America/New_York', '2026-02-01T04:30:00Z'],
      ['2026-02-01T04:30:00.000Z'],
    ],
  ] as const)('%s', (_, [rule, timeZone, start], expected) => {
    expect(occurrences(rule, timeZone, start, 3)).toEqual(expected);
  });

  it('does not count what a clock change leaves out', () => {
    const daily = occurrences('FREQ=DAILY;COUNT=3', 'Europe/Berlin', '2026-03-28T01:30:00Z', 10);
    expect(daily).toEqual(['2026-03-28T01:30:00.000Z', '2026-03-30T00:30:00.000Z', '2026-03-31T00:30:00.000Z']);
  });

  it('gives no time that ISO 8601 has no four digits for', () => {
    const last = new Date('9999-12-31T23:30:00Z');
    for (const time_zone of ['America/New_York', 'UTC', 'Asia/Tokyo']) {
      expect(nextOccurrence({ rule: 'FREQ=HOURLY', time_zone }, last, last)).toBeUndefined();
    }
  });

  it('leaves out excluded occurrences, which count', () => {
    const start = new Date('2026-01-01T10:00:00Z');
    const excluded = ['2026-01-01T10:00:00Z', '2026-01-02T11:00:00+01:00', '2026-01-04T10:00:00.000Z'];
    const daily = { rule: 'FREQ=DAILY;COUNT=4', time_zone: 'UTC', excluded };
    expect(nextOccurrence(daily, start)).toEqual(new Date('2026-01-03T10:00:00Z'));
    expect(nextOccurrence(daily, start, new Date('2026-01-03T10:00:00Z'))).toBeUndefined();
  });

  it('counts as it enumerates, in every zone', () => {
    const frequencies = fc.constantFrom('MINUTELY', 'HOURLY', 'DAILY');
    const zones = fc.constantFrom('Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Africa/Casablanca');
    // Some days around changes of the clocks in each of the zones.
    const starts = fc.constantFrom('2026-02-12', '2026-03-06', '2026-03-20', '2026-03-27', '2026-10-02', '2026-10-23');
    const seconds = fc.nat({ max: 4 * 86_400 });
    fc.assert(
      fc.property(
        frequencies,
        fc.integer({ min: 1, max: 60 }),
        zones,
        starts,
        seconds,
        (name, interval, zone, day, second) => {
          const start = new Date(Date.parse(`${day}T00:00:00Z`) + second * 1000).toISOString();
          const rule = `FREQ=${name};INTERVAL=${interval}`;
          const endless = occurrences(rule, zone, start, 40);
          for (const count of [1, 13, 39]) {
            expect(occurrences(`${rule};COUNT=${count}`, zone, start, 40)).toEqual(endless.slice(0, count));
          }
        },
      ),
      { numRuns: 50 },
    );
  });

  it('never gives a local time that is not there, or one for the second time', () => {
    const starts = fc.date({ min: new Date('2020-01-01'), max: new Date('2035-01-01'), noInvalidDate: true });
    const zones = fc.constantFrom(...Intl.supportedValuesOf('timeZone'));
    const rules = fc.constantFrom('FREQ=HOURLY', 'FREQ=MINUTELY;INTERVAL=7', 'FREQ=MONTHLY;BYDAY=-1SU;BYHOUR=1,2,3');
    fc.assert(
      fc.property(rules, zones, starts, fc.nat(10 * 365), (rule, timeZone, start, days) => {
        const after = new Date(start.getTime() + days * 86_400_000);
        const next = nextOccurrence({ rule, time_zone: timeZone }, start, after)!;
        const local = wallClock(next, timeZone);
        const first = local.toPlainDateTime().toZonedDateTime(timeZone, { disambiguation: 'earlier' });
        expect(next > after).toBe(true);
        expect(first.epochMilliseconds).toBe(next.getTime());
      }),
      { numRuns: 300 },
    );
  });

  const all = (count: number) => [...Array(count).keys()].join();
  const everyMinute = `BYHOUR=${all(24)};BYMINUTE=${all(60)}`;

  const after = '2026-11-27T00:00:00Z';
  const hard: readonly (readonly [rule: string, start: string, expected: string | undefined])[] = [
    ['FREQ=HOURLY;COUNT=100000', '2025-07-15T00:00:00Z', '2026-11-27T01:00:00.000Z'],
    [`FREQ=DAILY;COUNT=1000000;${everyMinute}`, '2026-01-31T00:00:00Z', '2026-11-27T00:01:00.000Z'],
    ['FREQ=MINUTELY;BYMONTH=2;BYMONTHDAY=31', '2006-11-27T00:00:00Z', undefined],
    [`FREQ=YEARLY;BYDAY=SU,MO,TU,WE,TH,FR,SA;${everyMinute}`, '2016-01-01T00:00:00Z', '2026-11-27T00:01:00.000Z'],
    [`FREQ=YEARLY;COUNT=5000000;BYDAY=SU,MO,TU,WE,TH,FR,SA;${everyMinute}`, '2016-01-01T00:00:00Z', undefined],
    ['FREQ=MINUTELY;INTERVAL=7;COUNT=5000000', '1996-11-27T00:00:00Z', '2026-11-27T00:04:00.000Z'],
    ['FREQ=SECONDLY;INTERVAL=86460;BYSECOND=1', '2006-11-27T00:00:00Z', undefined],
    ['FREQ=SECONDLY;INTERVAL=7;COUNT=500000000', '1996-11-27T00:00:00Z', '2026-11-27T00:00:02.000Z'],
    ['FREQ=DAILY;INTERVAL=7;BYDAY=MO', '2006-11-28T00:00:00Z', undefined],
    [`FREQ=WEEKLY;BYSETPOS=${all(300).slice(2)}`, '2006-11-28T00:00:00Z', '2026-12-01T00:00:00.000Z'],
    ['FREQ=MONTHLY;BYDAY=MO;BYSETPOS=8', '2006-11-28T00:00:00Z', undefined],
    ['FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29;BYDAY=MO', '2006-11-28T00:00:00Z', '2044-02-29T00:00:00.000Z'],
  ];

  it.each(hard)('answers %s from %s', (rule, start, expected) => {
    const next = nextOccurrence({ rule, time_zone: 'UTC' }, new Date(start), new Date(after));
    expect(next?.toISOString()).toBe(expected);
  });

  it('answers each of these within 20 ms', () => {
    const fixture = fileURLToPath(new URL('computing-time.fixture.ts', import.meta.url));
    const input = JSON.stringify(hard.map(([rule, start]) => ({ rule, start, after })));
    const times = JSON.parse(execFileSync(process.execPath, [fixture], { input, encoding: 'utf8' })) as number[];
    expect(hard.filter((_, index) => !(times[index]! < 20))).toEqual([]);
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
    ['FREQ=DAILY;INTERVAL=0', 'UTC', 'INTERVAL is "0"; it must be 1 to 999999999'],
    ['FREQ=WEEKLY;BYDAY=XX', 'UTC', 'BYDAY'],
    ['FREQ=DAILY', 'Mars/Olympus', 'Mars/Olympus'],
    ['FREQ=DAILY', '+02:00', 'is not an IANA time zone'],
    ['FREQ=WEEKLY;BYDAY=MO,', 'UTC', 'BYDAY is ""'],
    [`FREQ=DAILY;BYHOUR=${'1,'.repeat(10_000)}1`, 'UTC', 'at most 20000'],
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

describe('firstOccurrence', () => {
  it.each([
    ['FREQ=WEEKLY;BYDAY=MO', '2026-11-24T09:00:00Z', '2026-11-30T09:00:00.000Z'],
    ['FREQ=WEEKLY;BYDAY=TU', '2026-11-24T09:00:00Z', '2026-11-24T09:00:00.000Z'],
    ['FREQ=WEEKLY;BYDAY=MO;COUNT=1', '2026-11-24T09:00:00Z', '2026-11-30T09:00:00.000Z'],
    ['FREQ=WEEKLY;BYDAY=MO;UNTIL=20261129T000000Z', '2026-11-24T09:00:00Z', undefined],
  ])('of %s from %s is %s', (rule, start, expected) => {
    expect(firstOccurrence({ rule, time_zone: 'UTC' }, new Date(start))?.toISOString()).toBe(expected);
  });
});

describe('ruleProblem', () => {
  it.each([
    ['FREQ=WEEKLY;BYDAY=MO,', 'BYDAY is ""; it must be one of MO, TU'],
    ['FREQ=DAILY;', '"" is not a part'],
    ['FREQ=DAILY;COUNT=1000000000', 'COUNT is "1000000000"; it must be 1 to 999999999'],
    ['FREQ=SECONDLY', 'at most once a minute'],
    ['FREQ=DAILY;BYSECOND=1,2', 'BYSECOND has 2 values; a task recurs at most once a minute, so 1 is allowed'],
    ['FREQ=DAILY;BYHOUR=24', 'BYHOUR is "24"; it must be 0 to 23'],
    ['FREQ=DAILY;UNTIL=20260230T000000Z', 'UNTIL is "20260230T000000Z"'],
    ['FREQ=DAILY;UNTIL=20260228', 'UNTIL is "20260228"; it must be a UTC time'],
    ['FREQ=DAILY;UNTIL=20260228T235959', 'UNTIL is "20260228T235959"; it must be a UTC time'],
    ['FREQ=DAILY;UNTIL=20260228T240000Z', 'UNTIL is "20260228T240000Z"; it must be a UTC time'],
    ['FREQ=DAILY;UNTIL=20260228T000000Z;COUNT=2', 'COUNT and UNTIL must not occur together'],
    ['FREQ=DAILY;BYDAY=MO;BYDAY=TU', 'BYDAY occurs twice'],
    ['FREQ=WEEKLY;BYDAY=1MO', 'a number in BYDAY needs FREQ=MONTHLY'],
    ['FREQ=MONTHLY;BYWEEKNO=1', 'BYWEEKNO needs FREQ=YEARLY'],
    ['FREQ=MONTHLY;BYYEARDAY=1', 'BYYEARDAY must not occur with FREQ=MONTHLY'],
    ['FREQ=WEEKLY;BYMONTHDAY=1', 'BYMONTHDAY must not occur with FREQ=WEEKLY'],
    ['FREQ=DAILY;BYSETPOS=1', 'BYSETPOS needs another BY part'],
    ['FREQ=DAILY;FOO=1', 'FOO is not a part of a rule'],
    ['COUNT=1;FREQ=DAILY', 'FREQ must come first'],
  ])('of %s is that %s', (rule, problem) => {
    expect(ruleProblem(rule)).toContain(problem);
  });

  it('of a rule as RFC 5545 has it is none', () => {
    expect(ruleProblem('FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8;WKST=SU')).toBeUndefined();
  });
});
