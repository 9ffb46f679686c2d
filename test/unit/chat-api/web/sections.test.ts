import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Task } from '../../../../src/chat-api/tasks/task.ts';
import { inOrder, tagsOf, toSections } from '../../../../src/chat-api/web/show/sections.js';

const now = Date.parse('2026-11-27T12:00:00Z');
const everything = { query: '', tag: '', priority: '', sort: 'due' as const };

function task(title: string, rest: Partial<Task> = {}): Task {
  const at = new Date(now).toISOString();
  return {
    id: title,
    title,
    description: null,
    priority: 'MEDIUM',
    status: 'TODO',
    due_date: null,
    recurrence: null,
    tags: [],
    version: 1,
    created_at: at,
    updated_at: at,
    ...rest,
  };
}

const names = (tasks: Task[], filter: Partial<Parameters<typeof toSections>[1]> = {}, before: Task[] = []) => {
  const ordered = inOrder(tasks, filter.sort ?? everything.sort, before);
  return toSections(ordered, { ...everything, ...filter }, now).map(({ id, tasks: found }) => [
    id,
    ...found.map((one) => one.title),
  ]);
};

describe('the sections of the page', () => {
  it('are by when a task is due, and left out when empty', () => {
    const tasks = [
      task('done', { status: 'DONE', due_date: '2020-01-01T00:00:00.000Z' }),
      task('next year', { due_date: '2027-05-01T00:00:00.000Z' }),
      task('a minute ago', { due_date: '2026-11-27T11:59:00.000Z' }),
      task('in a minute', { due_date: '2026-11-27T12:01:00.000Z' }),
      task('whenever'),
    ];
    expect(names(tasks)).toEqual([
      ['overdue', 'a minute ago'],
      ['today', 'in a minute'],
      ['upcoming', 'next year'],
      ['none', 'whenever'],
      ['done', 'done'],
    ]);
  });

  it('have what matches every word, tag and priority, and the task that is being edited', () => {
    const tasks = [
      task('Pay rent', { tags: ['home'], priority: 'HIGH' }),
      task('Call Ann', { description: 'about the Rent' }),
      task('Other'),
    ];
    expect(names(tasks, { query: 'rent' })).toEqual([['none', 'Call Ann', 'Pay rent']]);
    const [composed, decomposed] = [task('Café'.normalize('NFC')), task('Café'.normalize('NFD'), { id: 'other' })];
    for (const query of ['café', 'CAFE', 'cafe\u0301']) {
      expect(names([composed, decomposed], { query })).toEqual([['none', composed.title, decomposed.title]]);
    }
    expect(names(tasks, { query: 'RENT #home' })).toEqual([['none', 'Pay rent']]);
    expect(names(tasks, { priority: 'HIGH', pinned: 'Other' })).toEqual([['none', 'Other', 'Pay rent']]);
    expect(names(tasks, { tag: 'nowhere' })).toEqual([]);
    expect(tagsOf(tasks)).toEqual(['home']);
  });

  it('have each task once, in an order that does not depend on that in which they came', () => {
    const anyTask = fc.record({
      status: fc.constantFrom('TODO', 'DONE'),
      priority: fc.constantFrom('HIGH', 'MEDIUM', 'LOW'),
      due_date: fc.option(fc.date({ min: new Date('2026-01-01'), max: new Date('2027-12-31'), noInvalidDate: true })),
      updated_at: fc.date({ min: new Date('2026-01-01'), max: new Date('2026-12-31'), noInvalidDate: true }),
    });
    fc.assert(
      fc.property(fc.array(anyTask), fc.constantFrom('due', 'priority', 'title', 'newest'), (all, sort) => {
        const tasks = all.map(({ due_date, updated_at, ...rest }, index) =>
          task(`Task ${index}`, {
            ...(rest as Partial<Task>),
            due_date: due_date?.toISOString() ?? null,
            updated_at: updated_at.toISOString(),
            created_at: updated_at.toISOString(),
          }),
        );
        const shown = names(tasks, { sort: sort as 'due' });
        expect(shown.flatMap(([, ...titles]) => titles).toSorted()).toEqual(tasks.map(({ title }) => title).toSorted());
        expect(names(tasks.toReversed(), { sort: sort as 'due' })).toEqual(shown);
        // Whatever was shown before: some are new, some were others, and some are gone.
        const before = tasks.slice(1).map((one) => ({ ...one, title: 'Before' }));
        expect(names(tasks, { sort: sort as 'due' }, [task('gone'), ...before])).toEqual(shown);
      }),
    );
  });
});
