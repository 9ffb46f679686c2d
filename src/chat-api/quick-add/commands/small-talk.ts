import type { Command } from './sentence.ts';
import { bareWords, phraseSet } from './word-set.ts';

interface Kind {
  readonly phrases: ReadonlySet<string>;
  readonly reply: string;
}

/** What people say to each other without meaning a task; of several kinds in a sentence, the first one is answered. */
const kinds: readonly Kind[] = [
  {
    reply: 'I am sorry. Say "undo" to take back the last change, or "help" for examples. Nothing was changed.',
    phrases: phraseSet(`
      useless, rubbish, terrible, awful, horrible, pathetic, garbage, crap, crappy, bullshit, bull, bs, nonsense, fuck, fuck this, fuck that, fucking hell, stupid, dumb, idiot, ridiculous,
      disappointing, disappointed, annoying, unhelpful, lame, bad, bad bot, bad program, bad app, bad job, worst, hate you, hate it, hate this,
      suck, sucks, stink, stinks, not good, not great, not nice, not helpful, not useful, not working, not impressed,
      not funny, not again, not cool, wtf, damn, damn it, dammit, shit, bloody hell, ffs, what the hell, shut up, go away,
      leave me alone, come on, for heavens sake, boo, meh, ugh, argh, gah, bah, grr, waste of time, no good,
      no use, no help, of no use, youre fired, screw you, confusing, slow, broken, wrong again`),
  },
  {
    reply: 'No problem.',
    phrases: phraseSet(`
      sorry, im sorry, i am sorry, so sorry, very sorry, sorry about that, sorry for that, sorry about this, my bad,
      my mistake, my fault, my apologies, apologies, i apologise, i apologize, apologise, apologize, excuse me, pardon,
      pardon me, pardon my french, wrong chat, wrong window, wrong person, wrong button, wrong app, forgive me, beg your pardon, i beg your pardon, oops, whoops, oopsie, woops, sry, soz, didnt mean that,
      didnt mean it, i didnt mean that, i didnt mean it, didnt mean to, i didnt mean to`),
  },
  {
    reply: 'You are welcome.',
    phrases: phraseSet(`
      thanks, thank you, thank u, thankyou, thx, thnx, thanx, tnx, ty, ta, tysm, tyvm, cheers, much appreciated, appreciated,
      appreciate it, i appreciate it, appreciate that, i appreciate that, appreciate you, appreciate your help,
      i appreciate your help, much obliged, many thanks, many, big thanks, thank you kindly, thanks kindly, thanks so much, thanks very much, thanks a lot,
      thanks a bunch, thanks a ton, thanks a million, thanks heaps, thanks for that, thanks for this, thanks for all,
      thanks for nothing, thank you for that, thank you for this, thanks for everything, thank you for everything,
      thanks for your help, thank you for your help, thanks for the help, thank you for the help, thanks for the reminder,
      thanks for the reminders, thank you for the reminder, thanks for reminding me, thank you for reminding me,
      thanks for helping, thank you for helping, thanks for helping me, thanks for letting me know, thanks for asking,
      thank you for asking, thanks for understanding, thank you for your time, thanks anyway, thank you anyway,
      thanks anyways, thanks in advance, thank you in advance, thanks again, thank you again, thank god, thank goodness,
      kind of you, very kind, gracias, danke, merci, grazie, obrigado, arigato, tak, tack, i owe you one,
      you saved my life, you saved my day, you made my day, lifesaver, life saver`),
  },
  {
    reply: 'Thank you, the same to you!',
    phrases: phraseSet(`
      merry christmas, merry xmas, happy christmas, happy xmas, happy new year, happy easter, happy halloween,
      happy thanksgiving, happy hanukkah, happy diwali, happy holidays, happy birthday, happy friday, happy monday,
      happy weekend, happy valentines, happy valentines day, happy mothers day, happy fathers day, happy anniversary,
      eid mubarak, ramadan mubarak, ramadan kareem, seasons greetings, compliments of the season, best wishes,
      all the best, happy days, congrats, congratulations, bless you, get well soon, good luck, bon appetit, bon voyage,
      frohe weihnachten, frohes neues, feliz navidad, joyeux noel, buon natale, have a nice day, have a good day,
      have a great day, have a lovely day, have a good one, have a nice one, have a great one, have a good weekend,
      have a great weekend, have a nice weekend, have a lovely weekend, have a good evening, have a nice evening,
      have a great evening, have a good night, have a good week, have fun, enjoy, enjoy your day, enjoy your weekend,
      enjoy your evening, enjoy the weekend, enjoy the rest of your day, nice weekend, happy new week, you too,
      same to you, likewise, and you, and to you, to you too, cheers to that, wish me luck, fingers crossed`),
  },
  {
    reply: 'Goodbye.',
    phrases: phraseSet(`
      bye, bye bye, byebye, goodbye, good bye, cya, see ya, see you, see u, see you later, see ya later, see you soon,
      see you tomorrow, see you tonight, see you then, see you around, see you next week, see you on monday, see you monday,
      laters, talk later, talk soon, talk tomorrow, speak soon, speak later, speak tomorrow, talk then, talk to you later, talk to you soon, talk to you tomorrow, catch you later, ttyl, brb,
      g2g, gtg, gotta go, got to go, i gotta go, i have to go, have to go, i have to go now, ive got to go, ciao, tschüss,
      adios, au revoir, good night, goodnight, night, night night, nighty night, sleep well, sleep tight, sweet dreams,
      take care, stay safe, farewell, so long, im off, i am off, im leaving, im out, over and out, until tomorrow,
      until next time, till tomorrow, till next time, be right back, be back later, im going to bed, off to bed, off to work,
      time for bed, peace, peace out, later, quit, exit`),
  },
  {
    reply: 'Hello! Tell me what you have to do and when, for example "Pay rent tomorrow at 9am".',
    phrases: phraseSet(`
      hi, hello, hey, heyy, heya, hiya, hallo, howdy, yo, hi there, hello there, hey there, greetings, good morning, good day,
      good afternoon, good evening, gm, gn, morning, afternoon, evening, morning all, welcome, welcome back, how are you,
      how are you doing, how are things, how are you today, how r u, how do you do, hows it going, how is it going,
      hows life, hows your day, hows things, whats up, whatsup, sup, wassup, whats new, whats going on,
      nice to meet you, pleased to meet you, nice to see you, good to see you, good to be back, long time no see, im back,
      i am back, its me, its me again, its only me, me again, here i am, i am here, im here, bonjour, hola, salut, guten tag,
      guten morgen, moin, servus, namaste, ahoy, gday`),
  },
  {
    reply: 'All right.',
    phrases: phraseSet(`
      ok, okay, k, kk, okey, okey dokey, okie dokie, okidoki, alright, all right, right, sure, sure thing, of course, got it,
      gotcha, understood, i understand, i see, noted, roger, roger that, copy that, fine, fair enough, fair point, makes sense,
      that makes sense, good to know, i know, i knew it, whatever, as you wish, no worries, no problem, no probs,
      no problem at all, not a problem, np, no biggie, no harm done, no hard feelings, no stress, no rush, no hurry, no pressure,
      no need, no offence, no offense, dont worry, dont worry about it, dont mind me, never mind, nevermind, its ok, its okay,
      its fine, its all right, its alright, all good, all set, all clear, we are good, were good, im good, im fine,
      im ok, im okay, im good thanks, im doing fine, im doing well, im doing good, i am fine, i am good, i am well, not bad,
      not too bad, could be better, could be worse, cant complain, same here, same as always, me too, me neither, agreed,
      i agree, exactly, indeed, absolutely, definitely, totally, precisely, correct, true, too true, so true, yup, yep, yeah,
      yes, aye, deal, sounds good, sounds great, sounds like a plan, looks good, looks great, lgtm, go on,
      just kidding, kidding, jk, im kidding, im just kidding, just joking, only joking, im joking, just testing, only testing,
      im testing, just a test, this is a test, only a test, testing, nothing, nothing else, nothing more, nothing much,
      nothing special, nothing for now, nothing really, not really, not much, no more, no more for now, no more for today, none,
      thats all, that is all, thatll be all, that will be all, thats it, that is it, thats everything, thats all folks,
      thats that, that was all, that was it, thats all i needed, thats all i need, thats all i wanted, thats what i needed,
      just what i needed, just what i wanted, thats what i wanted, all i needed, nothing to add, i think thats all,
      i think thats it, i think thats everything, thats enough, enough, that will do, thatll do, thats not necessary,
      i have nothing else, all for now, all for today, end of list, oh well, ah well, oh, ah, aha, oh no,
      oh dear, oh my, oh my god, omg, my god, oh god, good god, good grief, goodness, my goodness, oh my goodness, gosh, jeez,
      geez, wow, whoa, yay, yippee, hooray, hurray, hurrah, woohoo, woo hoo, woo, phew, well, hm, hmm, mhm, mm, mmm, um, uh,
      er, erm, huh, eh, lol, lmao, rofl, haha, hahaha, hahahaha, ha, ha ha, hehe, hihi, xd, tada, ta da, bravo, voila,
      cool beans, really, oh really, for real, seriously, no way, is that so, you dont say, forget what i said, forget i said anything,
      forget i asked, ignore me, ignore that, ignore this, i take it back, i take that back, who cares, so what, cest la vie, such is life, thats life, it happens, it is what it is, life goes on, never say never,
      what a day, what a week, what a night, what a mess, what a pity, what a shame, what a relief, what a surprise,
      what a life, what a joke, so much to do, so much to do today, such a long day, such a long week, too bad, bad luck,
      interesting, funny, surprise surprise, fun fact, i was just wondering, just wondering, just saying, just asking,
      just curious, just thinking out loud, thinking out loud, i changed my mind, changed my mind, on second thoughts,
      i dont care, dont care, i dont mind, dont mind, up to you, you choose, you decide, you tell me, if you say so, i guess,
      i suppose, i guess so, i suppose so, i think so, i hope so, i hope not, i dont think so, i believe so, hopefully, maybe`),
  },
  {
    reply: 'Thank you.',
    phrases: phraseSet(`
      good, great, perfect, nice, perfect timing, good timing, great timing, cool, awesome, amazing, excellent, brilliant, fantastic, wonderful, lovely, superb, super, sweet,
      splendid, marvellous, marvelous, magnificent, neat, nifty, impressive, beautiful, gorgeous, fabulous, terrific, stellar,
      outstanding, incredible, unbelievable, epic, legendary, phenomenal, spectacular, spot on, on point, top, top notch,
      first class, the best, best, helpful, useful, handy, smart, clever, genius, legend, star, hero, angel, gem, champ, ace,
      delightful, great stuff, good stuff, nice stuff, good job, great job, nice job, excellent job, amazing job, good work,
      great work, nice work, amazing work, excellent work, keep it up, keep up the good work, well done, well played, nicely done,
      good one, nice one, great one, good on you, good for you, good bot, good boy, good girl, nice bot, smart bot, good idea, great idea, nice idea,
      good thinking, good point, good call, good news, great news, very well, nice try, nice touch, love it, i love it, love this,
      i love this, love you, i love you, luv u, i like it, i like this, i like that, i like you, like it, rock, rocks, rule,
      rules, impressed, i am impressed, im impressed, youre welcome, you are welcome, my pleasure, dont mention it,
      exactly what i wanted, exactly what i needed, just right, works, it works, that works, that worked, it worked,
      works great, works well, works like a charm, that helps, that helped, that helps a lot, it helps, way to go, bingo,
      bullseye, hats off, kudos, props, chapeau, 10 out of 10, ten out of ten, five stars, 5 stars, thumbs up, cute, funny bot,
      god bless, god bless you, bless your heart`),
  },
  {
    reply: 'I keep your tasks and remind you of them; that is all I can do. Say "help" for examples.',
    phrases: phraseSet(`
      listen, listen to me, talk to me, answer me, believe me, trust me, look at me, help me out, do something, say something, be nice,
      be quiet, be honest, be careful, be kind, be patient, hurry, hurry up, wait a minute, wait a second, wait a moment, one moment,
      one second, one sec, just a second, just a moment, give me a break, give me a second, give me a minute, let me think, let me see,
      cheer me up, motivate me, entertain me, surprise me, impress me, make me laugh, make me happy, inspire me, pick one, guess, guess what,
      hear me, see me, understand me, help me, read my mind, tell me, tell me more, go to sleep, wake up, try again, try harder, do better, think again, look again, check again, read it again,
      say it again, say that again, repeat that, calm down, relax, chill, get lost, go home, hug me, kiss me, marry me, stay with me`),
  },
];

