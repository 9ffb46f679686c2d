import type { Clock } from '../../../lib/clock.ts';
import { errorCode, isExpected, toError } from '../../../lib/errors.ts';
import type { Logger } from '../../../lib/log.ts';
import { OutageLog } from '../../../lib/outage-log.ts';
import { parseKey } from '../objects.ts';
import { hasCode, isAway, isTransient } from '../transport/kubernetes-error.ts';

/** How many failures in a row make an error that usually passes by itself one that people should know of. */
const patience = 3;

/** Failures of one key without a success between them. */
interface Row {
  failures: number;
  readonly since: number;
  /** The cause that was last warned of. */
  warnedOf: string | undefined;
}

/**
 * Follows the failures of each key, and reports each cause once: a warning when it begins and a line when the key
 * succeeds again. While the API server is away, all keys together are one outage.
 */
export class FailureLog {
  readonly #logger: Logger;
  readonly #clock: Pick<Clock, 'monotonic'>;
  readonly #rows = new Map<string, Row>();
  readonly #outage: OutageLog;

  constructor(logger: Logger, clock: Pick<Clock, 'monotonic'>) {
    this.#logger = logger;
    this.#clock = clock;
    this.#outage = new OutageLog({
      logger,
      clock,
      begun: 'Reconciliation waits for the API server',
      ended: 'Reconciliation continues',
    });
  }

  /** Whether people should know of an error that a key fails with now: to be asked before `failed` counts it. */
  isLasting(key: string, error: unknown): boolean {
    if (isFleeting(error)) return false;
    return !isTransient(error) || (this.#rows.get(key)?.failures ?? 0) + 1 >= patience;
  }

  failed(key: string, error: unknown): void {
    if (isAway(error)) this.#outage.failed(error, parseKey(key), key);
    else if (!isLeadershipLost(error)) this.#outage.ended({}, key);
    this.#logger[this.#count(key, error)]({ ...parseKey(key), err: toError(error) }, 'Reconciliation failed');
  }

  succeeded(key: string): void {
    this.#outage.ended({}, key);
    const row = this.#rows.get(key);
    this.#rows.delete(key);
    if (row?.warnedOf === undefined) return;
    const seconds = Math.round((this.#clock.monotonic() - row.since) / 100) / 10;
    this.#logger.info({ ...parseKey(key), failures: row.failures, seconds }, 'Reconciliation succeeded again');
  }

  /** @returns the level to log the failure at */
  #count(key: string, error: unknown): 'debug' | 'warn' | 'error' {
    if (isFleeting(error)) return 'debug';
    const isLasting = this.isLasting(key, error);
    const row = this.#rows.get(key) ?? { failures: 0, since: this.#clock.monotonic(), warnedOf: undefined };
    this.#rows.set(key, row);
    row.failures += 1;
    // An unexpected error is a mistake in the program, and another message another mistake.
    const cause = isExpected(error) ? error.code : `Unexpected: ${toError(error).message}`;
    if (isAway(error) || !isLasting || row.warnedOf === cause) return 'debug';
    row.warnedOf = cause;
    return isExpected(error) ? 'warn' : 'error';
  }
}

const isLeadershipLost = (error: unknown) => errorCode(error) === 'LeadershipLost';

/**
 * What says nothing about the resource: a conflict is retried with what is newer, an API server that cannot be reached is
 * one outage for all, and a lost lease ends the program.
 */
const isFleeting = (error: unknown) =>
  hasCode(error, 'Conflict') || hasCode(error, 'ApiServerUnreachable') || isLeadershipLost(error);
