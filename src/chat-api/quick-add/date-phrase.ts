import { readDayPart } from './grammar/day.ts';
import { look } from './grammar/number.ts';
import type { Moment, Present } from './grammar/moment-form.ts';
import { meaningOf } from './grammar/moment-meaning.ts';
import { readMoment } from './grammar/moment.ts';
import { isClockOnly, scan, type Phrase } from './grammar/scan.ts';
import { at, isGlued, isPunctuation, tokenize, type Tokens } from './grammar/token.ts';
import { withoutDoubtful } from './meaning/doubt.ts';
import {
  isAlternative,
  isThereAndBack,
  judge,
  withLeadingAdverb,
  withLeadingDay,
  withoutDayOfThing,
} from './meaning/judge.ts';
import { isCorrected } from './meaning/correction.ts';
import { remarksOf } from './meaning/remarks.ts';
import { scheduleOf, twoDates, type Schedule } from './meaning/schedule.ts';
import { own } from './own.ts';
import type { TextSpan } from './text-span.ts';
import type { HalfDay } from './vocabulary/time-words.ts';
import { following, halvesOfNouns, holding, timetabled, usualHalves } from './vocabulary/title-words.ts';
import { firstWeekday, isMonthFirst, usesTwelveHours, zoned, type UserTime, type When } from './when.ts';
import type { WorkingText } from './working-text.ts';

/** No date is said in more characters. */
export const longestDate = 100;

/** A title and what may be said about its time, in characters. */
const longestSentence = 800;

/**
 * When a text says that its task is due and how often, and the text without that.
 *
 * A phrase counts where people put dates: at the end, behind a preposition, before one, or leading the text. What was
 * seen and does not count is told in the remarks.
 */
export function takeSchedule(text: WorkingText, time: UserTime): { text: WorkingText; schedule: Schedule } {
  // No title is that long: of such a text no task is made, whatever its date.
  if (text.visible.replace(/\s+/g, ' ').length > longestSentence) return { text, schedule: { remarks: [] } };
  const tokens = tokenize(text.visible);
  const half = tokens.map(({ text: word }, index) => own(usualHalves, word) ?? halfOfNoun(tokens, index)).find(Boolean);
  const isJourney = tokens.some(({ text: word }) => timetabled.has(word));
  const present: Present = { ...presentOf(time), ...(half && { half }), ...(isJourney && { isJourney }) };
  const first = withLeadingAdverb(tokens, judge(tokens, scan(tokens, present, false), false));
  const recurring = first.find(({ phrase, isMeant }) => isMeant && phrase.kind === 'recurrence')?.phrase;
  const again = recurring && scan(tokens, present, true).filter((phrase) => isPossibleBound(phrase, recurring));
  const judgedAgain = again && withLeadingAdverb(tokens, judge(tokens, again, true));
  const isStillRecurring = judgedAgain?.some(({ phrase, isMeant }) => isMeant && phrase.kind === 'recurrence');
  const whole = withLeadingDay(tokens, judgedAgain && isStillRecurring ? judgedAgain : first);
  const judged = withoutDayOfThing(withoutDoubtful(tokens, whole));
  const meant = judged.filter(({ isMeant }) => isMeant).map(({ phrase }) => phrase);
  const schedule = scheduleOf(toReadings(meant), present);
  const quote = ({ start, end }: Pick<Phrase, 'start' | 'end'>) =>
    text.slice(at(tokens, start).start, at(tokens, end - 1).end);
  const unreadRemarks = remarksOf(tokens, judged, quote);
  if (schedule.ask) return { text, schedule };
  if (isAlternative(tokens, judged) || isCorrected(tokens, judged) || isThereAndBack(tokens, judged))
    return { text, schedule: { remarks: [], ask: twoDates } };
  if (schedule.problem !== undefined) {
    const said = meant.map((phrase) => `"${quote(phrase)}"`).join(', ');
    const remark = `${schedule.problem} I left ${said} in the title.`;
    return { text, schedule: { remarks: [remark, ...unreadRemarks] } };
  }
  const stamps = stampsOf(tokens, meant);
  const spans = meant.map((phrase) => ({
    start: at(tokens, stamps.get(phrase.start) ?? phrase.start).start,
    end: at(tokens, (stamps.get(phrase.end) ?? phrase.end) - 1).end,
    means: kindOf(phrase),
  }));
  return {
    text: text.take(...spans),
    schedule: { ...schedule, remarks: [...new Set([...schedule.remarks, ...unreadRemarks])] },
  };
}

