import { own } from '../own.ts';
import { isImperative } from './clause-words.ts';

/** Verbs of daily life whose past has a form of its own. */
const irregular: Readonly<Record<string, string>> = Object.fromEntries(
  `ate eat, eaten eat, bought buy, brought bring, built build, came come, caught catch, chose choose, chosen choose, cut cut, did do, done do,
   drew draw, drawn draw, drove drive, driven drive, drank drink, drunk drink, fed feed, found find, flew fly, forgave forgive, froze freeze,
   frozen freeze, gave give, given give, got get, gotten get, hung hang, heard hear, hid hide, hidden hide, held hold, kept keep, led lead,
   left leave, lent lend, let let, lit light, lost lose, made make, met meet, mown mow, paid pay, put put, ran run, rang ring, read read,
   rode ride, ridden ride, rung ring, said say, sang sing, sung sing, sat sit, saw see, seen see, sent send, set set, sewn sew, shut shut,
   sold sell, spent spend, spoke speak, spoken speak, swam swim, swum swim, swept sweep, took take, taken take, taught teach, told tell,
   thought think, threw throw, thrown throw, went go, gone go, woke wake, won win, wore wear, worn wear, wrote write, written write`
    .split(/,\s*/)
    .map((row) => row.trim().split(' ') as [string, string]),
);

/** What a verb is of which a word is the past: "paid" of "pay", "tried" of "try"; undefined if it is no past of a known verb. */
export function verbOfPast(word: string): string | undefined {
  const said = word.toLowerCase();
  const known = own(irregular, said);
  if (known ?? !/^[a-z]{2,20}ed$/.test(said)) return known;
  const stem = said.slice(0, -2);
  const forms = [
    stem.replace(/i$/, 'y'),
    stem,
    `${stem}e`,
    // "planned", "mopped"
    stem.replace(/([bdgklmnprtvz])\1$/, '$1'),
  ];
  return forms.find((form) => isImperative(form) || furtherVerbs.has(form));
}

/** Verbs that begin titles often enough for their pasts to be known, though they are no marks of a request. */
const furtherVerbs: ReadonlySet<string> = new Set(
  'bathe dust groom hike hoover mop oil pull rake rinse scrub solve sweep vacuum weed wipe cancel text type upload water'.split(
    ' ',
  ),
);
