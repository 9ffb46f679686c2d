import { setImmediate as settled } from 'node:timers/promises';
import type { Clock } from '../../../lib/clock.ts';

interface Sleeper {
  readonly until: number;
  readonly wake: () => void;
}

/** A clock that stands still until a test moves it. */
export class ManualClock implements Clock {
  #now: number;
  /** What the time of day is ahead of it. */
  #jumped = 0;
  #sleepers: Sleeper[] = [];

  constructor(start: Date | string = '2026-01-01T00:00:00Z') {
    this.#now = new Date(start).getTime();
  }

  /** How many sleep at the moment. */
  get sleepers(): number {
    return this.#sleepers.length;
  }

  now(): Date {
    return new Date(this.#now + this.#jumped);
  }

  monotonic(): number {
    return this.#now;
  }

  /** Sets the time of day, as an administrator or NTP does: no wait is longer or shorter for that. */
  jump(milliseconds: number): void {
    this.#jumped += milliseconds;
  }

  async sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    if (milliseconds <= 0 || signal?.aborted) return;
    await new Promise<void>((resolve) => {
      const sleeper = { until: this.#now + milliseconds, wake: resolve };
      this.#sleepers.push(sleeper);
      signal?.addEventListener('abort', () => {
        this.#sleepers = this.#sleepers.filter((other) => other !== sleeper);
        resolve();
      });
    });
  }

  /** Moves the time, stopping at each sleeper's due time so that what it does then happens then. */
  async advance(milliseconds: number): Promise<void> {
    const end = this.#now + milliseconds;
    for (let next = this.#nextDue(end); next; next = this.#nextDue(end)) {
      this.#now = next.until;
      this.#sleepers = this.#sleepers.filter((other) => other !== next);
      next.wake();
      await settled();
    }
    this.#now = end;
    await settled();
  }

  #nextDue(end: number): Sleeper | undefined {
    const due = this.#sleepers.filter(({ until }) => until <= end);
    return due.toSorted((one, other) => one.until - other.until)[0];
  }
}
