import type { Clock } from '../../lib/clock.ts';
import { ProblemError } from './problem.ts';

/** How many changes of a user are made at once: those of one task wait for each other anyway. */
const atOnce = 4;
/** As long as a client waits gladly, and no longer than a connection to the database is waited for. */
const patienceMilliseconds = 5000;

interface Turns {
  taken: number;
  readonly waiting: Set<() => void>;
}

/**
 * Has the changes of a user take turns before they take connections to the database: if they all wait for a lock, as
 * for one that a frozen replica holds, others still have some.
 */
export class UserTurns {
  readonly #clock: Clock;
  readonly #users = new Map<string, Turns>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** @throws {ProblemError} Unavailable when it is not this work's turn in time */
  async take<T>(userId: string, work: () => Promise<T>): Promise<T> {
    const turns = this.#users.get(userId) ?? { taken: 0, waiting: new Set() };
    this.#users.set(userId, turns);
    if (turns.taken < atOnce) turns.taken += 1;
    else await this.#wait(turns);
    try {
      return await work();
    } finally {
      const [next] = turns.waiting;
      if (next) next();
      else turns.taken -= 1;
      if (turns.taken === 0) this.#users.delete(userId);
    }
  }

  async #wait({ waiting }: Turns): Promise<void> {
    const isTurn = new AbortController();
    const next = () => {
      waiting.delete(next);
      isTurn.abort();
    };
    waiting.add(next);
    await this.#clock.sleep(patienceMilliseconds, isTurn.signal);
    if (isTurn.signal.aborted) return;
    waiting.delete(next);
    throw new ProblemError('Unavailable', 'Your earlier changes have not ended yet; please try again');
  }
}
