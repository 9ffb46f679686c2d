import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startPostgres, type Postgres } from '../../../localcluster/parts/postgres.ts';
import { systemClock, type Clock } from '../../../src/lib/clock.ts';
import { alice, bob, MemoryPublisher, startChatApi, type RunningChatApi } from '../../support/chat-api.ts';
import { followEvents } from '../../support/event-stream.ts';
import { callsOf, StandInModel } from '../../support/stand-in-model.ts';

let postgres: Postgres;
let api: RunningChatApi;

beforeAll(async () => {
  postgres = await startPostgres();
  api = await startChatApi(await postgres.createDatabase(), new MemoryPublisher());
});
afterAll(async () => {
  await api?.stop();
  await postgres?.stop();
});

interface Answer {
  readonly outcome: string;
  readonly reply: string;
  readonly understood: { readonly tool: string };
  readonly task?: {
    readonly id: string;
    readonly title: string;
    readonly due_date: string | null;
    readonly version: number;
  };
  readonly tasks?: readonly { readonly title: string; readonly due_date: string | null }[];
  readonly candidates?: readonly { readonly id: string; readonly title: string }[];
}

/** Each conversation begins without tasks: it is another user's. */
function converse(to: () => RunningChatApi = () => api) {
  const conversation = randomUUID();
  return async (message: string, headers = {}): Promise<Answer> => {
    const body = { message, time_zone: 'Europe/Berlin', conversation };
    const answer = await to().ask('/v1/chat', { method: 'POST', body, headers });
    expect(answer.status).toBe(200);
    return answer.body as unknown as Answer;
  };
}

