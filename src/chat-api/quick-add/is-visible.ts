/** Whether anything of a text can be seen: not only spaces, control characters, and what takes no space at all. */
export function isVisible(text: string): boolean {
  return /[^\p{Z}\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]/u.test(text);
}
