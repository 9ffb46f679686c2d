import { describe, expect, it } from '@jest/globals';
import { readCommand } from '../../../../src/chat-api/quick-add/command.ts';

const time = { now: new Date('2026-03-10T13:30:00Z'), zone: 'Europe/Berlin' };

describe('readCommand', () => {
  it.each([
    ['what date is next friday?', 'That is Friday, 20 March 2026.'],
    ["what's the date next friday", 'That is Friday, 20 March 2026.'],
    ['which day is the 20th?', 'That is Friday, 20 March 2026.'],
    ['what weekday will 3 may be?', 'That is Sunday, 3 May 2026.'],
    ['what day is it tomorrow', 'That is Wednesday, 11 March 2026.'],
    ['when is easter?', 'That is Sunday, 5 April 2026.'],
    ['what date is it?', 'Today is Tuesday, 10 March 2026.'],
    ["what's the date today?", 'Today is Tuesday, 10 March 2026.'],
    ['what time is it now?', 'It is 14:30 on Tuesday, 10 March 2026.'],
    ['how many days until christmas?', 'It is 290 days until Friday, 25 December 2026.'],
    ['how many weeks are there until june?', 'It is 11 weeks and 6 days until Monday, 1 June 2026.'],
    ['how long until friday', 'It is 3 days until Friday, 13 March 2026.'],
    ['days until friday', 'It is 3 days until Friday, 13 March 2026.'],
    ['how long until 5pm?', 'It is 2 hours and 30 minutes until 17:00 on Tuesday, 10 March 2026.'],
    [
      'how many working days until friday?',
      'I can count hours, days, weeks and months until a date, such as "how many days until christmas?".',
    ],
  ])('answers %j', (question, reply) => {
    expect(readCommand(question, time)).toEqual({ tool: 'help', arguments: { reply } });
  });
});
