/*
 * The words of time. A new word is a row in its table, and a row in the table of sentences in the tests.
 */

/** ISO 8601: Monday is 1. */
export const weekdays: Readonly<Record<string, number>> = {
  monday: 1,
  mon: 1,
  tuesday: 2,
  tues: 2,
  tue: 2,
  wednesday: 3,
  weds: 3,
  wed: 3,
  thursday: 4,
  thurs: 4,
  thur: 4,
  thu: 4,
  thr: 4,
  th: 4,
  friday: 5,
  fri: 5,
  saturday: 6,
  sat: 6,
  sunday: 7,
  sun: 7,
};

export const twoLetterWeekdays: Readonly<Record<string, number>> = { mo: 1, tu: 2, we: 3, th: 4, fr: 5, sa: 6, su: 7 };

/** Plurals say that it recurs. */
export const pluralWeekdays: Readonly<Record<string, number>> = {
  mondays: 1,
  mons: 1,
  tuesdays: 2,
  wednesdays: 3,
  thursdays: 4,
  fridays: 5,
  saturdays: 6,
  sundays: 7,
};

export const months: Readonly<Record<string, number>> = {
  january: 1,
  jan: 1,
  february: 2,
  feb: 2,
  march: 3,
  mar: 3,
  april: 4,
  apr: 4,
  may: 5,
  june: 6,
  jun: 6,
  july: 7,
  jul: 7,
  august: 8,
  aug: 8,
  september: 9,
  sept: 9,
  sep: 9,
  october: 10,
  oct: 10,
  november: 11,
  nov: 11,
  december: 12,
  dec: 12,
};

/** Months in other languages, which chat does not read; `mars` and `mai` begin English words, too: "5 mars bars". */
export const foreignMonths: ReadonlySet<string> = new Set(
  (
    'januar februar märz mai juni juli oktober dezember janvier février mars avril juin juillet août septembre octobre ' +
    'novembre décembre enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre gennaio ' +
    'febbraio aprile maggio giugno luglio settembre ottobre dicembre januari februari maart mei augustus'
  ).split(' '),
);

/** Days in other languages. */
export const foreignDays: ReadonlySet<string> = new Set(
  (
    'montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag heute morgen übermorgen lundi mardi mercredi ' +
    "jeudi vendredi samedi dimanche aujourd'hui demain après-demain lunes martes miércoles jueves viernes sábado domingo " +
    'hoy mañana lunedì martedì mercoledì giovedì venerdì sabato domenica oggi domani maandag dinsdag woensdag donderdag ' +
    'vrijdag zaterdag zondag vandaag'
  ).split(' '),
);

export const monthNames = [
  ...['January', 'February', 'March', 'April', 'May', 'June', 'July'],
  ...['August', 'September', 'October', 'November', 'December'],
];
export const weekdayNames = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];

/** Days from today. */
export const relativeDays: Readonly<Record<string, number>> = {
  today: 0,
  'later today': 0,
  tomorrow: 1,
  tmr: 1,
  tmrw: 1,
  tmw: 1,
  tomoz: 1,
  '2 morrow': 1,
  '2 moro': 1,
  '2 mrw': 1,
  '2 moz': 1,
  'the day after tomorrow': 2,
  'day after tomorrow': 2,
  overmorrow: 2,
  yesterday: -1,
  'the day before yesterday': -2,
  'day before yesterday': -2,
};

