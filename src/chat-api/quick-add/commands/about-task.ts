import { isFunctionWord } from './follow-up.ts';
import { bareWords, wordSet } from './word-set.ts';

/** What is said of a task that exists, or done to it: beside its title, they make no other task. */
const changeWords = wordSet(`
  moved changed cancelled canceled postponed rescheduled delayed pushed shifted off out over away up down back forward
  finished complete completed started starts begins ready open closed bought paid sent booked ordered cleaned fixed
  only extra additional longer shorter urgent important high low medium priority prio
  star unstar pin unpin favourite favorite flag unflag bin trash kill drop lose scrap toss axe ditch dump forget ignore cross tick check
  copy duplicate clone swap switch merge split assign delegate share print export list show view see hide mute archive open edit
  change modify update adjust correct fix move push pull bring put take make set add remove delete cancel skip snooze postpone
  reschedule delay defer start stop finish complete begin pause resume repeat rename tag untag label
`);

/** What a task has, or is: beside its title they make no other task, and change nothing by themselves. */
const taskWords = wordSet(`
  note notes comment reminder reminders alarm due deadline date time task todo item list daily weekly monthly yearly
`);

/** Function words that change what is said of a task: "no gym on friday", "gym on friday instead". */
const tellingWords = wordSet(
  'no not never dont isnt wont instead rather again still too also more less later sooner earlier now just done',
);

const isChange = (word: string) => changeWords.has(word) || taskWords.has(word) || isFunctionWord(word);
/** Without such a word, a title with a date of its own is that of a new task: "gym on friday". */
const isTelling = (word: string) => changeWords.has(word) || tellingWords.has(word);

/** Titles with as many words may be those of tasks that exist. */
const mostWords = 4;

/** Whether the title of a new task may as well speak of one that exists. */
export function mayNameTask(title: string, isDated: boolean): boolean {
  const said = bareWords(title);
  if (isDated) return said.length <= 3 * mostWords && said.some(isTelling);
  return said.length <= mostWords || (said.length <= 3 * mostWords && said.some(isChange));
}

/**
 * Whether it does: it has all the words of the task, and beside them none that says what else there is to do. With a date of
 * its own, "gym" is a new task.
 */
export function namesTask(title: string, task: string, isDated: boolean): boolean {
  const ofTask = new Set(bareWords(task));
  const said = bareWords(title);
  if (ofTask.size === 0 || [...ofTask].some((word) => !said.includes(word))) return false;
  const more = said.filter((word) => !ofTask.has(word));
  return more.every(isChange) && (!isDated || more.some(isTelling));
}
