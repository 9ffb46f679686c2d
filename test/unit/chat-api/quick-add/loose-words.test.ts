import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readCommand } from '../../../../src/chat-api/quick-add/command.ts';

const time = { now: new Date('2026-03-10T13:30:00Z'), zone: 'Europe/Berlin' };

const dates = [
  ...['tomorrow', 'friday', 'on friday', 'at 5pm', '5pm', 'every monday', 'mondays', 'on 5 may', '5 may', 'in 2 weeks'],
  ...['daily', 'weekly', 'every day', 'tonight', 'next week', 'next friday', 'fri 5pm', 'every month', 'every 2 weeks'],
  ...['on the 5th', 'monthly on the 5th', 'every morning', 'by friday', 'weekdays at 8', 'mon wed fri', 'this weekend'],
];

/** Words that are about time wherever they stand beside a date: they are read, or the answer names them. */
const words = [
  ...['x6', '6 times', 'twice', 'once', '6 weeks', '(6 weeks)', 'for 6 weeks', 'weeks', 'a week', 'two days', 'half'],
  ...['earlier', 'later', 'before work', 'until', 'until easter', 'till xmas', 'til june', 'from june', 'since monday'],
  ...['between 2 and 4', '2-4', '2-4pm', '10-12', '9:30', '9-ish', '9ish', 'ish', 'noon', 'noonish', 'midnight', 'am'],
  ...[
    'pm',
    'eod',
    'cob',
    'week',
    'month',
    'days',
    'weekday',
    'weekends',
    'weeknights',
    'biweekly',
    'fortnight',
    'each',
  ],
  ...['every', 'every other', 'alternate', 'except sunday', 'except', 'not sunday', 'apart from sunday', 'bar sunday'],
  ...['or sunday', 'and sunday', 'sunday', 'sundays', 'mon', 'thrs', 'w/c', 'wks', 'next', 'last', '2nd', 'the 3rd'],
  ...['starting', 'starting monday', 'ending june', 'june', 'in june', '5/6', '5.6.', 'by 2027', 'in spring', 'xmas'],
  ...['bank holidays', 'term time', 'school days', 'sometimes', 'usually', 'often', 'ago', '2 days ago', 'yesterday'],
  ...['soon', 'sharp', 'at the latest', 'or so', 'or later', 'at least', 'roughly', '5 or 6', '5pm or 6pm', 'gmt'],
  ...['uk time', 'in a row', 'consecutive', 'throughout', 'as needed', 'monthly-ish', 'the day before', 'on the hour'],
  ...['half past', 'half 5', '5 oclock', 'from 5 to 7', '5 to 7', '5 till 7', '17h30', '17:30-18:00'],
];

describe('readCommand', () => {
  it('reads a word about time beside a date, or names it', () => {
    const parts = fc.tuple(fc.constantFrom(...dates), fc.constantFrom(...words), fc.boolean());
    fc.assert(
      fc.property(parts, ([date, word, isBehind]) => {
        const sentence = isBehind ? `Call Ann ${date} ${word}` : `Call Ann ${word} ${date}`;
        const { tool, arguments: parameters } = readCommand(sentence, time);
        const { title, remarks } = parameters as { title?: string; remarks?: readonly string[] };
        if (tool === 'create_task' && remarks === undefined)
          expect({ sentence, title }).toEqual({ sentence, title: 'Call Ann' });
      }),
      { numRuns: 800 },
    );
  });

  it('reads two times of day beside a date, asks which one is meant, or names them', () => {
    const clock = fc.constantFrom('3', '9.30', '930', '9:30', '9am', '14:00', '0930');
    const link = fc.constantFrom(' - ', ' to ', ' till ', ' or ', ' and ', ' & ', ', ', ' / ', ' then ');
    const date = fc.constantFrom('tomorrow', 'friday', 'every monday', 'on 5 may', 'mondays', 'daily');
    fc.assert(
      fc.property(clock, clock, link, date, fc.boolean(), (first, second, between, day, isBehind) => {
        fc.pre(first !== second);
        const times = `${first}${between}${second}`;
        const sentence = isBehind ? `Call Ann ${day} ${times}` : `Call Ann ${times} ${day}`;
        const { tool, arguments: parameters } = readCommand(sentence, time);
        const { title, remarks } = parameters as { title?: string; remarks?: readonly string[] };
        if (tool === 'create_task' && remarks === undefined)
          expect({ sentence, title }).toEqual({ sentence, title: 'Call Ann' });
      }),
      { numRuns: 400 },
    );
  });
});
