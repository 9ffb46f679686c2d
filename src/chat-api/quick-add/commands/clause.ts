import { own } from '../own.ts';
import * as words from './clause-words.ts';
import { wordSet } from './word-set.ts';

/**
 * What a sentence with a subject and a finite verb says. A statement asks for nothing, whatever its date; an event is a
 * task if it has a date, and else a statement; a thing to do is a task.
 */
export type Clause = 'statement' | 'event' | 'thing to do';

interface Word {
  /** In small letters and without apostrophes. */
  readonly text: string;
  /** Whether it is written as names and titles are. */
  readonly isName: boolean;
}

const contractions: Readonly<Record<string, string>> = {
  ...{
    im: 'i am',
    ive: 'i have',
    dont: 'do not',
    doesnt: 'does not',
    didnt: 'did not',
    isnt: 'is not',
    arent: 'are not',
  },
  ...{
    hasnt: 'has not',
    havent: 'have not',
    youre: 'you are',
    theyre: 'they are',
    youve: 'you have',
    theyve: 'they have',
  },
  ...{
    weve: 'we have',
    thats: 'that is',
    theres: 'there is',
    hes: 'he is',
    shes: 'she is',
    gonna: 'going to',
    u: 'you',
  },
  ...{
    shouldnt: 'should not',
    mustnt: 'must not',
    neednt: 'need not',
    whats: 'what is',
    aint: 'is not',
    ima: 'i will',
  },
  ...{
    youd: 'you would',
    theyd: 'they would',
    youll: 'you will',
    theyll: 'they will',
    itll: 'it will',
    thatll: 'that will',
  },
};
const withApostrophe: Readonly<Record<string, string>> = {
  ...{
    "we're": 'we are',
    "i'll": 'i will',
    "we'll": 'we will',
    "he'll": 'he will',
    "she'll": 'she will',
    "i'd": 'i would',
  },
  ...{
    "we'd": 'we would',
    "he'd": 'he would',
    "she'd": 'she would',
    "it's": 'it is',
    "let's": 'let us',
    "it'd": 'it would',
  },
};

const mostWords = 40;

