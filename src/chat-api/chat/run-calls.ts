import { askToDelete } from './ask-to-delete.ts';
import { recall, remember } from './conversation.ts';
import { findTarget } from './find-target.ts';
import { runTool, type Doubts, type ToolRun } from './run-tool.ts';
import type { Task } from '../tasks/task.ts';
import type { ToolCall } from './tool-calls.ts';
import type { ToolContext } from './tool-context.ts';
import type { ToolResult } from './tool-result.ts';

type Context = Pick<ToolContext, 'change' | 'time'>;

const failures: ReadonlySet<ToolResult['outcome']> = new Set(['ambiguous', 'not-found', 'not-possible', 'help']);

/** Does what was understood. */
export async function runCalls(
  calls: readonly ToolCall[],
  context: Context,
  conversation: string | undefined,
  doubts?: Doubts,
): Promise<ToolRun> {
  const [only, ...more] = calls;
  if (only && more.length === 0) return runTool(only, context, conversation, doubts);
  return { result: await runSeveral(calls, context, conversation), isTitle: false };
}

/**
 * Does all of several calls, in their order; or none, when one of them cannot be done: then the result is that call's.
 * Several deletions wait for a confirmation.
 */
async function runSeveral(
  calls: readonly ToolCall[],
  context: Context,
  conversation: string | undefined,
): Promise<ToolResult> {
  const deletions = calls.flatMap((call) => (call.tool === 'delete_task' ? [call.arguments.task] : []));
  if (deletions.length > 1) return findToDelete(deletions, context, conversation);
  const { transaction, writes } = context.change;
  const written = writes.length;
  await transaction.query('SAVEPOINT several');
  const results: ToolResult[] = [];
  for (const call of calls) {
    const { result } = await runTool(call, context, conversation);
    if (failures.has(result.outcome)) {
      await transaction.query('ROLLBACK TO SAVEPOINT several');
      writes.length = written;
      return result;
    }
    results.push(result);
  }
  const [first] = results;
  const isAlike = results.every(({ outcome }) => outcome === first!.outcome);
  return {
    outcome: isAlike ? first!.outcome : 'updated',
    reply: results.map(({ reply }) => reply).join('\n'),
    tasks: results.flatMap(({ task, tasks }) => (task ? [task] : (tasks ?? []))),
  };
}

async function findToDelete(
  names: readonly string[],
  { change, time }: Context,
  conversation: string | undefined,
): Promise<ToolResult> {
  const before = await recall(change, conversation);
  const found = new Map<string, Task>();
  for (const name of names) {
    const target = await findTarget({ change, time, conversation: before }, name);
    if ('problem' in target) return target.problem;
    found.set(target.task.id, target.task);
  }
  const { pending, ...question } = askToDelete([...found.values()], time);
  remember(change, conversation, { ...before, listed: question.candidates.map(({ id }) => id), pending });
  return question;
}
