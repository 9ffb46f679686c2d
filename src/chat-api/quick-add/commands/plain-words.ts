import { WorkingText } from '../working-text.ts';
import { notReported } from './words.ts';

const when = String.raw`(?:\s+(?:already|now|just\s+now|today|finally))*`;
const done = '(?:done|finished|completed?)';
const sorry = String.raw`(?:(?:oh|no+|wait|oops|whoops|sorry|damn|argh|ah|hey|please)[\s,.!-]+)`;
const back = String.raw`(?:[\s,.;!-]+(?:so\s+|and\s+|please\s+)*(?:(?:get|bring|put|give|take|undo|restore|revert|undelete)\b.*))?[\s.!]*$`;
const putBack = String.raw`[\s,.;!-]+(?:(?:so|and|please)\s+)*(?:(?:put|bring|take|set|mark|move)\s+(?:it|that|them)\s+back\b.*|re-?open\s+(?:it|that|them)|undo\s+(?:it|that))[\s.!]*$`;
const length = String.raw`(?:\S+\s+){0,3}(?:\d+\s*)?(?:minutes?|mins?|hours?|hrs?|h|days?|weeks?|months?)[\s.!]*$`;
const notNeeded = String.raw`(?:(?:i|we)\s+(?:(?:really|just|actually)\s+)?(?:do\s?n['’]?t|do\s+not|no\s+longer|wo\s?n['’]?t)\s+(?:need|want|have)|(?:it|that|this)(?:['’]s|\s+is)\s+(?:no\s+longer|not|off|cancell?ed|been)\b|it\s+(?:got|was|has\s+been)\s|no\s+longer\s+needed|not\s+needed)`;
const away = '(?:scrap|ditch|kill|bin|trash|drop|toss|axe)';
const somewhere = String.raw`(?:in|on|for|at|from|with|that|tagged|due|overdue|of|today|tomorrow|tonight|#\S+)`;

/**
 * What people say in other words than the commands have, and the plain words for it: `$1` is what the first group of the
 * pattern matches. Each row is tried once, in this order.
 */
