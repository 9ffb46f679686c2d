import { session } from './session.js';

/** Who goes from one tab to another and back finds both as they were. */
const grace = 5_000;

/**
 * A browser has six connections to a server for all its tabs, and who follows the server's events keeps one: the seventh tab
 * would never open. So those tabs that nobody looks at take turns: one of them follows, and tells of reminders.
 */
export class Turn {
  #isOurs = true;
  /** When it was seen last; 0 while it is seen. */
  #hiddenAt = 0;
  /** @type {Promise<void>} */
  #coming = Promise.resolve();
  #end = () => {};

  /** @param {AbortSignal} signal ends it */
  constructor(signal) {
    if (!navigator.locks) return;
    const look = () => (document.hidden && !signal.aborted ? this.#queue() : this.#end());
    document.addEventListener('visibilitychange', look, { signal });
    signal.addEventListener('abort', look);
    look();
  }

  /** Whether it is another tab's by now. */
  get isOver() {
    return !this.#isOurs && Date.now() - this.#hiddenAt > grace;
  }

  /** Resolves once it is this tab's. */
  get comes() {
    return this.#coming;
  }

  #queue() {
    if (this.#hiddenAt > 0) return;
    this.#isOurs = false;
    this.#hiddenAt = Date.now();
    const seen = new AbortController();
    this.#coming = new Promise((resolve) => {
      const take = () => {
        this.#isOurs = true;
        resolve();
      };
      this.#end = () => {
        this.#hiddenAt = 0;
        take();
        seen.abort();
      };
      const hold = () => {
        take();
        return new Promise((end) => seen.signal.addEventListener('abort', end));
      };
      void navigator.locks.request(`kafka-events-live ${session.owner}`, { signal: seen.signal }, hold).catch(() => {}); // looked at before it came
    });
  }
}
