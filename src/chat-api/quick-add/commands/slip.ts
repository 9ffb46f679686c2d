import { own } from '../own.ts';

/** Verbs that begin commands; their slips of one letter are no words of their own, save the exceptions. */
const verbs = [
  ...[
    'complete',
    'delete',
    'remove',
    'rename',
    'reschedule',
    'postpone',
    'snooze',
    'remind',
    'finish',
    'cancel',
    'repeat',
  ],
  ...['reopen', 'restore', 'done', 'update', 'undo', 'move', 'mark', 'show', 'what'],
];
const exceptions: ReadonlySet<string> = new Set(
  `compete competed remote remover finnish fish cancels undone mover moves moved moved love more mode mice mouse mary make
   mar park bark dark lark snow shot how shop who chat that hat whats wheat shows marks mart mask marc restored
   completes completed deletes deleted removes removed renames renamed reminds remand rewind snoozed finished repeats
   reheat reheats repeal repast cancer cancers furnish
   dome done doing donee updates updated upstate undue unto`.split(/\s+/),
);

const shortSlips: Readonly<Record<string, string>> = {
  undoo: 'undo',
  shw: 'show',
  marke: 'mark',
  wat: 'what',
  waht: 'what',
};

/** The verb that a word with one slip was meant to be: "delte", "mvoe". */
export function meantVerb(word: string): string | undefined {
  const said = word.toLowerCase();
  if (!/^[a-z]{3,12}$/.test(said) || verbs.includes(said) || exceptions.has(said)) return undefined;
  // "rescheduled" is no slip.
  const isForm = verbs.some((verb) => [`${verb}d`, `${verb}s`, `${verb}r`, `${verb}ed`].includes(said));
  return isForm ? undefined : (own(shortSlips, said) ?? verbs.find((verb) => isSlip(said, verb)));
}

function isSlip(said: string, verb: string): boolean {
  const begin = commonStart(said, verb);
  const [left, right] = [said.slice(begin), verb.slice(begin)];
  const isSwap = left[0] === right[1] && left[1] === right[0] && left.slice(2) === right.slice(2);
  // A short word with another letter is another word.
  if (isSwap) return true;
  if (verb.length < 5) return false;
  const isWrongKey = left.slice(1) === right.slice(1) && areNeighbours(left[0]!, right[0]!);
  return left.slice(1) === right || left === right.slice(1) || isWrongKey;
}

const rows = ['qwertyuiop', 'asdfghjkl', 'zxcvbnm'];

/** Whether a finger may have hit one key for the other; "reheat" is no slip of "repeat". */
function areNeighbours(one: string, other: string): boolean {
  const [a, b] = [one, other].map((key) => {
    const row = rows.findIndex((keys) => keys.includes(key));
    // Each row is shifted by half a key.
    return { row, at: row < 0 ? NaN : rows[row]!.indexOf(key) + row / 2 };
  });
  return Math.abs(a!.row - b!.row) <= 1 && Math.abs(a!.at - b!.at) <= 1;
}

function commonStart(one: string, other: string): number {
  let length = 0;
  while (length < one.length && one[length] === other[length]) length++;
  return length;
}