/** Words that say nothing alone; and nobody's names. */
const glue = phraseSet(`
  so, very, absolute, complete, utter, total, pure, really, just, too, pretty, quite, absolutely, totally, truly, such, a, an, the, bit, lot, not, all, again, still, also,
  and, but, then, now, there, here, today, tonight, already, anyway, anyways, as always, as usual, ever, always, much, super, way, a bunch, a ton, a million, heaps,
  thats, that is, that was, this is, this was, its, it is, it was, youre, you are, your, ur, you were, you, u, your the, is, was,
  are, it, that, this, my, for me, for now, for today, for everything, for all, for the help, for your help, to me, of you,
  to you, to you all, to all, to everyone, to all of you, from me, with me, indeed, actually, honestly, literally, kind of, sort of,
  friend, my friend, friends, mate, man, dude, bro, bruh, buddy, pal, dear, my dear, love, darling, honey, sunshine, sweetie, boss,
  chief, guys, folks, team, all, everyone, everybody, people, sir, madam, maam, bot, robot, chatbot, chat bot, assistant, computer,
  machine, app, this app, the app, this bot, this thing, this program, this chat, job, work, thing, one, stuff, day, please, pls, no, nope,
  nah, lovely people, in the world, of all, of all time, world, x, xx, xo, xoxo`);

