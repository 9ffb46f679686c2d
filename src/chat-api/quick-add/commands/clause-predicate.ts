import { afterAdverbs, type Word } from './clause-tokens.ts';
import * as words from './clause-words.ts';
import { wordSet } from './word-set.ts';

/**
 * What a sentence with a subject and a finite verb says. A statement asks for nothing, whatever its date; an event is a
 * task if it has a date, and else a statement; a thing to do is a task.
 */
export type Clause = 'statement' | 'event' | 'thing to do';

/** What the verb and the words behind it say of the subject: a pronoun, or "the" for a thing, "day" or "name". */
export function predicate(said: readonly Word[], start: number, verb: number, subject: string): Clause | undefined {
  const word = (index: number) => said[index]?.text ?? '';
  const v = word(verb);
  const between = said.slice(start, verb).some(({ text }) => words.habits.has(text));
  const at = afterAdverbs(said, verb + 1);
  const next = word(at);
  const isNegated = said.slice(verb + 1, at).some(({ text }) => text === 'not');
  const isNamed = subject === 'name';
  if (v === 'used' && next === 'to') return 'statement';
  // "I'd love to but I can't"
  if (next === 'to' && /^(?:but|,|)$/.test(word(at + 1))) return 'statement';
  if (words.intentions.has(v) && next === 'to' && (words.have.has(v) || v === 'got' || !isNamed)) return 'thing to do';
  if (between) return 'statement';
  // "there's so much to do"
  if (words.be.has(v) && subject === 'there' && /^(?:so|too|no|not|such)$/.test(word(verb + 1))) return 'statement';
  if (words.be.has(v)) return isNegated && next !== 'due' ? 'statement' : ofBe(said, at, subject);
  if (words.have.has(v)) return isNamed ? undefined : ofHave(said, verb, at, isNegated);
  if (v === 'will' || v === 'shall') return isNamed && next !== 'be' ? undefined : ofWill(said, at, subject);
  if (v === 'would' && (next === 'better' || word(verb + 1) === 'better')) return 'thing to do';
  if (v === 'would' && /^(?:like|love|prefer)$/.test(next) && words.doers.has(subject))
    return word(at + 1) === 'to' ? 'thing to do' : 'event';
  if (v === 'had' && (next === 'better' || word(verb + 1) === 'better')) return 'thing to do';
  if (words.obligations.has(v)) return isNamed ? undefined : ofObligation(said, at, v, subject, isNegated);
  // "trash can", "Zip may 5"
  if (isNamed && (v === 'can' || v === 'may') && !isNegated) return undefined;
  if (v === 'could' && next === 'do' && word(at + 1) === 'with') return 'thing to do';
  if (words.possibilities.has(v)) return /^(?:forget|miss)$/.test(next) && isNegated ? 'thing to do' : 'statement';
  if (v === 'do' || v === 'does') return isNegated ? 'statement' : words.doers.has(subject) ? 'event' : undefined;
  if (v === 'did') return 'statement';
  if (isNamed) return ofName(said, verb, at);
  // "our lost property"
  if (words.participles.has(v) && subject === 'the' && !words.isLittle(next)) return undefined;
  if (words.past.has(v)) return 'statement';
  // "the letter addressed to Anna" is a thing.
  if (words.isRegularPast(v))
    return subject === 'the' && (verb === start + 1 || next === 'to' || verb - start > 4) ? undefined : 'statement';
  if (/^(?:read|see|hear|notice)$/.test(v) && next === 'that') return 'statement';
  if (v === 'see' || v === 'sees') return 'event';
  if (v === 'work' && /^(?:from|as)$/.test(next)) return 'statement';
  if (v === 'look' || v === 'looks' || v === 'care')
    return /^(?:after|for|at)$/.test(next) ? 'event' : v === 'care' && subject === 'the' ? undefined : 'statement';
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
  const isPerson = words.persons.has(subject);
  const noun = /^(?:the|an?|my|our|his|her|their|your)$/.test(next) ? afterAdverbs(said, at + 1) : at;
  if (next === 'going' && word(at + 1) === 'to') {
    const what = word(at + 2);
    if (/^(?:be|have|need|hate|love|miss|rain|snow|hurt|suck|feel|die|cry|take|get|regret)$/.test(what))
      return 'statement';
    if (words.isImperative(what) || /^[a-z]+$/.test(what))
      return words.doers.has(subject) && !words.determiners.has(what) ? 'thing to do' : 'event';
  }
  if (words.intentions.has(next) && (word(at + 1) === 'to' || next === 'due')) return 'thing to do';
  if (next === 'to' && subject !== 'day') return 'thing to do';
  if (/^(?:out|low|short)$/.test(next) && /^(?:of|on)$/.test(word(at + 1)))
    return isThingOf(word(at + 2)) ? 'thing to do' : 'statement';
  if (next === 'running' && /^(?:late|behind|around|away)$/.test(word(at + 1))) return 'statement';
  if (next === 'driving') return /^(?:me|us|him|her|them)$/.test(word(at + 1)) ? 'statement' : 'event';
  if (next === 'working')
    return /^(?:from|at|on)$/.test(word(at + 1)) && word(at + 2) === 'home' ? 'statement' : 'event';
  if (subject === 'day' && /^an?$/.test(word(at - 1))) return 'statement';
  // "grandma is 90", "it is my birthday"
  if (/^\d+$/.test(next) && /^(?:|years?|today|now|already|degrees|percent|old)$/.test(word(at + 1)))
    return 'statement';
  if (next === 'my' && word(at + 1) === 'birthday') return 'statement';
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
  if ((subject === 'name' || subject === 'the') && isLikeness(next, word(at + 1))) return 'statement';
  if (subject === 'name' || subject === 'the' || subject === 'day')
    return /^(?:been|being|like|no|nothing|nobody|everything|all|almost|nearly)$/.test(next) ? 'statement' : 'event';
  if (subject === 'there') return words.conditions.has(next) ? 'statement' : 'event';
  if (next.endsWith('ing')) return 'event';
  if (/^(?:that|this|these|those)$/.test(subject) && noun > at) return 'statement';
  if (isPerson) return /^(?:meeting|seeing|hosting|babysitting)$/.test(next) ? 'event' : 'statement';
  return 'event';
}

