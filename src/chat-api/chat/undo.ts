import type { UserTime } from '../quick-add/when.ts';
import { isRefusal } from '../tasks/task-errors.ts';
import type { Task } from '../tasks/task.ts';
import { undoChange, type UndoneChange } from '../tasks/undo-change.ts';
import type { ToolArguments } from './tool-calls.ts';
import type { ToolContext } from './tool-context.ts';
import type { ToolResult } from './tool-result.ts';
import { sayTasks } from './wording.ts';

/** Takes back the last changes, one after the other; where one cannot be taken back, those before it are kept undone. */
export async function undo(
  { change, time }: ToolContext,
  { task, times = 1 }: ToolArguments<'undo'>,
): Promise<ToolResult> {
  const undone: UndoneChange[] = [];
  let end = '';
  while (undone.length < times && end === '') {
    try {
      undone.push(await undoChange(change, { deletedTitle: task }));
    } catch (error) {
      if (undone.length === 0 || !isRefusal(error)) throw error;
      end = `\nThat was all: ${error.message}.`;
    }
  }
  const verb = undone.length === 1 ? 'Undone' : `Undone: the last ${undone.length} changes`;
  const result = sayUndone(joined(undone), time, verb);
  return { ...result, reply: result.reply + end };
}

type Undone = Omit<UndoneChange, 'change'>;

/** What has become of each task in the end. */
export function joined(undone: readonly Undone[]): Undone {
  const tasks = new Map<string, Task>();
  const deleted = new Map<string, UndoneChange['deleted'][number]>();
  for (const step of undone) {
    for (const task of step.tasks) tasks.set(task.id, task);
    for (const gone of step.deleted) {
      tasks.delete(gone.id);
      deleted.set(gone.id, gone);
    }
  }
  return {
    tasks: [...tasks.values()],
    deleted: [...deleted.values()],
    isRestored: undone.some(({ isRestored }) => isRestored),
  };
}

export function sayUndone({ tasks, deleted, isRestored }: Undone, time: UserTime, verb: string): ToolResult {
  const lines = [
    ...(deleted.length > 0
      ? [`${deleted.map(({ title }) => `"${title}"`).join(', ')} ${sayGone(deleted.length)}`]
      : []),
    ...(tasks.length > 0 ? [`${isRestored ? 'Restored' : 'Now'}:\n${sayTasks(tasks, time)}`] : []),
  ];
  const [task] = tasks;
  const isOne = tasks.length === 1 && deleted.length === 0;
  return { outcome: 'undone', reply: `${verb}. ${lines.join('\n')}`, ...(isOne && task ? { task } : { tasks }) };
}

const sayGone = (count: number) => (count === 1 ? 'is deleted.' : 'are deleted.');
