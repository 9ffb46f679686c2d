/** In UTF-16 code units. Twice what the chat API takes; other producers are bound by the size of a message only. */
export const longestTitle = 1000;

/** A title as a reminder carries it: cut, with an ellipsis, if it is longer than that. */
export function cutTitle(title: string, longest = longestTitle): string {
  if (title.length <= longest) return title;
  const kept = title.slice(0, longest - 1);
  // Half of a character would be no text any more.
  return `${/[\ud800-\udbff]$/.test(kept) ? kept.slice(0, -1) : kept}…`;
}
