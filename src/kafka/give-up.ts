import type { Backoff } from '../lib/backoff.ts';
import type { Clock } from '../lib/clock.ts';
import { toError } from '../lib/errors.ts';
import type { Logger } from '../lib/log.ts';
import { outlast } from '../lib/outlast.ts';
import { placeOf, type ConsumedMessage } from './consumer-options.ts';
import { deadLetter, type Failure } from './dead-letter.ts';
import type { OutgoingMessage } from './outgoing-message.ts';

export interface GiveUpOptions {
  readonly sendDeadLetter: (letter: OutgoingMessage) => Promise<void>;
  readonly groupId: string;
  readonly clock: Clock;
  readonly backoff: Backoff;
  readonly logger: Logger;
  /** Ends the waiting: the message is neither processed nor kept then, and has to be read again. */
  readonly signal: AbortSignal;
  /** Told of each time that the letter could not be sent. */
  readonly onFailure?: (error: unknown) => void;
}

/**
 * Keeps a message that cannot be processed in the dead-letter topic, whatever keeps it from being sent there: it would be
 * lost otherwise.
 *
 * @throws only when the signal aborted before it was sent
 */
export async function giveUp(
  message: ConsumedMessage,
  { error, attempts }: Pick<Failure, 'error' | 'attempts'>,
  { sendDeadLetter, groupId, clock, backoff, logger, signal, onFailure }: GiveUpOptions,
): Promise<void> {
  const letter = deadLetter(message, { error, attempts, groupId });
  await outlast(() => sendDeadLetter(letter), {
    ...{ clock, backoff, signal, isToOutlast: () => true },
    onFailure: (cause, attempt) => {
      logger.warn({ attempt, err: toError(cause) }, 'Could not send a dead letter; trying again');
      onFailure?.(cause);
    },
  });
  logger.error({ ...placeOf(message), attempts, err: toError(error) }, 'Gave up a message');
}
