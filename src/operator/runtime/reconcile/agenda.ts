import TinyQueue from 'tinyqueue';
import type { Clock } from '../../../lib/clock.ts';

interface Entry {
  readonly key: string;
  readonly dueMilliseconds: number;
}

/** How many outdated entries are kept regardless of how few keys there are. */
const outdatedEntries = 100;

const byTime = (one: Entry, other: Entry) => one.dueMilliseconds - other.dueMilliseconds;

/** Reports keys when they are due. One timer serves them all, as thousands of keys can be due at the same time. */
export class Agenda {
  readonly #clock: Clock;
  readonly #onDue: (key: string) => void;
  readonly #slackMilliseconds: number;
  readonly #due = new Map<string, number>();
  /** The same by time; an entry that the map does not confirm is outdated. */
  #entries = new TinyQueue<Entry>([], byTime);
  #alarm: { readonly dueMilliseconds: number; readonly cancellation: AbortController } | undefined;

  /** @param slackMilliseconds how late a key may be reported, together with those that are due right after it */
  constructor(clock: Clock, onDue: (key: string) => void, slackMilliseconds = 0) {
    this.#clock = clock;
    this.#onDue = onDue;
    this.#slackMilliseconds = slackMilliseconds;
  }

  /** Of several times for one key, the earliest counts. */
  add(key: string, milliseconds: number): void {
    const dueMilliseconds = this.#clock.monotonic() + milliseconds;
    if ((this.#due.get(key) ?? Infinity) <= dueMilliseconds) return;
    this.#due.set(key, dueMilliseconds);
    this.#entries.push({ key, dueMilliseconds });
    if (this.#entries.length > 2 * this.#due.size + outdatedEntries) this.#dropOutdated();
    this.#setAlarm();
  }

  /** The alarm stays: to set it again for each of many keys would cost more than an alarm for nothing. */
  delete(key: string): void {
    this.#due.delete(key);
  }

  clear(): void {
    this.#due.clear();
    this.#setAlarm();
  }

  /** Sets the timer to the first time, or cancels it when nothing is due. */
  #setAlarm(): void {
    const first = this.#next();
    if (first?.dueMilliseconds === this.#alarm?.dueMilliseconds) return;
    this.#alarm?.cancellation.abort();
    this.#alarm = undefined;
    if (!first) return;
    const { dueMilliseconds } = first;
    const cancellation = new AbortController();
    this.#alarm = { dueMilliseconds, cancellation };
    const wait = dueMilliseconds + this.#slackMilliseconds - this.#clock.monotonic();
    void this.#clock.sleep(wait, cancellation.signal).then(() => {
      if (!cancellation.signal.aborted) this.#ring();
    });
  }

  #ring(): void {
    this.#alarm = undefined;
    const now = this.#clock.monotonic();
    for (let next = this.#next(); next && next.dueMilliseconds <= now; next = this.#next()) {
      this.#due.delete(next.key);
      this.#onDue(next.key);
    }
    this.#setAlarm();
  }

  #next(): Entry | undefined {
    for (let first = this.#entries.peek(); first; first = this.#entries.peek()) {
      if (this.#due.get(first.key) === first.dueMilliseconds) return first;
      this.#entries.pop();
    }
    return undefined;
  }

  #dropOutdated(): void {
    const entries = [...this.#due].map(([key, dueMilliseconds]) => ({ key, dueMilliseconds }));
    this.#entries = new TinyQueue(entries, byTime);
  }
}
