import type { ToolCall } from '../chat/tool-calls.ts';
import { addsToThing } from './commands/add-to-thing.ts';
import { readAll } from './commands/all-command.ts';
import { changeCommands } from './commands/change-commands.ts';
import { commandBeside, eachCommand } from './commands/command-beside.ts';
import { answers, commands } from './commands/command-table.ts';
import { creationPrefix, readCreate } from './commands/create-command.ts';
import { correction, saysNothing, unclearFollowUp } from './commands/follow-up.ts';
import { readList } from './commands/list-command.ts';
import { plainStatement } from './commands/plain-statement.ts';
import { inPlainWords } from './commands/plain-words.ts';
import { reminderCommands } from './commands/reminder-commands.ts';
import type { Command, Sentence } from './commands/sentence.ts';
import { severalChanges } from './commands/several-changes.ts';
import { hasFurtherCommand } from './commands/several.ts';
import { meantVerb } from './commands/slip.ts';
import { unlikelyTitle } from './commands/statement-commands.ts';
import { talkCommands } from './commands/talk-commands.ts';
import { unclearName } from './commands/unclear-name.ts';
import { withoutCourtesy } from './line-item.ts';
import { explained, type Reading } from './reading.ts';
import { shift, trimmed, type TextSpan } from './text-span.ts';
import type { UserTime } from './when.ts';
import { WorkingText } from './working-text.ts';

/** A line without its courtesies. */
interface Line {
  readonly asked: string;
  /** The same in the words that commands have. */
  readonly plain: string;
  /** What says in the beginning that a new task follows, such as "add" or "remind me"; or empty. */
  readonly prefix: string;
  readonly time: UserTime;
}

/**
 * What a line asks for: as a command; or what is doubtful about it; or, as the least that any text is understood as, a new
 * task. The spans count from the beginning of the line.
 */
export function readLine(text: string, time: UserTime): Reading {
  const { text: asked, start } = withoutCourtesy(text);
  const prefix = creationPrefix(new WorkingText(asked).visible);
  const line: Line = { asked, plain: inPlainWords(asked), prefix, time };
  const reading = asCommand(line) ?? asDoubtful(line) ?? asNewTask(line);
  return { ...reading, spans: shift(reading.spans, start) };
}

function asCommand(line: Line): Reading | undefined {
  const sentence = { text: new WorkingText(line.plain), time: line.time };
  for (const command of candidates(line)) {
    const call = command(sentence);
    const reading = call && readingOf(call, command, line, sentence);
    if (reading) return reading;
  }
  return undefined;
}

/** "add #work to it" and "set a reminder" differ from new tasks in the first words only. */
const beginsCommandsToo = /^(?:add|remind me)\s+$/i;

/** What a sentence may be all the same that begins as a new task does. */
const behindPrefix: readonly Command[] = [...reminderCommands, plainStatement];

function candidates(line: Line): readonly Command[] {
  if (!line.prefix) return kinds(line);
  if (!beginsCommandsToo.test(line.prefix)) return behindPrefix;
  return kinds(line).filter((command) => command !== readAll && command !== readList);
}

/** Begins and ends as a question. */
const isAsked =
  /^(?:can|could|is|are|was|were|may|should|shall|does|do|did|has|have|who|why|where|how)\b[^?]*\?[\s?!]*$/i;

/** Only a description is longer, in characters. */
const longestSentence = 1200;

function kinds({ asked, plain }: Line): readonly Command[] {
  if (asked.length > longestSentence) return changeCommands;
  return isAsked.test(plain) ? answers : commands;
}

/** The call that a command has read; or what is to be said of it; undefined if the line is another thing all the same. */
function readingOf(call: ToolCall, command: Command, line: Line, sentence: Sentence): Reading | undefined {
  const unclear = unclearName(call, sentence);
  if (unclear) return { call: unclear, spans: [] };
  if (isFirstOfSeveral(call, command, sentence)) return eachCommand(line.asked, line.time);
  if (line.prefix && !countsBehindPrefix(call, command, line.prefix)) return undefined;
  return { call, spans: spansOfCommand(call, line.asked) };
}