const longestPhrase = 8;
const mostWords = 16;
const longestTalk = 120;

/** The kinds of phrases that make up the words; undefined unless all words are of them. */
function kindsOf(words: readonly string[]): ReadonlySet<Kind> | undefined {
  // Behind each word: what those before it were read as.
  const read: (ReadonlySet<Kind> | undefined)[] = [new Set()];
  for (let end = 1; end <= words.length; end++) {
    for (let start = Math.max(0, end - longestPhrase); start < end; start++) {
      const before = read[start];
      if (!before || read[end]) continue;
      const phrase = words.slice(start, end).join(' ');
      const kind = kinds.find(({ phrases }) => phrases.has(phrase));
      if (kind) read[end] = new Set([...before, kind]);
      else if (glue.has(phrase)) read[end] = before;
    }
  }
  return read[words.length];
}

const nice =
  '(?:nice|good|great|lovely|wonderful|fantastic|pleasant|relaxing|restful|safe|fun|amazing|blessed|beautiful|quiet|merry|happy)';
const spell =
  '(?:day|evening|night|weekend|week|time|morning|afternoon|holiday|holidays|one|trip|break|christmas|easter|start)';
const you = '(?:you|ya|u|later|soon)';
const part = '(?:date|day|time|hour|month|year|week|task|one|title|name|priority|tag|reminder|list|thing)s?';
const again = '(?: again| completely| totally)?';

