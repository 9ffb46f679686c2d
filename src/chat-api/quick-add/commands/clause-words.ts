import { verbs as titleVerbs } from '../vocabulary/title-words.ts';
import { wordSet } from './word-set.ts';

export const pronouns = wordSet(
  'i we you he she it they this that these those there everybody everyone nobody someone somebody nothing something everything noone',
);
export const persons = wordSet('i we you he she they everybody everyone nobody someone somebody');
export const doers = wordSet('i we');
export const determiners = wordSet(
  'the my our your his her their its dis this that these those a an some no every most all both another half many several few each',
);
export const days =
  wordSet(`today tomorrow yesterday tonight monday tuesday wednesday thursday friday saturday sunday mondays tuesdays wednesdays thursdays
  fridays saturdays sundays weekends christmas easter january february march april may june july august september october november december`);
export const auxiliaries = wordSet(
  'am is are was were have has had do does did can could will would might may must should shall cannot cant wont',
);
export const prepositions = wordSet(
  'on at in from until till by for with to of off under over near behind around after before between into about during through inside outside away back home here there upstairs downstairs out up',
);

/** Verbs by what a clause with them says; all forms that are finite in the present, without apostrophes. */

export const be = wordSet('am is are');
export const have = wordSet('have has');
/** "was", "went": what is over is nothing to do. Not those that are the same in the present, as "put". */
export const past =
  wordSet(`was were wasnt werent had hadnt did didnt went came took got gave made said told thought knew saw felt found
  left kept lost won met paid sent spent slept stood understood bought brought caught taught fought sold held heard built meant became began
  broke chose drank drove ate fell flew forgot forgave froze grew hid rode rang rose ran sang sank shook shot shone spoke stole stuck
  struck stank swam swore threw tore woke wore wrote led dealt dreamt learnt burnt spilt stung swept wept lit lent bit blew bled drew dug
  hung laid lay died lied cried tried tied used sucked rocked stunk withdrew overslept misread misunderstood cost hurt`);
/** "feed" ends as a past does. */
const notPast =
  wordSet(`need feed weed seed breed bleed speed heed embed wed shed shred sled red bed led ted fred ned reed deed bred
  hundred sacred naked wicked kindred proceed exceed succeed indeed biped moped`);

/** The speaker must, will or wants to: a thing to do, whatever follows. */
export const obligations = wordSet('must should ought need needs shall better wanna gotta want wants owe owes');
/** The same with "to" behind them: "I plan to call", "the rent is to be paid". */
export const intentions =
  wordSet(`going supposed meant due planning plan plans intend intends intending promised agreed decided have has got
  offered volunteered aim aims mean hoping want wants need needs like love ought vowed swore told asked scheduled required obliged expected
  trying try forced committed booked invited arranged prepared ready happy glad`);
export const possibilities = wordSet(
  `might may could would can cant cannot couldnt wouldnt wont shant mightnt maynt dare daresay`,
);

/** What one thinks, feels or is, or what a thing is like: no date makes a task of it. */
export const stances =
  wordSet(`hate love like dislike enjoy prefer adore despise detest loathe miss think believe guess suppose reckon feel know
  understand wonder hope wish doubt fear worry mind mean agree disagree trust seem sound smell taste hurt suck sux rock stink ache bore annoy
  scare depend matter exist deserve live own weigh swear regret appreciate recommend suspect imagine bet assume recall realise realize admit
  confess concur complain struggle suffer crave envy admire fancy lack tend appear resemble rain snow hail freeze crash snore stutter lag
  disappoint irritate bother bug confuse please amaze surprise shock bite blow bloom succeed fail win lose remember forget notice care
  relate sympathise vibe dread treat say says`);
/** "it works well", "my car makes noises": a thing, and what it is like. */
const thirdPersonStances = wordSet(
  'works makes keeps gets looks takes means says does goes runs feels helps sounds costs',
);

/** What takes place, or has its time: a task with a date, else a statement. */
export const events =
  wordSet(`start begin open close end finish arrive leave come go depart land return expire lapse renew run take happen collect
  meet visit fly travel drive play host teach have get see work move marry graduate turn celebrate deliver pick drop air premiere resume
  stop break pass sail ship train perform race present speak stay sleep launch release change close reopen migrate retire kick`);