/** Where "DEADLINE: <2026-04-01 Wed +1m>" begins and ends, as org-mode writes it, by where its phrases do. */
function stampsOf(tokens: Tokens, meant: readonly Phrase[]): ReadonlyMap<number, number> {
  const edges = new Map<number, number>();
  for (const [index, { start, end }] of meant.entries()) {
    if (at(tokens, start - 1).text !== '<' || !isGlued(tokens, start)) continue;
    const more = meant[index + 1];
    const last = more?.start === end ? more.end : end;
    if (!isGlued(tokens, last, '>')) continue;
    const isNamed = at(tokens, start - 2).text === ':' && stampNames.has(at(tokens, start - 3).text);
    edges.set(start, isNamed ? start - 3 : start - 1);
    edges.set(last, last + 1);
  }
  return edges;
}

const stampNames: ReadonlySet<string> = new Set(['deadline', 'scheduled']);

/** "morning run at 6", "get up at 6": what is done in the morning; "the morning meeting" may be spoken of in the afternoon. */
function halfOfNoun(tokens: Tokens, index: number): HalfDay | undefined {
  const half = look(halvesOfNouns, tokens, index);
  const next = at(tokens, index + 1);
  if (['get', 'getting'].includes(at(tokens, index).text) && next.text === 'up') return 'am';
  const isNoun =
    next.kind === 'word' && !following.has(next.text) && index < 2 && readDayPart(tokens, index + 1) === undefined;
  return half && isNoun && !holding.has(at(tokens, index - 1).text) ? half : undefined;
}

function kindOf(phrase: Phrase): TextSpan['means'] {
  if (phrase.kind !== 'moment' || phrase.moment.introduction === 'until') return 'recurrence';
  return isClockOnly(phrase) || (phrase.moment.part && !phrase.moment.day && !phrase.moment.length) ? 'time' : 'date';
}

/** "every day for 2 hours" says how long each time takes, "every 20 minutes for 2 hours" how long the series. */
function isPossibleBound(phrase: Phrase, recurring: Phrase): boolean {
  if (phrase.kind !== 'bound' || !('length' in phrase.bound) || phrase.bound.length.seconds === 0) return true;
  // "for 2.5 weeks" is no duration of a task.
  if (phrase.bound.length.seconds > 86_400) return true;
  const frequency = recurring.kind === 'recurrence' ? recurring.recurrence.rule?.frequency : undefined;
  return frequency === 'HOURLY' || frequency === 'MINUTELY';
}

function toReadings(meant: readonly Phrase[]) {
  return {
    moments: meant.flatMap((phrase) => (phrase.kind === 'moment' ? [phrase.moment] : [])),
    recurrences: meant.flatMap((phrase) => (phrase.kind === 'recurrence' ? [phrase.recurrence] : [])),
    times: meant.flatMap((phrase) => (phrase.kind === 'times' ? [phrase.times] : [])),
    bounds: meant.flatMap((phrase) => (phrase.kind === 'bound' ? [phrase.bound] : [])),
    exceptions: meant.flatMap((phrase) => (phrase.kind === 'exception' ? [phrase.exception] : [])),
  };
}

/** What a text that should be a date and nothing else means, or why it means nothing; undefined when it is no date. */
export function readDate(
  visible: string,
  time: UserTime,
): { when: When; remarks: readonly string[] } | { problem: string } | undefined {
  if (visible.trim().length > longestDate) return undefined;
  const present = presentOf(time);
  const tokens = tokenize(visible);
  // "change the version to 3.11"
  if (isPunctuation(tokens, 3) && at(tokens, 1).text === '.' && isGlued(tokens, 2) && at(tokens, 3).text !== '.') {
    return undefined;
  }
  if (/^20[2-5]\d$/.test(at(tokens, 0).text) && isPunctuation(tokens, 1)) {
    const { text } = at(tokens, 0);
    const problem = `${text} may be a year or a time. Say "january ${text}" or "${text.slice(0, 2)}:${text.slice(2)}".`;
    return { problem };
  }
  // "move it to 10", "to 9 tomorrow"
  const moment = readWhole(tokens, present) ?? readWhole(tokenize(`at ${visible}`), present);
  if (!moment) return undefined;
  const { problem } = meaningOf(moment, present);
  if (problem) return { problem };
  const schedule = scheduleOf({ moments: [moment], recurrences: [], times: [], bounds: [], exceptions: [] }, present);
  if (schedule.due === undefined) return undefined;
  return { when: schedule.due, remarks: schedule.remarks };
}

/** A moment that is not over, with nothing behind it. */
function readWhole(tokens: Tokens, present: Present): Moment | undefined {
  const moment = readMoment(tokens, 0, present);
  const isWhole = moment && !moment.value.day?.isPast && !moment.value.rangeEnd && isPunctuation(tokens, moment.end);
  return isWhole ? moment.value : undefined;
}

export function presentOf({ now, zone, locale }: UserTime): Present {
  const local = zoned(now, zone);
  const place = { zone, locale };
  return {
    now: local,
    today: local.toPlainDate(),
    isMonthFirst: isMonthFirst(place),
    firstWeekday: firstWeekday(place),
    usesTwelveHours: usesTwelveHours(place),
  };
}
