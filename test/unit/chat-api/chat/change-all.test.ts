import { describe, expect, it } from '@jest/globals';
import { chosen } from '../../../../src/chat-api/chat/change-all.ts';
import type { Task } from '../../../../src/chat-api/tasks/task.ts';

const tasks = ['Gym', 'Gym bag', 'Call Ann', 'Buy bread'].map((title) => ({ title }) as Task);
const titles = (some: Parameters<typeof chosen>[1]) => chosen(tasks, some).tasks.map(({ title }) => title);

describe('chosen', () => {
  it('takes all, or some from the beginning or the end', () => {
    expect(titles({})).toHaveLength(4);
    expect(titles({ first: 2 })).toEqual(['Gym', 'Gym bag']);
    expect(titles({ last: 1 })).toEqual(['Buy bread']);
    expect(titles({ first: 9 })).toHaveLength(4);
  });

  it('leaves out the task of that title, else all that have the words', () => {
    expect(titles({ except: ['gym', 'ann'] })).toEqual(['Gym bag', 'Buy bread']);
    expect(titles({ first: 3, except: ['bag'] })).toEqual(['Gym', 'Call Ann']);
  });

  it('takes none when it does not know which one is to be left out', () => {
    expect(chosen(tasks, { except: ['gym', 'dentist'] })).toEqual({ tasks: [], unknown: 'dentist' });
    expect(chosen(tasks, { first: 2, except: ['bread'] })).toEqual({ tasks: [], unknown: 'bread' });
  });
});
