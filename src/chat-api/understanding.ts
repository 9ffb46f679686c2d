import { toError } from '../lib/errors.ts';
import type { Logger } from '../lib/log.ts';
import type { Understand } from './http/chat-route.ts';
import { askModel, type LanguageModel } from './llm/ask-model.ts';
import { readCommand } from './quick-add/command.ts';

/** How messages are understood: by the language model if there is one, and by the grammar whenever it fails. */
export function createUnderstanding(model: LanguageModel | undefined, logger: Logger): Understand {
  return async (message, time) => {
    if (!model) return readCommand(message, time);
    try {
      return await askModel(model, message, time);
    } catch (error) {
      logger.warn({ err: toError(error) }, 'No answer from the language model; the grammar reads the message');
      return readCommand(message, time);
    }
  };
}
