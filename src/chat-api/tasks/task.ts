import { z } from 'zod';
import { earliestReminderSeconds, maximumExcluded, maximumReminders } from '../../events/v1/fields.ts';
import { isVisible } from '../quick-add/is-visible.ts';
import { isTimeZone } from '../quick-add/when.ts';
import { ruleProblem } from '../../lib/recurrence.ts';

/** Neither half a character (a lone surrogate), nor NUL, which PostgreSQL does not store. */
const isStorable = (text: string) => text.isWellFormed() && !text.includes('\u0000');
const storable = { error: 'must be Unicode text without NUL' };

/** A text as users search for it. */
export const searchText = z
  .string()
  .min(1, { error: 'must not be empty' })
  .max(200, { error: 'must have at most 200 characters' })
  .refine(isStorable, storable);

export const title = z
  .string({ error: 'must be a string' })
  .trim()
  .refine(isVisible, { error: 'must not be empty' })
  .max(500, { error: 'must have at most 500 characters' })
  .refine(isStorable, storable)
  .describe('What is to be done');
export const description = z
  .string({ error: 'must be a string or null' })
  .max(10_000, { error: 'must have at most 10000 characters' })
  .refine(isStorable, storable)
  .describe('More about it');
export const priority = z.enum(['HIGH', 'MEDIUM', 'LOW'], { error: 'must be one of HIGH, MEDIUM, LOW' });
export const status = z.enum(['TODO', 'IN_PROGRESS', 'DONE'], { error: 'must be one of TODO, IN_PROGRESS, DONE' });
/** Letters of many languages have marks that are characters of their own, also İ in small. */
const tagPattern = /^[\p{L}\p{N}_-][\p{L}\p{M}\p{N}_-]{0,49}$/u;
const tagForm = { error: 'must be 1 to 50 letters, digits, - or _' };
export const tag = z
  .string()
  .regex(tagPattern, tagForm)
  .transform((text) => text.normalize('NFC').toLowerCase().normalize('NFC'))
  .refine((text) => tagPattern.test(text), tagForm);
export const recurrenceRule = z
  .string({ error: 'must be a string' })
  .max(500, { error: 'must have at most 500 characters', abort: true })
  .superRefine((rule, context) => {
    const problem = ruleProblem(rule);
    if (!problem) return;
    const message = `must be an RFC 5545 RRULE such as 'FREQ=WEEKLY;BYDAY=MO': ${problem}`;
    context.addIssue({ code: 'custom', message, input: rule });
  })
  .describe("RFC 5545 RRULE without its name, for example 'FREQ=WEEKLY;BYDAY=MO'");
export const timeZone = z
  .string()
  .refine(isTimeZone, { error: "must be an IANA time zone such as 'Europe/Berlin'" })
  .describe("IANA time zone, for example 'Europe/Berlin'");

/** The years that both ISO 8601 with four digits and PostgreSQL take. */
export function isStorableDate(date: Date): boolean {
  return date >= new Date('1970-01-01T00:00:00Z') && date <= new Date('9999-12-31T00:00:00Z');
}

/** With nanoseconds and an offset, an instant has 36 characters; no zone's offset is greater than 14 hours. */
const instantForm = /^.{1,36}$/;
const offsetForm = /(?:Z|[+-](?:0\d|1[0-3]):\d\d|[+-]14:00)$/;
export const instant = z.iso
  .datetime({ offset: true, abort: true, error: "must be an ISO 8601 instant such as '2026-11-27T09:00:00Z'" })
  .regex(instantForm, { error: 'must have at most nine digits after the second', abort: true })
  .regex(offsetForm, { error: 'must have an offset of at most 14:00', abort: true })
  .refine((text) => isStorableDate(new Date(text)), { error: 'must be in the years 1970 to 9999' })
  .transform((text) => new Date(text).toISOString())
  .describe('ISO 8601 instant; answered in UTC');
const excluded = z
  .array(instant)
  .max(maximumExcluded, { error: `must have at most ${maximumExcluded} instants` })
  .optional()
  .describe('Occurrences to leave out (EXDATE); they count towards COUNT');

const fromCompletion = z
  .boolean({ error: 'must be true or false' })
  .optional()
  .describe('Whether the rule counts from the day on which the task is done, not by the calendar');

export const recurrence = z
  .strictObject({ rule: recurrenceRule, time_zone: timeZone, excluded, from_completion: fromCompletion })
  // One form for the same: a change is what differs.
  .transform(({ excluded = [], from_completion, ...rest }): Recurrence => {
    const instants = [...new Set(excluded)].toSorted();
    return {
      ...rest,
      ...(instants.length > 0 && { excluded: instants }),
      ...(from_completion && { from_completion }),
    };
  });

export interface Recurrence {
  readonly rule: string;
  readonly time_zone: string;
  /** ISO 8601, UTC; sorted, and absent instead of empty. */
  readonly excluded?: string[];
  /** Absent instead of false. */
  readonly from_completion?: boolean;
}

const tags = z
  .array(tag)
  .max(20)
  .transform((names) => [...new Set(names)]);

export const reminders = z
  .array(
    z
      .int({ error: 'must be whole seconds' })
      .min(1, { error: 'must be 1 second or more' })
      .max(earliestReminderSeconds, { error: 'must be at most 366 days' }),
  )
  .max(maximumReminders, { error: `must have at most ${maximumReminders} numbers` })
  .transform((seconds) => [...new Set(seconds)].toSorted((a, b) => a - b))
  .describe('How long before it is due to be reminded of it, in seconds, beside the usual reminder; none if left out');

/** What a user may say of a task. */
const editable = {
  title,
  description: description.nullable(),
  priority,
  status,
  due_date: instant.nullable(),
  recurrence: recurrence.nullable().describe('Needs a due date: the first occurrence'),
  tags,
  reminders,
};

export const newTask = z.strictObject({
  title,
  description: editable.description.default(null),
  priority: priority.default('MEDIUM'),
  status: status.default('TODO'),
  due_date: editable.due_date.default(null),
  recurrence: editable.recurrence.default(null),
  tags: tags.default([]),
  reminders: reminders.optional(),
});
export type NewTask = z.output<typeof newTask>;

/** JSON merge patch (RFC 7396): what is left out stays, null takes away. */
export const taskPatch = z.strictObject(editable).partial();
export type TaskPatch = z.output<typeof taskPatch>;

export const task = z.object({
  id: z.uuid(),
  ...editable,
  reminders: reminders.optional(),
  version: z.int().positive().describe('Grows by one with each change; also the ETag'),
  created_at: instant,
  updated_at: instant,
});

/** Fields have the names that they have in events. */
export interface Task extends Readonly<NewTask> {
  readonly id: string;
  readonly version: number;
  /** ISO 8601, UTC. */
  readonly created_at: string;
  readonly updated_at: string;
}
