import * as words from './clause-words.ts';
import { wordSet } from './word-set.ts';

/** Without a subject, or without a verb: "so tired", "feeling sick today", "can't wait for friday", "almost friday". */
export function isRemark([first = '', second = '', third = '', ...more]: readonly string[]): boolean {
  const isLittle = (word: string) =>
    word === '' ||
    [words.adverbs, words.qualities, words.prepositions, words.determiners, words.pronouns].some((set) =>
      set.has(word),
    );
  if (words.leftOut.has(first)) return isLittle(second) || second === 'like';
  if (words.leftOutPast.has(first)) return second !== '' && isLittle(second);
  if (words.leftOutPresent.has(first)) return second !== '';
  if (words.interjections.has(first)) return second !== '' && !words.isImperative(second);
  if (/^(?:cant|cannot|couldnt)$/.test(first)) return isInability.has(second);
  if (first === 'looking') return second === 'forward';
  if (first === 'on') return /^(?:my|our|the)$/.test(second) && third === 'way';
  if (first === 'same') return /^(?:as|old|here|again)$/.test(second);
  if (first === 'not') return isDenied.has(second);
  if (first === 'do' && second === 'not') return isForbidden.has(third);
  if (first === 'nothing')
    return (
      /^(?:planned|happening|new|special|works|helps|going|happened)$/.test(second) || `${second} ${third}` === 'to do'
    );
  if (first === 'such') return second === 'a' && words.qualities.has(third);
  if (first === 'no' || /^(?:too|so) (?:much|many)$/.test(`${first} ${second}`))
    return words.lacks.has(first === 'no' ? second : third);
  if (words.intensifiers.has(first) && words.qualities.has(second))
    return more.length < 2 || words.prepositions.has(third) || words.pronouns.has(third);
  if (words.soon.has(first)) return isSoon(first, second, third);
  if (words.moods.has(first) && /^(?:in|at|of|with|about|from|after|by|that)$/.test(second)) return true;
  if (/^(?:best|worst)$/.test(first)) return more.at(-1) === 'ever' || third === 'ever';
  if (words.days.has(first)) return /^(?:again|already)$/.test(second) && third === '';
  if (!words.qualities.has(first)) return false;
  if (words.spells.has(second))
    return third === '' || /^(?:today|again|ever|so|lately|tonight|everyone|all)$/.test(third);
  return /^(?:today|tonight|again|lately|af)$/.test(second) && third === '';
}

const isInability = wordSet(
  'wait sleep believe stand complain decide remember find stop think focus concentrate breathe care',
);
const isForbidden = wordSet(
  'be worry laugh judge panic cry ask lie shout hurry mind stop start you know care think like even tell feel want have need understand see',
);
const isDenied = wordSet('my a an the so sure feeling in again bad today too very really what');

/** "finally home", "still waiting for Tom", "already friday" */
function isSoon(first: string, second: string, third: string): boolean {
  if (first === 'still')
    return /^(?:no|not|here|there|at|in|on)$/.test(second) || words.states.has(second) || words.qualities.has(second);
  const isNow =
    words.days.has(second) ||
    words.qualities.has(second) ||
    words.states.has(second) ||
    /^(?:home|here|there|noon|weekend)$/.test(second);
  return isNow && third === '';
}
