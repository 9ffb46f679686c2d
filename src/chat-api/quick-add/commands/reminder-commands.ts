import { presentOf, readDate } from '../date-phrase.ts';
import { readMoment } from '../grammar/moment.ts';
import { readLead } from '../reminder-phrase.ts';
import { at, skip, tokenize } from '../grammar/token.ts';
import type { WorkingText } from '../working-text.ts';
import { explain, onTask, taskName, type Command } from './sentence.ts';

/** "remind me an hour before my meeting with Paul tomorrow at eleven": perhaps of a task that does not exist yet. */
export function readRemindedTask(text: WorkingText): { lead: readonly number[]; start: number } | undefined {
  const verb = /^(?:remind|notify|alert|warn|ping)\s+me\s+/i.exec(text.visible)?.[0];
  const tokens = verb ? tokenize(text.visible.slice(verb.length)) : [];
  const lead = readLead(tokens, 0);
  if (!verb || !lead) return undefined;
  const first = at(tokens, skip(tokens, lead.end, ':', ',', 'for', 'the', 'my', 'our'));
  return first.kind === 'end' ? undefined : { lead: lead.value, start: verb.length + first.start };
}

/** "remind me 10 minutes before", "remind me 1 hour before the dentist": of a task that exists. */
const remindBefore: Command = ({ text, time }) => {
  const verb =
    /^(?:remind|notify|alert|warn|ping)\s+me\s+(?:again\s+)?|^(?:set|add|(?:i\s+)?(?:want|need)|give\s+me)\s+(?:(?:an?|another)\s+)?(?:(?:second|third|further|extra|additional|new)\s+)?(?:reminder|alert|alarm|heads[\s-]?up|nudge|ping)s?\s+(?:for\s+|at\s+)?/i.exec(
      text.visible,
    )?.[0];
  if (!verb) return undefined;
  const tokens = tokenize(text.visible.slice(verb.length));
  const about = skip(tokens, 0, 'about', 'of');
  const named = about > 0 ? tokens.findIndex((_, index) => index > about && readLead(tokens, index) !== undefined) : 0;
  if (named < 0) return undefined;
  const lead = readLead(tokens, named);
  if (!lead) return undefined;
  const next = at(tokens, lead.end);
  // "remind me 10 minutes before 5pm to leave" is a new task.
  if (next.kind === 'number') return undefined;
  // "remind me a week before christmas to buy gifts", too
  const moment = about > 0 ? undefined : readMoment(tokens, lead.end, presentOf(time));
  if (moment && at(tokens, moment.end).text === 'to') return undefined;
  const [from, until] = about > 0 ? [about, named] : [lead.end, tokens.length];
  const first = at(tokens, from);
  const behind = from < until ? text.slice(verb.length + first.start, verb.length + at(tokens, until - 1).end) : '';
  if (about > 0 && next.kind !== 'end' && next.kind !== 'mark') return undefined;
  const task = taskName(
    behind.replace(/^:\s*|^(?:for|of|about|to)\s+/i, '').replace(/\s+(?:starts|begins|is due)[\s.!]*$/i, ''),
  );
  if (/^to\s/i.test(behind) && about === 0) return undefined;
  return { tool: 'update_task', arguments: { task: task || 'it', add_reminders: [...lead.value] } };
};

/** "add a reminder to the dentist 10 minutes before" */
const addReminder: Command = ({ text }) => {
  const verb =
    /^(?:set|add)\s+(?:an?\s+|the\s+|another\s+)?(?:(?:second|third|further|extra|additional|new|early)\s+)?(?:reminder|alert|alarm)s?\s+(?:(?:to|for|on)\s+)?/i.exec(
      text.visible,
    )?.[0];
  if (!verb) return undefined;
  const tokens = tokenize(text.visible.slice(verb.length));
  for (let index = 1; index < Math.min(tokens.length, 40); index++) {
    const lead = readLead(tokens, index);
    if (!lead || at(tokens, lead.end).kind !== 'end') continue;
    const task = taskName(text.slice(verb.length, verb.length + at(tokens, index - 1).end));
    return task ? { tool: 'update_task', arguments: { task, add_reminders: [...lead.value] } } : undefined;
  }
  return undefined;
};

/** "the dentist needs a reminder 1 hour before" */
const needsReminder: Command = ({ text }) => {
  const said =
    /^(\S.*?)\s+(?:needs?|should\s+have|gets?|wants?)\s+(?:an?\s+|another\s+)?(?:reminder|alert|alarm)s?\s+(?=\S)/i.exec(
      text.visible,
    );
  if (!said) return undefined;
  const tokens = tokenize(text.visible.slice(said[0].length));
  const lead = readLead(tokens, 0);
  const task = taskName(text.slice(0, said[1]!.length));
  return lead && task && at(tokens, lead.end).kind === 'end'
    ? { tool: 'update_task', arguments: { task, add_reminders: [...lead.value] } }
    : undefined;
};

/** "set a 10 minute reminder for the dentist" */
const leadFirst: Command = ({ text }) => {
  const found =
    /^(?:set|add|create|put|give me)\s+(?:an?\s+)?(?<lead>\d{1,3}|one|two|five|ten|fifteen|thirty|half|an)[\s-]+(?<unit>minute|min|hour|hr|day|week)s?\s+(?:reminder|alert|warning|notification)\s+(?:for|on|to|before)\s+(?<task>\S.*)$/di.exec(
      text.visible,
    );
  const [start, end] = found?.indices?.groups?.['task'] ?? [0, 0];
  const { lead, unit } = found?.groups ?? {};
  const length = lead && unit ? readLead(tokenize(`${lead} ${unit} before`), 0) : undefined;
  const task = taskName(text.slice(start, end));
  return length && task ? { tool: 'update_task', arguments: { task, add_reminders: [...length.value] } } : undefined;
};

