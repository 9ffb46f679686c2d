import { takeSchedule } from './date-phrase.ts';
import { twoDates } from './meaning/schedule.ts';
import { takeFillers } from './fillers.ts';
import { takePriority, takeTags, type Priority } from './labels.ts';
import { takeReminderDay } from './reminder-day.ts';
import { takeReminders } from './reminder-phrase.ts';
import type { TextSpan } from './text-span.ts';
import type { UserTime, When } from './when.ts';
import { WorkingText } from './working-text.ts';

/** What a quick-add text says about a task. */
export interface TaskPhrase {
  /** The words that mean nothing else; empty when none is left. */
  readonly title: string;
  readonly priority?: Priority;
  readonly tags: readonly string[];
  /** Seconds before it is due. */
  readonly reminders?: readonly number[];
  readonly due?: When;
  /** RFC 5545 RRULE text. */
  readonly recurrence?: string;
  /** Whether the recurrence counts from when the task is done. */
  readonly fromCompletion?: true;
  /** Local dates on which a recurring task is left out. */
  readonly except?: readonly string[];
  /** What the user should know about how it was read: "I did not read … as a date." */
  readonly remarks?: readonly string[];
  /** The question that comes first: the text has two meanings. */
  readonly ask?: string;
}

/** A text as a task, and what of the text was read as what. */
export interface ReadTask {
  readonly task: TaskPhrase;
  readonly spans: readonly TextSpan[];
}

/** Reads "Pay rent tomorrow at 9am #home !high every month". Any text is a task: at the least, it is a title. */
export function readTask(text: string, time: UserTime): TaskPhrase {
  return readTaskWithSpans(text, time).task;
}

/** "pay rent on friday, remind me a month before" */
const unreadReminder = /\s((?:remind|notify|alert)\s+me\s+\S.{0,60})$/i;

/** What is left of "remind me at" */
const lonePreposition = /^\s*(?:at|on|by|in|before|after|until|for|from|to)\s*$/i;

/** "project:Home", "+shopping": what other applications call a tag */
const foreignTag =
  /(?<!\S)(?:(?:project|proj|tags?|label|list|category|context):|\+)\p{L}[\p{L}\p{N}_.-]{0,49}(?!\S)/gu;

export function readTaskWithSpans(text: string, time: UserTime): ReadTask {
  const tagged = takeTags(takeFillers(new WorkingText(text)));
  const prioritized = takePriority(tagged.text);
  const before = takeReminders(prioritized.text);
  const onDay = before.reminders.length > 0 ? undefined : takeReminderDay(prioritized.text, time);
  const { text: rest, schedule } = onDay ?? takeSchedule(before.text, time);
  const reminders = onDay?.lead === undefined ? before.reminders : [onDay.lead];
  const { due, recurrence, fromCompletion, except } = schedule;
  const ask = onDay && onDay.lead === undefined ? twoDates : schedule.ask;
  const unread = unreadReminder.exec(rest.rest)?.[1];
  const foreign = [...rest.rest.matchAll(foreignTag)].slice(0, 3).map(([word]) => word);
  const remarks = [
    ...schedule.remarks,
    ...(onDay?.remarks ?? []),
    ...(unread ? [`I did not read "${unread}" as a reminder.`] : []),
    ...foreign.map((word) => `I did not read "${word}" as a tag. A tag is written #${word.replace(/^\W|^\w+:/, '')}.`),
  ];
  const task = {
    title: lonePreposition.test(rest.visible) ? '' : rest.rest,
    tags: tagged.tags,
    ...(reminders.length > 0 && { reminders }),
    ...(prioritized.priority && { priority: prioritized.priority }),
    ...(recurrence && { recurrence }),
    ...(fromCompletion && { fromCompletion }),
    ...(due && { due }),
    ...(except && { except }),
    ...(remarks.length > 0 && { remarks }),
    ...(ask && { ask }),
  };
  return { task, spans: rest.spans };
}
