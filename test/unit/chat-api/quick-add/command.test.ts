import { describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { toolParameters } from '../../../../src/chat-api/chat/tool-calls.ts';
import { readCommand } from '../../../../src/chat-api/quick-add/command.ts';

// A Tuesday, 16:30 in Berlin.
const time = { now: new Date('2026-11-24T15:30:12.345Z'), zone: 'Europe/Berlin' };

describe('readCommand', () => {
  it.each([
    ['remind me to call Bob tomorrow at 9', 'create_task', { title: 'call Bob', due: '2026-11-25T09:00' }],
    ['please add buy milk tomorrow', 'create_task', { title: 'buy milk', due: '2026-11-25' }],
    ['add complete the tax form', 'create_task', { title: 'complete the tax form' }],
    ['rename Pay rent to Pay the rent', 'update_task', { task: 'Pay rent', title: 'Pay the rent' }],
    ['rename "go to shop" to "Go to market"', 'update_task', { task: 'go to shop', title: 'Go to market' }],
    ['set priority of pay rent to high', 'update_task', { task: 'pay rent', priority: 'HIGH' }],
    ['make pay rent low priority', 'update_task', { task: 'pay rent', priority: 'LOW' }],
    ['tag Pay rent with #money and #home', 'update_task', { task: 'Pay rent', add_tags: ['money', 'home'] }],
    ['tag pay rent with money', 'update_task', { task: 'pay rent', add_tags: ['money'] }],
    ['remove #home from pay rent', 'update_task', { task: 'pay rent', remove_tags: ['home'] }],
    ['mark it in progress', 'update_task', { task: 'it', status: 'IN_PROGRESS' }],
    ['repeat pay rent every month', 'update_task', { task: 'pay rent', recurrence: 'FREQ=MONTHLY' }],
    ['stop repeating pay rent', 'update_task', { task: 'pay rent', recurrence: null }],
    ['remove the due date of pay rent', 'update_task', { task: 'pay rent', due: null }],
    ['done with pay rent', 'complete_task', { task: 'pay rent' }],
    ['Complete the tax form!', 'complete_task', { task: 'tax form' }],
    ["move 'Pay rent' to friday 10:00", 'reschedule_task', { task: 'Pay rent', due: '2026-11-27T10:00' }],
    ['move go to work to friday', 'reschedule_task', { task: 'go to work', due: '2026-11-27' }],
    ['move pay rent to 18:00', 'reschedule_task', { task: 'pay rent', due: '18:00' }],
    ['snooze pay rent until tomorrow', 'reschedule_task', { task: 'pay rent', due: '2026-11-25' }],
    ['snooze pay rent 10 minutes', 'snooze_task', { task: 'pay rent', by: 'PT10M' }],
    ['postpone pay rent by 2 days', 'snooze_task', { task: 'pay rent', by: 'P2D' }],
    ['can you delete pay rent?', 'delete_task', { task: 'pay rent' }],
    ['delete the task "done with it"', 'delete_task', { task: 'done with it' }],
    ['what is due today', 'list_tasks', { due: 'today' }],
    ["What's due on friday?", 'list_tasks', { due: '2026-11-27' }],
    ['show me overdue tasks', 'list_tasks', { due: 'overdue' }],
    ['list high priority tasks #home', 'list_tasks', { priority: 'HIGH', tag: 'home' }],
    ['help', 'help', {}],
  ])('understands %j', (message, tool, expected) => {
    expect(readCommand(message, time)).toEqual({ tool, arguments: expected });
  });

  it.each(['Move sofa to the cellar', 'What If by Randall', 'Make bed', 'List all birthdays', 'Set up the tent'])(
    'takes %j for a new task',
    (message) => {
      expect(readCommand(message, time)).toEqual({ tool: 'create_task', arguments: { title: message } });
    },
  );

  it.each(['', '  ', 'tomorrow', '#home !high'])('asks for a title when %j has none', (message) => {
    expect(readCommand(message, time).tool).toBe('help');
  });

  it('never throws, and only says what its tool takes, whatever the text', () => {
    const word = fc.constantFrom(
      ...(
        'move rename to tag with #a !high every day at 9 tomorrow "x" on 31/12 p1 snooze until for 3 times except monday ' +
        'the 1st last friday of month in a week from half past half hour 5pm delete all done is when ? yes, remind me before ' +
        '30 february 25:00 every! each daily 2026-02-30 99999999 next end eod , and - ( \n make it undo'
      ).split(' '),
    );
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(word).map((words) => words.join(' ')),
    );
    fc.assert(
      fc.property(text, (message) => {
        const call = readCommand(message, time);
        expect(toolParameters[call.tool].safeParse(call.arguments)).toMatchObject({ success: true });
      }),
      { numRuns: 500 },
    );
  });

  it('finds the task that a quoted title names, whatever words are in it', () => {
    const title = fc.stringMatching(/^[a-z]+( (to|at|on|with|tomorrow|every day|#x|[a-z]+)){0,4}$/);
    fc.assert(
      fc.property(title, (task) => {
        const due = '2026-11-27T10:00';
        expect(readCommand(`move "${task}" to friday 10:00`, time)).toEqual({
          tool: 'reschedule_task',
          arguments: { task, due },
        });
        expect(readCommand(`delete "${task}"`, time)).toEqual({ tool: 'delete_task', arguments: { task } });
      }),
    );
  });

  it('takes an id as it is, whatever it ends in', () => {
    const id = fc.oneof(fc.uuid(), fc.constant('16ebd125-e77a-42a6-b264-30aa2bcac78d'));
    fc.assert(
      fc.property(id, (task) => {
        const by = 'PT10M';
        expect(readCommand(`snooze ${task} 10 minutes`, time)).toEqual({
          tool: 'snooze_task',
          arguments: { task, by },
        });
        expect(readCommand(`complete ${task}`, time)).toEqual({ tool: 'complete_task', arguments: { task } });
      }),
    );
  });

  it('reads 10 kB within 20 ms, whatever it repeats', () => {
    const repeated: readonly (readonly [begin: string, again: string])[] = [
      ['snooze a', ' for 10'],
      ['move a', ' at 5 on friday'],
      ['move a', ' to friday'],
      ['tag a with ', 'b '],
      ['untag a from ', 'b '],
      ['tag a with ', '#b '],
      ['remove ', '#a '],
      ['list ', '#a '],
      ['list ', 'monday '],
      ['what is due on ', 'friday at 5 on '],
      ['', '#a '],
      ['', '1 day '],
      ['', '9am '],
      ['pay ', '5/5 '],
      ['a ', '“'],
      ['a ', '«'],
      ['a', ' - '],
      ['every ', 'monday and '],
      ['repeat a', ' every'],
      ['', ' -'],
      ['', '. '],
      ['when is ', 'a '],
      ['is x', '? '],
      ['', 'done '],
      ['', '1st and '],
      ['', 'week from '],
      ['', 'first friday of every month '],
      ['at ', '9, '],
      ['in ', '1 h '],
      ['every day ', 'for 3 times '],
      ['yes, delete all ', '3 '],
      ['remind', ' x before'],
      ['describe a', ' as b'],
      ['add note ', 'to '],
      ['a', '\nb'],
      ['a', '\nb every mon,'],
      ['', 'the week of '],
      ['', '8 tonight '],
      ['mark ', 'a off '],
      ['remove a', ' from my list'],
      ['from', ' monday on'],
      ['', '*'],
      ['i have ', 'called '],
      ['make a', ' every'],
      ['a is', ' no longer'],
      ['give a', ' tag'],
      ['a should be', ' tagged'],
      ['push a', ' off'],
      ['', 'please '],
      ['a', ' has been'],
      ['what is due', ' before 5'],
      ['', 'x and move '],
      ['tasks that ', 'a '],
      ['a', ', remind me '],
      ['a', ' is done'],
      ['', 'the a, '],
      ['bin the', ' a'],
      ['actually the a is not', ' done, put it back'],
      ['i still have to', ' a. reopen it'],
      ['call the', ' task'],
      ['everything', ' goes'],
      ['pause the', ' a for'],
      ['move a', ' instead of friday'],
    ];
    const messages = repeated.map(([begin, again]) => (begin + again.repeat(10_000)).slice(0, 10_000));
    const fixture = fileURLToPath(new URL('computing-time.fixture.ts', import.meta.url));
    const input = JSON.stringify(messages);
    const times = JSON.parse(execFileSync(process.execPath, [fixture], { input, encoding: 'utf8' })) as number[];
    expect(repeated.filter((_, index) => !(times[index]! < 20))).toEqual([]);
  });
});
