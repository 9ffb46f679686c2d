import {
  readEdge,
  readEdgeOfEvery,
  readMonthDays,
  readNth,
  readOfEveryMonth,
  readWeeksOfMonth,
  readYearly,
} from './days-of-month.ts';
import {
  readDaysOfEveryWeek,
  readPlural,
  readTimetable,
  readTimetableDays,
  readWeekdaysAlone,
  readWeekly,
  readWorkdays,
  readWorkingWeek,
} from './days-of-week.ts';
import { readAdverb, readAlternate, readInterval, readTimesPer } from './interval.ts';
import { readNumber } from './number.ts';
import { readParts, type ReadRecurrence, type Recurrence } from './recurrence-form.ts';
import { at, isGlued, phrases, skip, type Read, type Tokens } from './token.ts';
import { everyWords } from './weekday-list.ts';

export const readRecurrence: ReadRecurrence = (tokens, index) => {
  // "*monthly", as some applications mark it
  if (at(tokens, index).text === '*' && isGlued(tokens, index + 1) && at(tokens, index + 1).text !== '*')
    return readRecurrence(tokens, index + 1);
  const exact = readAbout(tokens, index);
  if (exact > index) return readRecurrence(tokens, exact);
  const repeated = readRepeat(tokens, index);
  if (repeated > index) return readRecurrence(tokens, repeated);
  const thereafter = readThereafter(tokens, index);
  if (thereafter) return thereafter;
  const every = readEvery(tokens, index);
  if (every !== undefined) return readBody(tokens, every);
  const often = readTimesPer(tokens, index) ?? readAdverb(tokens, index);
  return (
    readDaysOfEveryWeek(tokens, index) ??
    (often && countedFromCompletion(tokens, often)) ??
    readAfterDone(tokens, index) ??
    readEveryHours(tokens, index) ??
    readPlural(tokens, index) ??
    readEdgeOfEvery(tokens, index) ??
    readOfEveryMonth(tokens, index) ??
    readAlternate(tokens, index) ??
    readWorkingWeek(tokens, index) ??
    readTimetable(tokens, index) ??
    readWeekdaysAlone(tokens, index)
  );
};

const afterThat = phrases({
  'after that': true,
  thereafter: true,
  afterwards: true,
  afterward: true,
  'from then on': true,
});

/** "and every week after that", behind the day on which it begins */
function readThereafter(tokens: Tokens, index: number): Read<Recurrence> | undefined {
  const start = skip(tokens, skip(tokens, index, ','), 'and');
  const every = readEvery(tokens, skip(tokens, start, 'then'));
  const body = every === undefined ? readAdverb(tokens, start) : readBody(tokens, every);
  const end = body && afterThat(tokens, body.end)?.end;
  return end === undefined ? undefined : { value: { ...body!.value, needsBoundary: false }, end };
}

/** Behind "about", "at least" of "at least once a week"; the same place without them. */
function readAbout(tokens: Tokens, index: number): number {
  const least = at(tokens, index).text === 'at' ? skip(tokens, index + 1, 'least', 'most') : index;
  const about = least > index + 1 ? least : skip(tokens, index, 'about', 'around', 'roughly', 'approximately');
  const isOften = everyWords.has(at(tokens, about).text) || readTimesPer(tokens, about) !== undefined;
  return isOften ? about : index;
}

const repeatWords: ReadonlySet<string> = new Set(['repeat', 'repeats', 'repeating', 'recurring', 'recurs', 'recur']);

/** Behind "repeat", "and then", "then repeat it". */
function readRepeat(tokens: Tokens, index: number): number {
  const and = skip(tokens, index, 'and');
  const then = skip(tokens, and, 'then');
  const repeat = skip(tokens, then, ...repeatWords);
  if (repeat === and) return index;
  const colon = repeat > then && isGlued(tokens, repeat, ':') ? repeat + 1 : repeat;
  return repeat > then ? skip(tokens, colon, 'it', 'this') : repeat;
}

/** Behind "every", "each", "once every", "every single". */
function readEvery(tokens: Tokens, index: number): number | undefined {
  // "once in two weeks"
  const isOnceIn = at(tokens, index).text === 'once' && at(tokens, index + 1).text === 'in';
  if (isOnceIn && readNumber(tokens, index + 2)) return index + 2;
  const start = skip(tokens, index, 'once', 'on', ...(isIn(tokens, index) ? ['in'] : []));
  if (!everyWords.has(at(tokens, start).text)) return undefined;
  const both = at(tokens, start).text === 'each' && at(tokens, start + 1).text === 'and' ? start + 2 : start;
  return skip(tokens, both + 1, 'single');
}

