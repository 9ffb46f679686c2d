import { wordSet } from './word-set.ts';
import { explain, type Command } from './sentence.ts';

const pronoun =
  'i|we|you|u|he|she|it|they|this|that|these|those|there|anyone|anybody|someone|somebody|everyone|everybody|nobody|anything|something|everything|people|one';
const determiner = 'the|my|our|your|his|her|their|its|any|all|every|both|some|no|an?';
const day = 'today|tomorrow|tonight|(?:mon|tues|wednes|thurs|fri|satur|sun)day|(?:this|next) \\w+';
const of = (words: string) => words.trim().split(/\s+/).join('|');

/** A verb before its subject: only questions have that. Patterns of the words in small letters, without apostrophes. */
const inversions: readonly string[] = [
  // Nothing else begins so.
  `(?:is|are|was|were|am|does|did|has|isnt|arent|wasnt|werent|doesnt|didnt|hasnt|havent|hadnt|wouldnt|couldnt|shouldnt) (?!to\\b|of\\b|for\\b)\\S+.*`,
  `(?:can|could|will|would|should|shall|may|must|might|have|had|do|dont|cant|wont) (?:i|we|you|u|he|she|they|anyone|anybody|someone|somebody|everyone|people)(?: .*)?`,
  `(?:can|could|will|would|should|shall|must|might|cant|wont) (?:${pronoun}|${determiner}|${day}|tasks|reminders|others|\\w+ (?:be|come|go|have|need|make|work|arrive|stay|win|like|know|read|see|use|do|help|send|get|find|add|tell|take|say|stop|access|repeat|join|drive|eat|meet))(?: .*)?`,
  `do (?:the |my |your |these |those |all |any )?(?:\\w+ )?\\w+s (?:work|come|go|exist|sync|cost|happen|repeat|need|have|expire|matter|show|stay|appear|disappear|count|change|get|mean)\\b.*`,
  `(?:who|whom|whose|why|how|where|when|what|which|whats|whos|hows|wheres|whens|whys) (?:is|are|am|was|were|do|does|did|will|would|can|could|should|shall|has|have|had|must|may|might|isnt|arent|dont|doesnt|didnt|cant|wont|about|come|not|else|on earth|the hell|the heck)(?: .*)?`,
  `(?:whats|whos|hows|wheres|whens|whys) (?!who\\b)\\S+.*`,
  `who (?!(?:s|wants to|dares|let)\\b)(?:\\w+ed|\\w+s|won|made|wrote|built|sang|said|took|told|came|went|got|gave|knew|found|ate|broke|stole|left) \\S.*`,
  `what (?:time|day|date|month|year|kind|sort|type|colou?r|size|else|happens|happened|makes|made|means|if i|if you) .*`,
  `how (?:old|far|big|tall|long|often|much|many|soon|late|early|come|well|good|bad|hard|easy|fast|likely|expensive|heavy|high|deep|about|dare|so) ?.*`,
  `which (?:one|of|\\w+) (?:is|are|was|were|do|does|did|should|can|will|has|have)\\b.*`,
  `what a (?:day|week|night|mess|pity|shame|life|surprise|relief|year|game|joke|waste|nightmare|disaster|idiot|weekend|morning|meeting|view|movie|film)\\b.*`,
  `(?:any) (?:news|idea|ideas|luck|chance|update|updates|tips|suggestions|thoughts|questions|plans|advice|recommendations?)(?: .*)?`,
  `(?:got|know|have you got|know of) any \\S+.*`,
  `why(?: so .*| me| now| though)?`,
  `(?:do|does|did|is|are|can|could|would|will) (?:it|this|that|there) .*`.replace('do|does', 'does'),
];
const question = new RegExp(
  `^(?:(?:and|but|so|then|ok|hey|hi|well|also|sorry|btw|please) )*(?:${inversions.join('|')})$`,
);

/** Titles of works and of notes that begin as questions do: "Who wants to be a millionaire", "how to tie a tie". */
const beginnings = wordSet(
  of(
    'who whom whose why how where when what which whats whos hows wheres whens whys is are was were am does did has do can could will would should shall may must might have had isnt arent wasnt werent doesnt didnt hasnt havent hadnt wouldnt couldnt shouldnt dont cant wont any got know and but so then ok hey hi well also sorry btw please',
  ).replaceAll('|', ' '),
);

const longestQuestion = 300;

/** A question without its mark: "is it friday yet", "does this work offline". */
export const plainQuestion: Command = ({ text }) => {
  const { visible } = text;
  if (
    visible.length > longestQuestion ||
    !beginnings.has(
      /^\s*([\p{L}'’]*)/u
        .exec(visible)![1]!
        .toLowerCase()
        .replace(/n['’]t$/, 'nt')
        .replace(/['’]s$/, 's'),
    )
  )
    return undefined;
  // "Is it cake? season finale" is no question.
  if (/\?\s*[^\s!?.]/.test(visible)) return undefined;
  // "Is It Cake", "Who Wants to Be a Millionaire": the title of a work.
  if (/^\s*\S+\s+\p{Lu}\p{Ll}+\b/u.test(visible) && /^\s*(?:\p{Lu}\p{Ll}*['’]?\p{Ll}*)\s+(?!I\b)\p{Lu}/u.test(visible))
    return undefined;
  const said = (
    visible
      .toLowerCase()
      .replace(/(?<=\bwe)['’](?=re)/, ' a')
      .replace(/['’]/g, '')
      .match(/[\p{L}\p{N}\uFFFC]+/gu) ?? []
  ).join(' ');
  return question.test(said)
    ? explain('I can answer questions about your tasks only, such as "What is due today?".')
    : undefined;
};
