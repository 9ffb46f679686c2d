import { describe, expect, it } from '@jest/globals';
import { toolParameters } from '../../../../../src/chat-api/chat/tool-calls.ts';
import { readAsTitle } from '../../../../../src/chat-api/quick-add/as-title.ts';
import { readCommand, readMessage } from '../../../../../src/chat-api/quick-add/command.ts';
import { asPeopleAsk } from './as-people-ask.ts';
import { asPeopleWrite } from './as-people-write.ts';
import { besideDates } from './beside-dates.ts';
import { commands } from './commands.ts';
import { followUps } from './follow-ups.ts';
import { inOtherWords } from './in-other-words.ts';
import { looseWords } from './loose-words.ts';
import { namesAndNumbers } from './names-and-numbers.ts';
import { oddForms } from './odd-forms.ts';
import { ofTasks } from './of-tasks.ts';
import { recurrences } from './recurrences.ts';
import { severalChanges } from './several-changes.ts';
import { severalCommands } from './several-commands.ts';
import { severalTasks } from './several-tasks.ts';
import { shorthand } from './shorthand.ts';
import { slips } from './slips.ts';
import { spokenCommands } from './spoken-commands.ts';
import { timesAndDates } from './times-and-dates.ts';
import { writtenForms } from './written-forms.ts';

const time = { now: new Date('2026-03-10T13:30:00Z'), zone: 'Europe/Berlin' };

/** What is compared of a new task: whether there is a remark, but not its words. */
function newTask(sentence: string) {
  const call = readCommand(sentence, time);
  if (call.tool !== 'create_task') return { [call.tool]: call.tool === 'help' && call.arguments.reply !== undefined };
  const { title, due, recurrence, remarks } = call.arguments;
  return { title, due: due ?? '', rule: recurrence ?? '', says: remarks !== undefined };
}

/** A row without its end must not make Jest wait for a callback in its place. */
function named(rows: readonly (readonly string[])[]): [sentence: string, expected: readonly string[]][] {
  return rows.map(([sentence, ...expected]) => [sentence!, expected]);
}

const asked = { help: true };

describe('readAsTitle', () => {
  it.each([
    ['remind me 20 minutes before the viewing on friday at 10', 'viewing', '2026-03-13T10:00', [1200]],
    ['remind me two days before: flight on 3 april 9am', 'flight', '2026-04-03T09:00', [172_800]],
    ['remind me an hour before the viewing', undefined, undefined, undefined],
  ])('reads %j as a new task, should there be no such task', (sentence, title, due, reminders) => {
    const call = readAsTitle(sentence, time)?.call;
    expect(call?.arguments).toEqual(title && { title, due, reminders });
  });

  it.each(['groceries -> friday', 'groceries --> friday', 'groceries → friday'])(
    'reads %j as a new task, unless a task has that very title',
    (sentence) => {
      const { call, isLikely } = readAsTitle(sentence, time)!;
      expect({ ...call.arguments, isLikely }).toEqual({ title: 'groceries', due: '2026-03-13', isLikely: true });
    },
  );
});