/** "change the reminder of the dentist to 1 hour before", "move the dentist reminder to …": in place of those that it has. */
const replaceReminders: Command = ({ text }) => {
  const verb =
    /^(?:set|change|move)\s+(?:the\s+|its\s+)?(?:(\S.{0,80}?)\s+)?(?:reminder|alert)s?(?:\s+(?:of|for|on)\s+(.+?))?\s+to\s+(?=\S)/i.exec(
      text.visible,
    );
  if (!verb) return undefined;
  const tokens = tokenize(text.visible.slice(verb[0].length));
  const lead = readLead(tokens, 0);
  if (!lead || at(tokens, lead.end).kind !== 'end') return undefined;
  const said = verb[1] ?? verb[2];
  const start = said === undefined ? 0 : verb[0].indexOf(said);
  const name = said === undefined ? 'it' : taskName(text.slice(start, start + said.length));
  return { tool: 'update_task', arguments: { task: name, remove_reminders: true, add_reminders: [...lead.value] } };
};

/** "remove the 10 minute reminder from the dentist" */
const certainReminder: Command = ({ text }) =>
  /^(?:remove|delete|cancel|clear)\s+(?:the\s+)?\S.*\breminders?\s+(?:from|for|of|on)\s/i.test(text.visible) &&
  /\b(?:minutes?|mins?|hours?|days?|weeks?|first|second|last|other)\b/i.test(text.visible)
    ? explain(
        'I can remove all reminders of a task only. Say for example "remove the reminders of the dentist". Nothing was changed.',
      )
    : undefined;

/** "stop the dentist reminders", "the dentist doesn't need a reminder" */
const stopReminders = onTask(
  /^(?:(?:stop|mute|disable)\s+(?!reminders\b)(?=.*\sreminders[\s.!]*$)|(?=.*\s(?:needs?\s+no|should\s+have\s+no|does\s?n['’]?t\s+need|does\s+not\s+need)\s+(?:an?\s+|any\s+)?reminders?[\s.!]*$))(?!i\s)(.+?)\s+(?:(?:needs?\s+no|should\s+have\s+no|does\s?n['’]?t\s+need|does\s+not\s+need)\s+(?:an?\s+|any\s+)?)?reminders?[\s.!]*$/i,
  (task) => ({
    tool: 'update_task',
    arguments: { task, remove_reminders: true as const },
  }),
);

/** "remove the reminders of the dentist" */
const removeReminders: Command = ({ text, time }) => {
  const match =
    /^(?:remove|delete|clear|cancel)\s+(?:the\s+|all\s+|my\s+|its\s+)*reminders?(?:\s+(?:of|from|for|on)\s+(\S.*))?$|^(?:(?:don'?t|don’t|do not)\s+remind|stop reminding)\s+me(?:\s+(?:of|about)\s+(\S.*))?$|^(?:turn off|switch off|disable|mute|no|(?:i|we)\s+(?:don['’]?t|do not|no longer)\s+(?:need|want))\s+(?:the\s+|all\s+|my\s+|its\s+|any\s+|an?\s+)*(?:reminders?|notifications?|alerts?)(?:\s+(?:of|from|for|on|about)\s+(\S.*?))?(?:\s+any\s?more)?$|^(?:turn|switch)\s+(?:the\s+|all\s+|my\s+)*(?:reminders?|notifications?|alerts?)\s+off(?:\s+(?:for|of|on|about)\s+(\S.*))?$/i.exec(
      text.visible,
    );
  if (!match) return undefined;
  const name = match.slice(1).find(Boolean);
  const task = name ? taskName(text.slice(text.visible.lastIndexOf(name))) : 'it';
  // "cancel all reminders for tomorrow"
  if (name && readDate(name, time))
    return explain('Of which task? Say for example "remove the reminders of the dentist". Nothing was changed.');
  return { tool: 'update_task', arguments: { task, remove_reminders: true as const } };
};

/** "remind me 1 day and 1 hour before": once, or twice? */
const onceOrTwice: Command = ({ text }) =>
  /\b(?:remind|notify|alert|warn|ping)/i.test(text.visible) &&
  /\b(?:days?|weeks?) and (?:an?|one|two|three|\d{1,3}) ?(?:h|hours?|hrs?|m|min|minutes?|mins?|days?) (?:before|beforehand|ahead|early|earlier|prior|in advance)\b/i.test(
    text.visible,
  )
    ? explain(
        'Once or twice? Say for example "1 day before and 1 hour before", or "25 hours before". Nothing was changed.',
      )
    : undefined;

/** "remind me a month before": longer than a reminder can be, or no length at all. */
const unreadLead: Command = ({ text }) =>
  /^(?:remind|notify|alert|warn)\s+me\b.*\b(?:before|ahead|in advance|earlier|early)\b/i.test(text.visible) &&
  !/\bto\s+\S+/i.test(text.visible.replace(/\bhow to\b/gi, ''))
    ? explain('How long before? Say for example "remind me 10 minutes before" or "remind me 1 day before the dentist".')
    : undefined;

export const reminderCommands: readonly Command[] = [
  onceOrTwice,
  remindBefore,
  addReminder,
  needsReminder,
  leadFirst,
  certainReminder,
  replaceReminders,
  removeReminders,
  stopReminders,
  unreadLead,
];