/** "in" of "pay rent in each month"; but "check in every week", "log in every month" */
function isIn(tokens: Tokens, index: number): boolean {
  const isPeriod = ['week', 'month', 'quarter', 'year'].includes(at(tokens, index + 2).text);
  return isPeriod && !beforeIn.has(at(tokens, index - 1).text);
}

const beforeIn: ReadonlySet<string> = new Set(
  'bring call check clock come dial drop fill get give go hand jump lean log move phone plug pop pull put send sign step tune turn'.split(
    ' ',
  ),
);

/** What makes it count from the day on which the task is done, as "every!" does. */
export const readFromCompletion = phrases(
  Object.fromEntries(
    [
      ...['completion', 'last completion', 'the last completion', 'each completion', 'done', 'being done'],
      ...['it is done', "it's done", 'it was done', 'it is completed', 'it is finished', "it's finished"],
      ...['completing it', 'completing', 'finishing it', 'finishing', 'doing it', 'the last time', 'last time'],
      ...['i complete it', 'i completed it', 'i complete', 'i finish it', 'i finished it', 'i finish', 'i do it'],
      ...['i did it', 'i have done it', "i've done it", 'i am done', "i'm done", 'i last did it', 'i did it last'],
    ]
      .flatMap((words) => [`after ${words}`, `from when ${words}`, `since ${words}`])
      .concat('from completion', 'from the last completion', 'when done', 'when completed')
      .map((words) => [words, true as const]),
  ),
);

/** With "after completion" behind it, or the same without it. */
function countedFromCompletion(tokens: Tokens, { value, end }: Read<Recurrence>): Read<Recurrence> {
  const completion = readFromCompletion(tokens, end);
  if (!completion) return { value, end };
  return { value: { ...value, needsBoundary: false, isFromCompletion: true }, end: completion.end };
}

/** "repeat 3 days after completion", "2 weeks after done": as with "every" before it. */
function readAfterDone(tokens: Tokens, index: number): Read<Recurrence> | undefined {
  if (!lengthOfOne.has(at(tokens, index).text) && !readNumber(tokens, index)) return undefined;
  if (![2, 3, 4].some((distance) => beforeCompletion.has(at(tokens, index + distance).text))) return undefined;
  const body = readInterval(tokens, skip(tokens, index, ...lengthOfOne));
  if (!body?.value.rule || !readFromCompletion(tokens, body.end)) return undefined;
  // "celebrate 2 weeks after I finish" may be said of something else.
  const isSaid = repeatWords.has(at(tokens, index - 1).text);
  const event = skip(tokens, body.end + 1, 'the', 'each', 'being');
  if (!isSaid && !['completion', 'last', 'done'].includes(at(tokens, event).text)) return undefined;
  const { value, end } = countedFromCompletion(tokens, body);
  // "3 days after completion of the course"
  if (['of', 'with'].includes(at(tokens, end).text)) return undefined;
  return { value: { ...value, ...(!isSaid && { remark: 'It repeats, counted from when it is done.' }) }, end };
}

const beforeCompletion: ReadonlySet<string> = new Set(['after', 'from', 'since', 'when']);
const lengthOfOne: ReadonlySet<string> = new Set(['a', 'an']);

/** "q8h", as doctors write "every 8 hours" */
function readEveryHours(tokens: Tokens, index: number): Read<Recurrence> | undefined {
  const isHours = at(tokens, index).text === 'q' && isGlued(tokens, index + 1) && isGlued(tokens, index + 2, 'h');
  if (!isHours || !/^(?:[1-9]|1\d|2[0-4])$/.test(at(tokens, index + 1).text)) return undefined;
  return { value: { rule: { frequency: 'HOURLY', interval: Number(at(tokens, index + 1).text) } }, end: index + 3 };
}

/** Behind "every" or "every!". */
const readBody: ReadRecurrence = (tokens, index) => {
  const isMarked = isGlued(tokens, index, '!');
  const body = readBodyOnly(tokens, isMarked ? index + 1 : index);
  if (!body) return undefined;
  const { value, end } = countedFromCompletion(tokens, body);
  return { value: isMarked ? { ...value, isFromCompletion: true } : value, end };
};

const readBodyOnly: ReadRecurrence = (tokens, index) => {
  return (
    readEdge(tokens, index) ??
    readWeeksOfMonth(tokens, index) ??
    readNth(tokens, index, false) ??
    readWorkdays(tokens, index) ??
    readInterval(tokens, index) ??
    readWeekly(tokens, index) ??
    readParts(tokens, index) ??
    readTimetableDays(tokens, index) ??
    readYearly(tokens, index) ??
    readMonthDays(tokens, index)
  );
};