/** Adverbs and little words that may stand before or behind a verb. */
export const adverbs =
  wordSet(`never always often usually sometimes really just still already also even probably definitely only almost nearly
  totally absolutely so hardly finally actually honestly kinda simply both all apparently clearly obviously rarely seldom barely truly
  literally possibly maybe perhaps currently now soon then too very quite pretty rather super extremely incredibly terribly horribly mostly
  completely fully partly fairly seriously certainly surely not no longer today tonight again normally generally frequently occasionally ever
  bloody fucking freaking damn such kind of sort bit little a more most way much less somewhat unusually particularly especially`);
/** What is always or never so is no date: "I usually get up at 7". */
export const habits =
  wordSet(`never always often usually sometimes rarely seldom normally generally frequently occasionally hardly barely
  probably possibly maybe perhaps`);

/** What things and people are like, and no state that asks for anything. */
export const qualities =
  wordSet(`good bad great nice awful terrible horrible lovely wonderful amazing awesome fantastic brilliant excellent
  perfect fine ok okay alright rubbish useless crap crappy shit stupid dumb silly annoying boring bored tiring tired exhausted exhausting busy
  hard easy difficult tough rough simple long short slow fast late early cold hot warm cool freezing rainy sunny windy cloudy foggy wet dry dark
  bright loud noisy quiet funny fun hilarious sad happy glad angry mad upset furious sick ill unwell well better worse best worst weird
  strange odd crazy insane nuts confusing confused pointless useful helpful unhelpful important beautiful gorgeous ugly pretty cute clever
  smart delicious tasty yummy disgusting gross expensive cheap free interesting exciting excited nervous anxious stressed stressful
  worried scared afraid lonely alone hungry thirsty sleepy sore painful hopeless impossible unfair wrong right true false real fake
  disappointing disappointed frustrated frustrating overwhelmed overwhelming relaxing relaxed surprised surprising shocked shocking
  impressed impressive proud jealous lucky unlucky lazy mean rude kind friendly sweet grumpy moody drunk hungover hectic chaotic calm
  peaceful rotten lousy mediocre decent superb super cosy cozy fabulous incredible unbelievable ridiculous brutal insufferable unbearable
  unreliable reliable buggy laggy glitchy clunky intuitive neat pathetic lame special different same similar enough pleasant unpleasant miserable
  depressed depressing down dead alive old young new huge tiny big small packed crowded empty productive unproductive successful
  fascinating dull cheerful gloomy intense relieved grateful thankful sorry sure unsure certain clear obvious heartbroken devastated
  delighted thrilled pleased pissed annoyed sunburnt jetlagged knackered shattered wrecked dreadful ghastly horrid marvellous epic
  wild magical memorable hurtful helpful tricky messy dirty broke rich poor famous fit fat thin healthy unhealthy pregnant allergic
  addicted vegan vegetarian married single divorced retired unemployed homesick lost stuck soaked blocked unavailable
  worthless meaningless harmless hellish heavenly favourite favorite tight scarce asleep awake meh legendary insulting offensive patient impatient`);
/** "a nightmare", "the worst": as qualities are. */
export const verdicts =
  wordSet(`nightmare disaster joke mess pain shame pity lot worst best success failure blast catastrophe surprise miracle
  mistake waste hell heaven bliss torture relief hit flop treat drag bummer chore struggle delight pleasure mystery lie scam fail win ride rollercoaster
  crap rubbish garbage trash shit fun bullshit nonsense genius legend star hero idiot moron lifesaver gem beast person morning-person
  problem issue pain-in-the-neck headache slog marathon breeze day week`);

/** Feelings and states with -ing: "I'm feeling sick today", "it is raining". */
export const states =
  wordSet(`feeling thinking hoping wondering dying raining snowing hailing crying kidding joking losing struggling looking
  freezing waiting sitting trying sleeping being listening talking watching enjoying loving missing wishing suffering hurting
  killing driving annoying boring amazing confusing laughing smiling living growing wasting worrying panicking stressing
  starving melting boiling sweating shaking hating liking learning improving relaxing chilling vibing exaggerating complaining
  drowning lagging crashing snoring shining blowing expecting pouring drizzling thundering behaving acting making keeping getting doing
  disappointing frustrating depressing exhausting overwhelming relaxing encouraging wanting needing craving procrastinating sneezing coughing`);

