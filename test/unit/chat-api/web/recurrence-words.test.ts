import { describe, expect, it } from '@jest/globals';
import { readCommand } from '../../../../src/chat-api/quick-add/command.ts';
import { ruleWords, sayRule } from '../../../../src/chat-api/web/show/recurrence-words.js';

const time = { now: new Date('2026-11-27T09:00:00Z'), zone: 'UTC', locale: undefined };

describe('words for a recurrence', () => {
  it.each([
    ['FREQ=DAILY', 'every day'],
    ['FREQ=HOURLY;INTERVAL=3', 'every 3 hours'],
    ['FREQ=WEEKLY;BYDAY=MO,TH', 'every monday and thursday'],
    ['FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR', 'every weekday'],
    ['FREQ=WEEKLY;INTERVAL=2;BYDAY=FR', 'every 2 weeks on friday'],
    ['FREQ=MONTHLY;INTERVAL=3', 'every 3 months'],
    ['FREQ=MONTHLY;BYMONTHDAY=1', 'every month on the 1st'],
    ['FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1', 'every month on the 31st'],
    ['FREQ=YEARLY;COUNT=3', 'every year 3 times'],
  ])('%s is "%s", which the chat reads as the same rule', (rule, words) => {
    expect(ruleWords(rule)).toBe(words);
    expect(readCommand(`x ${words}`, time)).toMatchObject({ arguments: { title: 'x', recurrence: rule } });
  });

  it('lists days as people do', () => {
    expect(sayRule('FREQ=WEEKLY;BYDAY=MO,TH,SA')).toBe('every Monday, Thursday and Saturday');
    expect(sayRule('FREQ=WEEKLY;BYDAY=MO,TH')).toBe('every Monday and Thursday');
  });

  it.each(['FREQ=MONTHLY;BYDAY=3FR', 'FREQ=WEEKLY;UNTIL=20270101T000000Z', 'FREQ=YEARLY;BYMONTH=1,2', 'nonsense'])(
    'says nothing exact about %s, and something nevertheless in the list',
    (rule) => {
      expect(ruleWords(rule)).toBeUndefined();
      expect(sayRule(rule)).toMatch(/^repeats/);
    },
  );
});
