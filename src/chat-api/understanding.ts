import { toError } from '../lib/errors.ts';
import type { Logger } from '../lib/log.ts';
import type { Understand } from './http/chat-route.ts';
import { askModel, type LanguageModel } from './llm/ask-model.ts';
import { readMessage } from './quick-add/command.ts';

/** How messages are understood: by the language model if there is one, and by the grammar whenever it fails. */
export function createUnderstanding(model: LanguageModel | undefined, logger: Logger): Understand {
  return async (message, time) => {
    if (!model) return readMessage(message, time);
    try {
      return { call: await askModel(model, message, time), spans: [] };
    } catch (error) {
      logger.warn({ err: toError(error) }, 'No answer from the language model; the grammar reads the message');
      return readMessage(message, time);
    }
  };
}
