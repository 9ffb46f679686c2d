import { readClock } from '../grammar/clock.ts';
import type { Moment } from '../grammar/moment-form.ts';
import { readLength } from '../grammar/length.ts';
import { look, readNumber, readOrdinal } from '../grammar/number.ts';
import { readBound } from '../grammar/bound.ts';
import type { Recurrence } from '../grammar/recurrence-form.ts';
import { isClockOnly, type Phrase } from '../grammar/scan.ts';
import { at, isGlued, isPunctuation, phrases, skip, type Tokens } from '../grammar/token.ts';
import { months, pluralWeekdays, units, weekdays } from '../vocabulary/time-words.ts';
import {
  beforeNumbers,
  following,
  holding,
  numberedThings,
  personTitles,
  ratioWords,
  scriptures,
  reportingVerbs,
  verbs,
  workVerbs,
} from '../vocabulary/title-words.ts';

/*
 * Which phrases of time say when the task is due, and which are a part of its title: by where they stand, and by the
 * words beside them.
 */

export interface Judged {
  readonly phrase: Phrase;
  readonly isMeant: boolean;
}

/** From the end, since what a phrase means depends on whether another one follows. */
export function judge(tokens: Tokens, found: readonly Phrase[], isRecurring: boolean): readonly Judged[] {
  const leading = leadingPhrases(tokens, found);
  const judged: Judged[] = [];
  let nextStart = tokens.length;
  for (const phrase of found.toReversed()) {
    const place = { ...placeOf(tokens, phrase, nextStart), isLeading: leading.has(phrase), isRecurring };
    const isMeant = isPhraseMeant(tokens, phrase, place);
    judged.unshift({ phrase, isMeant });
    if (isMeant) nextStart = phrase.start;
  }
  return judged;
}

/** "saturday dentist 10am": a time of day is of the day that leads the sentence, whatever noun is between them. */
export function withLeadingDay(tokens: Tokens, judged: readonly Judged[]): readonly Judged[] {
  const [first, ...others] = judged;
  const meant = others.filter(({ isMeant }) => isMeant).map(({ phrase }) => phrase);
  const [only] = meant;
  const isTimeOnly = meant.length === 1 && only!.kind === 'moment' && isClockOnly(only!) && !only!.moment.length;
  if (!first || first.isMeant || first.phrase.start > 0 || !isTimeOnly) return judged;
  const { phrase } = first;
  const isDaily = phrase.kind === 'recurrence' && at(tokens, 0).text === 'daily';
  const form =
    phrase.kind === 'moment' && phrase.moment.introduction === undefined ? phrase.moment.day?.form : undefined;
  const isSlashed = form === 'numeric' && at(tokens, 1).text === '/' && isDateOfYear(tokens, phrase);
  const isDay =
    form === 'holiday' ||
    isSlashed ||
    isNthWeekday(tokens, phrase) ||
    (form === 'weekday' && phrase.end === 1 && at(tokens, 0).text.length > 4);
  return isDaily || isDay ? [{ phrase, isMeant: true }, ...others] : judged;
}

/**
 * "fortnightly bin day starting 2 december", "bi-weekly sync thursdays": how often, of the beginning or the days that
 * are said; but "weekly report every friday" says it twice.
 */
export function withLeadingAdverb(tokens: Tokens, judged: readonly Judged[]): readonly Judged[] {
  const [first, ...others] = judged;
  if (first?.phrase.kind !== 'recurrence' || first.isMeant || first.phrase.start > 0) return judged;
  const { recurrence, end } = first.phrase;
  const interval = recurrence.rule?.interval ?? 1;
  const isAdverb = recurrence.needsBoundary && !recurrence.rule?.weekdays && at(tokens, end).kind !== 'mark';
  const meant = others.filter(({ isMeant }) => isMeant).map(({ phrase }) => phrase);
  const days = meant.flatMap((phrase) => (phrase.kind === 'recurrence' ? [phrase.recurrence.rule] : []));
  const isOfDays = days.some(
    (rule) => rule?.frequency === recurrence.rule?.frequency && rule?.interval === 1 && rule.weekdays && interval > 1,
  );
  // "fortnightly bin day monday"
  const isOnWeekday = recurrence.rule?.frequency === 'WEEKLY' && interval > 1;
  const isBegun = meant.some((phrase) => {
    if (phrase.kind !== 'moment') return false;
    const { introduction, day } = phrase.moment;
    const isWeekday = day?.form === 'weekday' && (introduction === undefined || introduction === 'on');
    return day && (introduction === 'start' || (isOnWeekday && isWeekday));
  });
  return isAdverb && (isOfDays || (isBegun && days.length === 0))
    ? [{ phrase: first.phrase, isMeant: true }, ...others]
    : judged;
}

