import { backoffMilliseconds } from '../lib/backoff.ts';
import type { Clock } from '../lib/clock.ts';
import type { DatabaseErrorCode } from '../lib/database-errors.ts';
import type { Database } from '../lib/database.ts';
import { errorCode, ExpectedError, toError } from '../lib/errors.ts';
import type { Component } from '../lib/lifecycle.ts';
import type { Logger } from '../lib/log.ts';
import { OutageLog } from '../lib/outage-log.ts';
import { Wakeup } from '../lib/wakeup.ts';
import { beginning, longAgo, movedBack, movedOn, type DueCursor } from './schedule/due-cursor.ts';
import type { DueReminder, Outlook } from './schedule/due-reminders.ts';
import { fireDueReminders, type Fired, type Publish } from './schedule/fire-due-reminders.ts';

export interface DueLoopOptions {
  readonly database: Database;
  readonly publish: Publish;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Called after each batch, with how late each of its published reminders was, in seconds. */
  readonly onFired: (latenessSeconds: readonly number[], refused: Fired['refused']) => void;
}

/** What due reminders may wait for. */
export type Obstacle = 'database' | 'brokers' | 'other worker';

/** Looks for what is due at least this often, whatever it was not told of. */
const pollMilliseconds = 2000;
/** How often it goes back to what others held when it came by. */
const lookBackMilliseconds = 1000;
/** How often it looks at all that is pending: at reminders for the past that nobody told it of, too. */
const fullLookMilliseconds = 10_000;
/**
 * How soon to look again at reminders that another worker holds. Mostly it publishes them in a moment, or changes their
 * task; when it does not, there is nothing to do but to wait.
 */
const heldBackoff = { initial: 20, maximum: pollMilliseconds, factor: 2 } as const;
/** How soon to try again what Kafka has not taken, though it takes others; and how late, when more comes due of that kind. */
const unsentMilliseconds = { first: 1000, latest: 5000 };
const failureBackoff = { initial: 100, maximum: 5000, factor: 2, jitter: 'full' } as const;
/**
 * Enough for one round trip to the database and one to Kafka to serve many. What has just come due has a part for
 * itself, and waits for a batch no longer than about this time: there is less of what is overdue in a batch where the
 * machine is slow.
 */
const freshLimit = 200;
const overdueLimit = { least: 50, first: 200, most: 1000 };
const batchMilliseconds = 100;
/** Longer than anything that ends by itself: a publication, a statement, the locks of a machine that has vanished. */
const stuckSeconds = 30;

/**
 * Publishes reminders when they are due: fires a batch, goes on at once while there are more, else sleeps until the
 * earliest pending one. When the database or Kafka is away it tries again until they are back.
 */
export class DueLoop implements Component {
  readonly name = 'due loop';
  readonly #options: DueLoopOptions;
  readonly #wakeup: Wakeup;
  readonly #outage: OutageLog;
  #cursor: DueCursor = beginning;
  #overdueLimit = overdueLimit.first;
  #lookedBackAt = -Infinity;
  #fullyLookedAt = -Infinity;
  /** The earliest of the reminders that were added since the cursor was set. */
  #addedAt: Date | undefined;
  /** How often in a row what is due was held by others, or by brokers. */
  #heldLooks = 0;
  /** What brokers have not taken, though they take others: it is passed over for some time. */
  #unsent: { readonly upTo: Date; readonly since: number; readonly retryAt: number } | undefined;
  /** When all was last well: everything that was due is published, or some of it was just now. */
  #progressAt: number | undefined;
  /** When nothing that was due was left. */
  #caughtUpAt: number | undefined;
  #obstacle: Obstacle = 'database';
  #running: Promise<void> | undefined;
  #isStopping = false;

  constructor(options: DueLoopOptions) {
    this.#options = options;
    this.#wakeup = new Wakeup(options.clock);
    const [begun, ended] = ['Kafka does not take some reminders; trying again', 'Kafka takes all reminders again'];
    this.#outage = new OutageLog({ ...options, begun, ended });
  }

  start(): void {
    this.#progressAt = this.#caughtUpAt = this.#options.clock.monotonic();
    this.#running = this.#run();
  }

