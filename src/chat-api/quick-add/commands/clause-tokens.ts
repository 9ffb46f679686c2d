import { own } from '../own.ts';
import * as words from './clause-words.ts';

/** A word of a sentence that may be a clause. */
export interface Word {
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

/** The words of the text, with contractions in full, and the marks between them. */
export function wordsOf(text: string): readonly Word[] {
  const said = text.match(/[\p{L}\p{M}\p{N}\uFFFC][\p{L}\p{M}\p{N}'’-]*|[,;:.!?…–(]/gu) ?? [];
  return said.slice(0, mostWords).flatMap((raw, index) => {
    const plain = raw.toLowerCase().replaceAll('’', "'");
    const bare = plain.replaceAll("'", '');
    const isName = index > 0 && /^\p{Lu}/u.test(raw) && !/^I(?:['’]|$)/.test(raw) && !/^\p{Lu}{2,}$/u.test(raw);
    const isOfIt = bare === 'its' && isLikeness(said[index + 1]?.toLowerCase() ?? '');
    const full = isOfIt ? 'it is' : (own(withApostrophe, plain) ?? own(contractions, bare));
    // "Anna's late again", but "Anna's late lunch"
    const [next = '', behind = ''] = said.slice(index + 1, index + 3).map((word) => word.toLowerCase());
    const isVerb = /^\w+'s$/.test(plain) && isBehindIs(plain, next, behind);
    if (isVerb && !full) return [bare.slice(0, -1), 'is'].map((part) => ({ text: part, isName: false }));
    return (full?.split(' ') ?? [possessive(plain)]).map((part) => ({ text: part, isName }));
  });
}

/** "its cold", but "its battery" */
const isLikeness = (word: string) => words.adverbs.has(word) || words.qualities.has(word) || words.states.has(word);

/** "Anna's" stays what it is, "my dad's car": the mark of the genitive is no verb. */
const possessive = (plain: string) => plain.replace(/'(?=\w+$)/, '’').replace(/’(?=(?:t|ve|re|ll|d|m)$)/, '');

/** The first word from there on that is no adverb. */
export function afterAdverbs(said: readonly Word[], from: number): number {
  let index = from;
  while (index < said.length - 1 && words.adverbs.has(said[index]!.text)) index++;
  return index;
}

/** "Anna's late again", "dad's in hospital", "somebody's there"; but "Anna's late lunch" */
function isBehindIs(owner: string, next: string, behind: string): boolean {
  if (words.pronouns.has(owner.slice(0, -2)) || /^(?:in|at|out|back|here|there|home|away)$/.test(next)) return true;
  return (words.qualities.has(next) || words.states.has(next)) && words.isLittle(behind);
}
