/** Whether the words stand for the task that was last spoken of. */
export function isPronoun(words: string): boolean {
  return /^(?:it|this|that|this one|that one|the last one|last one|this task|that task)$/i.test(words);
}

/** Whether they mean a task by its place among others. */
export function isPositional(words: string): boolean {
  return /^(?:the )?(?:first|second|third|fourth|fifth|last|other|next|1st|2nd|3rd)(?: ?(?:one|task))?$/i.test(words);
}

/** Whether they mean several tasks. */
export function isSeveral(words: string): boolean {
  return /^(?:all|both|everything|them|all of (?:them|it)|them all|all (?:my |the )?tasks|my tasks|overdue tasks)$/i.test(
    words,
  );
}
