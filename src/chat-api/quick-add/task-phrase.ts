import { longestDate, takeDate } from './date-phrase.ts';
import { takePriority, takeTags, type Priority } from './labels.ts';
import { takeRecurrence } from './recurrence-phrase.ts';
import type { UserTime, When } from './when.ts';
import { WorkingText } from './working-text.ts';

/** What a quick-add text says about a task. */
export interface TaskPhrase {
  /** The words that mean nothing else; empty when none is left. */
  readonly title: string;
  readonly priority?: Priority;
  readonly tags: readonly string[];
  readonly due?: When;
  /** RFC 5545 RRULE text. */
  readonly recurrence?: string;
}

/** No title is longer: of a text that is, a date's length apart, no task is made, whatever its date. */
const longestTitle = 500;

/** Reads "Pay rent tomorrow at 9am #home !high every month". Any text is a task: at the least, it is a title. */
export function readTask(text: string, time: UserTime): TaskPhrase {
  const tagged = takeTags(new WorkingText(text));
  const prioritized = takePriority(tagged.text);
  const recurring = takeRecurrence(prioritized.text);
  const isTooLong = recurring.text.rest.length > longestTitle + longestDate;
  const dated = isTooLong ? { text: recurring.text } : takeDate(recurring.text, time);
  return {
    title: dated.text.rest,
    tags: tagged.tags,
    ...(prioritized.priority && { priority: prioritized.priority }),
    ...(recurring.rule && { recurrence: recurring.rule }),
    ...(dated.when && { due: dated.when }),
  };
}
