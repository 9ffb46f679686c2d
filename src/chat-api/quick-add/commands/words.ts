import { wordSet } from './word-set.ts';

/** A table of words as part of a pattern: any one of them, as a whole. */
export function anyOf(text: string): string {
  return String.raw`(?:${[...wordSet(text)].join('|')})\b`;
}

/**
 * Words that begin what is said of a thing, or is asked or told about it, so that the rest is no statement: "check if the
 * report is done", "tell Ann that the party is off".
 */
const reporting = 'if when check tell ask see find learn explain hear confirm say write mention make until what';

/** Part of a pattern: no such word comes next. */
export const notReported = String.raw`(?!${anyOf(reporting)})`;

const nameWord = String.raw`(?!${anyOf('to for from with of in on at and or into by about be can will i it that this there here we you he she they')})[\p{L}\p{N}\uFFFC'’-]+`;

/** Part of a pattern with the flag `u`: a short name of a task, such as "tax return" or "the long tax return". */
export const shortName = String.raw`(?:(?:the|my|our)\s+(?:${nameWord}\s+){0,2}?${nameWord}|(?:${nameWord}\s+)?${nameWord})`;
