import { placeOf, type ConsumedMessage } from '../kafka/consumer-options.ts';
import { giveUp } from '../kafka/give-up.ts';
import type { OutgoingMessage } from '../kafka/outgoing-message.ts';
import type { Clock } from '../lib/clock.ts';
import { errorCode, toError } from '../lib/errors.ts';
import type { Logger } from '../lib/log.ts';
import { OutageLog } from '../lib/outage-log.ts';
import type { Target } from '../lib/http-target.ts';
import { readReminder, type Reminder } from './read-reminder.ts';
import { answerError, requestedPause, retryDelay, type RetryPolicy } from './retry-policy.ts';
import { signedHeaders } from './signature.ts';
import type { TargetLimit } from './target-limit.ts';

export interface DelivererOptions {
  readonly target: Pick<Target, 'post'>;
  readonly limit: TargetLimit;
  readonly signingKeys: readonly Buffer[];
  readonly policy: RetryPolicy;
  /** Reminders that fired before are not sent. */
  readonly since: Date | undefined;
  readonly sendDeadLetter: (message: OutgoingMessage) => Promise<void>;
  readonly groupId: string;
  readonly clock: Clock;
  readonly random: () => number;
  readonly logger: Logger;
  /** Told of each attempt: its status or the code of its error, and how long it took. */
  readonly onRequest: (result: string, seconds: number) => void;
  readonly onDelivered: (reminder: Reminder) => void;
  readonly onSkipped: () => void;
  readonly onDeadLetter: (error: unknown) => void;
}

/** Longer than a target takes to restart. */
const stuckSeconds = 30;

/**
 * Sees to it that every reminder is taken by the target or goes to the dead-letter topic. Those that come together are
 * on their way together, in no order, so that one that fails holds up no other of them.
 */
export class Deliverer {
  readonly #options: DelivererOptions;
  readonly #outage: OutageLog;
  /** Reminders that have failed, and are still to be delivered or given up. */
  #troubled = 0;
  /** When a reminder was last delivered, or when the first of those failed. */
  #progressAt = 0;
  #lastError: unknown;

  constructor(options: DelivererOptions) {
    this.#options = options;
    const { logger, clock } = options;
    const [begun, ended] = ['Could not deliver a reminder; trying again', 'Reminders are delivered again'];
    this.#outage = new OutageLog({ logger, clock, begun, ended });
  }

  /** Why reminders fail at the moment; undefined while all is well. */
  trouble(): string | undefined {
    return this.#troubled === 0 ? undefined : toError(this.#lastError).message;
  }

  /** For how long reminders have failed without one that was delivered; 0 while all is well. */
  secondsWithoutSuccess(): number {
    return this.#troubled === 0 ? 0 : (this.#options.clock.monotonic() - this.#progressAt) / 1000;
  }

  /** For readiness. @throws {Error} when it is stuck, with the last reason */
  check(): void {
    const seconds = this.secondsWithoutSuccess();
    if (seconds < stuckSeconds) return;
    throw new Error(`stuck: no reminder could be delivered for ${Math.round(seconds)} s: ${this.trouble()}`);
  }

  /** @throws when the signal aborted before all was done; what was delivered is delivered again then, by the same id */
  async process(messages: readonly ConsumedMessage[], signal: AbortSignal): Promise<void> {
    const results = await Promise.allSettled(messages.map((message) => this.#processOne(message, signal)));
    const failed = results.find((result) => result.status === 'rejected');
    if (failed) throw failed.reason;
  }

  async #processOne(message: ConsumedMessage, signal: AbortSignal): Promise<void> {
    const { since, onSkipped } = this.#options;
    let reminder: Reminder;
    try {
      reminder = readReminder(message);
    } catch (error) {
      return this.#whileTroubled(error, () => this.#giveUp(message, error, 1, signal));
    }
    if (since && Date.parse(reminder.event.timestamp) < since.getTime()) return onSkipped();
    const error = await this.#attempt(reminder, signal);
    if (error) await this.#whileTroubled(error, () => this.#persist(message, reminder, error, signal));
  }

  /** After the first attempt has failed: tries again, until the reminder is delivered or given up. */
  async #persist(message: ConsumedMessage, reminder: Reminder, first: unknown, signal: AbortSignal): Promise<void> {
    const { policy, clock, random } = this.#options;
    const firedAt = Date.parse(reminder.event.timestamp);
    let failures = 0;
    let error: unknown = first;
    for (let attempts = 1; error; attempts += 1) {
      if (errorCode(error) === 'TargetFailed') failures += 1;
      const ageMilliseconds = clock.now().getTime() - firedAt;
      const delay = retryDelay({ error, attempts, failures, ageMilliseconds }, policy, random);
      if (delay === undefined) return this.#giveUp(message, error, attempts, signal);
      this.#lastError = error;
      this.#outage.failed(error, placeOf(message));
      await clock.sleep(delay, signal);
      error = await this.#attempt(reminder, signal);
    }
  }

  /** @returns why the target has not taken it @throws the signal's reason, when it aborts before the request is sent */
  async #attempt(reminder: Reminder, signal: AbortSignal): Promise<unknown> {
    const { limit, clock, onDelivered } = this.#options;
    const error = await limit.run(() => this.#post(reminder), signal);
    if (error) return error;
    this.#progressAt = clock.monotonic();
    this.#outage.ended();
    onDelivered(reminder);
    return undefined;
  }

  async #post({ event, body }: Reminder): Promise<unknown> {
    const { target, limit, signingKeys, clock, onRequest } = this.#options;
    const signed = signedHeaders(signingKeys, { id: event.event_id, sentAt: clock.now(), body });
    const headers = { 'content-type': 'application/json', 'user-agent': 'kafka-events', ...signed };
    const begun = clock.monotonic();
    const observe = (result: string) => onRequest(result, (clock.monotonic() - begun) / 1000);
    try {
      const answer = await target.post(headers, body);
      observe(String(answer.status));
      const pause = requestedPause(answer, clock.now());
      if (pause > 0) limit.pause(pause);
      return answerError(answer);
    } catch (error) {
      observe(errorCode(error));
      return error;
    }
  }

  async #giveUp(message: ConsumedMessage, error: unknown, attempts: number, signal: AbortSignal): Promise<void> {
    const { policy, onDeadLetter } = this.#options;
    const onFailure = (cause: unknown) => (this.#lastError = cause);
    await giveUp(message, { error, attempts }, { ...this.#options, backoff: policy.backoff, signal, onFailure });
    onDeadLetter(error);
  }

  async #whileTroubled(error: unknown, work: () => Promise<void>): Promise<void> {
    if (this.#troubled === 0) this.#progressAt = this.#options.clock.monotonic();
    this.#troubled += 1;
    this.#lastError = error;
    try {
      await work();
    } finally {
      this.#troubled -= 1;
    }
  }
}
