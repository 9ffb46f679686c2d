import { following } from '../vocabulary/title-words.ts';
import { readMoment } from './moment.ts';
import { isNumber } from './number.ts';
import { at, isGlued, isPunctuation, type Tokens } from './token.ts';
import type { ReadWords } from './unread-form.ts';
import {
  lengthOfPast,
  comingDays,
  perDay,
  someDaysPer,
  inAnUnclearLength,
  lengthOfNothing,
  unclearInterval,
  workingDays,
  besideMoment,
  besideEvent,
  bareLength,
  onAndOff,
} from './unread-lengths.ts';
import {
  dayWithName,
  weekNumber,
  monthOrYear,
  ordinalPeriod,
  numbersAlone,
  earlyOrLate,
  quarterAtEnd,
  collegeDays,
  monthAtEnd,
  monthRange,
  pointedDate,
  isoWeekOrMonth,
  dayAndMonth,
  foreignDate,
  nearMonth,
  partOfMonth,
  yearBehind,
  edgeOfSomething,
  shortDay,
  readKey,
  twoLetterDay,
} from './unread-dates.ts';
import {
  verse,
  lastWord,
  spokenTime,
  oddTime,
  hourBehind,
  hourToBeThere,
  officeHours,
  hoursOrPages,
  hourOrNumber,
  spacedTime,
  gluedTimeBeforeDay,
  timeOrPrice,
  leadingTime,
  severalParts,
  halfSeven,
} from './unread-times.ts';

const firstOf =
  (readers: readonly ReadWords[]): ReadWords =>
  (tokens, start, present) => {
    for (const reader of readers) {
      const end = reader(tokens, start, present);
      if (end !== undefined) return end;
    }
    return undefined;
  };

/** What no other reading of the same words can be: it is looked for first. */
export const readOutside = firstOf([
  ...[lengthOfPast, monthOrYear, comingDays, ordinalPeriod],
  ...[someDaysPer, perDay, inAnUnclearLength, unclearInterval, numbersAlone, lengthOfNothing, verse],
]);

const unlessRead =
  (reader: ReadWords): ReadWords =>
  (tokens, start, present) => {
    const end = reader(tokens, start, present);
    const read = end === undefined ? undefined : readMoment(tokens, start, present);
    return read && read.end >= end! ? undefined : end;
  };

/** "1730 friday" and "0800 weekdays" are read, and "10.30" might be a day. */
const unlessTimed =
  (reader: ReadWords): ReadWords =>
  (tokens, start, present) => {
    const end = reader(tokens, start, present);
    const read = end === undefined ? undefined : readMoment(tokens, start, present)?.value;
    return read?.clock && isNumber(tokens, start, /^\d{4}$/) ? undefined : end;
  };

/** What might be read otherwise, and is not. */
export const readLoose = firstOf([
  ...[
    pointedDate,
    isoWeekOrMonth,
    lastWord,
    halfSeven,
    unlessTimed(leadingTime),
    unlessRead(readKey),
    timeOrPrice,
    shortDay,
    dayAndMonth,
    foreignDate,
    nearMonth,
    onAndOff,
    partOfMonth,
    yearBehind,
    monthAtEnd,
    monthRange,
    severalParts,
  ],
  ...[
    earlyOrLate,
    besideMoment,
    besideEvent,
    edgeOfSomething,
    spokenTime,
    oddTime,
    officeHours,
    hoursOrPages,
    hourOrNumber,
    bareLength,
    dayWithName,
    weekNumber,
    workingDays,
    spacedTime,
    gluedTimeBeforeDay,
    hourToBeThere,
    hourBehind,
    twoLetterDay,
    quarterAtEnd,
    collegeDays,
  ].map(unlessRead),
]);

/** "every blue moon": up to two words behind "every". */
export function readUnknownRecurrence(tokens: Tokens, start: number): number | undefined {
  const { text } = at(tokens, start);
  if (text !== 'every' && text !== 'each') return undefined;
  let end = start + 1;
  while (end < start + 3 && at(tokens, end).kind !== 'end' && at(tokens, end).kind !== 'mark') {
    if (following.has(at(tokens, end).text)) break;
    end++;
    while (at(tokens, end).kind !== 'end' && !at(tokens, end).isSpaced && !isPunctuation(tokens, end)) end++;
  }
  if (end > start + 1) return end;
  // "every so many days", "every -1 days"
  const isOdd =
    at(tokens, end).text === 'so' || (['-', '!'].includes(at(tokens, end).text) && isGlued(tokens, end + 1));
  return isOdd ? end + 2 : undefined;
}
