import { withShortWeekdays, type HalfDay } from './time-words.ts';

/*
 * The words by which a date is told from a part of a title.
 */

/** Words before a date that make it part of the title: "notes of friday", "the 4th of July party". */
export const holding: ReadonlySet<string> = new Set(
  (
    'about of the a an and or like versus vs my our your his her their than to per since no not was were called named ' +
    'mr mrs ms miss dr uncle aunt'
  ).split(' '),
);

/** Titles that end in a full stop as often as not: "Mr. Friday". */
export const personTitles: ReadonlySet<string> = new Set(['mr', 'mrs', 'ms', 'dr']);

/** In which half of the day it is, when a mere hour is said: "dinner at 7", "wake up at 6". */
export const usualHalves: Readonly<Record<string, HalfDay>> = {
  breakfast: 'am',
  alarm: 'am',
  wake: 'am',
  waking: 'am',
  sunrise: 'am',
  dinner: 'pm',
  supper: 'pm',
  drinks: 'pm',
  cocktails: 'pm',
  party: 'pm',
  movie: 'pm',
  movies: 'pm',
  cinema: 'pm',
  film: 'pm',
  theatre: 'pm',
  theater: 'pm',
  opera: 'pm',
  concert: 'pm',
  gig: 'pm',
  pub: 'pm',
  table: 'pm',
  bedtime: 'pm',
  poker: 'pm',
  pint: 'pm',
  pints: 'pm',
  beers: 'pm',
  curry: 'pm',
  fireworks: 'pm',
  karaoke: 'pm',
  sunset: 'pm',
};

/** What leaves by a timetable, early as well as late. */
export const timetabled: ReadonlySet<string> = new Set(
  'flight plane train ferry boarding departure eurostar airport'.split(' '),
);

/** Before a noun: "morning run at 6", "evening class at 7". */
export const halvesOfNouns: Readonly<Record<string, HalfDay>> = { morning: 'am', evening: 'pm', night: 'pm' };

/** What people do with books, films and songs, whose names are often dates: "Watch Friday the 13th". */
export const workVerbs: ReadonlySet<string> = new Set(
  'watch rewatch read reread stream sing hear play memorize memorise study'.split(' '),
);

/** Before the names of things, which often end in a number: "Install Windows 11". */
export const nameVerbs: ReadonlySet<string> = new Set([
  ...workVerbs,
  ...'buy download get install listen order play preorder try update upgrade'.split(' '),
]);

/** What people do with sums of money, which are written like times of day. */
export const moneyVerbs: ReadonlySet<string> = new Set(
  'pay transfer owe lend refund donate spend charge deposit withdraw reimburse'.split(' '),
);

/** Words before 3:16 that make it no time of day: "ratio 16:10". */
export const ratioWords: ReadonlySet<string> = new Set(
  'ratio ratios score odds scale timestamp minute chapter verse verses aspect line lines mark version bible'.split(' '),
);

/** What is numbered as a time of day could be: "seat 12a". */
export const numberedThings: ReadonlySet<string> = new Set(
  (
    'seat room gate apt apartment unit row class flat section lot bus line house block platform bay stand exhibit type ' +
    'figure issue episode level part book volume bug ticket page pages season step lesson number version grade chapter'
  ).split(' '),
);

/** Before a number that is no date and no time of day: "call 20260505", "invoice 0900". */
export const beforeNumbers: ReadonlySet<string> = new Set(
  (
    'call ring phone dial text fax code pin number flight invoice bill order ref reference id no po receipt case build ' +
    'release file backup'
  ).split(' '),
);

/** Books whose verses are written like times of day. */
export const scriptures: ReadonlySet<string> = new Set(
  (
    'genesis exodus leviticus numbers deuteronomy joshua judges ruth samuel kings chronicles ezra nehemiah esther job ' +
    'psalm psalms proverbs ecclesiastes isaiah jeremiah lamentations ezekiel daniel hosea joel amos obadiah jonah micah ' +
    'nahum habakkuk zephaniah haggai zechariah malachi matthew mark luke john acts romans corinthians galatians ephesians ' +
    'philippians colossians thessalonians timothy titus philemon hebrews james peter jude revelation quran koran surah'
  ).split(' '),
);