/** Of any words: "thank you for being there", "sorry for shouting", "have a lovely evening", "catch you tomorrow". */
const openPhrases: readonly (readonly [pattern: RegExp, like: string])[] = [
  [
    /^(?:thanks|thank you|thx)(?: so much| again| a lot| very much)? for (?:\p{L}+ing|your|the|all|everything|nothing|that|this|such)\b/u,
    'thanks',
  ],
  [
    /^(?:sorry|apologies|pardon|forgive me|excuse me) (?:for|about|that|if|my|to (?:bother|hear|ask|disturb))\b/,
    'sorry',
  ],
  [
    new RegExp(
      `^(?:have|enjoy|wish you|wishing you|hope you (?:had|have)) (?:an?|your|the) (?:${nice} )?${spell}(?: ahead| too| everyone| all| off)?$`,
    ),
    'enjoy',
  ],
  [
    new RegExp(
      `^(?:see|catch|talk|talk to|speak|speak to|meet) ${you}(?: (?:tomorrow|tonight|later|soon|then|again|around|(?:on |next |this )?\\w+(?:day|week)))?$`,
    ),
    'bye',
  ],
  [/^(?:hi|hello|hey|greetings) from \p{L}+$/u, 'hello'],
  [/^good luck (?:to|with that|for that)\b/, 'good luck'],
  [
    /^(?:happy|merry) (?:easter|christmas|xmas|new year|holidays|thanksgiving|halloween)(?: and a happy new year)? (?:to|and|from|you|all)\b/,
    'merry christmas',
  ],
  // "you got the date wrong", "you put it on the wrong day", "you misread the time"
  [
    new RegExp(
      `^you (?:(?:misread|misunderstood|misheard|mixed up|messed up|confused) (?:it|that|this|me|everything|(?:the|my) ${part})|(?:got|have|had|read) (?:it|that|this|everything|(?:the|my) ${part}) (?:all )?wrong|(?:got|have|put|set|took|used|picked|chose|changed|moved|deleted|completed) (?:it |that )?(?:(?:to|on|for|at) )?the wrong ${part})${again}$`,
    ),
    'wrong again',
  ],
  // "why did you delete my task?!", "I didn't ask you to add that"
  [
    /^(?:hey |but |and |no )*(?:why (?:did|have|would) you (?:just )?(?:delete|deleted|remove|removed|add|added|create|created|change|changed|move|moved|complete|completed|rename|renamed|do|done|mark|marked)\b|(?:i|nobody|no one) (?:did ?nt |did not |never )?(?:ask|asked|tell|told|want|wanted) you to (?:delete|remove|add|create|change|move|complete|rename|do|mark)\b|i never (?:said|asked|wanted|told you) (?:that|this|it|for that)\b)/,
    'wrong again',
  ],
  // "I deleted the wrong task"
  [
    /^(?:oh |no |oops |sorry )*(?:(?:i|you)(?: have|ve)?(?: just)? (?:deleted|removed|completed|finished|moved|changed|renamed) the wrong (?:task|one)|(?:that|it|this) (?:was|is) the wrong (?:task|one|date|day|time))$/,
    'wrong again',
  ],
  // "ugh, way too much to do this week"
  [
    /^(?:ugh |argh |oh |man |god |wow |phew )*(?:(?:i have|ive got|i got|theres|there is|its|thats) )?(?:just )?(?:(?:way|far|so|really) )*(?:too much|so much|too many things|so many things|a lot|loads|tons)(?: stuff| work| things)? (?:to do|going on|on my plate|on)(?: (?:today|tonight|tomorrow|now|again|here|(?:this|next) \w+|at the moment|right now))*$/,
    'so much to do',
  ],
];
const longestOpenPhrase = 12;

