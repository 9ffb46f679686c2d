import type { Task } from '../tasks/task.ts';
import type { DirectCall } from './tool-calls.ts';

export const outcomes = [
  'created',
  'updated',
  'unchanged',
  'completed',
  'rescheduled',
  'deleted',
  'undone',
  'listed',
  'help',
  'ambiguous',
  'not-found',
  'not-possible',
] as const;

/** What a tool did. With the last three outcomes nothing has changed, and the reply says why. */
export interface ToolResult {
  readonly outcome: (typeof outcomes)[number];
  /** In plain words, for people. */
  readonly reply: string;
  /** The task that was created, changed or deleted. */
  readonly task?: Task;
  /** The tasks that were asked for. */
  readonly tasks?: readonly Task[];
  /** The tasks that could have been meant. */
  readonly candidates?: readonly Task[];
  /** What "yes" confirms, when that is not the call itself. */
  readonly pending?: DirectCall;
}
