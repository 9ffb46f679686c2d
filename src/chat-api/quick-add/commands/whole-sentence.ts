import type { ToolCall } from '../../chat/tool-calls.ts';
import type { Command } from './sentence.ts';

const end = String.raw`[\s,.!?:)(]*$`;
/** A pattern of sentences that are these words and no others. */
export const whole = (words: string) => new RegExp(`^\\s*(?:${words})${end}`, 'i');

/** Makes a command of a pattern that an answer belongs to. */
export const answer = (pattern: RegExp, reply: string): Command => {
  return ({ text }) => (pattern.test(text.visible) ? { tool: 'help', arguments: { reply } } : undefined);
};

export const call =
  (pattern: RegExp, toolCall: ToolCall): Command =>
  ({ text }) =>
    pattern.test(text.visible) ? toolCall : undefined;