/** Words that may follow a date that nothing introduces: "lunch friday with Ann", but not "friday roast". */
export const following: ReadonlySet<string> = new Set(
  (
    'with to for at in on about from by and or near @ before after because so if when unless via using without then as but ' +
    'until till is please over per around except excluding minus not unless without skip skipping but starting beginning ending during through effective ok okay thanks'
  ).split(' '),
);

/** Words that may begin a request, so that "Tomorrow call Ann" has a date, and "Tomorrow Never Dies" has none. */
export const verbs: ReadonlySet<string> = new Set(
  (
    'accept add apply arrange ask attend back bake be bike book borrow bring brush build buy call cancel change charge chat ' +
    'check clean clear close collect complete contact cook copy create cut deliver deposit discuss do download draft drive ' +
    'drop eat email empty enter exercise feed fetch file fill find finish fix fly follow forward get give go grab hand hang ' +
    'have help hoover install invite iron jog join keep leave lend listen load lock look mail make mark measure meet message ' +
    'mop move mow notify open order organise organize pack paint park pay phone pick plan plant play post practise practice ' +
    'prepare print publish pull push put read rebook refill register remind renew repair reply report request reserve reset ' +
    'return review ring run schedule see sell send set share shave ship shop sign sing sleep sort speak start stop study ' +
    'submit swap sweep swim switch take talk tell test text thank think throw tidy train try turn update upload use vacuum ' +
    'visit wait wake walk wash watch water wear wipe withdraw work wrap write'
  ).split(' '),
);

/** Verbs that say what somebody is told or asked: "Tell Ann that the party is on friday". */
export const reportingVerbs: ReadonlySet<string> = new Set(
  'tell ask inform let warn notify email text message say explain confirm check verify ensure mention write reply'.split(
    ' ',
  ),
);

/** What is said of what has been done: "sent it on 1 march"; but "fixed costs" and "paid leave" are titles. */
export const doneVerbs: ReadonlySet<string> = new Set(
  (
    'asked ate baked booked bought brought called canceled cancelled changed checked cleaned collected cooked delivered did ' +
    'dropped emailed fed filed filled fixed gave got handed ironed made mailed messaged met mowed ordered packed paid phoned ' +
    'picked posted printed renewed repaired returned reviewed sent signed sold spoke submitted swept talked texted told took ' +
    'turned updated vacuumed visited walked washed watered went wrote'
  ).split(' '),
);

/** Words that begin a clause, if a pronoun follows: "Call Ann before she leaves on friday". */
export const clauseWords: ReadonlySet<string> = new Set(
  'because if when after before until unless whether that since while as once so ( - – — , .'.split(' '),
);
/** Words of conditions: "friday if it rains". */
export const conditionals: ReadonlySet<string> = new Set(['while', 'when', 'whenever', 'unless', 'if']);

export const pronouns: ReadonlySet<string> = new Set('i he she it we they you'.split(' '));

const seasons = ['spring', 'summer', 'autumn', 'fall', 'winter'].flatMap((season) =>
  [
    'this',
    'next',
    'in',
    'in the',
    'by',
    'every',
    'before',
    'after',
    'until',
    'over the',
    'during the',
    'this coming',
    '1 st of',
    'first of',
    'start of',
    'end of',
  ].map((word) => `${word} ${season}`),
);
/** Days that another calendar, or each country, has elsewhere. */
const movingDays = [
  ...['black friday', 'cyber monday', 'bank holiday', "mother's day", 'mothers day'],
  ...['hanukkah', 'ramadan', 'diwali', 'lunar new year', 'chinese new year', 'passover', 'eid'],
];

/** Names with a day in them. */
const namedDays = [
  ...['tgi friday', 'tgi fridays', 'ruby tuesdays', 'taco tuesdays', 'casual fridays', 'summer fridays'],
  ...['cyber mondays', 'throwback thursdays', 'happy mondays', 'thank god it is friday'],
  ...[
    'blue monday',
    'manic monday',
    'meatless monday',
    'super tuesday',
    'fat tuesday',
    'shrove tuesday',
    'ruby tuesday',
  ],
  ...['giving tuesday', 'taco tuesday', 'spy wednesday', 'holy thursday', 'throwback thursday'],
  ...['freaky friday', 'casual friday', 'dress down friday', 'holy saturday', 'small business saturday'],
  ...['super bowl sunday', 'super sunday', 'gloomy sunday', 'bloody sunday', 'any given sunday'],
];

