import type { ToolArguments } from '../chat/tool-calls.ts';
import type { Command } from './sentence.ts';
import { readDate } from './date-phrase.ts';
import { priorityOf, takeTags } from './labels.ts';
import { resolveWhen, zoned, type UserTime } from './when.ts';
import { WorkingText } from './working-text.ts';

const question =
  /^(?:what(?:'s|’s| is| are| do i have(?: to do)?| must i do| should i do)?(?:\s+(?:my|the))?(?:\s+(?:tasks?|todos?))?(?:\s+(?:that\s+(?:is|are)\s+)?(?:due|overdue|next|left|open|to do))?|(?:list|show)(?:\s+me)?(?:\s+(?:all|the|my|open))*|(?:my|all|open)\s+tasks)(?=$|[\s?!.])/i;
const filler = /\b(?:tasks?|todos?|due|on|for|with|tagged|priority|open|all|is|are|my|the|left|to do)\b|[?!.,]/gi;

/** "what is due today", "show my tasks", "list high priority tasks #home". A title like "What If" stays one. */
export const readList: Command = ({ text, time }) => {
  const asked = question.exec(text.visible)?.[0];
  if (asked === undefined) return undefined;
  const tagged = takeTags(new WorkingText(text.slice(asked.length)));
  const rest = tagged.text.visible.replace(filler, ' ').replace(/\s+/g, ' ').trim();
  const only =
    readFilter(rest, time) ?? (/overdue|late/i.test(asked) && rest === '' ? { due: 'overdue' as const } : undefined);
  if (rest !== '' && !only) return undefined;
  // "What" alone, or "show", is no question yet.
  if (
    !rest &&
    tagged.tags.length === 0 &&
    !/\b(?:tasks?|todos?|due|overdue|list|left|open|do|next)\b/i.test(text.visible)
  )
    return undefined;
  const [tag] = tagged.tags;
  return { tool: 'list_tasks', arguments: { ...only, ...(tag && { tag }) } };
};

type Filter = Pick<ToolArguments<'list_tasks'>, 'due' | 'priority' | 'status'>;

function readFilter(words: string, time: UserTime): Filter | undefined {
  if (/^overdue$/i.test(words)) return { due: 'overdue' };
  if (/^(?:today|tonight|now)$/i.test(words)) return { due: 'today' };
  if (/^tomorrow$/i.test(words)) return { due: 'tomorrow' };
  if (/^(?:this |next |coming )?(?:week|7 days|seven days)$/i.test(words)) return { due: 'week' };
  if (/^(?:done|completed|finished)$/i.test(words)) return { status: 'DONE' };
  if (/^in progress$/i.test(words)) return { status: 'IN_PROGRESS' };
  const priority = priorityOf(words);
  if (priority) return { priority };
  const due = readDate(words, time);
  return due ? { due: localDate(due, time) } : undefined;
}

function localDate(when: string, time: UserTime): string {
  return zoned(resolveWhen(when, time), time.zone).toPlainDate().toString();
}
