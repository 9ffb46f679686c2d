import { ExpectedError, toError } from './errors.ts';
import { parseRule, violation, type Rule } from './recurrence/rule.ts';
import { WallClockSeries } from './recurrence/wall-clock-series.ts';
import { clockOf, type ZoneClock } from './recurrence/zone-clock.ts';

/** A rule of RFC 5545, without a DTSTART, and the time zone whose wall clock it follows. */
export interface Recurrence {
  readonly rule: string;
  readonly time_zone: string;
  /** Occurrences that are left out (EXDATE), ISO 8601. They count towards COUNT. */
  readonly excluded?: readonly string[] | undefined;
}

/**
 * The first occurrence later than `after`, in the series that begins at `start`; `start` itself without an `after`.
 *
 * The wall clock of the recurrence's time zone counts, whatever the frequency: what is due at nine stays at nine over a
 * change of the clocks. As RFC 5545 (3.3.10) wants it, a local time that a day does not have is no occurrence, and one
 * that a day has twice is one occurrence, the first.
 *
 * Takes milliseconds for any rule and any start: it computes the period of `after`, and counts without enumerating.
 *
 * @returns undefined when the series has ended, or has nothing in the next 400 years (the calendar repeats itself then)
 *   and before the year 10000; a series with a COUNT ends after 400 years
 * @throws {ExpectedError} RecurrenceInvalid
 */
export function nextOccurrence(recurrence: Recurrence, start: Date, after?: Date): Date | undefined {
  const series = read(recurrence, start);
  const excluded = new Set(recurrence.excluded?.map((text) => Date.parse(text)));
  const startsLater = after === undefined || after < start;
  for (let next = startsLater ? start : series.after(after); next; next = series.after(next)) {
    if (!excluded.has(next.getTime())) return next;
  }
  return undefined;
}

/**
 * The first occurrence at the start or after it: a start need not be one ("every Monday", said on a Tuesday).
 *
 * @returns undefined as {@link nextOccurrence} does
 * @throws {ExpectedError} RecurrenceInvalid
 */
export function firstOccurrence(recurrence: Recurrence, start: Date): Date | undefined {
  return read(recurrence, start).first();
}

/** @throws {ExpectedError} RecurrenceInvalid */
export function checkRecurrence(recurrence: Recurrence): void {
  read(recurrence, new Date(0));
}

/** Why the text is no rule that a task may have; undefined when it is one. */
export function ruleProblem(rule: string): string | undefined {
  try {
    const { frequency, bySecond = [] } = parseRule(rule);
    const oftenest = 'a task recurs at most once a minute';
    if (frequency === 'SECONDLY') return `FREQ is SECONDLY; ${oftenest}`;
    if (bySecond.length > 1) return `BYSECOND has ${bySecond.length} values; ${oftenest}, so 1 is allowed`;
    return violation(rule);
  } catch (error) {
    return toError(error).message;
  }
}

function read({ rule, time_zone: timeZone }: Recurrence, start: Date): Series {
  try {
    // Offsets such as +02:00 are no time zones.
    if (!/^[A-Za-z]/.test(timeZone)) throw new Error(`${timeZone} is not an IANA time zone`);
    return new Series(parseRule(rule), clockOf(timeZone), start);
  } catch (error) {
    const message = `The recurrence "${shorten(rule)}" in ${timeZone} cannot be read: ${toError(error).message}`;
    throw new ExpectedError('RecurrenceInvalid', message, {
      cause: error,
      details: { rule: shorten(rule), timeZone },
    });
  }
}

function shorten(text: string): string {
  return text.length > 500 ? `${text.slice(0, 500)}…` : text;
}

/** A rule whose next local times all fall into clock changes never comes true, as far as anybody can know. */
const maximumGaps = 100;

/** ISO 8601 with four digits has no year 10000, where some wall clocks still show the year before. */
const endOfTimes = Date.UTC(10_000, 0, 1) / 1000;

/** Counting takes some nanoseconds a day. */
const maximumCountSeconds = 146_097 * 86_400;

/** The occurrences of a rule in a time zone. The start is the first, whether or not the rule would have it. */
class Series {
  readonly #rule: Rule;
  readonly #clock: ZoneClock;
  readonly #start: Date;
  /** Of the start and so of all, beyond the full second. */
  readonly #milliseconds: number;
  readonly #times: WallClockSeries;

  constructor(rule: Rule, clock: ZoneClock, start: Date) {
    this.#rule = rule;
    this.#clock = clock;
    this.#start = start;
    this.#milliseconds = start.getUTCMilliseconds();
    const startSecond = this.#toSeconds(start);
    this.#times = new WallClockSeries(rule, startSecond + clock.offset(startSecond));
  }

  /** @param instant not before the start */
  after(instant: Date): Date | undefined {
    return this.#find(this.#clock.firstAfter(this.#toSeconds(instant)), true);
  }

  /** The rule's own first occurrence, whatever its COUNT, which is 1 at least. */
  first(): Date | undefined {
    const start = this.#toSeconds(this.#start);
    const wall = start + this.#clock.offset(start);
    if (this.#times.next(wall) === wall) return this.#start;
    return this.#find(this.#clock.firstAfter(start), false);
  }

  /** The first occurrence at a local time or later. */
  #find(from: number, isCounted: boolean): Date | undefined {
    let wall = this.#times.next(from);
    for (let gaps = 0; wall !== undefined && gaps < maximumGaps; gaps++) {
      const local = this.#clock.resolve(wall);
      if ('instant' in local) {
        return this.#isOver(wall, local.instant, isCounted) ? undefined : this.#toDate(local.instant);
      }
      wall = this.#times.next(local.gap.end);
    }
    return undefined;
  }

  #isOver(wall: number, instant: number, isCounted: boolean): boolean {
    if (instant >= endOfTimes || this.#isPastUntil(wall, instant)) return true;
    return isCounted && this.#isPastCount(wall, instant);
  }

  #isPastUntil(wall: number, instant: number): boolean {
    const { until } = this.#rule;
    if (until === undefined) return false;
    return 'wall' in until ? wall > until.wall : this.#toDate(instant).getTime() > until.instant;
  }

  /** Whether more occurrences than the count have come by this one. Clock changes are looked at when they decide. */
  #isPastCount(wall: number, instant: number): boolean {
    const { count } = this.#rule;
    if (count === undefined) return false;
    const start = this.#toSeconds(this.#start);
    if (instant - start > maximumCountSeconds) return true;
    const first = this.#clock.firstAfter(start);
    let surplus = 1 + this.#times.count(first, wall + 1) - count;
    if (surplus <= 0) return false;
    for (const gap of this.#clock.gaps(start, instant)) {
      const [from, end] = [Math.max(gap.start, first), Math.min(gap.end, wall)];
      if (from < end) surplus -= this.#times.count(from, end);
      if (surplus <= 0) return false;
    }
    return true;
  }

  /** Whole seconds after 1970; the part of a second that all occurrences have is left out. */
  #toSeconds(instant: Date): number {
    return Math.floor((instant.getTime() - this.#milliseconds) / 1000);
  }

  #toDate(seconds: number): Date {
    return new Date(seconds * 1000 + this.#milliseconds);
  }
}
