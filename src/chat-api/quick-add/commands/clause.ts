import { isRemark } from './bare-remark.ts';
import { predicate, type Clause } from './clause-predicate.ts';
import { afterAdverbs, wordsOf, type Word } from './clause-tokens.ts';
import * as words from './clause-words.ts';
import { wordSet } from './word-set.ts';

/** A clause of its own within the subject; or none at all: "the book that Tom said", "the way to go". */
const subordinate = wordSet(
  'who whom whose which that where when why how if whether to what because while until unless it i we you he she they , ; : . ! ? … – (',
);
/** These have a noun behind them, so that no verb follows. */
const leading = wordSet(
  'on at in from until till by for with to of off under over near behind around after before between into about during through',
);
/** What may stand before a subject. */
const introductions =
  wordSet(`ugh sorry well oh so and but ok okay yes yeah no hmm sadly unfortunately luckily fortunately honestly actually apparently maybe
  perhaps probably basically frankly anyway also then now sometimes lately finally btw fyi because since today yesterday tonight tomorrow
  usually man wow damn god thankfully obviously clearly seriously hopefully somehow still again just yet last this next night week morning afternoon evening
  month year weekend , ! . … –`);

/** What is said before the matter. */
const opening =
  /^\s*(?:long story short|fun fact|to be honest|tbh|by the way|in the end|all in all|as usual|if you ask me|in my opinion|imo|believe it or not|for the record|just so you know|you know what|you know|i mean|at least|of course|in fact|good news|bad news)\b[\s,:!.]*(?=\S)/i;

/** What the sentence says; undefined if it does not begin with a subject and a verb that belongs to it. */
export function readClause(text: string): Clause | undefined {
  const said = wordsOf(text.replace(opening, ''));
  if (isRemark(said.map((word) => word.text))) return 'statement';
  for (let start = 0; start < Math.min(said.length, 5); start++) {
    const clause = clauseAt(said, start);
    if (clause) return asOpinion(said, start, clause);
    const { text: first } = said[start]!;
    if (!introductions.has(first) && !words.days.has(first)) return behindPhrase(said, start);
  }
  return undefined;
}

/** "maybe I'll go to the gym", "apparently it's a holiday on thursday", "I go to bed at 10 most days": nothing to do. */
function asOpinion(said: readonly Word[], start: number, clause: Clause): Clause {
  const before = said.slice(0, start).map(({ text }) => text);
  if (before.some((word) => words.habits.has(word))) return 'statement';
  const isRemarked = before.some((word) => comments.has(word)) || custom.test(said.map(({ text }) => text).join(' '));
  return clause === 'event' && isRemarked ? 'statement' : clause;
}

const comments = wordSet(
  'apparently sadly unfortunately luckily fortunately hopefully thankfully honestly frankly somehow obviously clearly',
);
const custom =
  /\b(?:most (?:days|nights|mornings|evenings|weekends)|all the time|at the moment|these days|nowadays|once in a while|now and then)\b/;

/** "in the morning I'm useless", "at work everyone is ill": only statements, as "by the time I get home" is none. */
function behindPhrase(said: readonly Word[], start: number): Clause | undefined {
  if (!leading.has(said[start]!.text)) return undefined;
  const at = said.findIndex(({ text }, index) => index > start + 1 && index < start + 6 && people.has(text));
  const clause = at < 0 ? undefined : clauseAt(said, at);
  return clause === 'statement' ? clause : undefined;
}

const people = wordSet('i we he she they it everyone everybody nobody');

function clauseAt(said: readonly Word[], start: number): Clause | undefined {
  const word = (index: number) => said[index]?.text ?? '';
  const first = word(start);
  const isFinite = (index: number) => isVerb(said, index);
  if (words.pronouns.has(first)) {
    const verb = afterAdverbs(said, start + 1);
    const isSubject = !said[verb]?.isName && (isFinite(verb) || (doesOnly.has(first) && isPlainVerb(word(verb))));
    if (isSubject && !isNounBehind(said, start, verb)) return predicate(said, start, verb, first);
  }
  const isOwner = /['’]s$/.test(first);
  const isDetermined = words.determiners.has(first) || isOwner;
  const nounAt = isDetermined ? start + 1 : start;
  const isDay =
    words.days.has(first) ||
    /^(?:last|this|next) (?:week|month|year|night|weekend|morning|evening|\w+day)$/.test(`${first} ${word(start + 1)}`);
  if (!isDetermined && !isDay && (words.habits.has(first) || comments.has(first))) return undefined;
  if (!isDetermined && !isDay && words.isImperative(first) && !isOfNoun(said, start)) return undefined;
  const most = isDetermined ? 8 : 3;
  for (let verb = nounAt + 1; verb <= nounAt + most && verb < said.length; verb++) {
    if (subordinate.has(word(verb)) && verb > start) return undefined;
    const before = word(verb - 1);
    if (!isFinite(verb) || (leading.has(before) && verb - 1 > nounAt) || said[verb]!.isName) continue;
    return predicate(said, start, verb, isDetermined ? 'the' : isDay ? 'day' : 'name');
  }
  return undefined;
}

/** "this cost estimate", "that open day": behind these, only what is plainly a verb is one. */
function isNounBehind(said: readonly Word[], start: number, verb: number): boolean {
  const [subject, text, next] = [start, verb, verb + 1].map((index) => said[index]?.text ?? '');
  if (!/^(?:this|that|these|those|it)$/.test(subject!)) return false;
  if (text === 'can') return !/^(?:be|not|wait|stay|go|only|work|help|also|still|happen|mean)$/.test(next!);
  if (words.participles.has(text!) || words.isRegularPast(text!)) return !words.isLittle(next!);
  const isPlural = /^(?:these|those)$/.test(subject!);
  return !isPlural && (words.stances.has(text!) || words.events.has(text!)) && !text!.endsWith('s');
}

/** "work was hell", "work on friday was dull", though "work" may be what is to be done. */
function isOfNoun(said: readonly Word[], start: number): boolean {
  const next = said[start + 1]?.text ?? '';
  if (isCopula.has(next)) return true;
  return /^(?:on|at|in)$/.test(next) && /^(?:was|were)$/.test(said[start + 3]?.text ?? '');
}

const isCopula = wordSet('was were is are sucks sucked rocks');

/** With these, any verb is one: "I feed the cat"; "it audit" is none. */
const doesOnly = wordSet('i we you they everybody everyone someone nobody he she');
const isPlainVerb = (word: string) =>
  /^[a-z]{2,}$/.test(word) &&
  !words.determiners.has(word) &&
  !words.pronouns.has(word) &&
  !words.prepositions.has(word);

function isVerb(said: readonly Word[], index: number): boolean {
  const { text } = said[index] ?? { text: '' };
  if (text === 'am') return said[index - 1]?.text === 'i' || words.adverbs.has(said[index - 1]?.text ?? '');
  if (text === 'may' && /^(?:\d|the$)/.test(said[index + 1]?.text ?? '')) return false;
  return (
    words.auxiliaries.has(text) ||
    text === 'will' ||
    words.past.has(text) ||
    words.possibilities.has(text) ||
    words.isThirdPersonStance(text) ||
    words.obligations.has(text) ||
    words.stances.has(text) ||
    words.isEvent(text) ||
    words.isRegularPast(text)
  );
}