/** Names with a time of day in them, by the hour in figures and in words. */
const namedHours = [
  ...["5 o'clock shadow", "five o'clock shadow", "6 o'clock news", "six o'clock news", "10 o'clock news"],
  ...["ten o'clock news", "11 o'clock news", "eleven o'clock news", "twelve o'clock high", "12 o'clock high"],
];

/** Words of time that say nothing exact. */
export const vague: Readonly<Record<string, true>> = {
  ...withShortWeekdays(
    Object.fromEntries([...seasons, ...movingDays, ...namedDays, ...namedHours].map((words) => [words, true as const])),
  ),
  'last thing': true,
  'last day of the week': true,
  'first day of the week': true,
  now: true,
  'right now': true,
  immediately: true,
  'the next day': true,
  ...Object.fromEntries(
    ['next', 'following'].flatMap((word) =>
      ['morning', 'afternoon', 'evening', 'night'].flatMap((part) => [
        [`${word} ${part}`, true as const],
        [`the ${word} ${part}`, true as const],
      ]),
    ),
  ),
  'the following day': true,
  'the following week': true,
  'in the next hour': true,
  'within the hour': true,
  'within the day': true,
  'within the week': true,
  'within the month': true,
  'in the next few days': true,
  'in the next few weeks': true,
  'in the coming days': true,
  'in the coming weeks': true,
  ...Object.fromEntries(
    ['full moon', 'new moon', 'low tide', 'high tide'].flatMap((sky) =>
      [sky, `the ${sky}`, `next ${sky}`, `the next ${sky}`].flatMap((words) =>
        ['at', 'on', 'by', 'before', 'after', 'until', 'during'].map((word) => [`${word} ${words}`, true as const]),
      ),
    ),
  ),
  'half past': true,
  'quarter past': true,
  'middle of the night': true,
  ...Object.fromEntries(
    ['in', 'during', 'throughout', 'over', 'until', 'before', 'after', 'by', 'within'].flatMap((word) =>
      [
        ...[
          'advent',
          'lent',
          'half term',
          'the holidays',
          'the school holidays',
          'the summer holidays',
          'term',
          'exam week',
        ],
        ...['tax year end', 'the tax year end', 'financial year end', 'fiscal year end', 'school year end'],
      ].map((period) => [`${word} ${period}`, true as const]),
    ),
  ),

  'next class': true,
  'next lesson': true,
  'next time': true,
  'next term': true,
  'this term': true,
  'next visit': true,
  'next shift': true,
  termly: true,
  'per term': true,
  seasonally: true,
  semimonthly: true,
  'semi monthly': true,
  semiweekly: true,
  'semi weekly': true,
  biannual: true,
  biannually: true,
  'bi annual': true,
  'bi annually': true,
  biennial: true,
  biennially: true,
  triweekly: true,
  asap: true,
  sometime: true,
  'some time': true,
  someday: true,
  'some day': true,
  soon: true,
  later: true,
  'one of these days': true,
  '1 of these days': true,
  'in a while': true,
  'in a moment': true,
  'in an instant': true,
  'in a jiffy': true,
  'in a sec': true,
  'in a second': true,
  'in zero seconds': true,
  'in zero minutes': true,
  'in zero hours': true,
  'in zero days': true,
  'in early spring': true,
  'in early summer': true,
  'in late summer': true,
  'in early autumn': true,
  'in late autumn': true,
  'in the middle of the night': true,
  overnight: true,
  'next day': true,
  'next hour': true,
  'this hour': true,
  'next decade': true,
  'in a bit': true,
  'in a few minutes': true,
  'in a few hours': true,
  'in a few days': true,
  'in a few weeks': true,
  'in a few months': true,
  'in some days': true,
  'in several minutes': true,
  'in several hours': true,
  'in some hours': true,
  'in some weeks': true,
  'in several days': true,
  'in several weeks': true,
  'once in a while': true,
  'from time to time': true,
  'now and then': true,
  'after lunch': true,
  'before lunch': true,
  'after work': true,
  'before work': true,
  'after dinner': true,
  'before bed': true,
  'before breakfast': true,
  'after breakfast': true,
  'every so often': true,
  'every now and then': true,
  'every once in a while': true,
  'at dawn': true,
  'at dusk': true,
  ...Object.fromEntries(
    ['before', 'after', 'by', 'around', 'until'].flatMap((word) =>
      ['sunrise', 'sunset', 'dawn', 'dusk', 'dark', 'nightfall'].map((sun) => [`${word} ${sun}`, true as const]),
    ),
  ),
  'in the new year': true,
  'at sunrise': true,
  'at sunset': true,
  'at lunch': true,
  'by lunch': true,
  'around lunch': true,
  'until lunch': true,
  'by dinner': true,
  'around dinner': true,
  'until dinner': true,
  'by breakfast': true,
  'by bedtime': true,
  'over lunch': true,
  'during lunch': true,
  'at dinner': true,
  'at breakfast': true,
  'over breakfast': true,
  'over dinner': true,
  'after breakfast time': true,
  'after school': true,
  'before school': true,
  'before dinner': true,
  'at teatime': true,
  'at bedtime': true,
  'before bedtime': true,
  'the day after': true,
  'day after': true,
  'the night before': true,
  'the evening before': true,
  'the morning after': true,
  ...Object.fromEntries(
    ['my', 'your', 'his', 'her', 'our', 'their', 'the'].flatMap((whose) =>
      ['birthday', 'bday', 'b day', 'anniversary'].map((day) => [`on ${whose} ${day}`, true as const]),
    ),
  ),
  'on payday': true,
  'in the school year': true,
  'during the school year': true,
  'any weekday': true,
  'any weekend': true,
  'on a weekday': true,
  'on a weekend': true,
  'during the day': true,
  'during the night': true,
  'during daytime': true,
  'during business hours': true,
  'during office hours': true,
  'during working hours': true,
  'in business hours': true,
  'in office hours': true,
  'in working hours': true,
  'at half past': true,
  'at quarter past': true,
  'at quarter to': true,
  'on the solstice': true,
  'on the equinox': true,
  'first day of spring': true,
  'first day of summer': true,
  'first day of autumn': true,
  'first day of fall': true,
  'first day of winter': true,
  'first day of school': true,
  'last day of school': true,
  'the week after': true,
  'day after day': true,
  'all day': true,
  'all week': true,
  'all month': true,
  'all year': true,
  'the whole day': true,
  'the whole week': true,
  'throughout the day': true,
  'throughout the week': true,
  'at random times': true,
  regularly: true,
  periodically: true,
  occasionally: true,
  frequently: true,
  eventually: true,
  'for the rest of the day': true,
  'for the rest of the week': true,
  'for the rest of the month': true,
  'for the rest of the year': true,
  'half hourly': true,
  'in due time': true,
  'in no time': true,
  'mid afternoon': true,
  'mid morning': true,
  'in fortnight': true,
  'later on': true,
  'any time': true,
  anytime: true,
  'any day': true,
  'one day': true,
  shortly: true,
  'at the earliest': true,
  'last night': true,
  'the other day': true,
  recently: true,
  'at dinnertime': true,
  'at tea time': true,
  'at the crack of dawn': true,
  'in the wee hours': true,
  'next sprint': true,
  'this sprint': true,
  'next semester': true,
  'this semester': true,
  'as soon as possible': true,
  'same time': true,
  'at the same time': true,
  'this time': true,
  'at this time': true,
  'same day': true,
  'the same day': true,
  'this day': true,
  'during the week': true,
  'in the week': true,
  ...Object.fromEntries(['morning', 'afternoon', 'evening', 'night'].map((part) => [`the ${part} of`, true as const])),
  'week in week out': true,
  'week in and week out': true,
  'at close of play': true,
  'by close of play': true,
  'on even days': true,
  'on odd days': true,
  'odd weeks': true,
  'even weeks': true,
  'in odd weeks': true,
  'in even weeks': true,
  'in school term': true,
  'in term time': true,
  'during term': true,
  'all days': true,
  'all weekend': true,
  'all of next week': true,
  'the entire weekend': true,
  'the whole weekend': true,
  'this week end': true,
  'next week end': true,
  'the week end': true,
  'current week': true,
  'upcoming week': true,
  'upcoming weeks': true,
  'this season': true,
  'next season': true,
  'within the next hour': true,
  'in few hours': true,
  'in few days': true,
  weeknights: true,
  'on weeknights': true,
  'on school days': true,
  'school days': true,
  schooldays: true,
  'school nights': true,
  'l 8 r': true,
  'w / e': true,
  'leap day': true,
  'odd months': true,
  'even months': true,
  'on this date': true,
  'in a mo': true,
  'in a tick': true,
  'b 4 bed': true,
  'b 4 work': true,
  'b 4 lunch': true,
  'b 4 dinner': true,
  'when i wake up': true,
  'at some point': true,
  'some point': true,
  midsummer: true,
  midwinter: true,
  'on school nights': true,
  'business days': true,
  'on business days': true,
  'day and night': true,
  'night and day': true,
  'around the clock': true,
  'round the clock': true,
  'day in day out': true,
  'day in and day out': true,
  'once in a blue moon': true,
  triennially: true,
  'every now and again': true,
  'at the top of the hour': true,
  'at the top of every hour': true,
  'when i get home': true,
  'when i get to work': true,
  'when i leave': true,
  'when i have time': true,
};

