import { readExceptWord } from '../grammar/exception.ts';
import { isClockOnly, type Phrase } from '../grammar/scan.ts';
import { at, skip, type Tokens } from '../grammar/token.ts';
import { foreignDays, pluralDayParts } from '../vocabulary/time-words.ts';
import { conditionals, pronouns } from '../vocabulary/title-words.ts';
import { look, readOrdinal } from '../grammar/number.ts';
import type { Judged } from './judge.ts';

/*
 * Phrases that would be read well by themselves, but not beside words that were not read: what they say together is
 * another time. They are left in the title, and named.
 */

export function withoutDoubtful(tokens: Tokens, judged: readonly Judged[]): readonly Judged[] {
  const certain = ofSeries(withoutEachDoubtful(tokens, judged));
  const isClockAlone =
    certain.every(({ phrase, isMeant }) => !isMeant || isClockOnly(phrase)) &&
    certain.some(({ phrase, isMeant }) => !isMeant && isUnreadDay(tokens, phrase));
  return isClockAlone ? certain.map((one) => ({ ...one, isMeant: false })) : certain;
}

function withoutEachDoubtful(tokens: Tokens, judged: readonly Judged[]): readonly Judged[] {
  return judged.map((one, index) => {
    const before = judged[index - 1]?.phrase;
    const isReckoned = isAnchor(tokens, one.phrase, before) || isPeriodOfDays(tokens, one.phrase, judged[index - 1]);
    const isDoubtful = isReckoned || isExcepted(tokens, one, judged);
    return isDoubtful || isLooseParts(tokens, one.phrase, judged) ? { ...one, isMeant: false } : one;
  });
}

/** "except friday" and "for 3 weeks" are of a series: they mean nothing where none is left. */
function ofSeries(judged: readonly Judged[]): readonly Judged[] {
  if (judged.some(({ phrase, isMeant }) => isMeant && (phrase.kind === 'recurrence' || phrase.kind === 'times')))
    return judged;
  return judged.map((one) =>
    one.phrase.kind === 'exception' || one.phrase.kind === 'bound' ? { ...one, isMeant: false } : one,
  );
}

/** "two working days before month end" and "every even week friday", read in part; "on the friday after payday" */
function isAnchor(tokens: Tokens, phrase: Phrase, before: Phrase | undefined): boolean {
  // "two days before the end of every month"
  const isBeside = before?.kind === 'unknown' && before.end === phrase.start;
  if (phrase.kind === 'recurrence') return isBeside && ['before', 'after'].includes(at(tokens, phrase.start - 1).text);
  if (phrase.kind !== 'moment' || !phrase.moment.day) return false;
  // "neither monday nor tuesday"
  if (['nor', 'neither'].includes(at(tokens, phrase.start - 1).text)) return true;
  const isReckoned = ['before', 'after', 'from'].includes(at(tokens, phrase.start).text);
  const isSeries = ['every', 'each'].includes(at(tokens, before?.start ?? -1).text);
  if ((isReckoned || isSeries) && isBeside) return true;
  const isNamed = [0, 1].some((offset) => at(tokens, phrase.start + offset).text === 'the');
  const isNth = readOrdinal(tokens, skip(tokens, phrase.start, 'on', 'the')) !== undefined;
  const { kind, text } = at(tokens, phrase.end + 1);
  const isBesideEvent =
    ['before', 'after'].includes(at(tokens, phrase.end).text) && kind === 'word' && !pronouns.has(text);
  return isBesideEvent && (isNth || (phrase.moment.day.form === 'weekday' && isNamed));
}

/** "day 1-5 of each month", "the end of each april", of which the days were not read */
function isPeriodOfDays(tokens: Tokens, { kind, start }: Phrase, before: Judged | undefined): boolean {
  const isRead = before?.isMeant === true && before.phrase.end === start - 1;
  return kind === 'recurrence' && at(tokens, start - 1).text === 'of' && !isRead;
}

/** "standup except fridays": the series that is left out of nothing */
function isExcepted(tokens: Tokens, { phrase }: Judged, judged: readonly Judged[]): boolean {
  const { text } = at(tokens, phrase.start - 1);
  if (phrase.kind === 'moment' && ['except', 'excluding', 'besides'].includes(text)) return true;
  const isException = readExceptWord(tokens, phrase.start - 1) === phrase.start && !conditionals.has(text);
  const isOther = judged.some(
    (other) => other.isMeant && other.phrase.kind === 'recurrence' && other.phrase !== phrase,
  );
  return phrase.kind === 'recurrence' && isException && text !== 'but' && !isOther;
}

/** "nights" of "sun 29th nights", which is no series */
function isLooseParts(tokens: Tokens, phrase: Phrase, judged: readonly Judged[]): boolean {
  const isParts = phrase.kind === 'recurrence' && look(pluralDayParts, tokens, phrase.start) !== undefined;
  return (
    isParts &&
    judged.some(({ phrase: other, isMeant }) => {
      const day = other.kind === 'moment' && isMeant ? other.moment : undefined;
      return day?.day?.date !== undefined && !['from', 'start', 'until'].includes(day.introduction ?? '');
    })
  );
}

/** A day, or days, that the time of day beside it may be of. */
function isUnreadDay(tokens: Tokens, phrase: Phrase): boolean {
  // "reply to tuesday's email at 4"
  const isOfNoun = /['’]s$/i.test(at(tokens, phrase.end - 1).raw) && at(tokens, phrase.end).kind === 'word';
  if (phrase.kind === 'recurrence') return !isOfNoun;
  if (phrase.kind === 'unknown') return foreignDays.has(at(tokens, skip(tokens, phrase.start, 'am', 'le')).text);
  return phrase.kind === 'moment' && ['date', 'weekday', 'relative'].includes(phrase.moment.day?.form ?? '');
}
