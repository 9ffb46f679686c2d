import * as words from './clause-words.ts';
import { wordSet } from './word-set.ts';

/** What a remark without a subject or a verb may begin with, and what must follow, so that it is no title. */
interface Remark {
  readonly first: ReadonlySet<string>;
  readonly isFollowed: (second: string, third: string, more: readonly string[]) => boolean;
}

const by = (text: string) => {
  const set = wordSet(text);
  return (second: string) => set.has(second);
};
type Words = ReadonlySet<string> | ((word: string) => boolean);
/** Any word of these. */
const one = (...sets: readonly Words[]) => {
  return (word: string) => sets.some((set) => (typeof set === 'function' ? set(word) : set.has(word)));
};

const isState = one(words.qualities, words.states);
const isNow = one(words.qualities, words.states, words.days, wordSet('home here there noon weekend'));
const isAfterSpell = by('today again ever so lately tonight everyone all this');
const isToday = by('today tonight again lately af');

const remarks: readonly Remark[] = [
  // "feeling sick today", "had a lovely evening", "looks like rain"
  { first: words.leftOut, isFollowed: (second) => second === '' || second === 'like' || words.isLittle(second) },
  { first: words.leftOutPast, isFollowed: words.isLittle },
  { first: words.leftOutPresent, isFollowed: (second) => words.isLittle(second) || second === 'like' },
  {
    first: wordSet('guess wonder hope wish doubt bet idk dunno suppose'),
    isFollowed: (second, third) =>
      second !== '' &&
      (words.isLittle(second) || /^(?:if|what|how|why|when)$/.test(second) || words.auxiliaries.has(third)),
  },
  // "hate this weather", "need more sleep", "back from the gym"
  {
    first: wordSet('love hate miss like enjoy'),
    isFollowed: one(words.days, by('this that these those it you u him her them when how summer winter spring autumn')),
  },
  {
    first: wordSet('need want'),
    isFollowed: (second, third) =>
      /^(?:a|more|some)$/.test(second) &&
      /^(?:sleep|rest|time|energy|motivation|luck|patience|break|nap|hug|holiday|vacation)$/.test(third),
  },
  { first: wordSet('if'), isFollowed: (second, third) => second === 'only' && third !== '' },
  // "only two days until the weekend", "one of those days", "bloody mondays", "hot as hell"
  {
    first: wordSet('only just'),
    isFollowed: (_, third, more) =>
      /^(?:days?|weeks?|hours?|months?)$/.test(third) && /^(?:until|till|to|left)$/.test(more[0] ?? ''),
  },
  { first: wordSet('one'), isFollowed: (second, third) => second === 'of' && third === 'those' },
  { first: wordSet('bloody fucking freaking damn stupid'), isFollowed: one(words.days) },
  {
    first: words.qualities,
    isFollowed: (second, third) => second === 'as' && /^(?:hell|ever|fuck|shit|always)$/.test(third),
  },
  { first: wordSet('back'), isFollowed: by('from') },
  { first: wordSet('up'), isFollowed: by('since early late again') },
  {
    first: wordSet('home'),
    isFollowed: (second, third) => second === 'again' || (second === 'alone' && isToday(third)),
  },
  { first: wordSet('off'), isFollowed: (second, third) => second === 'to' && third !== '' },
  { first: wordSet('just hardly barely'), isFollowed: one(words.leftOutPast, wordSet('got slept made finished')) },
  { first: words.interjections, isFollowed: (second) => second !== '' && !words.isImperative(second) },
  // "can't wait for friday", "don't judge me"
  {
    first: wordSet('cant cannot couldnt'),
    isFollowed: by('wait sleep believe stand complain decide remember find stop think focus concentrate breathe care'),
  },
  { first: wordSet('do'), isFollowed: (second, third) => second === 'not' && isForbidden(third) },
  { first: wordSet('looking'), isFollowed: by('forward') },
  { first: wordSet('on'), isFollowed: (second, third) => /^(?:my|our|the)$/.test(second) && third === 'way' },
  { first: wordSet('same'), isFollowed: by('as old here again') },
  { first: wordSet('never'), isFollowed: (second, third) => second === 'again' && third === '' },
  { first: wordSet('not'), isFollowed: by('my a an the so sure feeling in again bad today too very really what') },
  {
    first: wordSet('nothing'),
    isFollowed: (second, third) =>
      /^(?:planned|happening|new|special|works|helps|going|happened)$/.test(second) || `${second} ${third}` === 'to do',
  },
  // "such a long week", "no time today", "too much work"
  { first: wordSet('such'), isFollowed: (second, third) => second === 'a' && words.qualities.has(third) },
  { first: wordSet('no'), isFollowed: one(words.lacks) },
  {
    first: wordSet('too so'),
    isFollowed: (second, third) => /^(?:much|many)$/.test(second) && words.lacks.has(third),
  },
  // "so tired", "pretty good week"
  {
    first: words.intensifiers,
    isFollowed: (second, third, more) =>
      words.qualities.has(second) && (more.length < 2 || one(words.prepositions, words.pronouns, words.spells)(third)),
  },
  // "still no answer", "almost friday"
  {
    first: wordSet('still'),
    isFollowed: (second) => isState(second) || /^(?:no|not|here|there|at|in|on)$/.test(second),
  },
  { first: words.soon, isFollowed: (second, third) => third === '' && isNow(second) },
  { first: words.moods, isFollowed: by('in at of with about from after by that for') },
  { first: wordSet('glad happy sad relieved'), isFollowed: one(words.pronouns) },
  { first: wordSet('best worst'), isFollowed: (_, third, more) => third === 'ever' || more.at(-1) === 'ever' },
  { first: words.days, isFollowed: (second, third) => /^(?:again|already)$/.test(second) && third === '' },
  // "long day", "tired today", "cold and rainy again"
  {
    first: words.qualities,
    isFollowed: (second, third) =>
      (words.spells.has(second) && (third === '' || isAfterSpell(third))) ||
      (second === 'and' && words.qualities.has(third)) ||
      (isToday(second) && third === ''),
  },
];

const isForbidden = by(
  'be worry laugh judge panic cry ask lie shout hurry mind stop start you know care think like even tell feel want have need understand see',
);

/** Without a subject, or without a verb: "so tired", "feeling sick today", "can't wait for friday", "almost friday". */
export function isRemark([first = '', second = '', third = '', ...more]: readonly string[]): boolean {
  // "monday mornings, ugh"
  const last = more.at(-1) ?? third;
  if (words.interjections.has(last) && !words.isImperative(first)) return true;
  return remarks.some((remark) => remark.first.has(first) && remark.isFollowed(second, third, more));
}