/**
 * Words about time. Right beside a date, they belong to it; if it was read without them, it was not understood:
 * "friday the other week", "a month on friday".
 */
export const besideDates: ReadonlySet<string> = new Set(
  (
    'day days weekday weekdays weekend weekends week weeks fortnight month months quarter year years decade morning ' +
    'mornings afternoon afternoons evening evenings night nights monday tuesday wednesday thursday friday saturday sunday ' +
    'mondays tuesdays wednesdays thursdays fridays saturdays sundays next last once twice every each ea other forever ' +
    'ago onwards onward except excluding ever always cop mid later earlier alternating alternate'
  ).split(' '),
);

/** These, too, if they come behind the date. */
export const behindDates: ReadonlySet<string> = new Set(
  "hour hours minute minutes am pm or and then before after end beginning until till since half quarter o'clock".split(
    ' ',
  ),
);

/**
 * Words about time that a sentence with a date has for it, if nothing but a date, or the end, follows: "call Ann fridays
 * usually", "usually fridays".
 */
export const looseWords: ReadonlySet<string> = new Set(
  (
    'thrice sometimes usually normally often rarely seldom consecutive consecutively prn roughly approximately ish sharp ' +
    "oclock o'clock latest wks hr hrs starting ending until till throughout am pm " +
    'prior before beforehand after afterwards next'
  ).split(' '),
);