/** "First Friday" of "First Friday art walk" */
function isNthWeekday(tokens: Tokens, { start, end }: Phrase): boolean {
  return (
    end === start + 2 && readOrdinal(tokens, start) !== undefined && look(weekdays, tokens, start + 1) !== undefined
  );
}

/** "so tomorrow I want to …", as people dictate. */
const fillers: ReadonlySet<string> = new Set(
  'so ok okay well and also oh hey hi um uh right then please yes'.split(' '),
);

/** What is behind "remind me", and "tomorrow remind me to at eight call the school" */
const openings = phrases({ to: true, 'remind me to': true });

/** Those that have nothing but each other before them. */
function leadingPhrases(tokens: Tokens, found: readonly Phrase[]): ReadonlySet<Phrase> {
  const leading = new Set<Phrase>();
  let index = 0;
  for (const phrase of found) {
    while (index < phrase.start && (at(tokens, index).kind === 'mark' || fillers.has(at(tokens, index).text))) index++;
    index = openings(tokens, index)?.end ?? index;
    if (index !== phrase.start) break;
    leading.add(phrase);
    index = phrase.end;
  }
  return leading;
}

interface Place {
  readonly isLeading: boolean;
  /** Whether the sentence has a recurrence, so that "from" is where it begins. */
  readonly isRecurring: boolean;
  readonly before: string;
  /** What follows: nothing, a phrase of time, a mark, a word that may follow a date, or another word. */
  readonly after: 'end' | 'phrase' | 'mark' | 'link' | 'word';
}

function placeOf(tokens: Tokens, { start, end }: Phrase, nextStart: number): Omit<Place, 'isLeading' | 'isRecurring'> {
  const before = wordBefore(tokens, start);
  const next = at(tokens, end);
  const isPhrase = end === nextStart && next.kind !== 'end';
  if (isPunctuation(tokens, end)) return { before, after: 'end' };
  if (isPhrase) return { before, after: 'phrase' };
  // "meeting friday 30min"
  const length = readLength(tokens, end);
  if (length && isPunctuation(tokens, length.end)) return { before, after: 'mark' };
  if (next.kind === 'mark' && next.text !== '#' && next.text !== '!') return { before, after: 'mark' };
  if (next.kind === 'word' && following.has(next.text)) return { before, after: 'link' };
  return { before, after: next.kind === 'opaque' ? 'link' : 'word' };
}

/** "mr" of "Mr. Friday", too. */
function wordBefore(tokens: Tokens, start: number): string {
  if (start === 0) return '';
  const { text } = at(tokens, start - 1);
  const title = at(tokens, start - 2).text;
  return text === '.' && start > 1 && personTitles.has(title) ? title : text;
}

function isPhraseMeant(tokens: Tokens, phrase: Phrase, place: Place): boolean {
  switch (phrase.kind) {
    case 'unknown':
      return false;
    case 'bound':
    case 'exception':
      return true;
    case 'times':
      return place.after !== 'word' || at(tokens, phrase.start).text === 'at';
    case 'recurrence':
      return !isWork(tokens, phrase, place) && isRecurrenceMeant(tokens, phrase, phrase.recurrence, place);
    case 'moment':
      if (isWork(tokens, phrase, place) || isVerse(tokens, phrase, phrase.moment, place)) return false;
      return isMomentMeant(tokens, phrase, phrase.moment, place);
  }
}