  /** Waits for the batch that is being published. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    this.#wakeup.wake();
    await this.#running;
  }

  /** To be called when reminders were added: with when the earliest fires, or without when that is not known. */
  added(fireAt: Date = longAgo): void {
    if (!this.#addedAt || fireAt < this.#addedAt) this.#addedAt = fireAt;
    this.#wakeup.wake(fireAt);
  }

  /** For how long reminders have been due of which none could be published; 0 while all is well. */
  secondsWithoutProgress(): number {
    const now = this.#options.clock.monotonic();
    return (now - (this.#progressAt ?? now)) / 1000;
  }

  /** For how long reminders have been due that are not published: how late they are. Undefined before it has started. */
  secondsBehind(): number | undefined {
    return this.#caughtUpAt === undefined ? undefined : (this.#options.clock.monotonic() - this.#caughtUpAt) / 1000;
  }

  /** What it waits for when it is stuck: none could be published for long. */
  stuckAt(): Obstacle | undefined {
    return this.secondsWithoutProgress() >= stuckSeconds ? this.#obstacle : undefined;
  }

  /** @throws {Error} when it is stuck */
  check(): void {
    const [at, seconds] = [this.stuckAt(), Math.round(this.secondsWithoutProgress())];
    if (at) throw new Error(`stuck: no reminder could be published for ${seconds} s; they wait for the ${at}`);
  }

  async #run(): Promise<void> {
    const { logger } = this.#options;
    for (let failures = 0; !this.#isStopping;) {
      try {
        await this.#fireAndRest();
        failures = 0;
      } catch (error) {
        failures += 1;
        // What comes due meanwhile is as fresh as ever: it does not wait behind all that is overdue.
        this.#cursor = { ...beginning, freshSince: this.#cursor.freshSince };
        this.#obstacle = errorCode(error).startsWith('Database') ? 'database' : 'brokers';
        const milliseconds = backoffMilliseconds(failureBackoff, failures);
        logger.warn({ err: toError(error), retryMilliseconds: milliseconds }, 'Could not publish reminders');
        // What comes up while it waits after a failure is no reason to wait less.
        await this.#wakeup.sleep(milliseconds, { until: longAgo });
      }
    }
  }

  async #fireAndRest(): Promise<void> {
    const { database, clock, onFired } = this.#options;
    const begun = clock.monotonic();
    const limits = { fresh: freshLimit, overdue: this.#overdueLimit };
    const publish = (reminders: readonly DueReminder[]) => this.#publishHeld(reminders, begun);
    const fired = await fireDueReminders(database, publish, { cursor: this.#cursorAt(begun), limits });
    const took = clock.monotonic() - begun;
    this.#cursor = fired.cursor;
    if (fired.reminders.length > 0) onFired(latenessSeconds(fired, took), fired.refused);
    this.#noteUnsent(fired);
    this.#note(fired, took);
    if (fired.outlook) await this.#rest(fired.outlook, took);
  }

  /** A process that was frozen holds nothing any more: what it has claimed may be published, moved or deleted by now. */
  async #publishHeld(reminders: readonly DueReminder[], begun: number): ReturnType<Publish> {
    const { database, publish, clock } = this.#options;
    const milliseconds = clock.monotonic() - begun;
    if (milliseconds < database.idleInTransactionMilliseconds) return publish(reminders);
    const message = `Claiming reminders took ${Math.round(milliseconds)} ms, after which others may have them`;
    throw new ExpectedError<DatabaseErrorCode>('DatabaseTimeout', message, { retryable: true });
  }

  #noteUnsent({ unsent, outlook }: Fired): void {
    const [first] = unsent;
    if (first) {
      const now = this.#options.clock.monotonic();
      const { upTo = longAgo, since = now } = this.#unsent ?? {};
      const last = Math.max(upTo.getTime(), ...unsent.map(({ reminder }) => reminder.fireAt.getTime()));
      const retryAt = Math.min(now + unsentMilliseconds.first, since + unsentMilliseconds.latest);
      this.#unsent = { upTo: new Date(last), since, retryAt };
      this.#obstacle = 'brokers';
      this.#outage.failed(first.error, { reminders: unsent.length });
    } else if (outlook && !outlook.held) this.#outage.ended();
  }

  #note({ reminders, unsent, outlook }: Fired, tookMilliseconds: number): void {
    const isHeld = outlook?.held !== undefined;
    const isWaiting = isHeld || unsent.length > 0;
    const isIdle = reminders.length === 0;
    const now = this.#options.clock.monotonic();
    if (!isIdle || !isWaiting) this.#progressAt = now;
    if (outlook && !isHeld) this.#caughtUpAt = now;
    if (isHeld && !this.#unsent) this.#obstacle = 'other worker';
    this.#heldLooks = isWaiting && isIdle ? this.#heldLooks + 1 : 0;
    if (outlook) return;
    const fitting = Math.round((this.#overdueLimit * batchMilliseconds) / tookMilliseconds);
    this.#overdueLimit = Math.max(overdueLimit.least, Math.min(overdueLimit.most, fitting));
  }

  async #rest({ held, next }: Outlook, tookMilliseconds: number): Promise<void> {
    const toNext = next ? next.milliseconds - tookMilliseconds : pollMilliseconds;
    const longest = held ? backoffMilliseconds(heldBackoff, Math.max(1, this.#heldLooks)) : pollMilliseconds;
    await this.#wakeup.sleep(Math.min(toNext, longest), { until: next?.fireAt });
  }

  /** Where to look from now. */
  #cursorAt(now: number): DueCursor {
    if (this.#addedAt) this.#cursor = movedBack(this.#cursor, this.#addedAt);
    this.#addedAt = undefined;
    if (now - this.#fullyLookedAt >= fullLookMilliseconds) {
      this.#fullyLookedAt = now;
      this.#cursor = movedBack(this.#cursor, longAgo);
    }
    if (now - this.#lookedBackAt >= lookBackMilliseconds) {
      this.#lookedBackAt = now;
      this.#cursor = { ...this.#cursor, reached: this.#cursor.start };
    }
    if (!this.#unsent) return this.#cursor;
    if (now < this.#unsent.retryAt) return movedOn(this.#cursor, this.#unsent.upTo);
    this.#unsent = undefined;
    this.#cursor = { ...this.#cursor, reached: this.#cursor.start };
    return this.#cursor;
  }
}

/** By the database's clock, and ours only for the time since it was asked. */
function latenessSeconds({ reminders, refused }: Fired, elapsedMilliseconds: number): number[] {
  const isRefused = new Set<DueReminder>(refused.map(({ reminder }) => reminder));
  return reminders
    .filter((reminder) => !isRefused.has(reminder))
    .map(({ fireAt, claimedAt }) => (claimedAt.getTime() - fireAt.getTime() + elapsedMilliseconds) / 1000);
}