/** Days that have a name, by month and day. */
export const holidays: Readonly<Record<string, readonly [month: number, day: number]>> = {
  christmas: [12, 25],
  'christmas day': [12, 25],
  xmas: [12, 25],
  'xmas day': [12, 25],
  'xmas eve': [12, 24],
  'christmas eve': [12, 24],
  'boxing day': [12, 26],
  halloween: [10, 31],
  "new year's eve": [12, 31],
  nye: [12, 31],
  "st patrick's day": [3, 17],
  'st patricks day': [3, 17],
  "st . patrick's day": [3, 17],
  'independence day': [7, 4],
  "april fools' day": [4, 1],
  "april fool's day": [4, 1],
  epiphany: [1, 6],
  'labour day': [5, 1],
  'may day': [5, 1],
  'new years eve': [12, 31],
  'new year': [1, 1],
  "new year's day": [1, 1],
  'new years day': [1, 1],
  "new year's": [1, 1],
  'new years': [1, 1],
  "valentine's day": [2, 14],
  'valentines day': [2, 14],
  "valentine's": [2, 14],
  valentines: [2, 14],
};

/** Days in a week of a month, by month, weekday and which one; -1 is the last. Where countries differ: of the USA. */
export const weekdayHolidays: Readonly<Record<string, readonly [month: number, weekday: number, nth: number]>> = {
  thanksgiving: [11, 4, 4],
  'thanksgiving day': [11, 4, 4],
  'labor day': [9, 1, 1],
  'memorial day': [5, 1, -1],
  "father's day": [6, 7, 3],
  'fathers day': [6, 7, 3],
  'martin luther king day': [1, 1, 3],
  "presidents' day": [2, 1, 3],
  'presidents day': [2, 1, 3],
  'columbus day': [10, 1, 2],
};

const shortWeekdays = {
  monday: 'mon',
  tuesday: 'tues',
  wednesday: 'wed',
  thursday: 'thurs',
  friday: 'fri',
  sunday: 'sun',
};

/** With "good fri", too, for "good friday". */
export function withShortWeekdays<Meaning>(rows: Readonly<Record<string, Meaning>>): Record<string, Meaning> {
  const short = Object.entries(rows).flatMap(([name, meaning]) =>
    Object.entries(shortWeekdays).flatMap(([long, abbreviated]) =>
      name.endsWith(` ${long}`) ? [[name.replace(long, abbreviated), meaning] as const] : [],
    ),
  );
  return { ...rows, ...Object.fromEntries(short) };
}

/** Days that move with Easter, by days from Easter Sunday. */
export const easterDays: Readonly<Record<string, number>> = withShortWeekdays({
  'ash wednesday': -46,
  'palm sunday': -7,
  'maundy thursday': -3,
  'good friday': -2,
  easter: 0,
  'easter sunday': 0,
  'easter monday': 1,
  ascension: 39,
  'ascension day': 39,
  pentecost: 49,
  'whit sunday': 49,
  'whit monday': 50,
});

export type HalfDay = 'am' | 'pm';

export interface DayPart {
  readonly name: string;
  /** The hour that it means without another one. */
  readonly hour: number;
  /** The hours that it has, the last one excluded. */
  readonly from: number;
  readonly until: number;
}

const morning: DayPart = { name: 'morning', hour: 9, from: 0, until: 12 };
const noon: DayPart = { name: 'noon', hour: 12, from: 11, until: 14 };
const afternoon: DayPart = { name: 'afternoon', hour: 15, from: 12, until: 18 };
const evening: DayPart = { name: 'evening', hour: 18, from: 16, until: 24 };
const night: DayPart = { name: 'night', hour: 20, from: 18, until: 24 };

/** "early morning", "late afternoon": the hour that it means without another one. */
export const shadesOfDayParts: Readonly<Record<string, DayPart>> = {
  'early morning': { ...morning, hour: 7 },
  'mid morning': { ...morning, hour: 10 },
  midmorning: { ...morning, hour: 10 },
  'late morning': { ...morning, hour: 11 },
  'early afternoon': { ...afternoon, hour: 13 },
  'mid afternoon': { ...afternoon, hour: 15 },
  midafternoon: { ...afternoon, hour: 15 },
  'late afternoon': { ...afternoon, hour: 17 },
  'early evening': { ...evening, hour: 18 },
  'late evening': { ...evening, hour: 21 },
  'late night': { ...night, hour: 22 },
  'late at night': { ...night, hour: 22 },
};

