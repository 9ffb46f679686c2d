import type { WorkingText } from './working-text.ts';

/** "um" and "uh", as people dictate; "um 10" is "at 10" in German, and UM a university. */
const filler = /(?<!\S)(?:[Uu]+h+m*|[Uu]m+|erm+)(?:,|…|\.\.\.)?(?=\s+[^\s\d]|\s*$)/gu;

/** The text without the sounds of somebody who thinks. */
export function takeFillers(text: WorkingText): WorkingText {
  const spans = [...text.visible.matchAll(filler)].map(({ 0: sound, index }) => ({
    start: index,
    end: index + sound.length,
    means: 'command' as const,
  }));
  return spans.length > 0 ? text.take(...spans) : text;
}
