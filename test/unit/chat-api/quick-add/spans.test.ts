import { expect, it } from '@jest/globals';
import { readMessage } from '../../../../src/chat-api/quick-add/command.ts';

const time = { now: new Date('2026-03-10T13:30:00Z'), zone: 'Europe/Berlin' };

it.each([
  [
    '  Pay  rent tomorrow at 9am #home !high every month, remind me 1 hour before',
    ...['title: Pay  rent', 'date: tomorrow at 9am', 'tag: #home', 'priority: !high', 'recurrence: every month'],
    'reminder: remind me 1 hour before',
  ],
  ['please remind me tomorrow to call Ines', 'command: remind me', 'date: tomorrow', 'title: to call Ines'],
  ['Call “tomorrow 🎉” at 5, please', 'title: Call “tomorrow 🎉”', 'time: at 5'],
  ['Feed the cat every day until 1 June', 'title: Feed the cat', 'recurrence: every day', 'recurrence: until 1 June'],
  ['- Milk\n\n- Bread tomorrow #shop', 'title: Milk', 'title: Bread', 'date: tomorrow', 'tag: #shop'],
  ['move the dentist to friday at 10', 'command: move the', 'title: dentist', 'date: to friday at 10'],
  ['undo', 'command: undo'],
  ['help'],
])('says what of %j was read as what', (message, ...expected) => {
  const { spans } = readMessage(message, time);
  expect(spans.map(({ start, end, means }) => `${means}: ${message.slice(start, end)}`)).toEqual(expected);
});