/** Things one has or gets that are nothing to do: "a headache", "no idea". */
export const conditions =
  wordSet(`headache migraine cold fever flu cough hangover toothache stomachache backache cramps covid virus infection rash
  allergy allergies idea ideas clue feeling feelings question questions problem problems doubt doubts fun luck trouble hope faith trust
  issue issues regrets fear fears no nothing never too enough so many lots plenty loads tons cats dogs cat dog kids children sister sisters
  brother brothers brain energy mood patience memory nerves money dream dreams nightmare nightmares opinion crush time`);

/** Verbs that begin what is to be done; a sentence that begins so is no statement. */
const moreVerbs =
  wordSet(`assemble climb compare confirm decide design donate download drink empty ensure exchange explain follow force forget google
  greet help hire hug investigate learn let measure mention note pick polish propose prove purchase recharge record remember remind remove
  rent replace research resolve scan search shift show skype subscribe tidy touch translate trim verify zoom hear describe track toss trash
  restart restore rinse roast peel chop marinate defrost descale declutter reheat remake refinish resize rewind upgrade use thank squeeze
  make find doublecheck reschedule postpone cancel delete complete finish list look watch study bring see say`);

export const isImperative = (word: string) => titleVerbs.has(word) || moreVerbs.has(word);

/** A subject that is left out: "feeling sick today", "looking forward to friday". */
export const leftOut =
  wordSet(`dreading feeling hoping wondering dying freezing starving raining snowing loving hating missing struggling kidding thinking
  craving procrastinating sweating suffering panicking stressing chilling`);

/** The same in the past: "had a lovely evening", "woke up late". */
export const leftOutPast = wordSet(
  'loved hated liked enjoyed had woke forgot slept overslept missed fell ran went came took saw thought felt spent lost broke ate drank',
);
/** The same with a present: "looks like rain", "hope it works". */
export const leftOutPresent = wordSet('feels looks seems sounds smells tastes hurts sucks sux depends turns');
/** What people are: "tired of this", "stuck in traffic". */
export const moods =
  wordSet(`stuck tired sick late busy bored exhausted worried nervous excited scared jealous proud sad happy angry mad hungry thirsty
  sleepy annoyed frustrated stressed overwhelmed glad pleased hungover drunk grateful relieved`);
/** "long day", "bad mood today" */
export const spells = wordSet(
  'weather timing day week morning night mood weekend month year start feeling vibes news evening afternoon luck times',
);
/** "no time", "too much work", "so many people" */
export const lacks =
  wordSet(`time energy idea mood motivation money luck sleep appetite way plans chance clue patience rest wonder fun internet signal
  wifi power electricity answer response news reply one work stress noise people coffee rain snow sun traffic trouble`);

/** What precedes a remark without a verb: "so tired", "almost friday", "still no answer". */
export const intensifiers = wordSet(
  'half bit kinda slightly somewhat rather so too very really pretty quite super extremely absolutely totally fucking bloody freaking',
);
export const soon = wordSet('almost nearly finally already only still just yet another again');
export const interjections = wordSet(
  'ugh argh wow damn omg yay meh gah bah phew yikes ouch woohoo hooray jeez sigh boo grr whoa yuck eww',
);
export const isThirdPersonStance = (word: string) =>
  thirdPersonStances.has(word) || (word.endsWith('s') && stances.has(singular(word)));
export const isEvent = (word: string) => events.has(word) || (word.endsWith('s') && events.has(singular(word)));

/** "hurts" is of "hurt", "misses" of "miss", "tries" of "try". */
function singular(word: string): string {
  const forms = [word.slice(0, -1), word.replace(/es$/, ''), word.replace(/ies$/, 'y')];
  return forms.find((form) => stances.has(form) || events.has(form)) ?? word;
}

/** "called"; but "feed" is a present. */
export const isRegularPast = (word: string) => word.length > 4 && word.endsWith('ed') && !notPast.has(word);

/** Words that no noun is: behind a verb, they show that it is one. */
const objects = wordSet(
  'me him them us forever ages hours everyone myself himself herself itself ourselves yourself euros pounds dollars',
);
export const isLittle = (word: string) =>
  /^\d*$/.test(word) ||
  [adverbs, qualities, prepositions, determiners, pronouns, objects, days].some((set) => set.has(word));

/** Pasts that stand before nouns as well: "lost property", "felt pens". */
export const participles =
  wordSet(`left lost paid sold met felt hurt kept spent shot bit found bought broke ran fell saw lit lent cost led built made held
  caught taught heard hung swept spilt burnt learnt sent stuck struck slept rose sang read fought stung blew dug laid lay led used tied dealt meant`);
