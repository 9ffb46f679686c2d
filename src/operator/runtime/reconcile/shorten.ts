/** Text of at most so many characters. Never half of a character that JavaScript counts as two. */
export const shorten = (text: string, longest: number): string =>
  text.length <= longest ? text : `${text.slice(0, longest - 3).replace(/[\uD800-\uDBFF]$/, '')}...`;