/** Right before a date. */
export const looseBefore: ReadonlySet<string> = new Set(
  'apart bar long whole entire free and or & another half coming following at by from until till for every each between than a an'.split(
    ' ',
  ),
);

/** Right behind a date. */
export const looseBehind: ReadonlySet<string> = new Set(
  (
    'times never again annual repeat repeating repeats recurring recurs start straight running early spring summer autumn ' +
    'fall winter holidays term eve half second first hundred'
  ).split(' '),
);

export const loosePhrases: Readonly<Record<string, true>> = {
  'in a row': true,
  'and night': true,
  'first one': true,
  'last one': true,
  'back to back': true,
  'at least': true,
  'at most': true,
  'as needed': true,
  'as required': true,
  'when required': true,
  'if required': true,
  'when needed': true,
  'if needed': true,
  'if necessary': true,
  'weather permitting': true,
  'or so': true,
  'or after': true,
  'or before': true,
  'or later': true,
  'or earlier': true,
  'or sooner': true,
  'on the hour': true,
  'on the half hour': true,
  'at the latest': true,
  'half past': true,
  'quarter to': true,
  'quarter past': true,
  'w / c': true,
  'w / b': true,
  'bank holidays': true,
  'term time': true,
  'rest of the day': true,
  'rest of the week': true,
  'rest of the month': true,
  'local time': true,
  'uk time': true,
  'next avail': true,
  'next available': true,
};
