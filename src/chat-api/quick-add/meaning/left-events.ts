import { at, isGlued, skip } from '../grammar/token.ts';
import { conditionals, pronouns, reportingVerbs } from '../vocabulary/title-words.ts';
import type { ReadLeft } from './read-left.ts';

/*
 * Events and conditions beside a date, which no date is reckoned from.
 */

/** "tomorrow after the meeting", "after church tomorrow", "before the trial ends on jan 3"; "b4 trip"; but "look after the dog" */
const besideEvent: ReadLeft = (tokens, index, { ends, hasMeant }) => {
  const isShort = at(tokens, index).text === 'b' && isGlued(tokens, index + 1, '4');
  const isSaid = isShort || (eventWords.has(at(tokens, index).text) && !lookers.has(at(tokens, index - 1).text));
  if (!hasMeant || !isSaid) return undefined;
  const whose = skip(tokens, isShort ? index + 2 : index + 1, 'the', 'my', 'our', 'his', 'her', 'their', 'a', 'an');
  const { kind, text } = at(tokens, whose);
  const isEvent = kind === 'word' && !pronouns.has(text);
  return isEvent || (ends.has(index) && whose > index + 1) ? whose + 1 : undefined;
};

const eventWords: ReadonlySet<string> = new Set(['after', 'before', 'during', 'until', 'till', 'til']);
const lookers: ReadonlySet<string> = new Set(['look', 'looking', 'named', 'run', 'ask', 'clean', 'tidy', 'go']);

/** "every day while I am away", "friday but one", "daily besides sundays" */
const condition: ReadLeft = (tokens, index, { ends, isRecurring }) => {
  const { text } = at(tokens, index);
  const isElse = text === 'or' && conditions.has(at(tokens, index + 1).text);
  // "every monday that is a holiday"
  const isRelative = ['that', 'which', 'where'].includes(text) && relativeVerbs.has(at(tokens, index + 1).text);
  const isSaid = text === 'but' || (isRecurring && (conditions.has(text) || isElse || isRelative));
  return ends.has(index) && isSaid && at(tokens, index + 1).kind !== 'end' ? index + 2 : undefined;
};

const relativeVerbs: ReadonlySet<string> = new Set(
  'is are has have was were falls fall i we they he she you it does do comes suits'.split(' '),
);

const conditions: ReadonlySet<string> = new Set([...conditionals, 'bar', 'besides', 'save', 'minus', 'apart']);

/** "tomorrow when I get home", "friday if it rains"; but "ask Ann if she comes tomorrow" */
const conditionOfDate: ReadLeft = (tokens, index, { ends, hasMeant }) => {
  const isSaid = hasMeant && conditionals.has(at(tokens, index).text) && at(tokens, index + 1).kind === 'word';
  const isReported = tokens
    .slice(Math.max(0, index - 3), index)
    .some(({ text }, place, near) => reportingVerbs.has(text) || (text === 'see' && place === near.length - 1));
  return isSaid && (ends.has(index) || !isReported) ? index + 2 : undefined;
};

/** "every. single. monday", "wednesday instead", "either day": words that turn a date into another one */
const turningWord: ReadLeft = (tokens, index, { hasMeant }) => {
  const isSaid = hasMeant && turning.has(at(tokens, index).text) && at(tokens, index).kind === 'word';
  const isReplaced = ['of', 'than'].includes(at(tokens, index + 1).text);
  if (!isSaid || isReplaced) return undefined;
  return at(tokens, index + 1).kind === 'word' ? index + 2 : index + 1;
};

const turning: ReadonlySet<string> = new Set(
  'every each either neither nor instead rather except excluding unless since until till'.split(' '),
);

export const eventReaders: readonly ReadLeft[] = [condition, besideEvent, conditionOfDate, turningWord];
