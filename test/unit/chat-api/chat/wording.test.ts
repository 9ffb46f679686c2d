import { describe, expect, it } from '@jest/globals';
import { firstTiming } from '../../../../src/chat-api/chat/due-date.ts';
import { sayRecurrence } from '../../../../src/chat-api/chat/wording.ts';

const time = { now: new Date('2026-11-24T15:30:00Z'), zone: 'Europe/Berlin' };

describe('sayRecurrence', () => {
  it.each([
    ['2026-11-24T09:00', 'FREQ=MONTHLY;INTERVAL=3', false, 'every 3 months'],
    ['2026-11-29T09:00', 'FREQ=MONTHLY', false, 'every month on day 29, or the last day of the month'],
    ['2026-11-29T09:00', 'FREQ=MONTHLY;INTERVAL=3', false, 'every 3 months on day 29, or the last day of the month'],
    ['2026-11-29T09:00', 'FREQ=MONTHLY;INTERVAL=3', true, 'every 3 months from the day it is done'],
    ['2028-02-29T09:00', 'FREQ=YEARLY', false, 'every year on 29 February, or 28 February in other years'],
    [
      '2028-02-29T09:00',
      'FREQ=YEARLY;INTERVAL=2',
      false,
      'every 2 years on 29 February, or 28 February in other years',
    ],
    ['2026-11-25T09:00', 'FREQ=WEEKLY', false, 'every week'],
    ['2026-11-25T09:00', 'FREQ=WEEKLY;INTERVAL=2', false, 'every 2 weeks'],
    ['2026-11-25T09:00', 'FREQ=WEEKLY;BYDAY=WE;COUNT=5', false, 'every week on Wednesday, 5 times'],
    ['2026-11-25T09:00', 'FREQ=DAILY;UNTIL=20261224T225959Z', false, 'every day, until 24 Dec 2026'],
    ['2026-11-27T09:00', 'FREQ=MONTHLY;BYDAY=-1FR', false, 'every month on the last Friday'],
    ['2026-11-30T09:00', 'FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1', false, 'every month on the last workday'],
    ['2026-12-01T09:00', 'FREQ=MONTHLY;BYMONTHDAY=1', false, 'every month on the 1st'],
    ['2026-12-01T09:00', 'FREQ=YEARLY;BYMONTH=1;BYMONTHDAY=27', false, 'every year on 27 January'],
  ])('says of %s, %s, from completion %j: %s', (when, rule, fromCompletion, said) => {
    expect(sayRecurrence(firstTiming(when, rule, time, { fromCompletion }).recurrence!)).toBe(said);
  });
});