/** "Watch Friday the 13th", "Read Tuesdays with Morrie", "Watch 3:10 to Yuma": what is watched or read, not when. */
function isWork(tokens: Tokens, phrase: Phrase, { after }: Place): boolean {
  const { start } = phrase;
  const isListening = at(tokens, start - 1).text === 'to' && at(tokens, start - 2).text === 'listen';
  if (start === 0 || (!isListening && !workVerbs.has(at(tokens, start - 1).text))) return false;
  if (phrase.kind === 'moment' && phrase.moment.introduction !== undefined) return false;
  if (/^\p{Lu}/u.test(at(tokens, start).raw)) return true;
  if (phrase.kind !== 'moment') return false;
  const { day, clock, length } = phrase.moment;
  const isNamedDay = look(weekdays, tokens, start) !== undefined && at(tokens, start + 1).text === 'the';
  const isName = isNamedDay || at(tokens, phrase.end - 1).text === 'later';
  return isName || (clock !== undefined && !day && !length && after === 'link');
}

/** "Read John 3:16", "ratio 16:10" */
function isVerse(tokens: Tokens, { start }: Phrase, { introduction, day, clock }: Moment, { before }: Place): boolean {
  if (introduction !== undefined || day || clock?.form !== 'digits' || !isGlued(tokens, start + 1, ':')) return false;
  return ratioWords.has(before) || scriptures.has(before);
}

