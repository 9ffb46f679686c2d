import { isRemark } from './bare-remark.ts';
import { predicate, type Clause } from './clause-predicate.ts';
import { afterAdverbs, wordsOf, type Word } from './clause-tokens.ts';
import * as words from './clause-words.ts';
import { wordSet } from './word-set.ts';

/** A clause of its own within the subject; or none at all: "the book that Tom said", "the way to go". */
const subordinate = wordSet(
  'who whom whose which that where when why how if whether to what because while until unless i we you he she they , ; : . ! ? … – (',
);
/** These have a noun behind them, so that no verb follows. */
const leading = wordSet(
  'on at in from until till by for with to of off under over near behind around after before between into about during through',
);
/** What may stand before a subject. */
const introductions =
  wordSet(`ugh well oh so and but ok okay yes yeah no hmm sadly unfortunately luckily fortunately honestly actually apparently maybe
  perhaps probably basically frankly anyway also then now sometimes lately finally btw fyi because since today yesterday tonight tomorrow
  usually man wow damn god thankfully obviously clearly seriously hopefully still again just yet last this next night week morning afternoon evening
  month year weekend , ! . … –`);

/** What is said before the matter. */
const opening =
  /^\s*(?:long story short|fun fact|to be honest|tbh|by the way|in the end|all in all|as usual|if you ask me|in my opinion|imo|believe it or not|for the record|just so you know|you know what|you know|look|listen|i mean|at least|of course|in fact|good news|bad news)\b[\s,:!.]*(?=\S)/i;

/** What the sentence says; undefined if it does not begin with a subject and a verb that belongs to it. */
export function readClause(text: string): Clause | undefined {
  const said = wordsOf(text.replace(opening, ''));
  if (isRemark(said.map((word) => word.text))) return 'statement';
  for (let start = 0; start < Math.min(said.length, 5); start++) {
    const clause = clauseAt(said, start);
    // "maybe I'll go to the gym"
    if (clause) return said.slice(0, start).some(({ text }) => words.habits.has(text)) ? 'statement' : clause;
    if (!introductions.has(said[start]!.text)) return undefined;
  }
  return undefined;
}

function clauseAt(said: readonly Word[], start: number): Clause | undefined {
  const word = (index: number) => said[index]?.text ?? '';
  const first = word(start);
  const isFinite = (index: number) => isVerb(said, index);
  if (words.pronouns.has(first)) {
    const verb = afterAdverbs(said, start + 1);
    const isSubject = !said[verb]?.isName && (isFinite(verb) || (doesOnly.has(first) && isPlainVerb(word(verb))));
    if (isSubject) return predicate(said, start, verb, first);
  }
  const nounAt = words.determiners.has(first) ? start + 1 : start;
  const isDay =
    words.days.has(first) ||
    /^(?:last|this|next) (?:week|month|year|night|weekend|morning|evening|\w+day)$/.test(`${first} ${word(start + 1)}`);
  if (!words.determiners.has(first) && !isDay && words.isImperative(first) && !isCopula.has(word(start + 1)))
    return undefined;
  const most = words.determiners.has(first) ? 8 : isDay ? 3 : 3;
  for (let verb = nounAt + 1; verb <= nounAt + most && verb < said.length; verb++) {
    if (subordinate.has(word(verb)) && verb > start) return undefined;
    const before = word(verb - 1);
    if (!isFinite(verb) || (leading.has(before) && verb - 1 > nounAt) || said[verb]!.isName) continue;
    return predicate(said, start, verb, words.determiners.has(first) ? 'the' : isDay ? 'day' : 'name');
  }
  return undefined;
}

/** "work was hell", though "work" may be what is to be done. */
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
