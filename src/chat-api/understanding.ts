import { toError } from '../lib/errors.ts';
import type { Logger } from '../lib/log.ts';
import { isTaskId } from './chat/find-target.ts';
import type { Understand } from './http/chat-route.ts';
import { askModel, type LanguageModel } from './llm/ask-model.ts';
import { readMessage } from './quick-add/command.ts';
import type { Reading } from './quick-add/reading.ts';

/** How long a person waits for the model before the grammar answers instead, in milliseconds. */
const usualPatience = 10_000;

/** How messages are understood: by the language model if there is one, and by the grammar whenever it fails. */
export function createUnderstanding(
  model: LanguageModel | undefined,
  logger: Logger,
  patienceMilliseconds = usualPatience,
): Understand {
  return async ({ message, time, dryRun, openTasks, isFirst, onCall }) => {
    const reading = readMessage(message, time);
    const byGrammar = { calls: [reading.call, ...(reading.also ?? [])], spans: reading.spans, isByModel: false };
    if (!model || dryRun || isAnswer(reading) || namesById(reading)) return byGrammar;
    if (isFirst && !(await isFirst())) return byGrammar;
    try {
      const question = { message, time, openTasks: await openTasks() };
      const calls = await askModel(model, question, patienceMilliseconds, onCall);
      return { calls, spans: [], isByModel: true };
    } catch (error) {
      logger.warn({ err: toError(error) }, 'No answer from the language model; the grammar reads the message');
      return byGrammar;
    }
  };
}

/** "the second one", "yes", "undo": of what the conversation has in mind, which the model does not know. */
function isAnswer({ call }: Reading): boolean {
  return (
    ['choose', 'undo', 'redo'].includes(call.tool) || (call.tool === 'change_all' && 'confirmed' in call.arguments)
  );
}

/** Written by a program, as the page's buttons do, which leaves nothing to be understood. */
function namesById({ call }: Reading): boolean {
  return 'task' in call.arguments && call.arguments.task !== undefined && isTaskId(call.arguments.task);
}
