import { describe, expect, it } from '@jest/globals';
import type { Task } from '../../../../src/chat-api/tasks/task.ts';
import { TaskList } from '../../../../src/chat-api/web/data/task-list.js';

const task = (id: string, version = 1): Task => ({
  id,
  title: `${id} ${version}`,
  description: null,
  priority: 'MEDIUM',
  status: 'TODO',
  due_date: null,
  recurrence: null,
  tags: [],
  version,
  created_at: '2026-11-27T12:00:00.000Z',
  updated_at: '2026-11-27T12:00:00.000Z',
});

/** Pages that come when they are told to. */
function pages() {
  const stream = new TransformStream<Task[], Task[]>();
  const writer = stream.writable.getWriter();
  return { stream: stream.readable, send: (tasks: Task[]) => writer.write(tasks), end: () => writer.close() };
}

const titles = (list: TaskList) => list.all.map(({ title }) => title);

describe('the list of tasks', () => {
  it('shows what was kept, then each page as it comes, and at the end what the server has', async () => {
    const list = new TaskList();
    const { stream, send, end } = pages();
    const loading = list.load(stream);
    list.restore([task('a'), task('gone')]);
    expect(titles(list)).toEqual(['a 1', 'gone 1']);
    await send([task('a', 2)]);
    await send([task('b')]);
    expect(titles(list)).toEqual(['a 2', 'gone 1', 'b 1']);
    expect(list.isLoaded).toBe(false);
    await end();
    await loading;
    expect(titles(list)).toEqual(['a 2', 'b 1']);
    expect(list.isLoaded).toBe(true);
    // What the browser took so long to find is of no interest any more.
    list.restore([task('gone')]);
    expect(titles(list)).toEqual(['a 2', 'b 1']);
  });

  it('keeps what came, and does not bring back what was deleted, while it is read', async () => {
    const list = new TaskList();
    const { stream, send, end } = pages();
    const loading = list.load(stream);
    await send([task('a'), task('b')]);
    list.put(task('new'));
    list.put(task('c', 3));
    list.delete('b', 2);
    list.delete('d', 2);
    await send([task('c', 2), task('d')]);
    await end();
    await loading;
    expect(titles(list)).toEqual(['a 1', 'new 1', 'c 3']);
  });
});
