import type { Clock } from '../lib/clock.ts';
import { toError } from '../lib/errors.ts';
import type { Component } from '../lib/lifecycle.ts';
import type { Logger } from '../lib/log.ts';

export interface BackgroundWorkOptions {
  readonly name: string;
  /** Does a small part of the work; returns whether there is more to do now. */
  readonly step: () => Promise<boolean>;
  /** How long to rest when there is nothing to do, in milliseconds. */
  readonly idleMilliseconds: number;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Rests so many times as long as it has worked, so that it takes little from what is urgent. */
const restFactor = 3;
const shortestRestMilliseconds = 20;
const failureMilliseconds = 5000;

/** Does long work little by little. A step that fails is tried again; it must leave nothing half done. */
export class BackgroundWork implements Component {
  readonly name: string;
  readonly #options: BackgroundWorkOptions;
  readonly #stopping = new AbortController();
  #running: Promise<void> | undefined;

  constructor(options: BackgroundWorkOptions) {
    this.name = options.name;
    this.#options = options;
  }

  start(): void {
    this.#running = this.#run();
  }

  /** Waits for the step that is under way. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { clock } = this.#options;
    const { signal } = this.#stopping;
    while (!signal.aborted) await clock.sleep(await this.#step(), signal);
  }

  /** @returns how long to rest */
  async #step(): Promise<number> {
    const { name, step, idleMilliseconds, clock, logger } = this.#options;
    const begun = clock.monotonic();
    try {
      const isMore = await step();
      if (!isMore) return idleMilliseconds;
      return Math.max(shortestRestMilliseconds, restFactor * (clock.monotonic() - begun));
    } catch (error) {
      logger.warn({ work: name, err: toError(error) }, 'Could not do a part of the work; trying again');
      return failureMilliseconds;
    }
  }
}