describe('POST /v1/chat', () => {
  it('reminds before the due time, as often as is said', async () => {
    const say = converse();
    const created = await say('Dentist on 2090-05-05 at 10:00, remind me 1 day before');
    expect(created).toMatchObject({ task: { title: 'Dentist', reminders: [86_400] } });
    expect(created.reply).toContain('reminder 1 day before');
    expect(await say('remind me 10 minutes before')).toMatchObject({ task: { reminders: [600, 86_400] } });
    expect((await say('remind me 2 hours before the dentist')).reply).toContain('10 minutes, 2 hours and 1 day before');
    expect((await say('remove the reminders of the dentist')).task).not.toHaveProperty('reminders');
    expect((await say('undo')).task).toMatchObject({ reminders: [600, 7200, 86_400] });
    const kettle = await say('Descale the teapot every! 3 months');
    expect(kettle.reply).toContain('every 3 months from the day it is done');
  });

  it('creates, reschedules, renames, completes and deletes a task, and says so', async () => {
    const say = converse();
    const created = await say('Water the plants in 20 seconds #home !high');
    expect(created).toMatchObject({
      outcome: 'created',
      understood: { tool: 'create_task' },
      task: { title: 'Water the plants', priority: 'HIGH', tags: ['home'] },
    });
    expect(Date.parse(created.task!.due_date!) - Date.now()).toBeLessThanOrEqual(20_000);
    expect((await say("move 'Water the plants' to 2090-03-26 02:30")).task).toMatchObject({
      // The clocks skip half past two in Berlin that night.
      due_date: '2090-03-26T01:30:00.000Z',
    });
    expect((await say('rename it to Water all plants')).task).toMatchObject({ title: 'Water all plants', version: 3 });
    expect(await say('set priority of water all plants to low')).toMatchObject({ task: { priority: 'LOW' } });
    expect(await say('done with plants')).toMatchObject({ outcome: 'completed', task: { status: 'DONE' } });
    expect(await say('reopen plants')).toMatchObject({ outcome: 'updated', task: { status: 'TODO' } });
    expect(await say('delete plants')).toMatchObject({ outcome: 'deleted', reply: expect.stringContaining('Deleted') });
    expect(await say('complete "plants"')).toMatchObject({ outcome: 'not-found' });
  });

  it('names the candidates and changes nothing when several tasks could be meant', async () => {
    const say = converse();
    const first = (await say('Send invoice to Ann')).task!;
    const second = (await say('Send invoice to Ben')).task!;
    const answer = await say('delete send invoice');
    expect(answer).toMatchObject({ outcome: 'ambiguous', candidates: [{}, {}] });
    expect(answer.candidates!.map(({ id }) => id).toSorted()).toEqual([first.id, second.id].toSorted());
    for (const { id } of [first, second]) expect((await api.ask(`/v1/tasks/${id}`)).body).toMatchObject({ version: 1 });
    expect(await say(`delete ${first.id}`)).toMatchObject({ outcome: 'deleted', task: { id: first.id } });
    expect(await say('delete send invoice')).toMatchObject({ outcome: 'deleted', task: { id: second.id } });
  });

  it('takes the task that was meant, by whole words, and asks otherwise', async () => {
    const say = converse();
    await say('Sign contract for the zeppelin');
    expect(await say('delete con')).toMatchObject({ outcome: 'not-found', candidates: [{}] });
    // A verb that may begin a title names a task only by its very title.
    expect(await say('finish the zeppelin contract')).toMatchObject({ outcome: 'ambiguous', candidates: [{}] });
    expect(await say('finish the quarterly gazette by friday')).toMatchObject({
      outcome: 'created',
      task: { title: 'finish the quarterly gazette' },
    });
    expect(await say('done with the zeppelin contract')).toMatchObject({ outcome: 'completed' });
    expect(await say('mark "Sign contract for the zeppelin" as not done')).toMatchObject({ task: { status: 'TODO' } });
    expect(await say('Milk #several\nBread tomorrow #several\nEggs #several')).toMatchObject({
      outcome: 'created',
      tasks: [{ title: 'Milk' }, { title: 'Bread' }, { title: 'Eggs' }],
    });
    const asked = await say('delete all #several');
    expect(asked).toMatchObject({ outcome: 'ambiguous', candidates: [{}, {}, {}] });
    const confirmation = /say: (.+)$/.exec(asked.reply)![1]!;
    expect(await say('complete "eggs"')).toMatchObject({ outcome: 'completed' });
    // Another number than the one that was confirmed
    expect(await say(confirmation)).toMatchObject({ outcome: 'ambiguous', candidates: [{}, {}] });
    expect(await say(confirmation.replace('3', '2'))).toMatchObject({ outcome: 'deleted', tasks: [{}, {}] });
    expect(await say('what is tagged several?')).toMatchObject({ outcome: 'listed', tasks: [] });
  });

  it('asks, when what would be a new task may be about one that is open', async () => {
    const say = converse();
    const theorbo = (await say('Theorbo on 2090-05-05')).task!;
    for (const message of ['theorbo', 'kill theorbo', 'star the theorbo', 'theorbo too', 'more theorbo'])
      expect(await say(message)).toMatchObject({ outcome: 'listed', task: { id: theorbo.id, version: 1 } });
    expect((await say('theorbo')).reply).toContain('say: add theorbo');
    expect(await say('star sackbut')).toMatchObject({ outcome: 'not-found' });
    expect(await say('and sackbut')).toMatchObject({ outcome: 'created', task: { title: 'sackbut' } });
    expect(await say('theorbo strings')).toMatchObject({ outcome: 'created' });
    expect(await say('theorbo on 2090-06-01')).toMatchObject({ outcome: 'created' });
    expect(await say('theorbo')).toMatchObject({ outcome: 'listed', tasks: [{}, {}] });
    expect(await say('add theorbo')).toMatchObject({ outcome: 'created' });
  });

  it('knows no task by "it" once the answer was about several others', async () => {
    const say = converse();
    const lesson = await say('Theremin lesson on 2090-08-19');
    await say('Theremin cable\nTheremin stand');
    expect(await say('delete it')).toMatchObject({ outcome: 'not-found' });
    expect(await say('move the first one to 2090-06-01')).toMatchObject({ task: { title: 'Theremin cable' } });
    expect(await say('what is due on 2090-08-19?')).toMatchObject({ outcome: 'listed', tasks: [{}] });
    expect(await say('complete it')).toMatchObject({ outcome: 'completed', task: { id: lesson.task!.id } });
    // It stays what it was when it is among those that are listed.
    await say('move theremin stand to 2090-07-01');
    expect(await say('find tasks about theremin')).toMatchObject({ outcome: 'listed', tasks: [{}, {}] });
    expect(await say('complete it')).toMatchObject({ outcome: 'completed', task: { title: 'Theremin stand' } });
  });

  it('keeps the last list in mind: "the second one", "both", "yes"', async () => {
    const say = converse();
    await say('Zither lesson on 2090-05-05\nZither strings on 2090-05-06\nZither case on 2090-05-07');
    expect(await say('find tasks about zither')).toMatchObject({ outcome: 'listed', tasks: [{}, {}, {}] });
    expect(await say('move the second one to 2090-06-01 at 10:00')).toMatchObject({
      outcome: 'rescheduled',
      task: { title: 'Zither strings', due_date: '2090-06-01T08:00:00.000Z' },
    });
    expect(await say('number 1')).toMatchObject({ outcome: 'listed', task: { title: 'Zither lesson' } });
    expect(await say('move both to 2090-07-01')).toMatchObject({ outcome: 'not-possible' });
    // The question is about the deletion, and so is the answer.
    expect(await say('delete zither')).toMatchObject({ outcome: 'ambiguous', candidates: [{}, {}, {}] });
    expect(await say('the third one')).toMatchObject({ outcome: 'deleted', task: { title: 'Zither strings' } });
    expect(await say('delete zither')).toMatchObject({ outcome: 'ambiguous', candidates: [{}, {}] });
    const asked = await say('both');
    expect(asked).toMatchObject({ outcome: 'ambiguous', candidates: [{}, {}] });
    expect(asked.reply).toMatch(/To confirm, say: yes$/);
    expect(await say('no')).toMatchObject({ outcome: 'help' });
    expect((await say('yes')).reply).toBe('There is nothing to confirm. Nothing was changed.');
    await say('delete zither');
    expect((await say('yes')).reply).toBe('Which one? Say for example "the second one".');
    expect(await say('move both to 2090-08-01')).toMatchObject({ outcome: 'rescheduled', tasks: [{}, {}] });
    await say('delete both');
    expect(await say('yes')).toMatchObject({ outcome: 'deleted', tasks: [{}, {}] });
    expect(await say('delete the second one')).toMatchObject({ outcome: 'not-found' });
    await say('Tune the xylophone');
    expect(await say('finish xylophone')).toMatchObject({ outcome: 'ambiguous', candidates: [{}] });
    expect(await say('yes')).toMatchObject({ outcome: 'completed', task: { title: 'Tune the xylophone' } });
  });

  it('changes the first of the list, or all but some, once that is confirmed, and takes several changes back', async () => {
    const say = converse();
    await say('Yak wool #farm on 2090-05-05\nYak milk #farm on 2090-05-06\nYak shears on 2090-05-07');
    await say('find tasks about yak');
    expect(await say('complete the first two')).toMatchObject({ outcome: 'ambiguous', candidates: [{}, {}] });
    expect(await say('yes')).toMatchObject({ outcome: 'completed', tasks: [{}, {}] });
    expect((await say('undo')).tasks).toHaveLength(2);
    const asked = await say('move all farm tasks except the milk to 2090-06-01');
    expect(asked).toMatchObject({ outcome: 'ambiguous', candidates: [{ title: 'Yak wool' }] });
    expect(asked.reply).toMatch(/say: yes, move all 1 #farm except "milk" to 2090-06-01$/);
    expect(await say('yes, move all 1 #farm except "milk" to 2090-06-01')).toMatchObject({ outcome: 'rescheduled' });
    expect(await say('delete all but the piano')).toMatchObject({ outcome: 'not-found' });
    const byWord = await say('delete all shears tasks');
    expect(byWord.reply).toMatch(/^No such task is tagged #shears/);
    await say('move yak shears to 2090-06-02 and tag it farm');
    const undone = await say('undo the last two');
    expect(undone).toMatchObject({ outcome: 'undone', tasks: [{}, {}] });
  });

  it('ends a series on a day, and moves a task by an arrow only if it has that very title', async () => {
    const say = converse();
    await say('Yoga every monday at 18:00 starting 2090-05-01');
    expect((await say('end the yoga series on 20 december 2090')).reply).toContain('until 20 Dec 2090');
    expect(await say('end the yoga series tomorrow')).toMatchObject({ outcome: 'not-possible' });
    expect(await say('yoga -> 2090-05-05')).toMatchObject({ outcome: 'rescheduled', task: { title: 'Yoga' } });
    expect(await say('groceries -> 2090-05-05')).toMatchObject({ outcome: 'created', task: { title: 'groceries' } });
    await say('Buy quinoa');
    expect(await say('quinoa -> 2090-05-05')).toMatchObject({ outcome: 'ambiguous', candidates: [{}] });
  });

  it('asks which one is "the last one" when the last of the list and the one last spoken of are two', async () => {
    const say = converse();
    await say('Yodel rehearsal on 2090-05-05\nYodel hat on 2090-05-06');
    await say('find tasks about yodel');
    await say('Polish the yurt');
    expect(await say('delete the last one')).toMatchObject({
      outcome: 'ambiguous',
      candidates: [{ title: 'Polish the yurt' }, { title: 'Yodel hat' }],
    });
    expect(await say('the first one')).toMatchObject({ outcome: 'deleted', task: { title: 'Polish the yurt' } });
    await say('find tasks about yodel');
    expect(await say('delete my last task')).toMatchObject({ outcome: 'deleted', task: { title: 'Yodel hat' } });
  });

  it('lets the open tasks decide whether a sentence changes one of them or is the title of a new one', async () => {
    const say = converse();
    await say('Oboe on 2090-05-03 at 10:00');
    const weekly = await say('make oboe weekly');
    expect(weekly).toMatchObject({ outcome: 'updated', task: { title: 'Oboe' } });
    expect(weekly.reply).toContain('every week.');
    expect(await say('oboe is no longer weekly')).toMatchObject({ task: { title: 'Oboe', recurrence: null } });
    expect(await say('make lunch weekly')).toMatchObject({ outcome: 'created', task: { title: 'make lunch' } });
    expect(await say('make bassoon weekly')).toMatchObject({ outcome: 'not-found' });
    expect(await say('give oboe the tag music')).toMatchObject({ outcome: 'updated', task: { tags: ['music'] } });
    expect(await say('give bassoon the tag music')).toMatchObject({ outcome: 'not-found' });
    expect(await say('push the oboe out to 2090-05-04')).toMatchObject({ outcome: 'rescheduled' });
    expect(await say('move oboe 2090-05-05')).toMatchObject({ task: { due_date: '2090-05-05T08:00:00.000Z' } });
    expect(await say('hold the oboe for 2 weeks')).toMatchObject({ task: { due_date: '2090-05-19T08:00:00.000Z' } });
    expect(await say('what is due on 2090-05-19 before noon?')).toMatchObject({ outcome: 'listed', tasks: [{}] });
    expect(await say('what is due on 2090-05-19 in the afternoon?')).toMatchObject({ outcome: 'listed', tasks: [] });
    expect(await say('delete old photos')).toMatchObject({ outcome: 'created', task: { title: 'delete old photos' } });
    expect(await say('delete bassoon')).toMatchObject({ outcome: 'not-found' });
    expect(await say('clean oboe')).toMatchObject({ outcome: 'created', task: { title: 'clean oboe' } });
    expect((await say('change oboe')).reply).toMatch(/What should I do with it\? .* say: add change oboe$/);
    expect(await say('I no longer need the oboe')).toMatchObject({ outcome: 'listed', task: { title: 'Oboe' } });
    expect((await say('oboe got cancelled')).reply).toContain('Nothing was changed.');
    expect(await say('oboe is urgent')).toMatchObject({ task: { priority: 'HIGH' } });
    expect((await say('oboe is not urgent any more')).reply).toContain('Its priority is medium now.');
    expect((await say('delte oboe')).reply).toContain('Did you mean "delete oboe"?');
  });

  it('understands what is past, and two tasks or two fields in one sentence, and otherwise asks', async () => {
    const say = converse();
    await say('add two tasks: pay the harpist tomorrow at 10, scrub the harp');
    const titles = ({ tasks = [] }: Answer) => tasks.map(({ title }) => title);
    expect(await say('I paid the harpist')).toMatchObject({ outcome: 'completed', task: { title: 'pay the harpist' } });
    expect(await say('I fed the harpist')).toMatchObject({ outcome: 'not-found' });
    expect(await say('I scrubbed the piano')).toMatchObject({ outcome: 'not-found', candidates: [{}] });
    expect(await say('undo')).toMatchObject({ task: { status: 'TODO' } });
    const tagged = await say('tag pay the harpist and scrub the harp with strings');
    expect(titles(tagged)).toEqual(['pay the harpist', 'scrub the harp']);
    expect(titles(await say('tag pay the harpist and the harp with strings'))).toEqual([]);
    expect(await say('delete pay the harpist and scrub the harp')).toMatchObject({
      outcome: 'ambiguous',
      candidates: [{}, {}],
    });
    expect(titles(await say('which #strings tasks have no date?'))).toEqual(['scrub the harp']);
    expect(await say('bring the harpist forward by 2090 days')).toMatchObject({ outcome: 'not-possible' });
    expect(await say('bring scrub the harp forward by a day')).toMatchObject({ outcome: 'not-possible' });
    expect(await say('set scrub the harp to p1 and due 2090-05-05')).toMatchObject({
      task: { priority: 'HIGH', due_date: '2090-05-05T07:00:00.000Z' },
    });
    expect(await say('set the lyre to p1 and due tomorrow')).toMatchObject({ outcome: 'not-found' });
    expect(await say('bring scrub the harp forward by a day')).toMatchObject({
      task: { due_date: '2090-05-04T07:00:00.000Z' },
    });
    expect((await say('add a note to scrub the harp: in D flat')).reply).toContain('Its note: in D flat');
    const renoted = await say('write down that it is in A in the notes of scrub the harp');
    expect(renoted.reply).toMatch(/Its note: in D flat\nit is in A$/);
    const replaced = await say('set the note of scrub the harp to in G');
    expect(replaced.reply).toContain('Its note: in G\nBefore, it was: in D flat');
    expect(await say('extend scrub the harp to 2 hours')).toMatchObject({ outcome: 'help' });
    expect(await say('mark pay the harpist and scrub the harp as done')).toMatchObject({
      tasks: [{ status: 'DONE' }, { status: 'DONE' }],
    });
  });

  it('finds tasks by their telling words as whole words, and says what has only some of them', async () => {
    const say = converse();
    await say('Write to Grandma\nFold the ukulele cloth');
    const titles = ({ tasks = [] }: Answer) => tasks.map(({ title }) => title);
    // "and" and "gran" are in "Grandma".
    expect(await say('mark the gran and krummhorn as done')).toMatchObject({ outcome: 'not-found', candidates: [] });
    await say('Hand in the ukulele essay');
    expect(titles(await say('when do I have to hand the essay in?'))).toEqual(['Hand in the ukulele essay']);
    const some = await say('when do I have to post the essay?');
    expect(titles(some)).toEqual(['Hand in the ukulele essay']);
    expect(some.reply).toMatch(/^No task has all of these words: post, essay\./);
    await say('done with the essay');
    expect((await say('did I already hand in the essay?')).reply).toMatch(
      /^No open task matches, but what is done does:/,
    );
    expect(await say('when is the krummhorn gala?')).toMatchObject({ reply: 'No matching tasks.', tasks: [] });
    const missing = await say('erase the ukulele emails');
    expect(missing).toMatchObject({ outcome: 'not-found', candidates: [{ title: 'Fold the ukulele cloth' }] });
    expect(missing.reply).toMatch(/To create a task of that name, say: add erase the ukulele emails$/);
  });

  it('deletes two tasks once that is confirmed, and takes "tomorrow\'s" for the day of the task', async () => {
    const say = converse();
    await say('Rosin\nReeds\nZither lesson tomorrow at 10');
    const asked = await say('remove rosin and reeds from my list');
    expect(asked).toMatchObject({ outcome: 'ambiguous', candidates: [{}, {}] });
    expect(asked.reply).toMatch(/^This would delete 2 tasks:/);
    expect(asked).not.toHaveProperty('pending');
    expect(await say('yes')).toMatchObject({ outcome: 'deleted', tasks: [{}, {}] });
    expect(await say("I didn't mean to delete that")).toMatchObject({ outcome: 'undone' });
    expect(await say("tomorrow's zither lesson should be at 18:30")).toMatchObject({ outcome: 'rescheduled' });
    expect(await say("delete today's zither lesson")).toMatchObject({ outcome: 'ambiguous', candidates: [{}] });
    await say('show tasks');
    expect(await say('done with the first and the last')).toMatchObject({ outcome: 'completed', tasks: [{}, {}] });
  });

  it('adds to a note, shows it, and lists what repeats', async () => {
    const say = converse();
    await say('Harpsichord\nHarp lesson every monday at 9');
    await say('add a note to harpsichord: tuning fork');
    expect(await say('add "and felt" to the note of harpsichord')).toMatchObject({
      task: { description: 'tuning fork\nand felt' },
    });
    expect((await say("what's the note on harpsichord?")).reply).toContain('Its note: tuning fork\nand felt');
    const { tasks: recurring = [] } = await say('show all recurring tasks');
    expect(recurring.map(({ title }) => title)).toContain('Harp lesson');
    expect(recurring.map(({ title }) => title)).not.toContain('Harpsichord');
    expect(await say('how often is the harp lesson?')).toMatchObject({
      outcome: 'listed',
      task: { title: 'Harp lesson' },
    });
    await say('Harp strings');
    expect(await say('every two weeks, please')).toMatchObject({ outcome: 'updated', task: { title: 'Harp strings' } });
  });

  it('moves several tasks to another day once their number is confirmed', async () => {
    const say = converse();
    await say('add two tasks: rosin the bow #brass 2090-05-05 at 10, oil the valves #brass 2090-05-05 at 16');
    await say('Polish the gong on 2090-06-01');
    const asked = await say('move all #brass tasks to 2090-05-07');
    expect(asked).toMatchObject({ outcome: 'ambiguous', candidates: [{}, {}] });
    expect(asked.reply).toMatch(/^This would move 2 tasks to Sun 7 May 2090:\n/);
    const due = ({ tasks = [] }: Answer) => tasks.map(({ due_date }) => due_date);
    const moved = ['2090-05-07T08:00:00.000Z', '2090-05-07T14:00:00.000Z'];
    expect(due(await say(/say: (.+)$/.exec(asked.reply)![1]!))).toEqual(moved);
    expect(due(await say('undo'))).toEqual(['2090-05-05T08:00:00.000Z', '2090-05-05T14:00:00.000Z']);
    await say('move all #brass tasks to 2090-05-07');
    expect(due(await say('yes'))).toEqual(moved);
    expect(await say('move all #brass tasks due on 2090-05-05 to 2090-05-07')).toMatchObject({ outcome: 'not-found' });
    await say('move all #brass tasks to 2090-05-08');
    expect(await say('the second one')).toMatchObject({ task: { due_date: '2090-05-08T14:00:00.000Z' } });
  });

  it('asks before a statement becomes a task, and offers to add one that a command named in vain', async () => {
    const say = converse();
    const asked = await say('I hate mondays');
    expect(asked).toMatchObject({ outcome: 'help', reply: expect.stringContaining('Shall I add "I hate mondays"') });
    expect(await say('no')).toMatchObject({ outcome: 'help', reply: 'All right, nothing was changed.' });
    expect((await say('yes')).reply).toBe('There is nothing to confirm. Nothing was changed.');
    await say('we were late for the accordion');
    expect(await say('yes')).toMatchObject({ outcome: 'created', task: { title: 'we were late for the accordion' } });
    const renamed = await say('rename the kazoo to Kazoo lesson');
    expect(renamed).toMatchObject({ outcome: 'not-found', reply: expect.stringMatching(/say "yes", or: add kazoo$/) });
    expect(await say('yes')).toMatchObject({ outcome: 'created', task: { title: 'kazoo' } });
    expect(await say('tick off the bagpipes')).toMatchObject({ outcome: 'not-found', candidates: [] });
    expect((await say('yes')).reply).toBe('There is nothing to confirm. Nothing was changed.');
  });

  it('skips the next occurrence, and says what cannot be skipped', async () => {
    const say = converse();
    await say('Choir every monday at 9:00 starting 2090-01-02');
    const skipped = await say('skip it');
    expect(skipped).toMatchObject({ outcome: 'rescheduled', task: { due_date: '2090-01-09T08:00:00.000Z' } });
    expect(skipped.reply).toBe('Skipped. "Choir" is next due Mon 9 Jan 2090 at 09:00.');
    expect((await say('skip choir tomorrow')).reply).toMatch(
      /^"Choir" has no occurrence then; it is next due .*\. Nothing was changed\.$/,
    );
    expect(await say('undo')).toMatchObject({ task: { due_date: '2090-01-02T08:00:00.000Z' } });
    await say('Choir dress');
    expect(await say('skip it')).toMatchObject({ outcome: 'not-possible' });
    // No such task: a new one.
    expect(await say('skip breakfast')).toMatchObject({ outcome: 'created', task: { title: 'skip breakfast' } });
  });

  it('moves a completed recurring task to its next occurrence, which a snooze does not shift', async () => {
    const say = converse();
    await say('Review budget every month at 9:00 starting 2090-01-31');
    const snoozed = await say('snooze it 10 minutes');
    expect(snoozed.task).toMatchObject({ due_date: '2090-01-31T08:10:00.000Z' });
    const next = await say('done with review budget');
    // February has no 31st.
    expect(next).toMatchObject({
      outcome: 'completed',
      task: { status: 'TODO', due_date: '2090-02-28T08:00:00.000Z' },
    });
  });

  it('lists what is due on the day of the user', async () => {
    const say = converse();
    await say('Night watch in Berlin on 2091-06-02 at 0:30');
    const answer = await say('what is due on 2091-06-02');
    expect(answer).toMatchObject({ outcome: 'listed', tasks: [{ title: 'Night watch in Berlin' }] });
    expect(await say('what is due on 2091-06-01')).toMatchObject({ outcome: 'listed', tasks: [] });
  });

  it('says what would happen in a dry run, with the next three dates, and changes nothing', async () => {
    const body = { message: 'Feed the rehearsed newt every day at 9 starting 2090-03-01', time_zone: 'Europe/Berlin' };
    const ask = async (more: object) =>
      (await api.ask('/v1/chat', { method: 'POST', body: { ...body, ...more } })).body;
    const expected = { outcome: 'created', dry_run: true, task: { title: 'Feed the rehearsed newt' } };
    const rehearsed = await ask({ dry_run: true });
    expect(rehearsed).toMatchObject(expected);
    const { spans } = rehearsed as { spans: { start: number; end: number; means: string }[] };
    expect(spans.map(({ start, end, means }) => [means, body.message.slice(start, end)])).toEqual([
      ['title', 'Feed the rehearsed newt'],
      ['recurrence', 'every day'],
      ['time', 'at 9'],
      ['date', 'starting 2090-03-01'],
    ]);
    expect(rehearsed.reply).toMatch(
      /Next: Wed 1 Mar 2090 at 09:00; Thu 2 Mar 2090 at 09:00; Fri 3 Mar 2090 at 09:00\./,
    );
    expect(await ask({ message: 'complete "Feed the rehearsed newt"' })).toMatchObject({ outcome: 'not-found' });
  });

  it('does not ask the language model in a dry run', async () => {
    let asked = 0;
    // Stands for a language model that is busy: the grammar answers then.
    const model = createServer((_, response) => {
      asked += 1;
      response.writeHead(503).end();
    }).listen(0, '127.0.0.1');
    await once(model, 'listening');
    const baseUrl = `http://127.0.0.1:${(model.address() as AddressInfo).port}/v1`;
    const withModel = await startChatApi(await postgres.createDatabase(), new MemoryPublisher(), {
      llm: { baseUrl, model: 'any', apiKey: undefined },
    });
    try {
      const body = { message: 'Feed the newt', dry_run: true };
      expect((await withModel.ask('/v1/chat', { method: 'POST', body })).body).toMatchObject({ outcome: 'created' });
      expect(asked).toBe(0);
      await withModel.ask('/v1/chat', { method: 'POST', body: { ...body, dry_run: false } });
      expect(asked).toBe(1);
    } finally {
      await withModel.stop();
      model.close();
    }
  });

  it('takes the order of day and month from the locale, or the language of the browser', async () => {
    const ask = async (more: object, headers = {}) => {
      const body = { message: 'Pay Lu on 4/5/2090', time_zone: 'Europe/Berlin', dry_run: true, ...more };
      return (await api.ask('/v1/chat', { method: 'POST', body, headers })).body.understood;
    };
    expect(await ask({})).toMatchObject({ arguments: { due: '2090-05-04' } });
    expect(await ask({ locale: 'en-US' })).toMatchObject({ arguments: { due: '2090-04-05' } });
    const american = { 'Accept-Language': 'en-US,en;q=0.9' };
    expect(await ask({}, american)).toMatchObject({ arguments: { due: '2090-04-05' } });
    expect(await ask({ locale: 'en-GB' }, american)).toMatchObject({ arguments: { due: '2090-05-04' } });
  });

  it('cancels and finds tasks, and takes the message for a new task when there is none', async () => {
    const say = converse();
    await say('Lynx checkup on 2090-05-05');
    expect(await say('find lynx')).toMatchObject({ outcome: 'listed', tasks: [{ title: 'Lynx checkup' }] });
    expect(await say('cancel the lynx')).toMatchObject({ outcome: 'ambiguous', candidates: [{}] });
    expect(await say('yes')).toMatchObject({ outcome: 'deleted', task: { title: 'Lynx checkup' } });
    expect(await say('find lynx tasks')).toMatchObject({ outcome: 'listed', tasks: [] });
    expect(await say('find a lynx vet')).toMatchObject({ outcome: 'created', task: { title: 'find a lynx vet' } });
    expect(await say('cancel lynx insurance')).toMatchObject({ outcome: 'not-found', candidates: [{}] });
    expect(await say('cancel the sea lion show')).toMatchObject({ task: { title: 'cancel the sea lion show' } });
  });

  it('knows tasks and conversations of the user only', async () => {
    const say = converse();
    await say('Secret plan');
    const asBob = { Authorization: `Bearer ${bob}` };
    expect(await say('delete secret plan', asBob)).toMatchObject({ outcome: 'not-found', candidates: [] });
    expect(await say('delete it', asBob)).toMatchObject({ outcome: 'not-found' });
  });

  it.each([
    ['help', 'help'],
    ['tomorrow', 'help'],
    ['delete something that is not there', 'not-found'],
    ['complete it', 'not-found'],
    ['rename', 'help'],
  ])('answers %j in words', async (message, outcome) => {
    const answer = await converse()(message);
    expect(answer).toMatchObject({ outcome });
    expect(answer.reply).not.toBe('');
  });

  it.each([
    ['an unknown zone', { message: 'x', time_zone: 'Mars/Olympus' }, 'time_zone'],
    ['no message', {}, 'message'],
    ['an empty message', { message: '' }, 'message'],
    ['a message that is too long', { message: 'x'.repeat(2001) }, 'message'],
    ['an impossible conversation', { message: 'x', conversation: 'a b' }, 'conversation'],
  ])('refuses %s', async (_name, body, field) => {
    const answer = await api.ask('/v1/chat', { method: 'POST', body });
    expect(answer.body).toMatchObject({ status: 400, code: 'InvalidRequest', errors: [{ field }] });
  });
});

describe('POST /v1/chat with a language model', () => {
  const model = new StandInModel();
  /** By how much the clock of the API is ahead, in milliseconds. */
  let ahead = 0;
  const clock: Clock = { ...systemClock, now: () => new Date(systemClock.now().getTime() + ahead) };
  let understanding: RunningChatApi;
  beforeAll(async () => {
    await model.start();
    const llm = { baseUrl: model.baseUrl, model: 'any', apiKey: undefined };
    understanding = await startChatApi(await postgres.createDatabase(), new MemoryPublisher(), { llm, clock });
  });
  afterAll(async () => {
    await understanding?.stop();
    model.stop();
  });

  it('does several things at once or none of them, asks about unknown tasks, and never deletes several unasked', async () => {
    const say = converse(() => understanding);
    model.answer = callsOf(['create_task', '{"title":"Wash the emu"}'], ['create_task', '{"title":"Feed the emu"}']);
    const created = await say('Emu waschen und füttern');
    expect(created).toMatchObject({ outcome: 'created', also: [{ tool: 'create_task' }], tasks: [{}, {}] });
    expect(created.reply).toBe('Created "Wash the emu".\nCreated "Feed the emu".');
    model.answer = callsOf(['complete_task', '{"task":"Wash the emu"}'], ['complete_task', '{"task":"Sell the emu"}']);
    expect(await say('Alles mit dem Emu erledigt')).toMatchObject({ outcome: 'not-found' });
    expect(model.asked!.messages[0]!.content).toContain('"Wash the emu"');
    model.answer = callsOf(['delete_task', '{"task":"Wash the emu"}'], ['delete_task', '{"task":"Feed the emu"}']);
    // Both are still open: the call before was undone with the one that failed.
    expect(await say('Weg mit den Emus')).toMatchObject({
      outcome: 'ambiguous',
      candidates: [{ status: 'TODO' }, { status: 'TODO' }],
    });
    expect(await say('yes')).toMatchObject({ outcome: 'deleted', tasks: [{}, {}] });
    model.answer = { status: 500, body: {} };
    expect(await say('Buy an emu tomorrow')).toMatchObject({ outcome: 'created', task: { title: 'Buy an emu' } });
  });

  const stream = async (message: string, headers = {}) => {
    const response = await fetch(`${understanding.url}/v1/chat`, {
      method: 'POST',
      headers: {
        Authorization: `Bearer ${alice}`,
        'Content-Type': 'application/json',
        Accept: 'text/event-stream',
        ...headers,
      },
      body: JSON.stringify({ message }),
    });
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    return followEvents(response, () => {});
  };

  it('streams what the model is about to do while it still writes, and in the end the answer', async () => {
    let finish = () => {};
    model.streamsUntil = new Promise((resolve) => (finish = resolve));
    model.answer = callsOf(['create_task', '{"title":"Wash the gnu"}'], ['create_task', '{"title":"Feed the gnu"}']);
    const events = await stream('Gnu waschen und füttern');
    expect((await events.next('progress')).data).toEqual({ text: 'Creating "Wash the gnu"' });
    expect(events.received).toHaveLength(1);
    finish();
    expect((await events.next('progress')).data).toEqual({ text: 'Creating "Feed the gnu"' });
    const { id, data } = await events.next('answer');
    expect(data).toMatchObject({ outcome: 'created', tasks: [{ title: 'Wash the gnu' }, { title: 'Feed the gnu' }] });
    const undone = await understanding.ask('/v1/undo', { method: 'POST', body: { change: id } });
    expect(undone.body).toMatchObject({ deleted: [{}, {}] });
    model.streamsUntil = undefined;
  });

  it('asks the model once for a message that is sent again, and answers 409 until there is the first answer', async () => {
    let finish = () => {};
    model.streamsUntil = new Promise((resolve) => (finish = resolve));
    model.answer = callsOf(['create_task', '{"title":"Comb the yak"}'], ['create_task', '{"title":"Feed the yak"}']);
    const headers = { 'Idempotency-Key': 'yak' };
    const again = () => understanding.ask('/v1/chat', { method: 'POST', body: { message: 'Yak kämmen' }, headers });
    const first = await stream('Yak kämmen', headers);
    await first.next('progress');
    const meanwhile = await again();
    expect(meanwhile.body).toMatchObject({ status: 409, code: 'RequestInProgress' });
    expect(meanwhile.headers.get('retry-after')).toBe('1');
    finish();
    const { data } = await first.next('answer');
    model.streamsUntil = undefined;
    model.asked = undefined;
    const repeated = await again();
    expect(repeated.body).toEqual(data);
    expect(repeated.headers.get('idempotency-replayed')).toBe('true');
    expect(model.asked).toBeUndefined();
  });

  it('takes over the key of a request that has no answer after 30 seconds, which then gets the answer of the other', async () => {
    let finish = () => {};
    model.streamsUntil = new Promise((resolve) => (finish = resolve));
    model.answer = callsOf(['create_task', '{"title":"Shear the ibex"}'], ['create_task', '{"title":"Feed the ibex"}']);
    const headers = { 'Idempotency-Key': 'ibex' };
    const again = () => understanding.ask('/v1/chat', { method: 'POST', body: { message: 'Ibex scheren' }, headers });
    const abandoned = await stream('Ibex scheren', headers);
    await abandoned.next('progress');
    model.streamsUntil = undefined;
    ahead = 29_000;
    expect((await again()).body).toMatchObject({ status: 409, code: 'RequestInProgress' });
    ahead = 31_000;
    model.asked = undefined;
    const second = await again();
    expect(second.status).toBe(200);
    expect(second.headers.get('idempotency-replayed')).toBeNull();
    expect(model.asked).toBeDefined();
    finish();
    expect((await abandoned.next('answer')).data).toEqual(second.body);
    const { body } = await understanding.ask('/v1/tasks?text=ibex');
    expect(body['items']).toHaveLength(2);
    ahead = 0;
  });

  it('streams the answer of the grammar, and problems, too', async () => {
    model.answer = { status: 500, body: {} };
    const key = { 'Idempotency-Key': 'gnu' };
    const events = await stream('Brush the gnu', key);
    expect((await events.next('answer')).data).toMatchObject({ task: { title: 'Brush the gnu' } });
    const refused = await stream('Sell the gnu', key);
    expect((await refused.next('problem')).data).toMatchObject({ status: 422, code: 'IdempotencyKeyReused' });
    expect(refused.received).toHaveLength(1);
  });
});
