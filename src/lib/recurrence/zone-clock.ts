/** A span of local times that a clock change leaves out, in seconds on the wall clock; the end is not in it. */
export interface Gap {
  readonly start: number;
  readonly end: number;
}

/** What a local time is: an instant in seconds since 1970, or in a gap. */
export type LocalTime = { readonly instant: number } | { readonly gap: Gap };

const daySeconds = 86_400;

/** Clocks are changed at most once in so long a time, in seconds: those of Ramadan come after a month. */
const betweenChanges = 14 * daySeconds;

/** No series begins earlier than 1970, and nobody knows the clock changes of so late a time. */
const lastKnownChange = Date.UTC(2100, 0, 1) / 1000;

/**
 * The wall clock of a time zone. Wall-clock times are in seconds since 1970-01-01T00:00:00 on that clock.
 *
 * It asks the runtime's time zone data for offsets only, which is many times faster than building date objects.
 */
export class ZoneClock {
  readonly #format: Intl.DateTimeFormat;
  /** By the half month of its beginning, counted from 1970. */
  readonly #gaps = new Map<number, Gap | undefined>();

  /** @throws {RangeError} when the runtime does not know the time zone */
  constructor(timeZone: string) {
    // The year is the cheapest part to have beside the offset, which does not come alone.
    this.#format = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset', year: 'numeric' });
  }

  /** How far the wall clock is before UTC, in seconds. */
  offset(instant: number): number {
    const text = this.#format.format(instant * 1000);
    const [, sign, hours, minutes, seconds = 0] = /GMT([+-])(\d\d):(\d\d)(?::(\d\d))?$/.exec(text) ?? [];
    const offset = Number(hours ?? 0) * 3600 + Number(minutes ?? 0) * 60 + Number(seconds);
    return sign === '-' ? -offset : offset;
  }

  /** The instant of a local time, the first one if it comes twice. */
  resolve(wall: number): LocalTime {
    const before = this.offset(wall - daySeconds);
    if (this.offset(wall - before) === before) return { instant: wall - before };
    const after = this.offset(wall + daySeconds);
    if (after !== before && this.offset(wall - after) === after) return { instant: wall - after };
    const change = this.#changeBetween(wall - after, wall - before);
    return { gap: { start: change + before, end: change + after } };
  }

  /** The first local time that comes after the instant and has not come before. */
  firstAfter(instant: number): number {
    const wall = instant + this.offset(instant);
    const local = this.resolve(wall);
    if ('gap' in local || local.instant === instant) return wall + 1;
    // The clock was set back, and it shows this time for the second time.
    const change = this.#changeBetween(local.instant, instant);
    return change + (wall - local.instant);
  }

  /** The gaps whose clock changes are after one instant and not after another, the earliest first. */
  *gaps(after: number, until: number): Generator<Gap> {
    const last = Math.floor(Math.min(until, lastKnownChange) / betweenChanges);
    for (let index = Math.floor(Math.max(after, 0) / betweenChanges); index <= last; index++) {
      if (!this.#gaps.has(index)) this.#gaps.set(index, this.#findGap(index * betweenChanges));
      const gap = this.#gaps.get(index);
      if (gap) yield gap;
    }
  }

  #findGap(start: number): Gap | undefined {
    const before = this.offset(start);
    const after = this.offset(start + betweenChanges);
    if (after <= before) return undefined;
    const change = this.#changeBetween(start, start + betweenChanges);
    return { start: change + before, end: change + after };
  }

  /** The first second with the offset that the end has, which is not that of the start. */
  #changeBetween(start: number, end: number): number {
    const after = this.offset(end);
    let [low, high] = [start, end];
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (this.offset(middle) === after) high = middle;
      else low = middle;
    }
    return high;
  }
}

/** Building one takes a millisecond; a program sees some dozens of zones. */
const maximumClocks = 100;
const clocks = new Map<string, ZoneClock>();

/** @throws {RangeError} when the runtime does not know the time zone */
export function clockOf(timeZone: string): ZoneClock {
  const clock = clocks.get(timeZone) ?? new ZoneClock(timeZone);
  clocks.delete(timeZone);
  clocks.set(timeZone, clock);
  if (clocks.size > maximumClocks) clocks.delete(clocks.keys().next().value!);
  return clock;
}