describe('readCommand', () => {
  // A row: the sentence, and 'asks'; or the title, the due date, and 'says' where the answer says how it was read.
  it.each(named(timesAndDates))('reads the time of %j', (sentence, [title, due, note]) => {
    const expected = title === 'asks' ? asked : { title, due, rule: '', says: note === 'says' };
    expect(newTask(sentence)).toEqual(expected);
  });

  // With the rule behind the due date.
  it.each(
    named([
      ...recurrences,
      ...asPeopleWrite,
      ...namesAndNumbers,
      ...shorthand,
      ...oddForms,
      ...writtenForms,
      ...slips,
      ...looseWords,
      ...besideDates,
    ]),
  )('reads how often %j is', (sentence, [title, due, rule, note]) => {
    const expected = title === 'asks' ? asked : { title, due, rule, says: note === 'says' };
    expect(newTask(sentence)).toEqual(expected);
  });

  it.each([
    ...commands,
    ...spokenCommands,
    ...followUps,
    ...asPeopleAsk,
    ...inOtherWords,
    ...severalChanges,
    ...severalTasks,
    ...ofTasks,
  ])('understands %j', (sentence, tool, parameters) => {
    const call = readCommand(sentence, time);
    const {
      problem: _problem,
      reply: _reply,
      offer: _offer,
      remarks: _remarks,
      ...rest
    } = call.arguments as Record<string, unknown>;
    expect({ tool: call.tool, arguments: rest }).toEqual({ tool, arguments: parameters });
    expect(toolParameters[call.tool].safeParse(call.arguments)).toMatchObject({ success: true });
  });

  it.each(severalCommands.map(([message, ...calls]) => [message, calls] as const))(
    'understands all of %j',
    (message, expected) => {
      const { call, also = [] } = readMessage(message, time);
      const calls = [call, ...also];
      expect(calls.map(({ tool, arguments: said }) => [tool, tool === 'help' ? {} : said])).toEqual(expected);
      // One call would leave out the others.
      expect(readCommand(message, time)).toEqual(also.length > 0 ? expect.objectContaining({ tool: 'help' }) : call);
    },
  );

  it.each([
    ['move the choir from friday to monday', 'from friday'],
    ['the choir is at 4 instead of 3', 'instead of 3'],
    ['did the shopping yesterday', 'yesterday'],
    ['I paid the rent on friday', 'on friday'],
  ])('tells what of %j it does not use', (sentence, unused) => {
    expect(readCommand(sentence, time)).toMatchObject({
      arguments: { remarks: [expect.stringContaining(`"${unused}"`)] },
    });
  });

  it.each([
    ['Settle up in 1 month', '2026-01-31T12:00:00Z', '2026-02-28'],
    ['Call Lu this evening', '2026-03-10T18:10:00Z', '2026-03-10T20:00'],
    ['Call Lu at 5', '2026-03-10T17:30:00Z', '17:00'],
    ['Call Lu tomorrow', '2026-12-31T22:59:00Z', '2027-01-01'],
    ['Call Lu tomorrow', '2026-12-31T23:01:00Z', '2027-01-02'],
    ['Call Lu on 5 january', '2026-12-30T12:00:00Z', '2027-01-05'],
    ['Call Lu this morning', '2026-03-10T13:30:00Z', undefined],
  ])('reads %j said at %s', (sentence, now, due) => {
    const call = readCommand(sentence, { ...time, now: new Date(now) });
    expect(call).toMatchObject({ tool: 'create_task' });
    expect((call.arguments as { due?: string }).due).toBe(due);
  });

  // On a Sunday, with which a week begins or ends.
  it.each([
    ['Europe/Berlin', undefined, '2026-03-20'],
    ['Europe/Berlin', 'en-US', '2026-03-27'],
    ['America/New_York', undefined, '2026-03-27'],
    ['America/New_York', 'en-GB', '2026-03-20'],
  ])('begins the week as in %s, %s', (zone, locale, due) => {
    const call = readCommand('Pay Lu next friday', { now: new Date('2026-03-15T13:30:00Z'), zone, locale });
    expect(call.arguments).toMatchObject({ title: 'Pay Lu', due });
  });

  it.each([
    ['en-GB', 'I read 7 as 07:00.'],
    ['en-US', 'I read 7 as 7:00 AM.'],
  ])('writes times of day as in %s', (locale, remark) => {
    const call = readCommand('Pay Lu at 7 on friday', { ...time, locale });
    expect(call.arguments).toMatchObject({ remarks: [remark] });
  });

  it.each([
    ['America/New_York', undefined, '2026-04-05'],
    ['Europe/Berlin', undefined, '2026-05-04'],
    ['Europe/Berlin', 'en-US', '2026-04-05'],
    ['America/New_York', 'en-GB', '2026-05-04'],
  ])('has the day and the month of 4/5 in the order of %s, %s', (zone, locale, due) => {
    const call = readCommand('Pay Lu on 4/5', { now: time.now, zone, locale });
    expect(call.arguments).toMatchObject({ title: 'Pay Lu', due });
  });
});
