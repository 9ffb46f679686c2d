import { RRuleTemporal } from 'rrule-temporal';
import { Temporal } from 'temporal-polyfill';
import { ExpectedError, toError } from './errors.ts';

/** A rule of RFC 5545, without a DTSTART, and the time zone whose wall clock it follows. */
export interface Recurrence {
  readonly rule: string;
  readonly time_zone: string;
}

/**
 * The first occurrence later than `after`, in the series that begins at `start`; `start` itself without an `after`.
 *
 * The wall clock of the recurrence's time zone counts: what is due at nine stays at nine over a change of the clocks.
 * As RFC 5545 (3.3.10) wants it, a local time that a day does not have is no occurrence, and one that a day has twice
 * is one occurrence, the first.
 *
 * @returns undefined when the series has ended, or has nothing in its next ten thousand periods
 * @throws {ExpectedError} RecurrenceInvalid
 */
export function nextOccurrence(recurrence: Recurrence, start: Date, after?: Date): Date | undefined {
  const series = parse(recurrence, start, { includeDtstart: true });
  if (after === undefined || after < start) return start;
  return search(() => series.next(after));
}

/**
 * The first occurrence at the start or after it: a start need not be one ("every Monday", said on a Tuesday).
 *
 * @returns undefined when there is none in the next ten thousand periods
 * @throws {ExpectedError} RecurrenceInvalid
 */
export function firstOccurrence(recurrence: Recurrence, start: Date): Date | undefined {
  const series = parse(recurrence, start, {});
  return search(() => series.next(start, true));
}

/** @throws {ExpectedError} RecurrenceInvalid */
export function checkRecurrence(recurrence: Recurrence): void {
  parse(recurrence, new Date(0), {});
}

/** Whether the text is a rule that a task may have; DTSTART and other properties do not belong in it. */
export function isRecurrenceRule(rule: string): boolean {
  if (!/^FREQ=[A-Z]+(?:;[A-Z]+=[A-Z0-9,+-]+)*$/.test(rule) || rule.includes('FREQ=SECONDLY')) return false;
  try {
    parse({ rule, time_zone: 'UTC' }, new Date(0), { strict: true });
    return true;
  } catch {
    return false;
  }
}

interface ParseOptions {
  /** Whether the start counts as an occurrence, as RFC 5545 has it, though the rule may not hit it. */
  readonly includeDtstart?: boolean;
  readonly strict?: boolean;
}

function parse({ rule, time_zone: timeZone }: Recurrence, start: Date, options: ParseOptions): RRuleTemporal {
  try {
    // Further lines could be a DTSTART of their own.
    if (rule.includes('\n')) throw new Error('a rule is one line');
    const dtstart = Temporal.Instant.fromEpochMilliseconds(start.getTime()).toZonedDateTimeISO(timeZone);
    return new RRuleTemporal({ rruleString: `RRULE:${rule}`, dtstart, ...options });
  } catch (error) {
    const message = `The recurrence "${rule}" in ${timeZone} cannot be read: ${toError(error).message}`;
    throw new ExpectedError('RecurrenceInvalid', message, { cause: error, details: { rule, timeZone } });
  }
}

function search(find: () => { readonly epochMilliseconds: number } | null): Date | undefined {
  try {
    const next = find();
    return next ? new Date(next.epochMilliseconds) : undefined;
  } catch {
    // The library's only error here: it looked through the periods that it may look through.
    return undefined;
  }
}
