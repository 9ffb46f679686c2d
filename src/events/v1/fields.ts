import { z } from 'zod';

/*
 * The fields of a task as they stand in events. Each `error` is what the field must be, in words: it follows the
 * field's name and value in the error of a reader.
 */

export const uuid = (what: string) => z.uuid({ error: 'a UUID' }).describe(what);

/** ISO 8601 in UTC, to the second or finer: `2026-01-31T10:00:00Z`. */
export const timestamp = (what: string) =>
  z.iso.datetime({ error: 'an ISO 8601 time in UTC such as 2026-01-31T10:00:00Z' }).describe(what);

export const title = z
  .string({ error: 'a text' })
  .min(1, { error: 'a text that is not empty' })
  // What no database stores must not get as far as one: it would fail there again and again.
  .refine((text) => text.isWellFormed() && !text.includes('\u0000'), { error: 'Unicode text without NUL' })
  .describe('What to do.');

const description = z.string({ error: 'a text or null' }).nullable().describe('More about it, or null.');

export const priorities = ['HIGH', 'MEDIUM', 'LOW'] as const;
const priority = z.enum(priorities, { error: `one of ${priorities.join(', ')}` }).describe('How much it matters.');

export const statuses = ['TODO', 'IN_PROGRESS', 'DONE'] as const;
const status = z.enum(statuses, { error: `one of ${statuses.join(', ')}` }).describe('How far it is.');

const dueDate = timestamp('When it is due, or null.').nullable();

/** RFC 5545 wants FREQ to be the first part. */
const rulePattern =
  /^FREQ=(SECONDLY|MINUTELY|HOURLY|DAILY|WEEKLY|MONTHLY|YEARLY)(;[A-Z]+=[A-Z0-9+-]+(,[A-Z0-9+-]+)*)*$/;

export const maximumExcluded = 100;

export const recurrence = z
  .object(
    {
      rule: z
        .string({ error: 'an RRULE of RFC 5545' })
        .regex(rulePattern, { error: 'an RRULE of RFC 5545 such as FREQ=WEEKLY;BYDAY=MO' })
        .describe('An RRULE of RFC 5545, without its name: FREQ=WEEKLY;BYDAY=MO.'),
      time_zone: z
        .string({ error: 'an IANA time zone' })
        .refine(isTimeZone, { error: 'an IANA time zone such as Europe/Berlin' })
        .describe('The IANA time zone in which the rule is meant: Europe/Berlin.'),
      excluded: z
        .array(timestamp('The time of an occurrence.'), { error: 'a list of times' })
        .max(maximumExcluded, { error: `a list of at most ${maximumExcluded} times` })
        .optional()
        .describe('Occurrences that are left out; they count towards COUNT.'),
      from_completion: z
        .boolean({ error: 'true or false' })
        .optional()
        .describe(
          'Whether the rule counts from the day on which the task is done: there is no next occurrence until then.',
        ),
    },
    { error: 'an object with rule and time_zone, or null' },
  )
  .nullable()
  .describe('How it repeats, or null.');

export const maximumReminders = 10;
export const earliestReminderSeconds = 366 * 86_400;

/**
 * No field of `taskFields`, since readers of before know the names of those and no others: it stands beside them, and a
 * task-updated that changes nothing else names due_date, from and to the same.
 */
export const reminders = z
  .array(
    z
      .int({ error: 'a number of seconds' })
      .min(1, { error: 'a number of seconds' })
      .max(earliestReminderSeconds, { error: `at most ${earliestReminderSeconds} seconds` }),
    { error: 'a list of seconds' },
  )
  .max(maximumReminders, { error: `a list of at most ${maximumReminders} numbers` })
  .optional();

const tags = z
  .array(z.string({ error: 'a text' }).min(1, { error: 'a text that is not empty' }), { error: 'a list of texts' })
  .describe('Words it is filed under.');

function isTimeZone(name: string): boolean {
  try {
    // Offsets such as +02:00 are taken, too, but are no zones.
    return !/^[+-]/.test(name) && new Intl.DateTimeFormat('en', { timeZone: name }) !== undefined;
  } catch {
    return false;
  }
}

/** What can change about a task. */
export const taskFields = {
  title,
  description,
  priority,
  status,
  due_date: dueDate,
  recurrence,
  tags,
};

export type Priority = (typeof priorities)[number];
export type Status = (typeof statuses)[number];
export type Recurrence = z.infer<typeof recurrence>;
export type TaskFieldName = keyof typeof taskFields;
