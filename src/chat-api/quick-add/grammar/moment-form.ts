import type { Temporal } from 'temporal-polyfill';
import type { DayPart, HalfDay } from '../vocabulary/time-words.ts';
import type { Calendar, Day } from './calendar.ts';
import type { ClockTime } from './clock.ts';
import type { Introduction } from './introduction.ts';
import type { Length } from './length.ts';

/** Where and when a sentence is said. */
export interface Present extends Calendar {
  readonly now: Temporal.ZonedDateTime;
  /** Whether to write 5:00 PM, not 17:00. */
  readonly usesTwelveHours: boolean;
  /** In which half of the day the sentence takes place, as far as its other words say so: "dinner at 7". */
  readonly half?: HalfDay;
  /** Whether its other words are of a journey, whose early hours are as usual as late ones: "flight at 6:40". */
  readonly isJourney?: boolean;
}

/** A day, a time of day, or both, as a sentence has it. */
export interface Moment {
  readonly introduction?: Introduction;
  readonly day?: Day;
  readonly clock?: ClockTime;
  readonly part?: DayPart;
  /** "in 20 minutes", "3 days from now" */
  readonly length?: Length;
  /** Whether it is all of the time until then: "in the next 3 weeks". */
  readonly isWindow?: boolean;
  /** Of "from 2 July to 10 July", "2-4pm". */
  readonly rangeEnd?: Moment;
}
