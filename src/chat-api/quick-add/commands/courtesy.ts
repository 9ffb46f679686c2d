import { verbs as verbsOfTitles } from '../vocabulary/title-words.ts';
import { anyOf } from './words.ts';

/** What people put before what they want, and what changes nothing of it. */
const openings: readonly RegExp[] = [
  /^(?:(?:hi|hello|hey|hiya|ok|okay|so|and|well|right|alright)\b(?:\s+(?:there|bot))?\s*[,!]\s*)/i,
  /^(?:please|pls|plz|kindly)\b,?\s+(?:to\s+)?/i,
  /^(?:can|could|would|will) (?:you|u|ya)\s+/i,
  /^i(?:(?:'d|’d| would) like| want| need) you to\s+|^i(?:'d|’d| would) like to\s+/i,
  /^(?:is\s+it|would\s+it\s+be)\s+possible\s+(?:for\s+you\s+)?to\s+/i,
  /^(?:any\s+chance|i\s+was\s+wondering\s+if|i\s+wonder\s+if)\s+you\s+(?:can|could)\s+/i,
  /^let['’]?s\s+/i,
  /^fyi\b[\s,:]*/i,
  /^(?:wh)?oops\b[\s,!]*/i,
  /^(?:ok(?:ay)?|alright)\s+(?:so\s+|(?=(?:that|it|this)\b))/i,
  /^good\s+(?:morning|afternoon|evening)\s*[,!]\s*/i,
];

const verbs =
  'add|create|delete|del|rm|remove|complete|finish|move|remind|mark|rename|show|list|tag|untag|label|set|push|snooze|change|repeat|postpone|reschedule|delay|defer|bump|shift|undo|cancel|skip|reopen|make (?:it|that|this)|make (?=\\S.* (?:urgent|important|due|weekly|daily|monthly))';

/** The same, as long as a command follows: "just" and "and" may begin a title. */
const beforeCommand: readonly RegExp[] = [
  new RegExp(
    `^(?:hi|hello|hey|ok|okay|so|and|also|then|now|just|only|actually|hm+|um+|uh|well|right|alright|hey (?:there|bot)|go ahead and|you can|thanks|great|perfect|cool|nice)[\\s,.!]+(?=(?:please|pls|plz|just|now|also|then|go ahead and|${verbs}|can you|could you|would you|will you)\\b)`,
    'i',
  ),
  /^(?:(?:(?:can|could|should|shall) we|we (?:should|need to|have to|must)|you can|i (?:want|need|have) to|i['’]?ll|i will|i should)\s+)(?=(?:reschedule|postpone|delay|defer|snooze|push|move|bump|shift|rename|untag|mark|check off|tick off|cross off)\s)/i,
  /^(?:(?:can|could|should|shall)\s+we|we\s+(?:should|need\s+to|have\s+to|must))\s+(?=(?:do|have|make)\s+(?:it|that|this)\s)/i,
  /^i (?:want to|wanna|wish to)\s+(?=(?:delete|remove|rename|move|change|mark|complete|undo|reschedule|postpone|tag|untag)\s)/i,
  /^i (?:want|need)\s+(?=(?:move|reschedule|postpone|delete|rename|snooze)\s)/i,
  /^i (?:want|need|have) to\s+(?=(?:add|create|make|set)\s+(?:an?\s+)?(?:new\s+)?(?:task|todo|reminder)\b)/i,
  /^(?:wrong(?:\s+one)?|(?:that|it|this)(?:['’]s|\s+was|\s+is)\s+(?:wrong|not\s+right|a\s+mistake|not\s+what\s+i\s+(?:meant|wanted))|my bad|sorry|no wait|wait no|wait|no)\b[\s,.!]*(?=undo\b)/i,
  /^(?:show|tell|give)\s+me\s+(?=(?:what(?:'s|’s| is| are| do i)|which|how many)\s)/i,
];

/** "and call Bob tomorrow": one more task. */
const furtherTask = new RegExp(
  `^(?:and|also|and also|oh and|then)\\s+(?:then\\s+)?(?=(?:${anyOf([...verbsOfTitles].join(' '))}|i (?:must|need|have|should|gotta)\\b|remind me\\b|don['’]?t forget\\b)\\s)`,
  'i',
);

const farewell = /(?:\s*,\s*|\s+)(?:please|pls|plz|thanks|thank you|thx)[\s.!?]*$/i;

const changes =
  /^(?:mark|complete|delete|remove|move|postpone|reschedule|rename|snooze|tag|untag|reopen|cancel|drop|ditch|scrap|bin|tick off|check off)\s/i;

/** The sentence without its courtesies, where it begins, and whether it was put as a question: "can you …?" */
export function withoutCourtesy(line: string): { text: string; start: number } {
  let start = 0;
  let isQuestion = false;
  for (let round = 0; round < 6; round++) {
    const rest = line.slice(start, start + 200);
    const opening = [...openings, ...beforeCommand, furtherTask]
      .map((pattern) => pattern.exec(rest)?.[0])
      .find(Boolean);
    if (!opening) break;
    isQuestion ||= /\b(?:you|u|ya|we|(?:possible|you)\s+(?:for\s+you\s+)?(?:to|can|could))\s+$/i.test(opening);
    start += opening.length;
  }
  const asked = line.slice(start);
  const end = farewell.exec(asked);
  const whole = end ? asked.slice(0, end.index) : asked;
  // "mark the rent as done for me"; but "keep a seat for me"
  const polite = changes.test(whole) ? whole.replace(/\s+for me[\s.!?]*$/i, '') : whole;
  // "Can you remind me to leave?" is no question.
  return { text: isQuestion ? polite.replace(/\s*\?+\s*$/, '') : polite, start };
}
