import { adverbs, months, pluralWeekdays, smallNumbers, units, weekdays } from './time-words.ts';

/** Long enough that a slip makes no other word of them. */
const long = (names: Readonly<Record<string, number>>) => Object.keys(names).filter((name) => name.length >= 6);

const words = [
  ...[...long(weekdays), ...long(pluralWeekdays), ...long(months).filter((name) => name.length > 6)],
  ...['tomorrow', 'today', 'tonight', 'morning', 'afternoon', 'evening', 'weekend', 'weekday', 'midnight'],
  ...['weekly', 'biweekly', 'monthly', 'quarterly', 'annually', 'yearly', 'everyday', 'fortnight', 'fortnightly'],
  ...['minute', 'minutes', 'hours', 'weeks', 'month', 'months', 'weekdays', 'weekends', 'every'],
];

/** So long that even a wrong letter makes no other word of them, save for those below. */
const longest = new Set(
  words.filter((word) => word.length >= 8 || (word.length >= 6 && /day$|tonight|october/.test(word))),
);

/** What a slip makes of a word, and is a word or a name. */
const otherWords = new Set(
  (
    'frida sunda sundy monda mondy moday toady toda tody moring sundry sundae sundaes munday munday faraday ' +
    'eery ever mont sundas veery moth moths minuet minuets hous hors hour hurs wees'
  ).split(' '),
);

/** Slips that are more than one letter too many, too few, or two in the wrong order. */
const others: Readonly<Record<string, string>> = {
  nxt: 'next',
  nex: 'next',
  nexr: 'next',
  wk: 'week',
  yr: 'year',
  yrs: 'years',
  wek: 'week',
  weeek: 'week',
  mnth: 'month',
  mnths: 'months',
  teh: 'the',
  wkend: 'weekend',
  wkends: 'weekends',
  wkday: 'weekday',
  wkdays: 'weekdays',
  qtr: 'quarter',
  tommorow: 'tomorrow',
  tomarrow: 'tomorrow',
  tommorw: 'tomorrow',
  tomorow: 'tomorrow',
  tomoro: 'tomorrow',
  tmorow: 'tomorrow',
  tmrow: 'tomorrow',
  tomrrow: 'tomorrow',
  tommarow: 'tomorrow',
  tommarrow: 'tomorrow',
  tonite: 'tonight',
  wensday: 'wednesday',
  wenesday: 'wednesday',
  wendsday: 'wednesday',
  wedensday: 'wednesday',
  weddnesday: 'wednesday',
  wenseday: 'wednesday',
  thirsday: 'thursday',
  thurday: 'thursday',
  thusrday: 'thursday',
  thrusday: 'thursday',
  thurdsay: 'thursday',
  tuseday: 'tuesday',
  teusday: 'tuesday',
  tuesdey: 'tuesday',
  saterday: 'saturday',
  satruday: 'saturday',
  satarday: 'saturday',
  satday: 'saturday',
  sonday: 'sunday',
  mondey: 'monday',
  firday: 'friday',
  fryday: 'friday',
  freday: 'friday',
  febuary: 'february',
  febuarary: 'february',
  feburary: 'february',
  januari: 'january',
  septemer: 'september',
  septmber: 'september',
  setember: 'september',
  ocotber: 'october',
  novemeber: 'november',
  decemeber: 'december',
  agust: 'august',
  augst: 'august',
  aprill: 'april',
  arpil: 'april',
  apirl: 'april',
  marhc: 'march',
  macrh: 'march',
  mrach: 'march',
  augsut: 'august',
  evry: 'every',
  evrey: 'every',
  everey: 'every',
  eveyr: 'every',
  minuts: 'minutes',
  minuites: 'minutes',
  mintues: 'minutes',
  horus: 'hours',
  weekley: 'weekly',
  dayly: 'daily',
  montly: 'monthly',
  weekely: 'weekly',
  dialy: 'daily',
  daliy: 'daily',
  quaterly: 'quarterly',
  quartely: 'quarterly',
  anually: 'annually',
  evryday: 'everyday',
  eveyday: 'everyday',
  hurs: 'hours',
  dyas: 'days',
  frid: 'friday',
  wedn: 'wednesday',
  satur: 'saturday',
  marxh: 'march',
  aprl: 'april',
  apil: 'april',
  monthy: 'monthly',
  everday: 'everyday',
  fortnite: 'fortnight',
};

/** What a slip makes of a short month, which only beside a number is surely none of these words. */
const otherThanMonths = new Set(
  'arch larch marsh match parch starch dune jane jude jute june nune rune tune jolly judy july jury duly juno'.split(
    ' ',
  ),
);

/** "mach" of "20 mach", "augst" of "5 augst" */
export function isNearMonth(word: string): boolean {
  return nearMonths.has(word);
}

function slips(word: string): readonly string[] {
  const letters = [...word].keys();
  return [...letters].flatMap((index) => {
    const [before, behind] = [word.slice(0, index), word.slice(index + 1)];
    const missing = index > 0 ? [before + behind] : [];
    const swapped = index + 1 < word.length ? [before + word[index + 1]! + word[index]! + word.slice(index + 2)] : [];
    return [...missing, before + word[index]! + word.slice(index), ...swapped];
  });
}

/** A wrong letter in the place of each but the first, or before it. */
function wrongLetters(word: string): readonly string[] {
  const alphabet = 'abcdefghijklmnopqrstuvwxyz'.split('');
  const places = word.split('').map((_, index) => index);
  return places
    .slice(1)
    .flatMap((index) =>
      alphabet.flatMap((letter) => [
        word.slice(0, index) + letter + word.slice(index + 1),
        word.slice(0, index) + letter + word.slice(index),
      ]),
    );
}

const known = new Set([
  ...[weekdays, pluralWeekdays, months, units, adverbs, smallNumbers].flatMap((names) => Object.keys(names)),
  ...words,
]);

/** By slip, the word that was meant; undefined where it may be either of two. */
const meant = new Map<string, string | undefined>();
for (const word of words) {
  for (const slip of [...slips(word), ...(longest.has(word) ? wrongLetters(word) : [])]) {
    if (known.has(slip) || otherWords.has(slip)) continue;
    meant.set(slip, meant.has(slip) && meant.get(slip) !== word ? undefined : word);
  }
}

/** What was meant by a word about time that was mistyped. */
export const misspellings: ReadonlyMap<string, string> = new Map([
  ...[...meant].flatMap(([slip, word]) => (word === undefined ? [] : [[slip, word] as const])),
  ...Object.entries(others),
]);

/** "thursdasy": either of two words, and certainly about time. */
export function isUnclearSlip(word: string): boolean {
  return !misspellings.has(word) && meant.has(word);
}

const nearMonths: ReadonlySet<string> = new Set(
  ['march', 'april', 'june', 'july', 'august', 'sept', ...long(months)]
    .flatMap((month) => [...slips(month), ...wrongLetters(month)])
    .filter((slip) => !known.has(slip) && !otherThanMonths.has(slip) && slip.length > 2),
);
