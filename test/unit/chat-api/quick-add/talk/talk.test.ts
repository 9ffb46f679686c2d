import { describe, expect, it } from '@jest/globals';
import { toolParameters } from '../../../../../src/chat-api/chat/tool-calls.ts';
import { readAsTitle } from '../../../../../src/chat-api/quick-add/as-title.ts';
import { readCommand } from '../../../../../src/chat-api/quick-add/command.ts';
import { readClause } from '../../../../../src/chat-api/quick-add/commands/clause.ts';
import { meantVerb } from '../../../../../src/chat-api/quick-add/commands/slip.ts';
import * as sentences from './talk-sentences.ts';

const time = { now: new Date('2026-11-25T10:00:00Z'), zone: 'Europe/Berlin' };

/** The title of a new task that the sentence may become without a question. */
function titleOf(sentence: string): string | undefined {
  const call = readCommand(sentence, time);
  expect(toolParameters[call.tool].safeParse(call.arguments).error).toBeUndefined();
  if (call.tool === 'create_task') return call.arguments.title;
  const mayBeMissing = 'task' in call.arguments || call.tool === 'list_tasks' || call.tool === 'change_all';
  return mayBeMissing ? readAsTitle(sentence, time)?.call.arguments.title : undefined;
}

describe('readCommand', () => {
  it.each([
    ...sentences.statements,
    ...sentences.questions,
    ...sentences.smallTalk,
    ...sentences.mixedTalk,
    ...sentences.programWishes,
    ...sentences.onlyCommands,
    ...sentences.moreTalk,
    ...sentences.moreOnlyCommands,
  ])('makes no task of %j', (sentence) => {
    expect(titleOf(sentence)).toBeUndefined();
  });

  it.each([
    ...sentences.thingsToDo,
    ...sentences.noQuestions,
    ...sentences.noSmallTalk,
    ...sentences.ownLife,
    ...sentences.verbTitles,
    ...sentences.moreThingsToDo,
  ])('makes a task of %j', (sentence) => {
    expect(titleOf(sentence)).toBeDefined();
  });

  it('asks whether a statement is a task, with all that the sentence says', () => {
    expect(readCommand('I might be late tomorrow', time)).toEqual({
      tool: 'help',
      arguments: {
        reply: expect.stringMatching(/^Shall I add "I might be late tomorrow" as a task\?/),
        offer: expect.objectContaining({ title: 'I might be late', due: '2026-11-26' }),
      },
    });
  });

  it('keeps all words of what is over, whatever day it names', () => {
    const { arguments: parameters } = readCommand('I was at the lake on friday', time);
    expect(parameters).toMatchObject({ offer: { title: 'I was at the lake on friday' } });
    expect(parameters).not.toHaveProperty('offer.due');
  });

  it.each(['I hate mondays #work', 'today was awful !high', 'add I hate mondays', 'note to self: today was awful'])(
    'takes %j, which is written as a task, for one',
    (sentence) => {
      expect(readCommand(sentence, time).tool).toBe('create_task');
    },
  );

  it.each([
    ['thanks a lot, that is perfect', 'You are welcome.'],
    ['my bad', 'No problem.'],
    ['merry christmas to you all!', 'Thank you, the same to you!'],
    ['ok great thanks bye', 'You are welcome.'],
    ['nothing else, thank you', 'All right.'],
    ['amazing work :)', 'Thank you.'],
    ['you read the time wrong', expect.stringContaining('I am sorry.')],
    ['you set it to the wrong day', expect.stringContaining('I am sorry.')],
    ['you mixed up the dates', expect.stringContaining('I am sorry.')],
    ["I'm really exhausted tonight", expect.stringMatching(/^I see\. .* say: add I'm really exhausted tonight\n/)],
    ['we had such a lovely evening', expect.stringMatching(/^I see\./)],
    ['create a folder called Attic', expect.stringContaining('There is one list')],
    ['show me all my projects', expect.stringContaining('There is one list')],
    ['put phone Zoe in the family list', expect.stringContaining('say: tag phone Zoe with family\n')],
    ['change my time zone to London', expect.stringContaining('time zone')],
    ['export my tasks as csv', expect.stringContaining('I cannot export tasks.')],
    ['print my list', expect.stringContaining('printed')],
    ['switch to dark mode', expect.stringContaining('settings of your system')],
  ])('answers %j', (sentence, reply) => {
    expect(readCommand(sentence, time)).toEqual({ tool: 'help', arguments: { reply } });
  });

  it('takes "no, that is fine" for the answer to a question', () => {
    expect(readCommand("no, that's fine", time)).toEqual({ tool: 'choose', arguments: { which: 'no' } });
  });
});

describe('readClause', () => {
  it.each([
    ['I hate mondays', 'statement'],
    ['my back hurts', 'statement'],
    ['maybe I go to the gym tomorrow', 'statement'],
    ['we meet Anna at 6', 'event'],
    ['the bins go out tonight', 'event'],
    ['my car needs an MOT', 'thing to do'],
    ['the visa has to be renewed', 'thing to do'],
    ['the book that Tom said is good', undefined],
    ['our lost luggage claim', undefined],
    ['They Might Be Giants tickets', undefined],
    ['', undefined],
  ])('reads %j', (sentence, clause) => {
    expect(readClause(sentence)).toBe(clause);
  });
});

describe('meantVerb', () => {
  it.each([
    ['delte', 'delete'],
    ['mvoe', 'move'],
    ['renane', 'rename'],
    ['repeet', undefined],
    ['reheat', undefined],
    ['relove', undefined],
    ['cancer', undefined],
  ])('takes %j for %j', (word, verb) => {
    expect(meantVerb(word)).toBe(verb);
  });
});
