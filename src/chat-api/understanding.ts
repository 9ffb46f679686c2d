import type { ChatApiConfiguration } from '../lib/config.ts';
import type { Logger } from '../lib/log.ts';
import type { Understand } from './http/chat-route.ts';
import { readCommand } from './quick-add/command.ts';

/** How messages are understood: by the grammar. */
export function createUnderstanding(_llm: ChatApiConfiguration['llm'], _logger: Logger): Understand {
  return (message, time) => Promise.resolve(readCommand(message, time));
}