function isRecurrenceMeant(tokens: Tokens, { start, end }: Phrase, recurrence: Recurrence, place: Place): boolean {
  // "last tuesday's notes", "prepare for tuesday's 9am"; but "gym monday's"
  const isOf = place.after === 'word' || ['for', 'to', 'of', 'from', 'before', 'after', 'in'].includes(place.before);
  if (isOf && /['’]s$/i.test(at(tokens, end - 1).raw)) return false;
  // "daily 10 times"
  if (!recurrence.needsBoundary || readBound(tokens, end)) return true;
  const isEvery = ['every', 'each', 'ev', 'all'].includes(at(tokens, start).text);
  // "fridays call the bank"; but "weekly call with the bank"
  const isPlural = look(pluralWeekdays, tokens, start) !== undefined;
  if (place.after === 'word') {
    // "hourly check the incubator"
    const isRequest = isEvery || isPlural || determiners.has(at(tokens, end + 1).text);
    return isRequest && place.isLeading && startsRequest(tokens, end);
  }
  // "the weekly at 9"
  return isEvery || !holding.has(place.before) || place.before === 'and';
}

const determiners: ReadonlySet<string> = new Set('the a an my our your his her their all'.split(' '));

/** "Tomorrow call Bob", "Friday: report"; "Tomorrow Never Dies" and "Sunday roast" are titles. */
export function startsRequest(tokens: Tokens, index: number): boolean {
  return verbs.has(at(tokens, index).text) || at(tokens, index).text === 'i';
}

/** "Ask Ann if 5pm is fine", "Tell Ann that the party is on friday": said of something else than the task. */
function isOfClause(
  tokens: Tokens,
  { start, end }: Phrase,
  introduction: Moment['introduction'],
  { before, isLeading }: Place,
): boolean {
  const isSubject =
    introduction === undefined && !isLeading && ['is', 'are', 'works', 'suits'].includes(at(tokens, end).text);
  if (isSubject || (introduction === undefined && ['if', 'whether'].includes(before))) return true;
  return start > 2 && ['is', 'are'].includes(before) && reportingVerbs.has(at(tokens, 0).text);
}

/** What is printed on food: a date of the thing, not of the task. */
const shelfLives = new Set(['best before', 'best by', 'use by', 'use before', 'sell by', 'eat by', 'consume by']);

const beforeAnything = new Set(['on', 'by', 'at', 'due', 'until', 'start']);

function isMomentMeant(tokens: Tokens, phrase: Phrase, moment: Moment, place: Place): boolean {
  const { introduction, day, clock, length, part } = moment;
  if (isOfClause(tokens, phrase, introduction, place) || isExcluded(tokens, phrase.start)) return false;
  // "version 12.3.26"
  const isPointed = at(tokens, phrase.start).kind === 'number' && at(tokens, phrase.start + 1).text === '.';
  if (introduction === undefined && isPointed && numberedThings.has(place.before)) return false;
  // "Best before 12/03/26 yoghurt"
  if (introduction === 'by' && shelfLives.has(`${place.before} ${at(tokens, phrase.start).text}`)) return false;
  const hasBoth = (day !== undefined || length !== undefined) && clock !== undefined;
  if (day?.isPast) return false;
  // "Seat 12a"
  const isLetter = ['a', 'p'].includes(at(tokens, phrase.end - 1).text);
  if (introduction === undefined && isLetter && numberedThings.has(place.before)) return false;
  // "28 Days Later"
  const isName = introduction === undefined && /^\p{Lu}/u.test(at(tokens, phrase.start + 1).raw);
  if (length && isName && place.before !== '') return false;
  if (length) return introduction !== undefined ? true : place.after !== 'word' || place.isLeading;
  const isHeld = holding.has(place.before) && !place.isLeading && !isBesidePerson(tokens, phrase, place);
  if (introduction === undefined && isHeld) return false;
  // "at 5th and Main"
  if (introduction === 'at' && day?.form === 'ordinal' && !clock) return false;
  if (place.isLeading && place.after === 'word' && isNthWeekday(tokens, phrase) && !startsRequest(tokens, phrase.end))
    return false;
  // "3 day weekend"
  if (place.before === 'day' && at(tokens, phrase.start).text === 'weekend') return false;
  // "Read the notes from friday" is about the past.
  const isStart =
    moment.rangeEnd ?? (hasBoth || place.isRecurring || day?.form === 'relative' || day?.form === 'period');
  // "camp for 5 days from 3 july"
  const isBehindLength = day?.form === 'date' && look(units, tokens, phrase.start - 1) !== undefined;
  if (introduction === 'from' && !isStart && !isBehindLength) return false;
  if (introduction === 'for' && place.after === 'word') return false;
  if (introduction === 'in' && day && day.form !== 'month' && day.form !== 'period') return false;
  if (day && !clock && !isDayMeant(tokens, phrase, moment, place)) return false;
  // "in 2:30"
  if (introduction === 'in' && clock && !day && !part) return false;
  // "midnight snack"
  const isLoose = clock?.form === 'bare' || (clock?.form === 'named' && introduction === undefined);
  if (isLoose && !day)
    return place.after !== 'word' || (place.isLeading && (startsRequest(tokens, phrase.end) || phrase.start > 0));
  if (hasBoth) return isTitleCase(tokens, phrase) ? place.after !== 'word' : true;
  if (clock?.problem && introduction === undefined) return false;
  if (introduction !== undefined && beforeAnything.has(introduction)) return true;
  if (!day && !clock && part) return (part.name !== 'night' || place.isRecurring) && isPartMeant(tokens, phrase, place);
  if (place.after !== 'word') return true;
  return place.isLeading && leads(tokens, phrase, moment);
}

/** "lunch not on friday", "any day but friday", "whenever except monday" */
function isExcluded(tokens: Tokens, start: number): boolean {
  const before = at(tokens, start - 1).text;
  const isAny = ['day', 'days', 'time', 'anytime', 'week', 'weekday'].includes(at(tokens, start - 2).text);
  return before === 'not' || (before === 'but' && isAny);
}

/** "visit aunt two weeks from saturday"; but "visit aunt May" */
function isBesidePerson(tokens: Tokens, { start }: Phrase, { before }: Place): boolean {
  const isName = look(weekdays, tokens, start) !== undefined || look(months, tokens, start) !== undefined;
  return (before === 'aunt' || before === 'uncle') && !isName;
}

/** "in the evening call Ann" */
function isPartMeant(tokens: Tokens, { end }: Phrase, { after, isLeading }: Place): boolean {
  return after !== 'word' || (isLeading && startsRequest(tokens, end));
}

function isDayMeant(
  tokens: Tokens,
  phrase: Phrase,
  { introduction, day, part, rangeEnd }: Moment,
  place: Place,
): boolean {
  const isIntroduced = introduction !== undefined && introduction !== 'in';
  // "On the 5th call Ann"; but "On the 5th floor"
  const isApart = place.after !== 'word' || (place.isLeading && startsRequest(tokens, phrase.end));
  switch (day!.form) {
    case 'numeric':
      // "at 9/10", "at 5.5"
      if (['at', '@'].includes(at(tokens, phrase.start).text)) return false;
      return isIntroduced || rangeEnd !== undefined ? isApart : isBareDate(tokens, phrase, place);
    case 'ordinal':
      return isIntroduced ? isApart : isBareDay(tokens, phrase, place);
    case 'holiday':
      return isIntroduced && introduction !== 'for' && introduction !== 'from';
    case 'relative':
    case 'period': {
      if (isIntroduced) return true;
      // "Book weekend in Paris"
      if (at(tokens, phrase.start).text === 'weekend' && place.after === 'link') return false;
      if (isTitleCase(tokens, phrase))
        return place.after !== 'word' || (place.isLeading && startsRequest(tokens, phrase.end));
      if (place.after !== 'word') return true;
      // "Weekend plans", "Year end review"
      const isSaid = day!.form === 'relative' || leadingWords.has(at(tokens, phrase.start).text);
      if (place.isLeading && !isSaid) return startsRequest(tokens, phrase.end);
      return place.isLeading || day!.form === 'relative' || part !== undefined;
    }
    default:
      return isIntroduced || part !== undefined || rangeEnd !== undefined || place.after !== 'word' || place.isLeading;
  }
}

/** Before a period that leads a sentence. */
const leadingWords = new Set(['next', 'this', 'the', 'coming', 'over', 'by', 'before']);

const isDateOfYear = (tokens: Tokens, { start }: Pick<Phrase, 'start'>) =>
  !noDates.has(`${at(tokens, start).text}/${at(tokens, start + 2).text}`);

const noDates = new Set(['24/7', '9/11', '7/11', '7/7', '50/50']);

/** "dentist 3/15", "anniversary yearly 6/12"; but "pay 2/3", "support 24/7" */
function isBareDate(tokens: Tokens, { start, end }: Phrase, { after, before, isLeading }: Place): boolean {
  // "20.3. lunch", "lunch 20.3."
  const isPointed = at(tokens, start + 1).text === '.' && end === start + 4;
  if (isPointed && (isLeading || after !== 'word'))
    return !numberedThings.has(before) && !ratioWords.has(before) && before !== 'am';
  // "dentist 20260320"; but "invoice 20260320"
  if (end === start + 1)
    return (isLeading || after !== 'word') && !numberedThings.has(before) && !beforeNumbers.has(before);
  // "20/3 buy milk"
  const isSaid = isDateOfYear(tokens, { start });
  if (isLeading && isSaid && startsRequest(tokens, end)) return true;
  const [one, other] = [at(tokens, start).text, at(tokens, start + 2).text];
  if (at(tokens, start + 1).text !== '/' || end !== start + 3 || ratioWords.has(before)) return false;
  const isFraction = Number(one) < Number(other) && Number(other) <= 10;
  return after !== 'word' && start > 0 && !isFraction && isSaid;
}

/** "pay rent the 5th", "pay rent 5th"; but "read about Henry the 8th" */
function isBareDay(tokens: Tokens, { start, end }: Phrase, { after, before }: Place): boolean {
  const number = skip(tokens, start, 'the');
  const isNumber = at(tokens, number).kind === 'number' && end === number + 2;
  const isName = /^\p{Lu}/u.test(at(tokens, start - 1).raw) && start > 1;
  return isNumber && (after === 'end' || after === 'phrase') && before !== '' && !isName && !noDays.has(before);
}

/** Before "the 5th", of which a day can hardly be said. */
const noDays = new Set('is was be finish finished come came place place. on of to and'.split(' '));

/** "Watch Tomorrow Never Dies": a name, not a date. */
function isTitleCase(tokens: Tokens, { start, end }: Phrase): boolean {
  const isCapital = (index: number) => /^\p{Lu}\p{Ll}/u.test(at(tokens, index).raw);
  return isCapital(start) && isCapital(end);
}

function leads(tokens: Tokens, { start, end }: Phrase, { day, clock }: Moment): boolean {
  if (startsRequest(tokens, end) || ['this', 'next', 'coming'].includes(at(tokens, start).text)) return true;
  // "Sunday roast"
  if (day?.form === 'weekday' && !clock) return false;
  return /^\p{Ll}/u.test(at(tokens, end).raw);
}

/** "book a table by monday for the 20th": the second day is that of the thing. */
export function withoutDayOfThing(judged: readonly Judged[]): readonly Judged[] {
  const dated = judged.filter(({ phrase, isMeant }) => isMeant && phrase.kind === 'moment' && phrase.moment.day);
  const [one, other, ...more] = dated.map(({ phrase }) => phrase);
  const isRecurring = judged.some(({ phrase, isMeant }) => isMeant && phrase.kind === 'recurrence');
  if (!one || !other || more.length > 0 || isRecurring) return judged;
  const ofThing = [one, other].filter((phrase) => introductionOf(phrase) === 'for');
  const isDue = [one, other].some((phrase) => ['by', 'due', 'on'].includes(introductionOf(phrase) ?? ''));
  if (ofThing.length !== 1 || !isDue) return judged;
  return judged.map((read) => (read.phrase === ofThing[0] ? { ...read, isMeant: false } : read));
}

const introductionOf = (phrase: Phrase) => (phrase.kind === 'moment' ? phrase.moment.introduction : undefined);

/** "fly out friday back sunday": there and back, of which only one was taken for the time. */
export function isThereAndBack(tokens: Tokens, judged: readonly Judged[]): boolean {
  return judged.some(({ phrase, isMeant }, index) => {
    const isDay = phrase.kind === 'moment' && !isMeant && phrase.moment.day?.date;
    const behind = skip(tokens, skip(tokens, phrase.end, ','), 'and', 'then');
    const isLater = judged.slice(index + 1).some((later) => later.isMeant && later.phrase.kind === 'moment');
    return isDay && isLater && waysBack.has(at(tokens, behind).text);
  });
}

const waysBack: ReadonlySet<string> = new Set(
  'back return returning returns home dropoff drop leave leaving leaves depart departing arrive arriving check checkout'.split(
    ' ',
  ),
);

/** "on monday or tuesday": one of them was read, the other one was not. */
export function isAlternative(tokens: Tokens, judged: readonly Judged[]): boolean {
  const starts = new Set(judged.flatMap(({ phrase, isMeant }) => (isMeant ? [phrase.start] : [])));
  return judged.some(({ phrase, isMeant }, index) => {
    const isDated = phrase.kind === 'moment' || phrase.kind === 'recurrence';
    if (isMeant && isDated && isOrNumber(tokens, phrase.end, starts)) return true;
    const before = judged[index - 1];
    // "tomorrow and every friday"
    if (isMeant && before && isJoined(tokens, before, phrase)) return true;
    const isOf = at(tokens, phrase.start).text === 'the' || at(tokens, phrase.start - 1).text !== 'the';
    const link = isOf ? phrase.start - 1 : phrase.start - 2;
    const isLinked = ['and', 'or', '&'].includes(at(tokens, link).text) && before?.phrase.end === link;
    // "tomorrow or the day after"
    // "bins: green tue, black fri"
    const isListed = at(tokens, phrase.start - 1).text === ',' && before?.phrase.end === phrase.start - 1;
    const isNamedDay = phrase.kind === 'unknown' && look(weekdays, tokens, phrase.end - 1) !== undefined;
    if (isListed && before.isMeant && isNamedDay) return true;
    const isOtherDay = phrase.kind === 'unknown' && dayAfter.has(at(tokens, phrase.end - 1).text);
    if (isLinked && before?.isMeant && isOtherDay) return true;
    return (
      !isMeant &&
      isLinked &&
      before.isMeant &&
      ['moment', 'recurrence'].includes(before.phrase.kind) &&
      phrase.kind === 'moment'
    );
  });
}

const dayAfter: ReadonlySet<string> = new Set(['after', 'before']);

function isJoined(tokens: Tokens, before: Judged, { start, kind }: Phrase): boolean {
  const and = at(tokens, start - 1).text;
  if (!before.isMeant || before.phrase.end !== start - 1 || (and !== 'and' && and !== 'or')) return false;
  return [before.phrase.kind, kind].toSorted().join() === 'moment,recurrence';
}

/** "or 11", of "at 10 or 11"; "or pm", of "6 am or pm"; "or two", of "every day or two" */
function isOrNumber(tokens: Tokens, index: number, starts: ReadonlySet<number>): boolean {
  const link = at(tokens, index).text;
  const isMonth = look(months, tokens, index + 1) !== undefined;
  // "on may 5 and 6", "in may or june"
  if ((link === 'and' || link === '&') && (isMonth || at(tokens, index + 1).kind === 'number'))
    return isPunctuation(tokens, index + 2);
  if (link !== 'or') return false;
  if (isMonth) return isPunctuation(tokens, index + 2);
  const isHalf = ['am', 'pm'].includes(at(tokens, index + 1).text);
  const end = isHalf ? index + 2 : (readClock(tokens, index + 1, true)?.end ?? readNumber(tokens, index + 1)?.end);
  return end !== undefined && (isPunctuation(tokens, end) || starts.has(end));
}
