import type { UserTime } from '../quick-add/when.ts';
import type { ChangeContext } from '../tasks/change-context.ts';
import type { Conversation } from './conversation.ts';

/** What every tool gets beside its arguments. */
export interface ToolContext {
  readonly change: ChangeContext;
  readonly time: UserTime;
  readonly conversation: Conversation;
  /** Whether the message may as well be a title ("Finish the report"): then only the very title names a task. */
  readonly isTitleLikely?: boolean | undefined;
  /** Whether it becomes a new task when nothing is found that it could be about ("find a new flat"). */
  readonly mayBeTitle?: boolean | undefined;
}