/** A smile between the words. */
const smiles = /(?:^|\s)[:;=8x]['’]?-?[)(dp3/]+(?=\s|$)/gi;

/** "Thanks a lot, that's perfect!", "my bad", "merry christmas everyone", in any combination. */
export const smallTalk: Command = ({ text }) => {
  const kind = kindOf(text.visible);
  if (!kind) return undefined;
  if (isRefusal(bareWords(text.visible))) return { tool: 'choose', arguments: { which: 'no' } };
  return { tool: 'help', arguments: { reply: kind.reply } };
};

/** The text without what is said before the matter: "thanks for nothing, you made a mess". */
export function withoutTalk(text: string): string {
  const [talk = ''] = /^[^,.!;]{1,60}[,.!;]+\s*(?=\S)/.exec(text) ?? [];
  return talk && kindOf(talk) ? text.slice(talk.length) : text;
}

function kindOf(text: string): Kind | undefined {
  const said = text.length > longestTalk ? '' : text.replace(smiles, ' ').replaceAll('\uFFFC', ' ');
  // "great #work" has a tag, as a task has.
  if (/[#@/:]/.test(said)) return undefined;
  const words = bareWords(said);
  const like =
    words.length > longestOpenPhrase ? undefined : openPhrases.find(([pattern]) => pattern.test(words.join(' ')))?.[1];
  if (like) return kinds.find(({ phrases }) => phrases.has(like));
  const found = words.length > mostWords ? undefined : kindsOf(words);
  return found && kinds.find((each) => found.has(each));
}

/** "no, that's fine"; but not "no problem" */
function isRefusal(words: readonly string[]): boolean {
  const isPhrase = [2, 3, 4].some((length) =>
    kinds.some(({ phrases }) => phrases.has(words.slice(0, length).join(' '))),
  );
  return /^(?:no|nope|nah)$/.test(words[0]!) && !isPhrase;
}