/** One word more, which is no time and no passive: "money is tight this month"; but "lunch is ready at 1". */
function isLikeness(word: string, behind: string): boolean {
  const isOther = words.isLittle(word) || /(?:ed|en|ing)$/.test(word) || timely.has(word);
  return !isOther && /^[a-z]+$/.test(word) && words.isLittle(behind);
}

const timely = wordSet(
  'daily weekly monthly yearly quarterly hourly biweekly fortnightly annual annually ready open closed over live due booked sold sent paid noon midnight bin rent next last this lunch dinner breakfast early late',
);

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
    words.isRegularPast(next) ||
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
    return word(at + 1) === 'to' ? 'thing to do' : words.doers.has(subject) ? 'event' : 'statement';
  if (next === 'be') {
    const what = word(afterAdverbs(said, at + 1));
    if (words.persons.has(subject) || subject === 'day')
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
      words.isRegularPast(behind));
  if (isOver) return 'statement';
  if (/^(?:want|wants)$/.test(verb) && isNegated) return 'statement';
  const isGuess =
    /^(?:must|should|shall)$/.test(verb) &&
    !words.doers.has(subject) &&
    /^(?:be|work|help|feel|know|see|do)$/.test(next);
  const isTimed = next === 'be' && (words.qualities.has(behind) || words.states.has(behind));
  if (isGuess && (words.pronouns.has(subject) || isTimed))
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
    const isAlone = verb === 1 || (verb === 3 && said[1]!.text === 'and');
    return isAlone &&
      said[at] !== undefined &&
      !/^(?:of|for)$/.test(next) &&
      (!words.participles.has(v) || words.isLittle(next))
      ? 'statement'
      : undefined;
  }
  if (/^(?:reckons|thinks|believes|hopes|knows|hates|loves|likes|says|feels|looks|seems)$/.test(v))
    return verb === 1 && said[at] !== undefined ? 'statement' : undefined;
  const isCounted = /^\d|^(?:two|three|four|five)$/.test(said[0]!.text) || words.qualities.has(said[0]!.text);
  return words.isEvent(v) && v.endsWith('s') && verb <= 2 && !isCounted ? 'event' : undefined;
}
