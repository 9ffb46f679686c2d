import { WorkingText } from '../working-text.ts';
import { isLastOne, isPronoun, isSeveral, placeOf } from './pronouns.ts';
import { explain, onTask, type Command } from './sentence.ts';
import { bareWords, wordSet } from './word-set.ts';
import { anyOf } from './words.ts';

/** Words that say nothing of what there is to do: a message of nothing else goes on from the one before. */
const functionWords = wordSet(`
  a an the this that these those thats it its them they he she him her i im ive me my mine we us our you youre your one ones
  and or but also too either neither both all none every each any some another other others same else more less most very
  much many bit little lot again still yet later sooner earlier
  yes yeah yep yup yea nope no nah not never ok okay okey k sure right wrong correct incorrect please pls plz thanks thank thx
  sorry oops ups whoops actually rather instead maybe perhaps well so then now just only really exactly
  lol haha sry omg nvm nm idk thx ty cheers love mate dear bro dude think know guess suppose anything nothing let lets
  perfect awesome amazing brilliant lovely cool wonderful helpful lots appreciated
  happened try over anyone hello hi hey
  early late soon asap possible two three four time ya bye ttyl cya urgent urgently important
  hm hmm um uh oh ah wait hold hang on stop scratch forget mind nevermind mean means meant said saying asked thought
  do does did done doing is isnt was wasnt were are arent be been am have had has having would could should might may
  dont didnt doesnt cant wont shouldnt why how when where there here
  first second third fourth fifth last next previous former latter top bottom
  of for to in at with as by from than like about except after before what which who
  mistake typo misunderstanding works worked fits suits better best fine good great nice bad
`);

/** Days, beside which those still name no task: "thursday works better". */
const days = wordSet(`
  today tomorrow tonight tmrw tmr monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat
  sun morning afternoon evening night noon
`);

const longestFollowUp = 80;

/** Whether no word of a title says what there is to do: "that one too", "wait no", "thursday works better". */
export function saysNothing(title: string): boolean {
  if (title.length > longestFollowUp) return false;
  const said = bareWords(title);
  return said.some(isFunctionWord) && said.every((word) => isFunctionWord(word) || isTime(word));
}

export const isFunctionWord = (word: string) => functionWords.has(word);
const isTime = (word: string) => days.has(word) || /^\d{1,2}(?:am|pm|st|nd|rd|th)?$/.test(word);

/** Whether the name of a task is none, and does not stand for one either: "the other one", "can we do". */
export const namesNothing = (task: string) =>
  bareWords(task).length > 0 &&
  bareWords(task).every(isFunctionWord) &&
  !isPronoun(task) &&
  !isLastOne(task) &&
  !isSeveral(task) &&
  // "the first and the third"
  task.split(/\s*(?:,|&|\band\b)\s*/i).some((name) => name !== '' && placeOf(name) === undefined);

export const unclearFollowUp = explain(
  'I did not understand which task that is about, or what to do with it. Say for example "complete the dentist" or "move pay rent to friday". Nothing was changed.',
);

const makeItSo = /^make\s+(?:it|that|this)\s+(?:so|happen|work)[\s.!]*$/i;

/** "wait no", "the last one too", "make it so": it never becomes a task. */
export const emptyFollowUp: Command = ({ text: { visible } }) =>
  visible.length <= longestFollowUp && (bareWords(visible).every(isFunctionWord) || makeItSo.test(visible))
    ? unclearFollowUp
    : undefined;

/** How a message begins that corrects the one before, or repeats it for another task. */
const openings = new RegExp(
  [
    String.raw`^not\s+(?:${anyOf('the that this my on at in for')}|[^,]{1,40},|\S+\s+but\s|\S+[\s.!]*$)`,
    String.raw`^(?:ugh|argh|omg|lol|sr+y)\s+\S|^(?:oh|ah)\s+(?:i|no|wait|that|thats|it|the|sorry|damn|god|my|you|we)\b|^(?:the\s+)?wrong\s+(?:(?:one|task)\b|(?:name|title|tag|day|date|time|priority|list)[\s.!]*$)|^(?:everything|all)\s+(?:but|except)\s`,
    String.raw`^(?:this|that|the)\s+(?:task|one|date|time|title|name|reminder|app|bot|chat|website|site|tool|answer)\s+(?:is|was|should|must|does|has)\s`,
    String.raw`^not\s+${anyOf('doing going done yet')}|^(?:sorry|oops|wait|actually)\s+i\s+mean(?:t)?\s`,
    String.raw`^(?:plus|with|without)\s+(?:an?\s+|the\s+)?(?:\w+\s+)?(?:reminder|tag|label|note|due\s+date|priority)s?\b`,
    String.raw`^the\s+other\s+\S+[\s.!]*$|\bthe\s+other\s+one[\s.!]*$|^(?:tag|label|title)s?\s*:`,
    String.raw`^(?:yes|yeah|yep|nope|i\s+mean(?:t)?|i\s+said|i\s+wanted(?!\s+to\b)|i\s+did\s?n['’]?t\s+(?:mean|say|ask|want))\s+\S`,
    String.raw`^(?:(?:and|do|with)\s+)?(?:the\s+)?same\s+(?:again|for|with|goes|thing|time|as)\b`,
    String.raw`^no\s+${anyOf('not the i that it wait thats we you my make let just this those sorry')}`,
    String.raw`^(?:yes|yeah|yep|nope|no|wait|oops|sorry)(?:\s?[,.!]|\s[–—-])\s+\S`,
  ].join('|'),
  'i',
);

/** "i meant yoga", "same for the dentist", "not gym, yoga" */
export const correction: Command = ({ text }) =>
  text.visible.length <= 2 * longestFollowUp && openings.test(text.visible) ? unclearFollowUp : undefined;

const show = (task: string) => ({ tool: 'show_task', arguments: { task } }) as const;

/** What may be said of a task that exists, or name a new one: with "and", "also", "too" or "no". */
const more = /^(?:and\s+also|oh\s+and|and|also)\s+(?!then\b|more\b)(?=\S)/i;
const too = /,?\s+(?:too|as\s+well)[\s.!]*$/i;
const none = /^no\s+(?!more\b|need\b|idea\b|way\b)(\S.*?)\s+(?:after\s+all|any\s?more|for\s+now)[\s.!]*$/i;

export const isAddition = (visible: string) => more.test(visible) || too.test(visible);

/** What is named, without those words. */
export function withoutAddition(line: string): { text: string; start: number } {
  const start = more.exec(line)?.[0].length ?? 0;
  return { text: line.slice(start).replace(too, ''), start };
}

/** "also yoga", "yoga too", "no yoga after all": the task of that name, if there is one. */
export const addition: Command = (sentence) => {
  const { text, time } = sentence;
  if (isAddition(text.visible))
    return onTask(/^(.+)$/, show)({ text: new WorkingText(withoutAddition(text.slice(0)).text), time });
  return onTask(none, show)(sentence);
};
