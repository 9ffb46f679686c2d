import { Temporal } from 'temporal-polyfill';
import { presentOf } from '../date-phrase.ts';
import type { ClockTime } from '../grammar/clock.ts';
import type { Moment } from '../grammar/moment-form.ts';
import { readMoment } from '../grammar/moment.ts';
import { isPunctuation, tokenize } from '../grammar/token.ts';
import type { UserTime } from '../when.ts';

/** From and until which local times, both inclusive, to the minute: "2026-11-27T12:00". */
export interface Times {
  readonly from?: string;
  readonly until?: string;
}

/** What says that a question is about a time of day, and not about whole days only. */
const timeWords =
  /\b(?:morning|afternoon|evening|night|tonight|noon|midday|midnight|lunch(?:time)?|dinner(?:time)?|breakfast|o['’]?clock|hours?|hrs?|minutes?|mins?|half|quarter|later|am|pm|a\.m|p\.m)\b|\d(?:am|pm)\b|\d:\d\d|\brest of (?:the day|today)\b|\b(?:before|after|by|until|till|between|from|since|at|past|around)\s+(?:\d{1,2}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)(?![\p{L}\p{N}./-])(?!\s+(?:days?|weeks?|months?|years?|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec))/iu;

export function saysTime(words: string): boolean {
  return timeWords.test(words);
}

const comparison =
  /\b(?<before>(?:any\s?time\s+)?before|earlier than|prior to)\b|\b(?<until>by|until|till|up to)\b|\b(?<after>(?:any\s?time\s+)?after|later than|since|from)\b/i;

/** The hours that a question means by a part of the day; half of them are said in the other halves of the day, too. */
const hoursOfPart: Readonly<Record<string, readonly [from: number, until: number]>> = {
  morning: [0, 12],
  afternoon: [12, 18],
  evening: [17, 24],
  night: [17, 24],
};

/** "this afternoon", "before noon tomorrow", "on friday between 9 and 5", "in the next 2 hours": undefined for all else. */
export function readTimes(words: string, time: UserTime): Times | undefined {
  const present = presentOf(time);
  const now = present.now.toPlainDateTime();
  const text = words
    .trim()
    .replace(/^(?:for|on|due|to\s+do)\s+(?=\S)/i, '')
    .replace(/\bwithin(?: the)?\b/i, 'in the')
    .replace(/\bnext hour\b/i, 'next 1 hour');
  const exact = /^(?:from (\d{4}-\d\d-\d\d) (\d\d:\d\d))?(?: ?(?:to|until) (\d{4}-\d\d-\d\d) (\d\d:\d\d))?$/i.exec(
    text,
  );
  if (exact?.[1] !== undefined || exact?.[3] !== undefined)
    return {
      ...(exact[1] && { from: `${exact[1]}T${exact[2]}` }),
      ...(exact[3] && { until: `${exact[3]}T${exact[4]}` }),
    };
  if (/^(?:later(?: (?:today|on))?|(?:the\s+)?rest of (?:the day|today))$/i.test(text))
    return { from: minute(now), until: minute(now.with({ hour: 23, minute: 59 })) };
  const said = comparison.exec(text);
  const isRange =
    /\b(?:between|from)\b.*\s(?:and|to|until|till)\s|(?<![\d-])\d{1,2}(?:\s?[ap]m)?\s*(?:-|–|to)\s*\d{1,2}(?![\d-])/i.test(
      text,
    );
  const { before, after } = isRange ? {} : (said?.groups ?? {});
  // Wherever the word is: "tomorrow before noon".
  const plain = said && !isRange ? `${text.slice(0, said.index)}at${text.slice(said.index + said[0].length)}` : text;
  const moment = whole(plain, present) ?? whole(`in the ${plain}`, present) ?? whole(`at ${plain}`, present);
  if (!moment || moment.day?.problem || moment.clock?.problem || moment.clock?.zone !== undefined) return undefined;
  if (moment.length) {
    if (moment.length.seconds === 0 || said) return undefined;
    const { months, days, seconds } = moment.length;
    const isWindow = /\bnext\b|\bwithin\b/i.test(text);
    return isWindow ? { from: minute(now), until: minute(now.add({ months, days, seconds })) } : undefined;
  }
  const part = moment.part ?? moment.day?.part;
  const hours = hoursOf(moment, part?.name, text);
  if (!hours) return undefined;
  const [first, last] = hours;
  const isOver = (date: Temporal.PlainDate) =>
    Temporal.PlainDateTime.compare(at(date, after ? first : last), now) <= 0 && !/\bthis\b/i.test(text);
  const day = moment.day?.date ?? (isOver(present.today) ? present.today.add({ days: 1 }) : present.today);
  if (before) return { from: minute(at(day, 0)), until: minute(at(day, first - 1)) };
  if (said?.groups?.['until'] && !isRange)
    return { from: minute(at(day, 0)), until: minute(at(day, moment.clock ? first : last)) };
  if (after && (moment.clock || /\bafter\b/i.test(after)))
    return { from: minute(at(day, first)), until: minute(at(day, lastMinute)) };
  // A point in time, or a part of the day, which ends a minute before the next one begins.
  return { from: minute(at(day, first)), until: minute(at(day, last)) };
}

const lastMinute = 24 * 60 - 1;

/** The first and the last minute of the day that are meant. */
function hoursOf(
  { clock, rangeEnd, day }: Moment,
  part: string | undefined,
  text: string,
): readonly [first: number, last: number] | undefined {
  if (!clock) {
    const [from, until] = (part && hoursOfPart[part]) || [];
    if (from === undefined || until === undefined) return undefined;
    return comparison.test(text) && /\bafter\b/i.test(text) ? [until * 60, lastMinute] : [from * 60, until * 60 - 1];
  }
  const isLate = part !== undefined && part !== 'morning';
  const first = minutesOf(clock, isLate);
  if (!rangeEnd) return [first, first];
  if (!rangeEnd.clock || rangeEnd.day?.date?.equals(day?.date ?? rangeEnd.day.date) === false) return undefined;
  const last = minutesOf(rangeEnd.clock, isLate);
  // "between 9 and 5"
  const end = last <= first && rangeEnd.clock.isTwelveHour ? last + 720 : last;
  return end > first && end <= lastMinute + 1 ? [first, Math.min(end, lastMinute)] : undefined;
}

function minutesOf({ hour, minute: minutes, isTwelveHour, form }: ClockTime, isLate: boolean): number {
  // Midnight is the end of the day.
  const named = form === 'named' && hour === 0 ? 24 : hour;
  const later = isTwelveHour && hour < 12 && (hour < 7 || isLate) ? 12 : 0;
  return (named + later) * 60 + minutes;
}

function at(day: Temporal.PlainDate, minutes: number): Temporal.PlainDateTime {
  return day.toPlainDateTime().add({ minutes });
}

const minute = (moment: Temporal.PlainDateTime) => moment.toString({ smallestUnit: 'minute' });

function whole(text: string, present: ReturnType<typeof presentOf>): Moment | undefined {
  const tokens = tokenize(text);
  const moment = readMoment(tokens, 0, present);
  return moment && isPunctuation(tokens, moment.end) ? moment.value : undefined;
}
