import type { Command } from './sentence.ts';
import { bareWords } from './word-set.ts';

const task =
  '(?:an?|the|my|this|some|new|one|existing)? ?(?:new )?(?:task|tasks|todo|todos|to do|item|one|it|something|things)';

/** What people ask how to do, as patterns of bare words, and how it is said. */
const rows: readonly (readonly [what: string, reply: string])[] = [
  [
    '(?:(?:add|create|make|set up|set|have|enter) (?:an? |new |my )*(?:repeating|recurring|daily|weekly|monthly|yearly|regular) (?:tasks?|reminders?|todos?|events?)|make (?:an? |the |my )?(?:tasks?|it|something) (?:repeat|recur|repeating|recurring|weekly|daily|monthly)|repeat (?:an? |the |my )?tasks?)',
    'Say how often, for example "Water the plants every monday at 9am", or of a task that exists: "repeat pay rent every month".',
  ],
  [
    '(?:set|add|get|create|have) (?:an? |the |my )?(?:reminders?|alarms?|notifications?)',
    'Say for example "remind me to call Bob tomorrow at 5pm", or of a task that exists: "remind me 1 hour before the dentist".',
  ],
  [
    '(?:add|set|give|change|remove) (?:an? |the |my )?(?:tags?|labels?|categor(?:y|ies)|priority|priorities)(?: .*)?',
    'Say for example "call Bob #work !high", "tag pay rent with home" or "make pay rent high priority".',
  ],
  [
    `(?:change|move|reschedule|postpone|snooze|set|add) (?:(?:an?|the|my) )?(?:(?:due )?(?:date|time|deadline)s?(?: .*)?|${task}(?: to .*)?)`,
    'Say for example "move pay rent to friday at 9" or "add a task: pay rent tomorrow".',
  ],
  [`(?:delete|remove|cancel|get rid of) ${task}`, 'Say for example "delete pay rent". "Undo" brings it back.'],
  [
    `(?:complete|finish|close|tick off|check off|mark) ${task}(?: (?:as )?(?:done|complete|completed|finished|off))?`,
    'Say for example "done with pay rent".',
  ],
  [`rename ${task}`, 'Say for example "rename pay rent to pay the landlord".'],
  ['(?:undo|go back|revert|take back)(?: .{0,40})?', 'Say "undo". Each "undo" takes back one change more.'],
  [`(?:add|create|make|enter|write) ${task}`, 'Say what and when, for example "Pay rent tomorrow at 9am".'],
];

const patterns = rows.map(([what, reply]) => ({
  pattern: new RegExp(
    `^(?:hey |ok |so |and |but )*(?:how (?:do|can|could|would|should|to)(?: i| you| we| one)?|how does one) ${what}(?: here| in this app| with you| please)?$`,
  ),
  reply,
}));

const longest = 120;

/** "how do I add a repeating task?" */
export const howTo: Command = ({ text }) => {
  if (text.visible.length > longest) return undefined;
  const said = bareWords(text.visible).join(' ');
  const reply = patterns.find(({ pattern }) => pattern.test(said))?.reply;
  return reply === undefined ? undefined : { tool: 'help', arguments: { reply } };
};
