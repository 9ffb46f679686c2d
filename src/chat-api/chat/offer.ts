import { isLastOne, isPronoun, isSeveral, placeOf } from '../quick-add/commands/pronouns.ts';
import { isTaskId } from './find-target.ts';
import type { CreateCall, DirectCall } from './tool-calls.ts';
import type { ToolResult } from './tool-result.ts';

/** Changes of a task that the user wants to have, and may have forgotten to add. */
const wanted: ReadonlySet<string> = new Set([
  'update_task',
  'reschedule_task',
  'snooze_task',
  'skip_occurrence',
  'show_task',
]);

/** The task that "yes" creates: the one that was asked about, or one that a command named in vain. */
export function offerOf(call: DirectCall, { outcome, candidates }: ToolResult): CreateCall | undefined {
  if (call.tool === 'help') return call.arguments.offer && { tool: 'create_task', arguments: call.arguments.offer };
  const isMissing = outcome === 'not-found' && !candidates?.length && wanted.has(call.tool);
  const isStatus = call.tool === 'update_task' && call.arguments.status !== undefined;
  const title = isMissing && !isStatus && 'task' in call.arguments ? call.arguments.task : undefined;
  return title && isName(title) ? { tool: 'create_task', arguments: { title } } : undefined;
}

/** "the second one" and "it" are no names. */
function isName(words: string): boolean {
  const isReference = isPronoun(words) || isLastOne(words) || isSeveral(words) || placeOf(words) !== undefined;
  return !isReference && !isTaskId(words);
}

/** A question that asks by itself stays as it is. */
export function withOffer(result: ToolResult, offer: CreateCall | undefined): ToolResult {
  if (!offer || result.outcome !== 'not-found') return result;
  return { ...result, reply: `${result.reply}\nTo add it as a task, say "yes", or: add ${offer.arguments.title}` };
}
