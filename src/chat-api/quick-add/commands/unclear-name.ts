import type { ToolCall } from '../../chat/tool-calls.ts';
import { namesNothing, unclearFollowUp } from './follow-up.ts';
import { isSeveral } from './pronouns.ts';
import { explain, type Sentence } from './sentence.ts';

/** What to answer where a command names its task by words that name none, or many. */
export function unclearName(call: ToolCall, { text }: Sentence): ToolCall | undefined {
  const task = 'task' in call.arguments ? call.arguments.task : undefined;
  if (task === undefined) return undefined;
  // What is quoted may be any words.
  if (!text.hasQuotation && namesNothing(task)) return unclearFollowUp;
  return many.test(task) && !isSeveral(task) ? unclearMany : undefined;
}

/** "the rest of today's stuff", "all my thursday tasks"; but "everything" alone is for the tools to answer. */
const many =
  /^(?:(?:[a-z]+\s+)?everything\s+(?:from|due|tagged|without|with|that|i|on|for|in|before|after|about|overdue)\b|(?:the\s+)?(?:all|half|most|rest|two|three|four|five|\d+)\s+(?:of\s+)?(?:\S+\s+){0,3}?(?:tasks|to-?dos|stuff|things)(?:\s|$)|(?:every|each)\s+(?:\S+\s+){0,3}?(?:task|to-?do|one)(?:\s|$))/i;

const unclearMany = explain(
  'I can complete, delete or move several tasks at once, such as "complete all #work tasks", but change only one task at a time otherwise. Nothing was changed.',
);