export const dayParts: Readonly<Record<string, DayPart>> = {
  morning,
  afternoon,
  arvo: afternoon,
  evening,
  eve: evening,
  night,
  nite: night,
};
export const pluralDayParts: Readonly<Record<string, DayPart>> = {
  mornings: morning,
  afternoons: afternoon,
  evenings: evening,
  nights: night,
};
/** Behind "every", too. */
export const recurringParts: Readonly<Record<string, DayPart>> = {
  ...dayParts,
  ...pluralDayParts,
  noon,
  midday: noon,
  lunchtime: noon,
  midnight: { name: 'midnight', hour: 0, from: 0, until: 1 },
  am: morning,
  pm: afternoon,
};
/** Behind a day, with nothing behind them. */
export const halvesAsParts: Readonly<Record<string, DayPart>> = {
  am: morning,
  'a . m': morning,
  'a . m .': morning,
  pm: afternoon,
  'p . m': afternoon,
  'p . m .': afternoon,
};
/** Behind a day or a time, or alone. */
export const dayPartPhrases: Readonly<Record<string, DayPart>> = {
  'in the morning': morning,
  'in the afternoon': afternoon,
  'in the evening': evening,
  'in the arvo': afternoon,
  'in the am': morning,
  'in the pm': afternoon,
  'in the a . m': morning,
  'in the a . m .': morning,
  'in the p . m': afternoon,
  'in the p . m .': afternoon,
  'during the morning': morning,
  'during the afternoon': afternoon,
  'during the evening': evening,
  'at night': night,
  'in the night': night,
  'first thing in the morning': morning,
  'first thing': morning,
  '1 st thing in the morning': morning,
  '1 st thing': morning,
  'early in the morning': shadesOfDayParts['early morning']!,
  'late in the morning': shadesOfDayParts['late morning']!,
  'early in the afternoon': shadesOfDayParts['early afternoon']!,
  'late in the afternoon': shadesOfDayParts['late afternoon']!,
  'early in the evening': shadesOfDayParts['early evening']!,
  'late in the evening': shadesOfDayParts['late evening']!,
  ...Object.fromEntries(
    ['in the', 'in'].flatMap((words) =>
      Object.entries(shadesOfDayParts).map(([name, part]) => [`${words} ${name}`, part] as const),
    ),
  ),
};
/** Each of today. */
export const dayPartsOfToday: Readonly<Record<string, DayPart>> = {
  'this morning': morning,
  'this afternoon': afternoon,
  'this evening': evening,
  '2 nite': night,
  'this am': morning,
  'this pm': afternoon,
  'this arvo': afternoon,
  arvo: afternoon,
  'this eve': evening,
  'later this morning': morning,
  'later this afternoon': afternoon,
  'later this evening': evening,
  tonight: night,
  'later tonight': night,
  'this night': night,
  'late tonight': { ...night, hour: 22 },
};

/** "end of day", "the end of the working day", "start of business" */
function edgesOfDay<Time>(edges: readonly string[], time: Time): Record<string, Time> {
  const days = ['day', 'the day', 'business', 'the business day', 'the working day', 'the workday'];
  const said = edges.flatMap((edge) =>
    [edge, `the ${edge}`].flatMap((words) => days.map((day) => `${words} of ${day}`)),
  );
  return Object.fromEntries(said.map((words) => [words, time]));
}

/** Times of day with a name, as hour and minute; 24 is the midnight that ends the day. */
export const namedTimes: Readonly<Record<string, readonly [hour: number, minute: number]>> = {
  noon: [12, 0],
  midday: [12, 0],
  'mid day': [12, 0],
  'noon time': [12, 0],
  noontime: [12, 0],
  lunchtime: [12, 0],
  'lunch time': [12, 0],
  noonish: [12, 0],
  midnight: [0, 0],
  eod: [17, 0],
  cob: [17, 0],
  eob: [17, 0],
  ...edgesOfDay(['start', 'beginning'], [9, 0]),
  ...edgesOfDay(['end', 'close'], [17, 0]),
};

