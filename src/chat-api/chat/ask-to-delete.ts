import type { Task } from '../tasks/task.ts';
import type { UserTime } from '../quick-add/when.ts';
import type { DirectCall } from './tool-calls.ts';
import type { ToolResult } from './tool-result.ts';
import { sayCount, sayTasks } from './wording.ts';

/** Several deletions wait for a confirmation; "yes" deletes those that were listed. */
export function askToDelete(
  tasks: readonly Task[],
  time: UserTime,
): ToolResult & { readonly candidates: readonly Task[]; readonly pending: DirectCall } {
  const reply = `This would delete ${sayCount(tasks.length)}:\n${sayTasks(tasks, time, tasks.length)}\nNothing was changed. To confirm, say: yes`;
  const pending = { tool: 'change_all', arguments: { action: 'delete', listed: true } } as const;
  return { outcome: 'ambiguous', reply, candidates: tasks, pending };
}