/** "make gym weekly and high priority", "move the gym to friday and delete the dentist" */
function isFirstOfSeveral(call: ToolCall, command: Command, { text }: Sentence): boolean {
  if (!('task' in call.arguments)) return false;
  if (/[\s,](?:and|,)$/i.test(call.arguments.task ?? '')) return true;
  return !talkCommands.includes(command) && !isWhole(call, command) && hasFurtherCommand(text.visible);
}

/** Whether all that was said is of one change: the text of a note may say anything. */
const isWhole = (call: ToolCall, command: Command) =>
  command === severalChanges ||
  (call.tool === 'update_task' && typeof (call.arguments.description ?? call.arguments.add_description) === 'string');

function countsBehindPrefix(call: ToolCall, command: Command, prefix: string): boolean {
  // "add an hour to the gym", "add a reminder …", "remind me later"
  const isOfTask =
    call.tool === 'update_task' ||
    (call.tool === 'reschedule_task' && (call.arguments.task === 'it' || /^add\b/i.test(prefix)));
  if (isOfTask || reminderCommands.includes(command) || talkCommands.includes(command)) return true;
  // "I should have gone" asks for nothing.
  return command === plainStatement && /^i\b/i.test(prefix);
}

/** The words of the task, and what is before and behind them. */
function spansOfCommand(call: ToolCall, asked: string): readonly TextSpan[] {
  if (call.tool === 'help') return [];
  const task = 'task' in call.arguments ? call.arguments.task : undefined;
  const start = task ? asked.indexOf(task) : -1;
  if (!task || start < 0) return trimmed(asked, { start: 0, end: asked.length, means: 'command' });
  const end = start + task.length;
  const isMoved = call.tool === 'reschedule_task' || call.tool === 'snooze_task';
  return [
    ...trimmed(asked, { start: 0, end: start, means: 'command' }),
    { start, end, means: 'title' },
    ...trimmed(asked, { start: end, end: asked.length, means: isMoved ? 'date' : 'command' }),
  ];
}

/** What no command has read as a whole, and what is rather none of a new task. */
function asDoubtful(line: Line): Reading | undefined {
  const { asked, plain, prefix, time } = line;
  // Of plain words that no command has, those of the user count again.
  const original = { text: new WorkingText(asked), time };
  const unlikely = plain === asked || prefix ? undefined : (correction(original) ?? unlikelyTitle(original));
  if (unlikely) return { call: unlikely, spans: [] };
  const beside = kinds(line) === commands ? commandBeside(plain, time) : undefined;
  if (beside) return beside;
  if (/^add\b/i.test(prefix) && isAnother.test(new WorkingText(plain).visible)) return eachCommand(asked, time);
  const [first = ''] = asked.split(' ', 1);
  const verb = prefix ? undefined : meantVerb(first);
  return verb ? explained(`Did you mean "${verb}${asked.slice(first.length, 200)}"? Nothing was changed.`) : undefined;
}

/** Behind a new task: "add cheese and mark milk as done". */
const isAnother =
  /\s(?:and|then)\s+(?:(?:then|also)\s+)?(?:mark\s.*\s(?:done|completed?|finished)|(?:tick|check|cross)\s+off\s\S.*|(?:delete|remove|complete|rename|reopen)\s+\S.*)[\s.!]*$/i;

function asNewTask({ asked, prefix, time }: Line): Reading {
  const own = addsToThing(prefix, asked) ? '' : prefix;
  const { call, spans } = readCreate(asked.slice(own.length), time, own !== '');
  if (call.tool !== 'create_task') return { call, spans: shift(spans, own.length) };
  // "tomorrow what do I have"
  if (!prefix && call.arguments.due && isQuestion.test(call.arguments.title))
    return explained('I can answer questions about your tasks only, such as "What is due today?".');
  // "that one tomorrow"
  if (!prefix && saysNothing(call.arguments.title)) return { call: unclearFollowUp, spans: [] };
  const said = trimmed(asked, { start: 0, end: own.length, means: 'command' });
  return { call, spans: [...said, ...shift(spans, own.length)] };
}

const isQuestion = /^(?:what(?:'s|’s|\s+(?:is|are|do|did|have)\b)|which\s+tasks?\b|how\s+many\b|am\s+i\b|do\s+i\b)/i;