const rows: readonly (readonly [pattern: string, plain: string])[] = [
  // "oh no, bring that back"
  [
    String.raw`^${sorry}+(?=(?:undo|restore|undelete|revert)\b|(?:get|bring|put|give\s+me|take)\s+(?:it|that|this)\s+back[\s.!]*$)(.*)$`,
    '$1',
  ],
  [String.raw`^(?:get|give\s+me)\s+(it|that|this)\s+back[\s.!]*$`, 'bring $1 back'],
  // "I didn't mean to delete groceries, get it back"
  [
    String.raw`^${sorry}*i\s+did(?:\s?n['’]?t|\s+not)\s+(?:mean|want|intend)\s+to\s+(?:delete|remove|erase)\s+(?:it|that|this)${back}`,
    'undo',
  ],
  [
    String.raw`^${sorry}*i\s+did(?:\s?n['’]?t|\s+not)\s+(?:mean|want|intend)\s+to\s+(?:delete|remove|erase)\s+(?!(?:it|that|this|them|any|every|all)\b)(\S[^,.;!]*?)${back}`,
    'undelete $1',
  ],
  [
    String.raw`^${sorry}*i\s+did(?:\s?n['’]?t|\s+not)\s+(?:mean|want|intend)\s+to\s+(?:complete|finish|tick\s+off|check\s+off)\s+(?!(?:them|any|every|all)\b)(\S[^,.;!]*?)${back}`,
    'reopen $1',
  ],
  [
    String.raw`^(?:take\s+back|roll\s+back|reverse)\s+((?:the\s+|my\s+)?(?:last|previous)\s+(?:change|one|thing|action|edit|command|step|two|three|four|five|few|\d+)s?(?:\s+(?:changes|things|steps|actions|ones))?)[\s.!]*$`,
    'undo $1',
  ],
  // "the report isn't done, put it back", "I still have to do the laundry, reopen it"
  [String.raw`^${sorry}*(?:actually[\s,]+)?(\S[^,;.]*\b(?:not|\p{L}+n['’]t)\s[^,;.]*)${putBack}`, '$1'],
  [
    String.raw`^${sorry}*(?:actually[\s,]+)?(?:i|we)\s+still\s+(?:have|need)\s+to\s+(?:(?:do|finish|complete)\s+)?(\S[^,;.]*?)${putBack}`,
    'reopen $1',
  ],
  [String.raw`^actually[\s,]+((?:the|my|our)\s.*\b(?:not|\p{L}+n['’]t)\s+(?:\S+\s+)?${done}\b.*)$`, '$1'],
  // "managed to fix the bike at last"
  [
    String.raw`^(?:(?:i|we)(?:['’]ve|\s+have)?\s+)?(?:(?:finally|just)\s+)?managed\s+to\s+(\S.*?)(?:\s+(?:at\s+last|finally|in\s+the\s+end))?[\s.!]*$`,
    'done with $1',
  ],
  // "I think I'm finished with the essay now"
  [
    String.raw`^(?:i\s+(?:think|guess|believe|suppose)(?:\s+that)?|looks\s+like)\s+(?=(?:i|we)(?:['’](?:m|re)|\s+am|\s+are)\s+(?:all\s+)?(?:done|finished|through)\s+with\s)(.*)$`,
    '$1',
  ],
  [
    String.raw`^((?:(?:i|we)(?:['’](?:m|re)|\s+am|\s+are)\s+)?(?:all\s+)?(?:done|finished|through)\s+with\s+\S.*?)\s+(?:now|already|at\s+last|finally)[\s.!]*$`,
    '$1',
  ],
  // "Already done: book hotel"
  [String.raw`^(?:(?:already|just|now|finally)\s+)+(${done}(?:\s*:|\s+with)\s*\S.*)$`, '$1'],
  // "That's the presentation finished."
  [String.raw`^that['’]?s\s+(?:the|my|our)\s+(\S.*?)\s+(?:all\s+)?${done}${when}[\s.!]*$`, '$1 done'],
  // "laundry done ✅"
  [String.raw`^(\S.*?)(?:\s+(?:is|are)|['’]s)?\s+${done}[\s.!]*[✓✔✅☑]\uFE0F?\s*$`, '$1 done'],
  // "all my overdue tasks are done", "everything for today is done except the gym"
  [
    String.raw`^((?:everything|all(?:\s+(?:of\s+)?(?:my|the))?)\s+(?:${somewhere}\s.{1,60}?|${somewhere}|.{0,40}?\b(?:tasks|to-?dos)(?:\s.{1,60}?)?))(?:\s+(?:is|are)|['’]s)\s+(?:(?:now|already|all|finally)\s+)*${done}((?:\s*,)?\s+(?:except|but|apart\s+from|besides|other\s+than)\b.*)?[\s.!]*$`,
    'complete $1$2',
  ],
  [
    String.raw`^(everything|all)\s+(?:(?:is|are)\s+)?(?:now\s+)?${done}((?:\s*,)?\s+(?:except|but|apart\s+from|besides|other\s+than)\b.*)$`,
    'complete $1$2',
  ],
  // "everything except the gym is done"
  [
    String.raw`^((?:everything|all)(?:\s*,)?\s+(?:except|but|apart\s+from|besides|other\s+than)\s+\S.*?)\s+(?:is|are)\s+(?:now\s+)?${done}[\s.!]*$`,
    'complete $1',
  ],
  // "call it Annual review instead of Quarterly report"
  [
    String.raw`^call\s+(?:it|that|this)\s+(?!(?:a\s+(?:day|night|wrap)|quits|off|back|again|in)\b)(\S.*?)(?:\s+instead\s+of|\s+rather\s+than|,\s+(?:and\s+)?not)\s+(\S.*)$`,
    'rename $2 to $1',
  ],
  // "can we do the gym tomorrow instead?"
  [
    String.raw`^(?:(?:can|could|should|shall|may|might)\s+(?:we|i|you)\s+|let['’]?s\s+)?(?:do|have)\s+(?!it\b|that\b|this\b)(\S.*)\s+instead\s*[?.!]*$`,
    '$1 instead',
  ],
  // "the flight's been delayed by two hours"
  [
    String.raw`^(?!(?:is|are|was|were|has|have|if|when|i|we|you|they)\b)${notReported}(\S.*?)(?:(?:\s+(?:has|have)|['’]s|['’]ve)\s+been|\s+(?:is|are|was|were|got))\s+(?:now\s+)?(?:delayed|postponed|pushed\s+back|moved\s+back|put\s+back)\s+(?:by\s+)?(?=${length})([^?]*?)$`,
    'postpone $1 by $2',
  ],
  // "scrap the presentation, we don't need it anymore"
  [
    String.raw`^${away}\s+((?:the|my|our)\s+[^,;]*?)\s*[,;.–-]\s*(?:as\s+|because\s+|since\s+)?${notNeeded}.*$`,
    'forget $1',
  ],
  [
    String.raw`^((?:delete|remove|cancel|erase|get\s+rid\s+of)\s+(?:the\s+|my\s+|our\s+)?[^,;]*?)(?:\s*[,;–-]\s*|\s+(?=as\s|because\s|since\s))(?:as\s+|because\s+|since\s+)?${notNeeded}.*$`,
    '$1',
  ],
  // "is there something with "invoice" in it?"
  [
    String.raw`^(?:(?:is|are)\s+there|do\s+i\s+have|have\s+i\s+got|show\s+me|find(?:\s+me)?|what['’]?s\s+there)\s+(?:any|some|a|an)?\s?(?:thing|tasks?|to-?dos?|one)\s+with\s+(?:the\s+words?\s+)?(\S.{0,100}?)\s+in\s+(?:it|the\s+(?:title|name)|its\s+(?:title|name))[\s?!.]*$`,
    'find tasks with $1',
  ],
  // "what's my next appointment", "am I behind on anything?"
  [
    String.raw`^what(?:['’]?s|\s+is|\s+are)\s+(?:my|the)\s+next\s+(?:appointment|task|event|thing|to-?do|item|deadline)(?:\s+on\s+(?:my|the)\s+list)?[\s?!.]*$`,
    "what's next",
  ],
  [
    String.raw`^(?:am\s+i\s+(?:behind|late)(?:\s+(?:on|with)\s+(?:anything|something|any(?:\s+of\s+my)?\s+tasks?))?|what\s+(?:did|have)\s+i\s+(?:forget|forgotten|miss|missed)(?:\s+(?:to\s+do|about))?|(?:did|have)\s+i\s+(?:miss(?:ed)?|forg[eo]t(?:ten)?)\s+(?:anything|something)(?:\s+(?:today|so\s+far))?|what\s+am\s+i\s+(?:behind|late)\s+(?:on|with))[\s?!.]*$`,
    'what is overdue',
  ],
  // "append to the note of the flight: passport", "change the title of the gym to climbing"
  [
    String.raw`^append\s+to\s+(?:the\s+)?notes?\s+(?:of|on|for)\s+([^:]{1,80}?)\s*:\s*(\S.*)$`,
    'add "$2" to the note of $1',
  ],
  [String.raw`^change\s+the\s+(?:title|name)\s+of\s+(\S.{0,120}?)\s+to\s+(\S.*)$`, 'rename $1 to $2'],
  [
    String.raw`^(?:change|edit|update)\s+the\s+(notes?|description)\s+(of|on|for)\s+(\S.*\sto\s+\uFFFC.*)$`,
    'set the $1 $2 $3',
  ],
  [String.raw`^will\s+you\s+(?:please\s+)?((?:show|tell|give)\s+me\s.*)$`, '$1'],
  [String.raw`^(?:show|tell)\s+me\s+what\s+i\s+(have|need)\s+to\s+do\b(.*)$`, 'what do I $1 to do$2'],
  // "rename laundry: wash the dark clothes", "dentist: move it to 2 pm", "p1 for the passport"
  [String.raw`^rename\s+(?!.*\s(?:to|as|into)\s)([^:]{1,80}?)\s*(?::|->|=>|→)\s+(\S.*)$`, 'rename $1 to $2'],
  [
    String.raw`^(?!(?:todo|to-do|task|reminder|note|add|remind|rename)\b)([^:,]{1,60}?)\s*:\s*(move|push|postpone|reschedule|rename)\s+(?:it\s+)?((?:to|until|till|by)\s(?!.*\b(?:and|then)\b).*)$`,
    '$2 $1 $3',
  ],
  [
    String.raw`^(p[1-3]|(?:high|low|medium|top)\s+prio(?:rity)?)\s+(?:for|on)\s+((?:the|my|our)\s+(?!(?:day|week|weekend|month|year|win)\b)\S[^,:]*)$`,
    'make $2 $1',
  ],
  // "make it so the dentist is at 9 on Monday"
  [String.raw`^make\s+it\s+so\s+(?:that\s+)?(\S.*?)\s+(?:is|are)\s+(?:on\s+|at\s+)?(\S.*)$`, 'move $1 to $2'],
  // "the essay isn't finished after all"
  [String.raw`^(\S.*?\s+(?:is|are)(?:\s?n['’]?t|\s+not)\s+${done})\s+after\s+all[\s.!]*$`, '$1'],
  // "oh wait, I haven't done that yet", "no, I haven't finished the logbook"
  [
    String.raw`^${sorry}*i\s+have(?:n['’]?t|\s+not)\s+(?:(?:actually|really)\s+)?(?:done|finished|completed)\s+(it|that|this)(?:\s+yet)?[\s.!]*$`,
    'reopen $1',
  ],
  [
    String.raw`^${sorry}+(i\s+have(?:n['’]?t|\s+not)\s+(?:(?:actually|really)\s+)?(?:done|finished|completed)\s+\S[^,;?]*)$`,
    '$1',
  ],
  // "free on friday?", "any appointments tomorrow?", "what else is there to do today", "what next"
  [String.raw`^((?:free|busy)\s+(?:on|at|today|tomorrow|tonight|this|next)\b[^?]*)\?+\s*$`, 'am I $1?'],
  [
    String.raw`^any\s+(?:appointments?|events?|plans?|deadlines?|things|stuff|chores|errands)\s+((?:on|at|for|in|today|tomorrow|tonight|this|next|left|due|coming)\b.*)$`,
    'anything $1',
  ],
  [
    String.raw`^what\s+else\s+(?:is\s+there|do\s+i\s+have|have\s+i\s+got|is)(?:\s+(?:to\s+do|left|due))*((?:\s+(?:on|at|for|in|today|tomorrow|tonight|this|next)\b[^?]*)?)[\s?!.]*$`,
    'what do I have to do$1',
  ],
  [String.raw`^what(?:\s+(?:comes|is\s+up))?\s+next[\s?!.]*$`, "what's next"],
  // "when do I need to pay the rent by?"
  [String.raw`^(when\s+(?:do|must|should)\s+i\s+\S[^?]*?)\s+by[\s?]*$`, '$1?'],
  // "show everything about the report", "tell me about the dentist"
  [
    String.raw`^(?:(?:(?:show|tell|give|list|find)(?:\s+me)?\s+)?(?:everything|all)(?:\s+(?:there\s+is|(?:that\s+)?(?:you|i)\s+(?:know|have)))?|tell\s+me|what\s+do\s+(?:you|i)\s+(?:know|have))\s+(?:about|regarding|concerning)\s+(?!(?:you|me|yourself|myself|it|that|this)\b)(\S[^?]*?)[\s?!.]*$`,
    'find tasks about $1',
  ],
];

