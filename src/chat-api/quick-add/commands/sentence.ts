import type { ToolCall } from '../../chat/tool-calls.ts';
import { readTask } from '../task-phrase.ts';
import type { UserTime } from '../when.ts';
import { unquote, type WorkingText } from '../working-text.ts';

/** A sentence: as the user wrote it, and with its quotations hidden; both of the same length. */
export interface Sentence {
  readonly text: WorkingText;
  readonly time: UserTime;
}

/** Reads one kind of sentence; undefined when the sentence is of another kind. */
export type Command = (sentence: Sentence) => ToolCall | undefined;

/** Makes a command of a pattern whose last group is the task's title. */
export function onTask(
  pattern: RegExp,
  toCall: (task: string, match: RegExpExecArray) => ToolCall | undefined,
): Command {
  return ({ text }) => {
    const match = pattern.exec(text.visible);
    const title = match?.at(-1);
    if (!match || !title) return undefined;
    const start = match.index + match[0].lastIndexOf(title);
    const task = taskName(text.slice(start, start + title.length));
    return task ? toCall(task, match) : undefined;
  };
}

/** A task's name without quotation marks and without "the", "my task". */
export function taskName(text: string): string {
  const end = text
    .replace(/(?<![\s.,!?:])[\s.,!?:]+$/, '')
    .replace(/(?<=\S)\s+(?:on|from|off)\s+(?:my|the)\s+(?:to[ -]?do\s+|task\s+)?list$/i, '');
  // "the report task"
  const bare = end.replace(
    /^(\s*\S.*?)(?<!^\s*(?:the\s+|my\s+)?(?:the|my|an?|last|first|second|third|fourth|fifth|other|next|that|this|new|newest|latest|recent|most recent|oldest|current|previous))\s+task$/i,
    '$1',
  );
  const about = bare.replace(/^(?:the\s+)?(?:one|thing)\s+(?:about|with|called|named)\s+(?=\S)/i, '');
  return unquote(
    about.replace(/^\s*(?:(?:the|my)\s+)?(?:tasks?\s+(?!is\b)(?:(?:called|named)\s+)?)?(?=\S)/i, ''),
  ).slice(0, 500);
}

/** A sentence that names no task of its own: the answer says what is missing. */
export function explain(problem: string): ToolCall {
  return { tool: 'help', arguments: { problem } };
}

/** Whether the sentence has a date or a rule of its own, as a new task has. */
export function isDated({ text, time }: Sentence): boolean {
  const { due, recurrence } = readTask(text.slice(0), time);
  return (due ?? recurrence) !== undefined;
}
