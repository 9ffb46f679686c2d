import { describe, expect, it } from '@jest/globals';
import { joined } from '../../../../src/chat-api/chat/undo.ts';
import type { Task } from '../../../../src/chat-api/tasks/task.ts';

const task = (id: string, version: number) => ({ id, version }) as Task;

describe('joined', () => {
  it('has each task as it is in the end', () => {
    const moved = { tasks: [task('a', 3), task('b', 5)], deleted: [], isRestored: false };
    const restored = { tasks: [task('a', 4)], deleted: [], isRestored: true };
    const added = { tasks: [], deleted: [{ id: 'b', version: 6, title: 'B' }], isRestored: false };
    expect(joined([moved, restored, added])).toEqual({
      tasks: [task('a', 4)],
      deleted: [{ id: 'b', version: 6, title: 'B' }],
      isRestored: true,
    });
  });
});