function wordsOf(text: string): readonly Word[] {
  const said = text.match(/[\p{L}\p{M}\p{N}\uFFFC][\p{L}\p{M}\p{N}'’-]*|[,;:.!?…–(]/gu) ?? [];
  return said.slice(0, mostWords).flatMap((raw, index) => {
    const plain = raw.toLowerCase().replaceAll('’', "'");
    const bare = plain.replaceAll("'", '');
    const isName = index > 0 && /^\p{Lu}/u.test(raw) && !/^I(?:['’]|$)/.test(raw) && !/^\p{Lu}{2,}$/u.test(raw);
    const isOfIt = bare === 'its' && isLikeness(said[index + 1]?.toLowerCase() ?? '');
    const full = isOfIt ? 'it is' : (own(withApostrophe, plain) ?? own(contractions, bare));
    return (full?.split(' ') ?? [possessive(plain)]).map((part) => ({ text: part, isName }));
  });
}

/** "its cold", but "its battery" */
const isLikeness = (word: string) => words.adverbs.has(word) || words.qualities.has(word) || words.states.has(word);

/** "Anna's" stays what it is, "my dad's car": the mark of the genitive is no verb. */
const possessive = (plain: string) => plain.replace(/'(?=\w+$)/, '’').replace(/’(?=(?:t|ve|re|ll|d|m)$)/, '');

const pronouns = wordSet(
  'i we you he she it they this that these those there everybody everyone nobody someone somebody nothing something everything noone',
);
const persons = wordSet('i we you he she they everybody everyone nobody someone somebody');
const doers = wordSet('i we');
const determiners = wordSet(
  'the my our your his her their its dis this that these those a an some no every most all both another',
);
const days =
  wordSet(`today tomorrow yesterday tonight monday tuesday wednesday thursday friday saturday sunday mondays tuesdays wednesdays thursdays
  fridays saturdays sundays weekends christmas easter january february march april may june july august september october november december`);
const auxiliaries = wordSet(
  'am is are was were have has had do does did can could will would might may must should shall cannot cant wont',
);
/** A clause of its own within the subject; or none at all: "the book that Tom said", "the way to go". */
const subordinate = wordSet(
  'who whom whose which that where when why how if whether to what because while until unless i we you he she they , ; : . ! ? … – (',
);
const prepositions = wordSet(
  'on at in from until till by for with to of off under over near behind around after before between into about during through inside outside away back home here there upstairs downstairs out up',
);
const introductions =
  wordSet(`ugh well oh so and but ok okay yes yeah no hmm sadly unfortunately luckily fortunately honestly actually apparently maybe
  perhaps probably basically frankly anyway also then now sometimes lately finally btw fyi because since today yesterday tonight tomorrow
  usually man wow damn god thankfully obviously clearly seriously hopefully still again just yet last this next night week morning afternoon evening
  month year weekend , ! . … –`);

/** What the sentence says; undefined if it does not begin with a subject and a verb that belongs to it. */
export function readClause(text: string): Clause | undefined {
  const said = wordsOf(text);
  if (isRemark(said.map((word) => word.text))) return 'statement';
  for (let start = 0; start < Math.min(said.length, 5); start++) {
    const clause = clauseAt(said, start);
    // "maybe I'll go to the gym"
    if (clause) return said.slice(0, start).some(({ text }) => words.habits.has(text)) ? 'statement' : clause;
    if (!introductions.has(said[start]!.text)) return undefined;
  }
  return undefined;
}

/** Without a subject, or without a verb: "so tired", "feeling sick today", "can't wait for friday", "almost friday". */
function isRemark([first = '', second = '', third = '', ...more]: readonly string[]): boolean {
  const isLittle = (word: string) =>
    word === '' || [words.adverbs, words.qualities, prepositions, determiners, pronouns].some((set) => set.has(word));
  if (words.leftOut.has(first)) return isLittle(second) || second === 'like';
  if (words.leftOutPast.has(first)) return second !== '' && isLittle(second);
  if (words.leftOutPresent.has(first)) return second !== '';
  if (words.interjections.has(first)) return second !== '' && !words.isImperative(second);
  if (/^(?:cant|cannot|couldnt)$/.test(first)) return isInability.has(second);
  if (first === 'looking') return second === 'forward';
  if (first === 'on') return /^(?:my|our|the)$/.test(second) && third === 'way';
  if (first === 'same') return /^(?:as|old|here|again)$/.test(second);
  if (first === 'not') return isDenied.has(second);
  if (first === 'such') return second === 'a' && words.qualities.has(third);
  if (first === 'no' || /^(?:too|so) (?:much|many)$/.test(`${first} ${second}`))
    return words.lacks.has(first === 'no' ? second : third);
  if (words.intensifiers.has(first) && words.qualities.has(second))
    return more.length < 2 || prepositions.has(third) || pronouns.has(third);
  if (words.soon.has(first)) return isSoon(first, second, third);
  if (words.moods.has(first) && /^(?:in|at|of|with|about|from|after|by|that)$/.test(second)) return true;
  if (/^(?:best|worst)$/.test(first)) return more.at(-1) === 'ever' || third === 'ever';
  if (days.has(first)) return /^(?:again|already)$/.test(second) && third === '';
  if (!words.qualities.has(first)) return false;
  if (words.spells.has(second))
    return third === '' || /^(?:today|again|ever|so|lately|tonight|everyone|all)$/.test(third);
  return /^(?:today|tonight|again|lately|af)$/.test(second) && third === '';
}

const isInability = wordSet(
  'wait sleep believe stand complain decide remember find stop think focus concentrate breathe care',
);
const isDenied = wordSet('my a an the so sure feeling in again bad today too very really what');

/** "finally home", "still waiting for Tom", "already friday" */
function isSoon(first: string, second: string, third: string): boolean {
  if (first === 'still')
    return /^(?:no|not|here|there|at|in|on)$/.test(second) || words.states.has(second) || words.qualities.has(second);
  const isNow =
    days.has(second) ||
    words.qualities.has(second) ||
    words.states.has(second) ||
    /^(?:home|here|there|noon|weekend)$/.test(second);
  return isNow && third === '';
}

function clauseAt(said: readonly Word[], start: number): Clause | undefined {
  const word = (index: number) => said[index]?.text ?? '';
  const first = word(start);
  const isFinite = (index: number) => isVerb(said, index);
  if (pronouns.has(first)) {
    const verb = afterAdverbs(said, start + 1);
    const isSubject = !said[verb]?.isName && (isFinite(verb) || (doesOnly.has(first) && isPlainVerb(word(verb))));
    if (isSubject) return predicate(said, start, verb, first);
  }
  const nounAt = determiners.has(first) ? start + 1 : start;
  const isDay =
    days.has(first) ||
    /^(?:last|this|next) (?:week|month|year|night|weekend|morning|evening|\w+day)$/.test(`${first} ${word(start + 1)}`);
  if (!determiners.has(first) && !isDay && words.isImperative(first) && !isCopula.has(word(start + 1)))
    return undefined;
  const most = determiners.has(first) ? 8 : isDay ? 3 : 3;
  for (let verb = nounAt + 1; verb <= nounAt + most && verb < said.length; verb++) {
    if (subordinate.has(word(verb)) && verb > start) return undefined;
    const before = word(verb - 1);
    if (!isFinite(verb) || (prepositions.has(before) && verb - 1 > nounAt) || said[verb]!.isName) continue;
    return predicate(said, start, verb, determiners.has(first) ? 'the' : isDay ? 'day' : 'name');
  }
  return undefined;
}

/** "work was hell", though "work" may be what is to be done. */
const isCopula = wordSet('was were is are sucks sucked rocks');

/** With these, any verb is one: "I feed the cat"; "it audit" is none. */
const doesOnly = wordSet('i we you they everybody everyone someone nobody he she');
const isPlainVerb = (word: string) =>
  /^[a-z]{2,}$/.test(word) && !determiners.has(word) && !pronouns.has(word) && !prepositions.has(word);

function afterAdverbs(said: readonly Word[], from: number): number {
  let index = from;
  while (index < said.length - 1 && words.adverbs.has(said[index]!.text)) index++;
  return index;
}

function isVerb(said: readonly Word[], index: number): boolean {
  const { text } = said[index] ?? { text: '' };
  if (text === 'am') return said[index - 1]?.text === 'i' || words.adverbs.has(said[index - 1]?.text ?? '');
  if (text === 'may' && /^(?:\d|the$)/.test(said[index + 1]?.text ?? '')) return false;
  return (
    auxiliaries.has(text) ||
    text === 'will' ||
    words.past.has(text) ||
    words.possibilities.has(text) ||
    words.isThirdPersonStance(text) ||
    words.obligations.has(text) ||
    words.stances.has(text) ||
    words.isEvent(text) ||
    isRegularPast(text)
  );
}

const isRegularPast = (word: string) => word.length > 4 && word.endsWith('ed') && !words.notPast.has(word);

/** What the verb and the words behind it say of the subject: a pronoun, or "the" for a thing, "day" or "name". */
function predicate(said: readonly Word[], start: number, verb: number, subject: string): Clause | undefined {
  const word = (index: number) => said[index]?.text ?? '';
  const v = word(verb);
  const between = said.slice(start, verb).some(({ text }) => words.habits.has(text));
  const at = afterAdverbs(said, verb + 1);
  const next = word(at);
  const isNegated = said.slice(verb + 1, at).some(({ text }) => text === 'not');
  const isNamed = subject === 'name';
  if (words.intentions.has(v) && next === 'to' && (words.have.has(v) || v === 'got' || !isNamed)) return 'thing to do';
  if (between) return 'statement';
  if (words.be.has(v)) return isNegated && next !== 'due' ? 'statement' : ofBe(said, at, subject);
  if (words.have.has(v)) return isNamed ? undefined : ofHave(said, verb, at, isNegated);
  if (v === 'will' || v === 'shall') return isNamed && next !== 'be' ? undefined : ofWill(said, at, subject);
  if (v === 'would' && (next === 'better' || word(verb + 1) === 'better')) return 'thing to do';
  if (v === 'would' && /^(?:like|love|prefer)$/.test(next) && doers.has(subject))
    return word(at + 1) === 'to' ? 'thing to do' : 'event';
  if (v === 'had' && (next === 'better' || word(verb + 1) === 'better')) return 'thing to do';
  if (words.obligations.has(v)) return isNamed ? undefined : ofObligation(said, at, v, subject, isNegated);
  // "trash can", "Zip may 5"
  if (isNamed && (v === 'can' || v === 'may') && !isNegated) return undefined;
  if (words.possibilities.has(v)) return /^(?:forget|miss)$/.test(next) && isNegated ? 'thing to do' : 'statement';
  if (v === 'do' || v === 'does') return isNegated ? 'statement' : doers.has(subject) ? 'event' : undefined;
  if (v === 'did') return 'statement';
  if (isNamed) return ofName(said, verb, at);
  if (words.past.has(v)) return 'statement';
  // "the letter addressed to Anna" is a thing.
  if (isRegularPast(v))
    return subject === 'the' && (verb === start + 1 || next === 'to' || verb - start > 4) ? undefined : 'statement';
  if (v === 'see' || v === 'sees') return 'event';
  if (v === 'work' && /^(?:from|as)$/.test(next)) return 'statement';
  if (v === 'look' || v === 'looks' || v === 'care') return /^(?:after|for|at)$/.test(next) ? 'event' : 'statement';
  if (words.stances.has(v)) return subject === 'the' && !isPlural(word(verb - 1)) ? undefined : 'statement';
  if (words.isEvent(v) && !words.isThirdPersonStance(v)) return eventOrNoun(said, start, verb, subject);
  if (words.isThirdPersonStance(v)) {
    const isDone = words.isEvent(v) && !words.qualities.has(next);
    return isDone ? eventOrNoun(said, start, verb, subject) : 'statement';
  }
  return 'event';
}

/** "the school run", "my work": an uncertain verb behind a noun needs its -s, or a plural before it. */
function eventOrNoun(said: readonly Word[], start: number, verb: number, subject: string): Clause | undefined {
  if (subject !== 'the' && subject !== 'day') return 'event';
  const { text } = said[verb]!;
  const isSingular = text.endsWith('s') && !text.endsWith('ss');
  if (verb === said.length - 1 && verb - start < 3)
    return isSingular && !isPlural(said[verb - 1]!.text) ? 'event' : undefined;
  return isSingular !== isPlural(said[verb - 1]!.text) ? 'event' : undefined;
}

const isPlural = (word: string) =>
  (/s$/.test(word) && !/(?:ss|us|is)$/.test(word)) || /^(?:people|children|men|women|kids|parents)$/.test(word);

function ofBe(said: readonly Word[], at: number, subject: string): Clause | undefined {
  const word = (index: number) => said[index]?.text ?? '';
  const next = word(at);
  const isPerson = persons.has(subject);
  const noun = /^(?:the|an?|my|our|his|her|their|your)$/.test(next) ? afterAdverbs(said, at + 1) : at;
  if (next === 'going' && word(at + 1) === 'to') {
    const what = word(at + 2);
    if (/^(?:be|have|need|hate|love|miss|rain|snow|hurt|suck|feel|die|cry|take|get|regret)$/.test(what))
      return 'statement';
    if (words.isImperative(what) || /^[a-z]+$/.test(what))
      return doers.has(subject) && !determiners.has(what) ? 'thing to do' : 'event';
  }
  if (words.intentions.has(next) && (word(at + 1) === 'to' || next === 'due')) return 'thing to do';
  if (next === 'to' && subject !== 'day') return 'thing to do';
  if (/^(?:out|low|short)$/.test(next) && /^(?:of|on)$/.test(word(at + 1)))
    return isThingOf(word(at + 2)) ? 'thing to do' : 'statement';
  if (next === 'running' && /^(?:late|behind|around|away)$/.test(word(at + 1))) return 'statement';
  if (next === 'having')
    return words.conditions.has(lastOf(said, at + 1, 4)) || words.qualities.has(word(at + 2)) ? 'statement' : 'event';
  if (next === 'getting' && /^(?:married|divorced|my|the|a|an|our|new|ready)$/.test(word(at + 1))) return 'event';
  if (
    /^(?:looking|working|talking|listening|trying|making|watching)$/.test(next) &&
    /^(?:after|at|the|dinner|lunch)$/.test(word(at + 1))
  )
    return 'event';
  const isJudged =
    words.qualities.has(next) ||
    words.states.has(next) ||
    words.verdicts.has(word(noun)) ||
    words.qualities.has(word(noun));
  // "the gym is early tomorrow", "tomorrow is the last day": when it is.
  if (isJudged) return 'statement';
  if (subject === 'name' || subject === 'the' || subject === 'day')
    return /^(?:been|being|like|no|nothing|nobody|everything|all|almost|nearly)$/.test(next) ? 'statement' : 'event';
  if (subject === 'there') return words.conditions.has(next) ? 'statement' : 'event';
  if (next.endsWith('ing')) return 'event';
  if (/^(?:that|this|these|those)$/.test(subject) && noun > at) return 'statement';
  if (isPerson) return /^(?:meeting|seeing|hosting|babysitting)$/.test(next) ? 'event' : 'statement';
  return 'event';
}

/** "out of milk" is to be bought; nobody buys ideas. */
const isThingOf = (word: string) =>
  !/^(?:office|town|control|breath|time|luck|ideas|patience|energy|here|order|touch|my|your|his|her|their|it|this|that|shape|place|words|sight|bounds|question|way|country|sick)$/.test(
    word,
  );

function lastOf(said: readonly Word[], from: number, most: number): string {
  return said.slice(from, from + most).find(({ text }) => words.conditions.has(text))?.text ?? '';
}

function ofHave(said: readonly Word[], verb: number, at: number, isNegated: boolean): Clause | undefined {
  const word = (index: number) => said[index]?.text ?? '';
  const next = word(at);
  if (next === 'got') return word(at + 1) === 'to' ? 'thing to do' : ofHave(said, at, at + 1, isNegated);
  if (next === 'to') return 'thing to do';
  if (isNegated) return 'statement';
  const isPerfect =
    words.past.has(next) ||
    isRegularPast(next) ||
    /^(?:been|done|gone|seen|given|taken|eaten|known|written|driven|forgotten|broken|had|run|come|become|begun|put|set|cut|let|read|drunk|fallen|flown|grown|hidden|ridden|risen|spoken|stolen|worn|chosen|frozen|sung|swum|thrown|woken|started)$/.test(
      next,
    );
  if (isPerfect) return 'statement';
  const isCondition = said
    .slice(verb + 1, at + 4)
    .some(({ text }, index) => words.conditions.has(text) && (text !== 'time' || index < 4));
  return isCondition || /^(?:two|three|four|five|six|\d+)$/.test(next) ? 'statement' : 'event';
}

function ofWill(said: readonly Word[], at: number, subject: string): Clause | undefined {
  const word = (index: number) => said[index]?.text ?? '';
  const next = word(at);
  if (next === 'have' || next === 'need')
    return word(at + 1) === 'to' ? 'thing to do' : doers.has(subject) ? 'event' : 'statement';
  if (next === 'be') {
    const what = word(afterAdverbs(said, at + 1));
    if (persons.has(subject) || subject === 'day')
      return what.endsWith('ing') && !words.states.has(what) ? 'event' : 'statement';
    return ofBe(said, afterAdverbs(said, at + 1), subject);
  }
  if (/^(?:not|never)$/.test(word(at - 1))) return 'statement';
  return words.stances.has(next) || /^(?:try|manage|survive|sure|probably)$/.test(next) ? 'statement' : 'event';
}

function ofObligation(said: readonly Word[], at: number, verb: string, subject: string, isNegated: boolean): Clause {
  const [next, behind] = [said[at]?.text ?? '', said[at + 1]?.text ?? ''];
  // "I should have gone", "it must have been"
  const isOver =
    next === 'have' &&
    (behind === 'been' ||
      behind === 'gone' ||
      behind === 'known' ||
      behind === 'done' ||
      words.past.has(behind) ||
      isRegularPast(behind));
  if (isOver) return 'statement';
  if (/^(?:want|wants)$/.test(verb) && isNegated) return 'statement';
  const isGuess =
    /^(?:must|should|shall)$/.test(verb) && !doers.has(subject) && /^(?:be|work|help|feel|know|see|do)$/.test(next);
  const isTimed = next === 'be' && (words.qualities.has(behind) || words.states.has(behind));
  if (isGuess && (pronouns.has(subject) || isTimed))
    return subject === 'it' && !isTimed && next === 'be' ? 'event' : 'statement';
  return 'thing to do';
}

/** Bare nouns are subjects of few verbs: "work sucks", "lunch was great", "Bob said hi". */
function ofName(said: readonly Word[], verb: number, at: number): Clause | undefined {
  const v = said[verb]!.text;
  if (/^(?:was|were|wasnt|werent|had|went|felt)$/.test(v)) return 'statement';
  if (/^(?:suck|sucks|sucked|rock|rocks|rocked|stinks|stink|hurts|rules|ruled|bores|annoys)$/.test(v))
    return 'statement';
  if (
    /^(?:said|told|thought|knew|forgot|came|got|took|gave|lost|won|ate|fell|broke|ran|drank|slept|wrote|woke|made|called|asked|left)$/.test(
      v,
    )
  ) {
    const next = said[at]?.text ?? '';
    return verb === 1 && said[at] !== undefined && !/^(?:of|for)$/.test(next) ? 'statement' : undefined;
  }
  return words.isEvent(v) && v.endsWith('s') && verb <= 2 ? 'event' : undefined;
}
