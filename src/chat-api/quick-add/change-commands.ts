import type { ToolArguments, ToolCall } from '../chat/tool-calls.ts';
import { onTask, taskName, type Command } from './sentence.ts';
import { priorityOf, takeTags } from './labels.ts';
import { takeRecurrence } from './recurrence-phrase.ts';
import { unquote, WorkingText } from './working-text.ts';

type Changes = Omit<ToolArguments<'update_task'>, 'task'>;

/** Makes a command of "<verb> TASK <word between> VALUE", cut at the first word between that is not quoted. */
function change(pattern: RegExp, between: RegExp, toChanges: (value: string) => Changes | undefined): Command {
  return ({ text }) => {
    const verb = pattern.exec(text.visible)?.[0];
    if (verb === undefined) return undefined;
    const cut = between.exec(text.visible.slice(verb.length));
    if (!cut) return undefined;
    const end = verb.length + cut.index;
    return update(text.slice(verb.length, end), toChanges(text.slice(end + cut[0].length).trim()));
  };
}

function update(task: string, changes: Changes | undefined): ToolCall | undefined {
  return changes && taskName(task)
    ? { tool: 'update_task', arguments: { task: taskName(task), ...changes } }
    : undefined;
}

const toPriority = (word: string): Changes | undefined => {
  const priority = priorityOf(unquote(word.replace(/[\s.!?]+$/, '')));
  return priority && { priority };
};

const tagNames = (text: string): readonly string[] =>
  takeTags(new WorkingText(text.replace(/(?<![#\S])(?!and\b)(?=[\p{L}\p{N}_-])/giu, '#'))).tags;

const toTags = (field: 'add_tags' | 'remove_tags') => (text: string) => {
  const tags = tagNames(text).slice(0, 20);
  return tags.length > 0 ? { [field]: [...tags] } : undefined;
};

const statuses = { done: 'DONE', open: 'TODO', todo: 'TODO', 'to do': 'TODO', 'in progress': 'IN_PROGRESS' } as const;

const toStatus = (word: string): Changes | undefined => {
  const name = word.toLowerCase().replace(/[\s.!?]+$/, '');
  const status = Object.hasOwn(statuses, name) ? statuses[name as keyof typeof statuses] : undefined;
  return status && { status };
};

const toRecurrence = (text: string): Changes | undefined => {
  const { rule } = takeRecurrence(new WorkingText(text));
  return rule ? { recurrence: rule } : undefined;
};

/** Sentences that change a task's fields, save its due date. */
export const changeCommands: readonly Command[] = [
  change(/^rename\s+/i, /\s+(?:to|as)\s+(?=\S)/i, (text) => ({ title: unquote(text).slice(0, 500) })),
  change(/^(?:set|change)\s+(?:the\s+)?title\s+of\s+/i, /\s+to\s+(?=\S)/i, (text) => ({ title: unquote(text) })),
  change(/^(?:set|change)\s+(?:the\s+)?priority\s+of\s+/i, /\s+to\s+/i, toPriority),
  change(/^(?:make|set)\s+/i, /\s+(?:to\s+)?(?=(?:high|medium|low)(?:\s+priority)?[\s.!]*$)/i, (text) =>
    toPriority(text.replace(/\s+priority/i, '')),
  ),
  change(/^(?:set|change)\s+(?:the\s+)?description\s+of\s+/i, /\s+to\s+(?=\S)/i, (text) => ({
    description: unquote(text),
  })),
  change(/^describe\s+/i, /\s+as\s+(?=\S)/i, (text) => ({ description: unquote(text) })),
  change(/^tag\s+/i, /\s+(?:with|as)\s+|\s+(?=#)/i, toTags('add_tags')),
  change(/^untag\s+/i, /\s+(?:from|with|as)\s+|\s+(?=#)/i, toTags('remove_tags')),
  ({ text }) => {
    const match = /^(?:remove|delete)\s+((?:#\S+\s+)+)from\s+(?=\S)/i.exec(text.visible);
    return match ? update(text.slice(match[0].length), toTags('remove_tags')(match[1]!)) : undefined;
  },
  change(/^mark\s+/i, /\s+(?:as\s+)?(?=(?:done|open|to\s?do|in progress)[\s.!]*$)/i, toStatus),
  change(/^repeat\s+/i, /\s+(?=(?:every|each|daily|weekly|monthly|quarterly|yearly|annually)\b)/i, toRecurrence),
  onTask(/^stop repeating\s+(.+)$/i, (task) => update(task, { recurrence: null })),
  onTask(/^(?:reopen|undo)\s+(.+)$/i, (task) => update(task, { status: 'TODO' })),
  onTask(/^start working on\s+(.+)$/i, (task) => update(task, { status: 'IN_PROGRESS' })),
  onTask(/^(?:remove|delete|clear)\s+(?:the\s+)?(?:due\s+)?date\s+(?:of|from)\s+(.+)$/i, (task) =>
    update(task, { due: null }),
  ),
];
