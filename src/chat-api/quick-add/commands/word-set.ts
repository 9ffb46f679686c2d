/** A table of words, written with spaces or line breaks between them. */
export function wordSet(text: string): ReadonlySet<string> {
  return new Set(text.trim().split(/\s+/));
}

/** A table of phrases, written with commas between them. */
export function phraseSet(text: string): ReadonlySet<string> {
  return new Set(
    text
      .trim()
      .split(/,\s*/)
      .map((phrase) => phrase.replace(/\s+/g, ' ')),
  );
}

/**
 * The words of a text in small letters, without apostrophes ("that's" is "thats"), a lengthened one ("sooo") as usual; a
 * quotation is one word, too.
 */
export function bareWords(text: string): readonly string[] {
  const said = text
    .toLowerCase()
    .replace(/['’]/g, '')
    .replace(/(\p{L})\1{2,}/gu, '$1');
  return said.match(/[\p{L}\p{M}\p{N}\uFFFC]+/gu) ?? [];
}