const patterns = rows.map(([pattern, plain]) => ({ pattern: new RegExp(pattern, 'diu'), plain }));

/** Commands with a text of the user's in them, which stays as it is. */
const takesText = /^(?:rename|retitle|call|change|edit|describe|add|put|note)\b/i;

/** "whats due", "the report isnt done", as hurried people write. */
function withApostrophe(line: string): string {
  if (takesText.test(line)) return line;
  return line
    .replace(/^(?:wut|wat|wot|waht)(?=s?\s+(?:is|are|do|did|due|have|on|next|left|tasks?)\b)/i, 'what')
    .replace(/^gimme(?=\s)/i, 'give me')
    .replace(/^(i|we|they|you)(?=(?:ve|re)\s)|^(i)(?=m\s)/i, "$&'")
    .replace(/^(what|how|when|where|who|that|there)(?=s\s)/i, "$1'")
    .replace(/\b(today|tomorrow|yesterday)(?=s\s)/gi, "$1'")
    .replace(/\b((?:is|are|was|were|do|does|did|has|have|had|would|could|should|ca|wo)n)(?=t\s)/gi, "$1'");
}

const longest = 300;

/** A line in the words that commands have; quotations stay as they are. */
export function inPlainWords(line: string): string {
  let said = withApostrophe(line);
  if (said.length > longest) return said;
  for (const { pattern, plain } of patterns) {
    const indices = pattern.exec(new WorkingText(said).visible)?.indices;
    if (!indices) continue;
    const before = said;
    said = plain.replace(/\$(\d)/g, (_, group) => before.slice(...(indices[Number(group)] ?? [0, 0])));
  }
  return said;
}
