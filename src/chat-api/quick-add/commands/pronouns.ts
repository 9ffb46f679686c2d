import { own } from '../own.ts';
import { smallNumbers } from '../vocabulary/time-words.ts';

/** Whether the words stand for the task that was last spoken of. */
export function isPronoun(words: string): boolean {
  return /^(?:it|this|that|this one|that one|the last one|last one|this task|that task|(?:the )?(?:task |one )?(?:that )?i(?:'ve|’ve)? just (?:added|created|made))$/i.test(
    words,
  );
}

/** Whether they mean the last one, which may be of a list, or the one last spoken of. */
export function isLastOne(words: string): boolean {
  return /^(?:(?:the|my)\s+)?(?:last|latest|newest|most recent) (?:one|task)$/i.test(words);
}

const places: Readonly<Record<string, number>> = {
  ...{ first: 1, second: 2, third: 3, fourth: 4, fifth: 5, sixth: 6, seventh: 7, eighth: 8, ninth: 9, tenth: 10 },
  ...{ '1st': 1, '2nd': 2, '3rd': 3, '4th': 4, '5th': 5, '6th': 6, '7th': 7, '8th': 8, '9th': 9, '10th': 10 },
  ...{ last: -1, bottom: -1, top: 1 },
};

/** The place in the last list that the words mean, from 1; -1 is the last: "the second one", "number 2". */
export function placeOf(words: string): number | undefined {
  const named = /^(?:the )?([a-z]+|\d{1,2}(?:st|nd|rd|th))(?: ?(?:one|task))$/i.exec(words)?.[1]?.toLowerCase();
  const alone = /^(?:the )?(\w+)$/i.exec(words)?.[1]?.toLowerCase();
  const name = named ?? alone ?? '';
  const place = own(places, name);
  if (place !== undefined) return place;
  const written = /^(?:number|no\.?|task)\s+([a-z]+)$/i.exec(words)?.[1]?.toLowerCase();
  const spelled = written === undefined ? undefined : own(smallNumbers, written);
  if (spelled !== undefined) return spelled;
  const number = /^(?:(?:number|no\.?|nr\.?|task)\s*|#)?(\d{1,2})$/i.exec(words)?.[1];
  return number && Number(number) > 0 ? Number(number) : undefined;
}

/** Whether they mean all tasks of the last list. */
export function isWholeList(words: string): boolean {
  return /^(?:(?:all|both)(?: of (?:them|these|those))?|them(?: all)?|these|those)$/i.test(words);
}

/** Whether they mean several tasks. */
export function isSeveral(words: string): boolean {
  return (
    isWholeList(words) ||
    /^(?:everything|all of it|all (?:my |the )?(?:\w+ )?tasks|my tasks|overdue tasks)$/i.test(words)
  );
}
