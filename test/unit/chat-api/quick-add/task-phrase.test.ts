import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readTask } from '../../../../src/chat-api/quick-add/task-phrase.ts';

// A Tuesday, 16:30 in Berlin.
const time = { now: new Date('2026-11-24T15:30:12.345Z'), zone: 'Europe/Berlin' };

describe('readTask', () => {
  it('reads all parts of a text at once', () => {
    expect(readTask('Pay rent tomorrow at 9am #home !high every month', time)).toEqual({
      title: 'Pay rent',
      due: '2026-11-25T09:00',
      tags: ['home'],
      priority: 'HIGH',
      recurrence: 'FREQ=MONTHLY',
    });
  });

  it.each([
    ['Pay rent in 20 seconds', 'Pay rent', '2026-11-24T15:30:32.345Z'],
    ['Meet Bob friday 10:00', 'Meet Bob', '2026-11-27T10:00'],
    ['Call Bob on friday about the merger', 'Call Bob about the merger', '2026-11-27'],
    ['Buy milk tomorrow for grandma', 'Buy milk for grandma', '2026-11-25'],
    ['Tomorrow call Bob', 'call Bob', '2026-11-25'],
    ['Prepare slides for tomorrow', 'Prepare slides', '2026-11-25'],
    ['Call at 5', 'Call', '17:00'],
    ['pick up kids at 15:30', 'pick up kids', '15:30'],
    ['call at 2pm EST', 'call', '2026-11-24T19:00:00.000Z'],
    ['Renew passport in 3 months', 'Renew passport', '2027-02-24'],
    ["Bob's party on 25 Dec at 8pm", "Bob's party", '2026-12-25T20:00'],
    ['Dentist 2026-12-01 14:00', 'Dentist', '2026-12-01T14:00'],
    ['Submit report by 9/11', 'Submit report', '2027-11-09'],
    ['Read 9/11 report tomorrow', 'Read 9/11 report', '2026-11-25'],
    ['lunch 12:30-13:30 tomorrow', 'lunch', '2026-11-25T12:30'],
  ])('takes the date out of %j', (text, title, due) => {
    const { remarks: _remarks, ...task } = readTask(text, time);
    expect(task).toEqual({ title, due, tags: [] });
  });

  it.each([
    ['Renewal on 1 june 2027, remind me on 25 may 2027', 'Renewal', '2027-06-01', [7 * 86_400]],
    ['Renewal on 5 april 2027 and remind me on 20 march 2027', 'Renewal', '2027-04-05', [16 * 86_400 - 3600]],
    ['Dentist friday at 10, remind me thursday evening', 'Dentist', '2026-11-27T10:00', [16 * 3600]],
  ])('reads the day of the reminder in %j', (text, title, due, reminders) => {
    expect(readTask(text, time)).toEqual({ title, due, tags: [], reminders });
  });

  it.each([
    'Dentist friday, remind me thursday evening',
    'Dentist friday, remind me saturday',
    'Dentist every friday at 10, remind me thursday at 6pm',
    'Renewal tomorrow, remind me today',
  ])('asks which date counts of %j', (text) => {
    expect(readTask(text, time).ask).toMatch(/two dates/);
  });

  it.each([
    '9/11 report',
    'Watch documentary about 9/11',
    'Watch Tomorrow Never Dies',
    'Tomorrow Never Dies',
    'Sunday roast recipe',
    'Sat nav repair',
    'march in the parade',
    'Look at 3 flats',
    'Meditate 10 minutes',
    'Notes from last week',
    'a 2pm EST call',
    'weekly report',
    'Every Breath You Take',
    'Fix C# bug #42',
    'P1 bug',
    'Write to may',
  ])('leaves %j as it is', (title) => {
    const { remarks: _remarks, ...task } = readTask(title, time);
    expect(task).toEqual({ title, tags: [] });
  });

  it.each([
    ['every day', 'FREQ=DAILY'],
    ['every 2 weeks', 'FREQ=WEEKLY;INTERVAL=2'],
    ['every other week', 'FREQ=WEEKLY;INTERVAL=2'],
    ['every monday', 'FREQ=WEEKLY;BYDAY=MO'],
    ['every fri, mon and wed', 'FREQ=WEEKLY;BYDAY=MO,WE,FR'],
    ['every week on tue', 'FREQ=WEEKLY;BYDAY=TU'],
    ['weekdays', 'FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR'],
    ['every month', 'FREQ=MONTHLY'],
    ['every month on the 15th', 'FREQ=MONTHLY;BYMONTHDAY=15'],
    ['every 31st', 'FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1'],
    ['every quarter', 'FREQ=MONTHLY;INTERVAL=3'],
    ['yearly', 'FREQ=YEARLY'],
  ])('reads %j as a recurrence', (words, recurrence) => {
    const { remarks: _remarks, ...task } = readTask(`Water plants ${words}`, time);
    expect(task).toEqual({ title: 'Water plants', tags: [], recurrence });
  });

  it('parses nothing within quotations', () => {
    expect(readTask('Read "Tomorrow at 9 #x" tonight', time)).toMatchObject({
      title: 'Read "Tomorrow at 9 #x"',
      tags: [],
    });
    expect(readTask('"Pay rent tomorrow every day !high"', time)).toEqual({
      title: 'Pay rent tomorrow every day !high',
      tags: [],
    });
  });

  // Letters that occur in no word of the grammar's.
  const words = fc.array(fc.stringMatching(/^[bcgjkqxzéßЖ]{4,9}$/), { minLength: 1, maxLength: 6 });

  it('keeps every word of the title, in order, beside anything else', () => {
    const tag = fc.stringMatching(/^[a-z]{2,8}$/);
    fc.assert(
      fc.property(
        words,
        tag,
        fc.constantFrom('tomorrow', 'on friday at 10:00', 'in 20 seconds', ''),
        (title, name, due) => {
          const task = readTask(`${title.join(' ')} #${name} ${due} !low`, time);
          expect(task).toMatchObject({ title: title.join(' '), tags: [name], priority: 'LOW' });
          expect(task.due !== undefined).toBe(due !== '');
        },
      ),
    );
  });

  it('reads its own title as the same title again', () => {
    fc.assert(
      fc.property(words, (title) => {
        const once = readTask(`${title.join(' ')} tomorrow #home`, time).title;
        expect(readTask(once, time)).toEqual({ title: once, tags: [] });
      }),
    );
  });
});
