import { RRuleTemporal } from 'rrule-temporal';
import { Temporal } from 'temporal-polyfill';

/** How far a rule is searched before it counts as one without a further occurrence ("every 31st of February"). */
const maxIterations = 2000;

/** What a rule repeats from, and in which time zone. */
export interface Series {
  /** RFC 5545 RRULE text. */
  readonly rule: string;
  readonly time_zone: string;
  /** An occurrence that the rule counts from: its DTSTART. */
  readonly start: Date;
}

/** Whether the text is a rule that can be followed; DTSTART and other properties do not belong in it. */
export function isRecurrenceRule(rule: string): boolean {
  if (!/^FREQ=[A-Z]+(?:;[A-Z]+=[A-Z0-9,+-]+)*$/.test(rule) || rule.includes('FREQ=SECONDLY')) return false;
  try {
    return Boolean(parse({ rule, time_zone: 'UTC', start: new Date(0) }));
  } catch {
    return false;
  }
}

/** The first occurrence after the instant (or at it, when inclusive); undefined when the series is over. */
export function nextOccurrence(series: Series, after: Date, inclusive = false): Date | undefined {
  try {
    const next = parse(series).next(after, inclusive);
    return next ? new Date(next.epochMilliseconds) : undefined;
  } catch {
    // The library's only error for a rule that was checked before: it looked through all the periods that it may.
    return undefined;
  }
}

function parse({ rule, time_zone, start }: Series): RRuleTemporal {
  const dtstart = Temporal.Instant.fromEpochMilliseconds(start.getTime()).toZonedDateTimeISO(time_zone);
  return new RRuleTemporal({ rruleString: rule, dtstart, strict: true, maxIterations });
}