export interface Unit {
  readonly name: 'second' | 'minute' | 'hour' | 'day' | 'week' | 'month' | 'year';
  readonly count: number;
}

const unit = (name: Unit['name'], count = 1): Unit => ({ name, count });

export const units: Readonly<Record<string, Unit>> = {
  second: unit('second'),
  seconds: unit('second'),
  sec: unit('second'),
  secs: unit('second'),
  minute: unit('minute'),
  minutes: unit('minute'),
  min: unit('minute'),
  mins: unit('minute'),
  hour: unit('hour'),
  hours: unit('hour'),
  hr: unit('hour'),
  hrs: unit('hour'),
  day: unit('day'),
  days: unit('day'),
  week: unit('week'),
  weeks: unit('week'),
  wk: unit('week'),
  wks: unit('week'),
  fortnight: unit('week', 2),
  fortnights: unit('week', 2),
  month: unit('month'),
  months: unit('month'),
  mth: unit('month'),
  mths: unit('month'),
  mos: unit('month'),
  quarter: unit('month', 3),
  quarters: unit('month', 3),
  year: unit('year'),
  years: unit('year'),
  yr: unit('year'),
  yrs: unit('year'),
  decade: unit('year', 10),
};

/** Right behind a number only. */
export const shortUnits: Readonly<Record<string, Unit>> = {
  s: unit('second'),
  m: unit('minute'),
  h: unit('hour'),
  d: unit('day'),
  w: unit('week'),
  mo: unit('month'),
  y: unit('year'),
};

/** Where the last word of "weekly" and its like is an adverb. */
export const adverbs: Readonly<Record<string, Unit>> = {
  hourly: unit('hour'),
  daily: unit('day'),
  weekly: unit('week'),
  biweekly: unit('week', 2),
  'bi weekly': unit('week', 2),
  fortnightly: unit('week', 2),
  monthly: unit('month'),
  bimonthly: unit('month', 2),
  'bi monthly': unit('month', 2),
  quarterly: unit('month', 3),
  'semi annually': unit('month', 6),
  semiannually: unit('month', 6),
  'semi annual': unit('month', 6),
  semiannual: unit('month', 6),
  'half yearly': unit('month', 6),
  yearly: unit('year'),
  annually: unit('year'),
  everyday: unit('day'),
  nightly: unit('day'),
};

export const smallNumbers: Readonly<Record<string, number>> = {
  one: 1,
  two: 2,
  three: 3,
  four: 4,
  five: 5,
  six: 6,
  seven: 7,
  eight: 8,
  nine: 9,
  ten: 10,
  eleven: 11,
  twelve: 12,
  thirteen: 13,
  fourteen: 14,
  fifteen: 15,
  sixteen: 16,
  seventeen: 17,
  eighteen: 18,
  nineteen: 19,
};

export const tens: Readonly<Record<string, number>> = {
  twenty: 20,
  thirty: 30,
  forty: 40,
  fifty: 50,
  sixty: 60,
  seventy: 70,
  eighty: 80,
  ninety: 90,
};

export const smallOrdinals: Readonly<Record<string, number>> = {
  first: 1,
  second: 2,
  third: 3,
  fourth: 4,
  fifth: 5,
  sixth: 6,
  seventh: 7,
  eighth: 8,
  ninth: 9,
  tenth: 10,
  eleventh: 11,
  twelfth: 12,
  thirteenth: 13,
  fourteenth: 14,
  fifteenth: 15,
  sixteenth: 16,
  seventeenth: 17,
  eighteenth: 18,
  nineteenth: 19,
  twentieth: 20,
  thirtieth: 30,
};
