import { placeOf, type ConsumedMessage } from '../kafka/consumer-options.ts';
import { giveUp } from '../kafka/give-up.ts';
import type { OutgoingMessage } from '../kafka/outgoing-message.ts';
import { backoffMilliseconds, type Backoff } from '../lib/backoff.ts';
import type { Clock } from '../lib/clock.ts';
import type { DatabaseErrorCode } from '../lib/database-errors.ts';
import { errorCode, toError } from '../lib/errors.ts';
import type { Logger } from '../lib/log.ts';
import { isOutage, outlast, type Patience } from '../lib/outlast.ts';
import { readEvent } from './read-event.ts';
import type { VersionedEvent } from './schedule/apply-events.ts';

export interface EventProcessorOptions {
  /** Brings the schedule up to date, for all events or for none of them. */
  readonly apply: (events: readonly VersionedEvent[]) => Promise<void>;
  readonly sendDeadLetter: (message: OutgoingMessage) => Promise<void>;
  readonly groupId: string;
  /** How often an event is tried that fails by its own fault. */
  readonly maxAttempts: number;
  readonly backoff: Backoff;
  readonly clock: Clock;
  readonly logger: Logger;
  /** With all that was applied at once: of one partition. */
  readonly onApplied: (received: readonly ConsumedEvent[]) => void;
  readonly onDeadLetter: (message: ConsumedMessage, error: unknown) => void;
}

export interface ConsumedEvent extends VersionedEvent {
  readonly message: ConsumedMessage;
}

/**
 * Sees to it that every message ends in the schedule or, by its own fault, in the dead-letter topic. What cannot be
 * read goes there at once, what fails otherwise after some attempts. When the database or Kafka is away no message is
 * to blame: the processor waits until they are back.
 */
export class EventProcessor {
  readonly #options: EventProcessorOptions;

  constructor(options: EventProcessorOptions) {
    this.#options = options;
  }

  /**
   * @param messages of one partition, in order
   * @throws {Error} only when the signal aborted before all was done; what was done is harmless to repeat
   */
  async process(messages: readonly ConsumedMessage[], signal: AbortSignal): Promise<void> {
    const received: ConsumedEvent[] = [];
    for (const message of messages) {
      try {
        received.push({ message, ...readEvent(message) });
      } catch (error) {
        await this.#giveUp(message, error, 1, signal);
      }
    }
    if (received.length > 0) await this.#applyTogether(received, signal);
  }

  /** In one transaction; if one of them cannot be applied, each in its own, so that the others are. */
  async #applyTogether(received: readonly ConsumedEvent[], signal: AbortSignal): Promise<void> {
    const isToOutlast = (error: unknown) => isOutage(error) && !isTooMuch(error, received);
    try {
      await outlast(() => this.#apply(received), { ...this.#patience(signal), isToOutlast });
    } catch (error) {
      if (signal.aborted) throw error;
      if (isTooMuch(error, received)) return this.#applyHalves(received, error, signal);
      for (const one of received) await this.#applyAlone(one, signal);
    }
  }

  /** As many may never be done in the time that the database gives: it is slow, or they take long. */
  async #applyHalves(received: readonly ConsumedEvent[], error: unknown, signal: AbortSignal): Promise<void> {
    this.#patience(signal).onFailure(error, 1);
    await this.#wait(1, signal);
    const middle = Math.ceil(received.length / 2);
    for (const half of [received.slice(0, middle), received.slice(middle)]) await this.#applyTogether(half, signal);
  }

  async #applyAlone(received: ConsumedEvent, signal: AbortSignal): Promise<void> {
    const { maxAttempts, logger } = this.#options;
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await outlast(() => this.#apply([received]), this.#patience(signal));
      } catch (error) {
        if (signal.aborted) throw error;
        if (attempt >= maxAttempts) return this.#giveUp(received.message, error, attempt, signal);
        logger.warn({ ...placeOf(received.message), attempt, err: toError(error) }, 'Could not apply an event');
        await this.#wait(attempt, signal);
      }
    }
  }

  async #apply(received: readonly ConsumedEvent[]): Promise<void> {
    await this.#options.apply(received);
    this.#options.onApplied(received);
  }

  async #giveUp(message: ConsumedMessage, error: unknown, attempts: number, signal: AbortSignal): Promise<void> {
    await giveUp(message, { error, attempts }, { ...this.#options, signal });
    this.#options.onDeadLetter(message, error);
  }

  #patience(signal: AbortSignal): Patience {
    const { clock, backoff, logger } = this.#options;
    const onFailure = (error: unknown, attempt: number) =>
      logger.warn({ attempt, err: toError(error) }, 'Waiting until events can be processed again');
    return { clock, backoff, signal, onFailure };
  }

  async #wait(attempt: number, signal: AbortSignal): Promise<void> {
    const { clock, backoff } = this.#options;
    await clock.sleep(backoffMilliseconds(backoff, attempt), signal);
  }
}

const timeout: DatabaseErrorCode = 'DatabaseTimeout';

/** Whether fewer of them may succeed where all have failed. */
function isTooMuch(error: unknown, received: readonly ConsumedEvent[]): boolean {
  return received.length > 1 && errorCode(error) === timeout;
}
