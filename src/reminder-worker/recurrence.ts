import { RRuleTemporal } from 'rrule-temporal';
import { Temporal } from 'temporal-polyfill';
import type { Recurrence as NullableRecurrence } from '../events/v1/fields.ts';
import { ExpectedError, toError } from '../lib/errors.ts';

export type Recurrence = NonNullable<NullableRecurrence>;

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
  const series = parseRecurrence(recurrence, start);
  if (after === undefined || after < start) return start;
  try {
    const next = series.next(after);
    return next ? new Date(next.epochMilliseconds) : undefined;
  } catch {
    // The library's only error here: it looked through the periods that it may look through.
    return undefined;
  }
}

/** @throws {ExpectedError} RecurrenceInvalid */
export function checkRecurrence(recurrence: Recurrence): void {
  parseRecurrence(recurrence, new Date(0));
}

function parseRecurrence({ rule, time_zone: timeZone }: Recurrence, start: Date): RRuleTemporal {
  try {
    // Further lines could be a DTSTART of their own.
    if (rule.includes('\n')) throw new Error('a rule is one line');
    const dtstart = Temporal.Instant.fromEpochMilliseconds(start.getTime()).toZonedDateTimeISO(timeZone);
    return new RRuleTemporal({ rruleString: `RRULE:${rule}`, dtstart, includeDtstart: true });
  } catch (error) {
    const message = `The recurrence "${rule}" in ${timeZone} cannot be read: ${toError(error).message}`;
    throw new ExpectedError('RecurrenceInvalid', message, { cause: error, details: { rule, timeZone } });
  }
}
