import { takeTags } from '../labels.ts';
import { WorkingText } from '../working-text.ts';
import { named, someTask, update } from './field-change.ts';
import type { Command } from './sentence.ts';

const tagNames = (text: string): readonly string[] =>
  takeTags(new WorkingText(text.replace(/["“”«»]/g, ' ').replace(/(?<![#\S])(?!and\b)(?=[\p{L}\p{N}_-])/giu, '#')))
    .tags;

/** Behind "and" or a comma, several words are no tag, and beside "#a" none without a "#" is: "sport and call mum". */
function isMixed(text: string): boolean {
  const named = text.split(/\s*(?:,|&|\band\b)\s*/i);
  const isMarked = text.includes('#');
  return named.some((name) =>
    isMarked ? /(?:^|\s)[\p{L}\p{N}]/u.test(name) : named.length > 1 && /\S\s+\S/.test(name),
  );
}

export const toTags = (field: 'add_tags' | 'remove_tags') => (text: string) => {
  if (isMixed(text)) return undefined;
  const tags = tagNames(text).slice(0, 20);
  return tags.length > 0 ? { [field]: [...tags] } : undefined;
};

const ofTask = (pattern: string, toChanges: Parameters<typeof named>[1]) =>
  named(new RegExp(`^${pattern}[\\s.!]*$`, 'diu'), toChanges);

const tag = String.raw`(?:\uFFFC+|#?(?!(?:the|all|an?|my|its|any|every|some)\b)[\p{L}\p{N}_-]+)`;
const tags = String.raw`(?<value>${tag}(?:(?:\s*,\s*|\s+and\s+|\s+&\s+|\s*,?\s+(?=#))${tag})*)`;
const noun = '(?:tags?|labels?)';
const article = String.raw`(?:(?:an?|the|my|its)\s+)?`;

const replaceTag = ({ task, old, value }: Partial<Record<string, string>>) =>
  update(task!, { ...toTags('add_tags')(value!), ...toTags('remove_tags')(old!) });

/** Sentences that tag a task, in other words than "add #x to". */
export const tagCommands: readonly Command[] = [
  // "tag it home"; of "tag the gym home", who knows what is the tag?
  ofTask(String.raw`(?:re-?)?(?:tag|label)\s+(?<task>it|this|that)\s+(?:as\s+|with\s+)?${tags}`, toTags('add_tags')),
  ofTask(String.raw`(?:untag|unlabel)\s+(?<task>it|this|that)\s+(?:as\s+|from\s+)?${tags}`, toTags('remove_tags')),
  // "drop the tag health from the dentist", "the dentist should lose the health tag"
  ofTask(
    String.raw`(?:remove|delete|drop|take|strip|clear|detach|lose|erase)\s+(?:off\s+)?${article}${noun}\s*:?\s+${tags}\s+(?:from|off|of|on)\s+(?<task>\S.*)`,
    toTags('remove_tags'),
  ),
  ofTask(
    String.raw`(?:remove|delete|drop|take|strip|clear|detach|lose|erase)\s+(?:off\s+)?${article}${tags}\s+${noun}\s+(?:from|off|of|on)\s+(?<task>\S.*)`,
    toTags('remove_tags'),
  ),
  ofTask(
    String.raw`${someTask}\s+(?:should\s+(?:lose|not\s+have)|does\s?n['’]?t\s+need|no\s+longer\s+needs)\s+${article}${tags}\s+${noun}`,
    toTags('remove_tags'),
  ),
  // "give the dentist the tag health", "the dentist needs a health tag"
  ofTask(String.raw`(?:give|assign)\s+${someTask}\s+${article}${noun}\s*:?\s+${tags}`, toTags('add_tags')),
  ofTask(String.raw`(?:give|assign)\s+${someTask}\s+${article}${tags}\s+${noun}`, toTags('add_tags')),
  ofTask(
    String.raw`${someTask}\s+(?:needs|gets|should\s+(?:have|get)|must\s+have)\s+${article}${noun}\s+${tags}`,
    toTags('add_tags'),
  ),
  ofTask(
    String.raw`${someTask}\s+(?:needs|gets|should\s+(?:have|get)|must\s+have)\s+${article}${tags}\s+${noun}`,
    toTags('add_tags'),
  ),
  ofTask(String.raw`${someTask}\s+should\s+be\s+(?:tagged|labell?ed)\s+(?:with\s+|as\s+)?${tags}`, toTags('add_tags')),
  // "add health to the dentist's tags"
  ofTask(String.raw`(?:add|put)\s+${tags}\s+(?:to|in)\s+(?<task>\S.*?)['’]s\s+${noun}`, toTags('add_tags')),
  // "put the tag health on the dentist", "attach a health label to the dentist"
  ofTask(
    String.raw`(?:put|add|attach|apply|assign|stick|set)\s+${article}${noun}\s*:?\s+${tags}\s+(?:on|to|onto|for)\s+(?<task>\S.*)`,
    toTags('add_tags'),
  ),
  ofTask(
    String.raw`(?:put|add|attach|apply|assign|stick|set)\s+${article}${tags}\s+${noun}\s+(?:on|to|onto|for)\s+(?<task>\S.*)`,
    toTags('add_tags'),
  ),
  // "dentist: add tag health"
  ofTask(String.raw`(?<task>[^:]+?)\s*:\s*(?:(?:add|set)\s+)?${article}${noun}\s*:?\s+${tags}`, toTags('add_tags')),
  ofTask(
    String.raw`(?<task>[^:]+?)\s*:\s*(?:remove|drop|delete)\s+${article}${noun}\s*:?\s+${tags}`,
    toTags('remove_tags'),
  ),
  // "change the tag of the dentist from a to b"
  ({ text }) => {
    const found = new RegExp(
      String.raw`^(?:change|switch|replace)\s+${article}${noun}\s+(?:of|on|for)\s+(?<task>\S.*?)\s+from\s+(?<old>${tag})\s+(?:to|into)\s+(?<value>${tag})[\s.!]*$`,
      'iu',
    ).exec(text.visible)?.groups;
    return found && replaceTag(found);
  },
  // "replace the tag a with b on the dentist", "swap #a for #b on it"
  ({ text }) => {
    const found = new RegExp(
      String.raw`^(?:replace|swap|change|switch)\s+(?:${article}${noun}\s+(?=\S)|(?=#))(?<old>${tag})\s+(?:with|for|to|by)\s+(?<value>${tag})\s+(?:on|of|for)\s+(?<task>\S.*?)[\s.!]*$`,
      'diu',
    ).exec(text.visible)?.groups;
    return found && replaceTag(found);
  },
];
