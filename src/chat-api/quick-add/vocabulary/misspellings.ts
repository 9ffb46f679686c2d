import { months, pluralWeekdays, weekdays } from './time-words.ts';

/** Long enough that a slip makes no other word of them. */
const long = (names: Readonly<Record<string, number>>) => Object.keys(names).filter((name) => name.length >= 6);

const words = [
  ...[...long(weekdays), ...long(pluralWeekdays), ...long(months).filter((name) => name.length > 6)],
  ...['tomorrow', 'today', 'tonight', 'morning', 'afternoon', 'evening', 'weekend', 'weekday', 'midnight'],
];

/** What a slip makes of a word, and is a word or a name. */
const otherWords = new Set(['frida', 'sunda', 'sundy', 'monda', 'mondy', 'moday', 'toady', 'toda', 'tody', 'moring']);

/** Slips that are more than one letter too many, too few, or two in the wrong order. */
const others: Readonly<Record<string, string>> = {
  nxt: 'next',
  nex: 'next',
  nexr: 'next',
  wk: 'week',
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
  monthy: 'monthly',
  everday: 'everyday',
  fortnite: 'fortnight',
};

function slips(word: string): readonly string[] {
  const letters = [...word].keys();
  return [...letters].flatMap((index) => {
    const [before, behind] = [word.slice(0, index), word.slice(index + 1)];
    const missing = index > 0 ? [before + behind] : [];
    const swapped = index + 1 < word.length ? [before + word[index + 1]! + word[index]! + word.slice(index + 2)] : [];
    return [...missing, before + word[index]! + word.slice(index), ...swapped];
  });
}

const known = new Set([...Object.keys(weekdays), ...Object.keys(pluralWeekdays), ...Object.keys(months), ...words]);

/** What was meant by a word about time that was mistyped. */
export const misspellings: ReadonlyMap<string, string> = new Map([
  ...words
    .flatMap((word) => slips(word).map((slip) => [slip, word] as const))
    .filter(([slip]) => !known.has(slip) && !otherWords.has(slip)),
  ...Object.entries(others),
]);
