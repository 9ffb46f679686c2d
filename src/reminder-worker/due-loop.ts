import { backoffMilliseconds } from '../lib/backoff.ts';
import type { Clock } from '../lib/clock.ts';
import type { Database } from '../lib/database.ts';
import { toError } from '../lib/errors.ts';
import type { Component } from '../lib/lifecycle.ts';
import type { Logger } from '../lib/log.ts';
import type { Wakeup } from '../lib/wakeup.ts';
import type { DueReminder } from './schedule/due-reminders.ts';
import { fireDueReminders, type Publish } from './schedule/fire-due-reminders.ts';

export interface DueLoopOptions {
  readonly database: Database;
  readonly publish: Publish;
  readonly wakeup: Wakeup;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Told after each batch that was published, with how late each of its reminders was, in seconds. */
  readonly onFired: (latenessSeconds: readonly number[]) => void;
}

/** Looks at the schedule at least this often, whatever the wake-up has missed. */
const pollMilliseconds = 2000;
/** How soon to look again after reminders that another worker holds, which may end before it has published them. */
const heldMilliseconds = 20;
/** What comes up while the loop waits after a failure is no reason to wait less. */
const longAgo = new Date(0);
const failureBackoff = { initial: 100, maximum: 5000, factor: 2, jitter: 'full' } as const;

/**
 * Publishes reminders when they are due: fires a batch, goes on at once while there are more, else sleeps until the
 * earliest pending one. When the database or Kafka is away it tries again until they are back.
 */
export class DueLoop implements Component {
  readonly name = 'due loop';
  readonly #options: DueLoopOptions;
  #running: Promise<void> | undefined;
  #isStopping = false;

  constructor(options: DueLoopOptions) {
    this.#options = options;
  }

  start(): void {
    this.#running = this.#run();
  }

  /** Waits for the batch that is being published. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    this.#options.wakeup.wake();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { wakeup, logger } = this.#options;
    for (let failures = 0; !this.#isStopping;) {
      try {
        await this.#fireAndRest();
        failures = 0;
      } catch (error) {
        failures += 1;
        const milliseconds = backoffMilliseconds(failureBackoff, failures);
        logger.warn({ err: toError(error), retryMilliseconds: milliseconds }, 'Could not publish reminders');
        await wakeup.sleep(milliseconds, { until: longAgo });
      }
    }
  }

  async #fireAndRest(): Promise<void> {
    const { database, publish, wakeup, clock, onFired } = this.#options;
    const begun = clock.now();
    const { reminders, next } = await fireDueReminders(database, publish);
    if (reminders.length > 0) return onFired(latenessSeconds(reminders, clock.now().getTime() - begun.getTime()));
    if (next?.isHeld) return wakeup.sleep(heldMilliseconds, { until: next.fireAt });
    await wakeup.sleep(Math.min(next?.milliseconds ?? pollMilliseconds, pollMilliseconds), { until: next?.fireAt });
  }
}

/** By the database's clock, and ours only for the time since it was asked. */
function latenessSeconds(reminders: readonly DueReminder[], elapsedMilliseconds: number): number[] {
  return reminders.map(
    ({ fireAt, claimedAt }) => (claimedAt.getTime() - fireAt.getTime() + elapsedMilliseconds) / 1000,
  );
}
