import { own } from '../own.ts';
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

/** What a slip makes of a word, and is a word. */
const otherWords = new Set(
  'toda toady sundry sundas sundae sundaes faraday eery ever mont veery moth moths minuet minuets hous hors hour hurs wees'.split(
    ' ',
  ),
);

/** What a slip makes of a word, and might be a name in capitals. */
const perhapsNames = new Set('frida sunda sundy monda mondy moday moring munday tody'.split(' '));

/** Slips that are more than one letter too many, too few, or two in the wrong order. */
const others: Readonly<Record<string, string>> = {
  nxt: 'next',
  nex: 'next',
  nexr: 'next',
  wk: 'week',
  weekes: 'weeks',
  othr: 'other',
  nooon: 'noon',
  tommrow: 'tomorrow',
  yr: 'year',
  yrs: 'years',
  wek: 'week',
  weeek: 'week',
  mnth: 'month',
  mnths: 'months',
  teh: 'the',
  wkend: 'weekend',
  wknd: 'weekend',
  wknds: 'weekends',
  midnite: 'midnight',
  tdy: 'today',
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
  tmoz: 'tomorrow',
  tomozz: 'tomorrow',
  thrs: 'thursday',
  wkly: 'weekly',
  mthly: 'monthly',
  mnthly: 'monthly',
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

const known = new Set([
  ...[weekdays, pluralWeekdays, months, units, adverbs, smallNumbers].flatMap((names) => Object.keys(names)),
  ...words,
]);

/**
 * Whether the text is the word with one letter too many, too few, or two in the wrong order.
 *
 * @param isLong whether any letter may be wrong or too many, but the first one and one behind the last
 */
function isSlip(text: string, word: string, isLong: boolean): boolean {
  let index = 0;
  while (index < word.length && text[index] === word[index]) index++;
  const rest = word.slice(index);
  switch (text.length - word.length) {
    case -1:
      return index > 0 && text.slice(index) === rest.slice(1);
    case 1: {
      const isDoubled = index > 0 && text[index] === text[index - 1];
      return text.slice(index + 1) === rest && (isDoubled || (isLong && index > 0 && rest !== ''));
    }
    case 0: {
      const isSwapped = text[index] === rest[1] && text[index + 1] === rest[0];
      if (isSwapped && text.slice(index + 2) === rest.slice(2)) return true;
      return isLong && index > 0 && text.slice(index + 1) === rest.slice(1);
    }
    default:
      return false;
  }
}

/** The words that have one slip in them. */
function meant(text: string): readonly string[] {
  if (known.has(text) || otherWords.has(text)) return [];
  return words.filter((word) => isSlip(text, word, longest.has(word)));
}

/** What was meant by a word about time that was mistyped; undefined, too, where it may be either of two. */
export function withoutSlip(text: string): string | undefined {
  const other = own(others, text);
  if (other !== undefined || perhapsNames.has(text)) return other;
  const [word, ...more] = meant(text);
  return more.length === 0 ? word : undefined;
}

/**
 * "thursdasy", "yuesday", "moday": certainly about time, and not clear enough to be read.
 *
 * @param raw as it was written: "Munday" is a name
 */
export function isUnclearSlip(raw: string): boolean {
  const text = raw.toLowerCase();
  if (perhapsNames.has(text)) return raw === text;
  return withoutSlip(text) === undefined && (firstLetterOfDay.test(text) || meant(text).length > 1);
}

/** The first letter wrong or missing: "ponday", "riday". */
const firstLetterOfDay =
  /^(?!(?:mon|fri|sun|tues|satur|thurs|wednes)day)\p{L}?(?:onday|uesday|ednesday|hursday|riday|aturday|unday|omorrow|onight)s?$/u;

/** "mach" of "20 mach", "augst" of "5 augst" */
export function isNearMonth(text: string): boolean {
  return (
    text.length > 2 &&
    !known.has(text) &&
    !otherThanMonths.has(text) &&
    monthNames.some((month) => isSlip(text, month, true))
  );
}

/** "minuets" of "in 5 minuets" */
export function isNearUnit(text: string): boolean {
  return text.length > 3 && !known.has(text) && unitNames.some((unit) => isSlip(text, unit, true));
}

const unitNames = ['minutes', 'hours', 'days', 'weeks', 'months', 'years'];

/** "nexy" of "nexy week" */
export const isNearNext = (text: string) => text !== 'next' && isSlip(text, 'next', true);

const monthNames = ['march', 'april', 'june', 'july', 'august', 'sept', ...long(months)];
