import { explain, type Command } from './sentence.ts';
import { bareWords } from './word-set.ts';

const or = (words: string) => `(?:${words.trim().split(/\s+/).join('|')})`;

const person = or('i we you u he she they anyone anybody someone somebody everyone everybody nobody people others');
const subject = or(
  `${person} it this that these those there anything something everything one the my our your his her their its any all every
   both some no an? today tomorrow tonight tasks reminders ${or('mon tues wednes thurs fri satur sun')}day`,
);
const auxiliary =
  or(`is are am was were do does did will would can could should shall has have had must may might isnt arent dont
  doesnt didnt cant wont`);
const asker = or('who whom whose why how where when what which whats whos hows wheres whens whys');
/** What a subject that is a bare noun may be asked to do: "will Anna be there". */
const verb =
  or(`be come go have need make work arrive stay win like know read see use do help send get find add tell take say stop access
  repeat join drive eat meet`);

/** Words in the order that only questions have: patterns of the words in small letters, without apostrophes. */
const inversions: readonly string[] = [
  `${or('is are was were am does did has isnt arent wasnt werent doesnt didnt hasnt havent hadnt wouldnt couldnt shouldnt')} (?!to |of |for )`,
  `${or('can could will would should shall may must might have had do dont cant wont')} ${person}\\b`,
  `${or('can could will would should shall must might cant wont')} (?:${subject}|\\S+ ${verb})\\b`,
  `do ${or('the my your these those all any')}? ?(?:\\S+ )?\\S+s ${or('work come go exist sync cost happen repeat need have expire matter show stay appear count change get mean')}\\b`,
  `${asker} (?:${auxiliary}|${or('about come not else')}|on earth|the ${or('hell heck')})\\b`,
  `${or('whats whos hows wheres whens whys')} (?!who\\b)\\S`,
  // "who invented pizza"; but "who wants to be a millionaire"
  `who (?!${or('wants dares let')}\\b)(?:\\S+(?:ed|s)|${or('won made wrote built sang said took told came went got gave knew found ate broke stole left')}) \\S`,
  `what ${or('time day date month year kind sort type colou?r size else happens happened makes made means')} \\S`,
  `what ${or('comes goes follows starts begins happens')} \\S`,
  `what (?:an? \\S|if ${person}\\b)`,
  `how ${or('old far big tall long often much many soon late early come well good bad hard easy fast likely expensive heavy high deep about dare so')}\\b`,
  `which \\S+ ${auxiliary}\\b`,
  `${or('whose what')} \\S+ ${or('is are was were does do will')}\\b`,
  `${or('anything something nothing')} (?:else )?(?:that )?${person}\\b`,
  `any ${or('news idea ideas luck chance update updates tips suggestions thoughts plans advice')}\\b`,
  `${or('got know')} any \\S`,
  'mind if ',
  `why(?: so \\S.*| me| now| though)?$`,
];

const openings = or('and but so then ok hey hi well also sorry btw please');
const question = new RegExp(`^(?:${openings} )*(?:${inversions.join('|')})`, 'u');

/** "Is It Cake", "Who Wants to Be a Millionaire": the title of a work, whose second word is as large as its first. */
const isWork = (visible: string) => /^\s*\p{Lu}\S*\s+(?!I\b)\p{Lu}\p{Ll}/u.test(visible);

const longestQuestion = 300;

/** A question without its mark: "is it friday yet", "does this work offline"; but not "Is it cake? season finale". */
export const plainQuestion: Command = ({ text }) => {
  const { visible } = text;
  if (visible.length > longestQuestion || isWork(visible) || /\?\s*[^\s!?.]/.test(visible)) return undefined;
  return question.test(bareWords(visible.replace(/\bwe['’](?=re\b)/i, 'we a')).join(' '))
    ? explain('I can answer questions about your tasks only, such as "What is due today?".')
    : undefined;
};
