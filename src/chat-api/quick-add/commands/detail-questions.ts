import { onTask, type Command } from './sentence.ts';

const show = (task: string) => ({ tool: 'show_task', arguments: { task } }) as const;

/** Questions about what one task has: the answer shows all of it. */
export const detailQuestions: readonly Command[] = [
  // "what does the note of the dentist say?"
  onTask(
    /^what\s+(?:does|do|did)\s+(?:the|my)\s+(?:notes?|description)\s+(?:on|of|for|about|in|to)\s+(?:the\s+|my\s+)?(\S[^?]*?)\s+say[\s?!.]*$/i,
    show,
  ),
  // "what's the note on dentist?", "what are the reminders of the gym"
  onTask(
    /^(?:what(?:['’]?s|\s+is|\s+are|\s+does)|show(?:\s+me)?|read\s+me|is\s+there|are\s+there|do\s+i\s+have)\s+(?:(?:all(?:\s+the)?|the|my|any|an?)\s+)?(?:notes?|description|details?|priority|tags?|labels?|reminders?|recurrence)\s+(?:on|of|for|about|in)\s+(?:the\s+|my\s+)?(?!(?:all|any|every|each|today|tomorrow|this|next|these|those)\b)(\S[^?]*?)(?:\s+task)?[\s?!.]*$/i,
    show,
  ),
  // "how often do I water the plants?", "how often is the gym?"
  onTask(
    /^how\s+often\s+(?:(?:do|should|must|shall)\s+(?:i|we)\s+(?:(?:have|need)\s+to\s+)?|(?:am\s+i|are\s+we)\s+(?:supposed|meant)\s+to\s+|is\s+|are\s+|does\s+)(?:the\s+|my\s+)?(?!there\b)(\S[^?]*?)(?:\s+(?:repeat|recur|happen|come\s+up|due|scheduled))?[\s?!.]*$/i,
    show,
  ),
  // "show me the second one"
  onTask(
    /^(?:show|view|see)(?:\s+me)?\s+((?:the\s+)?(?:first|second|third|fourth|fifth|last)\s+(?:one|task))[\s.!]*$/i,
    show,
  ),
];
