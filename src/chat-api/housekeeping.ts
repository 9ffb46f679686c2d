import type { Clock } from '../lib/clock.ts';
import type { Database } from '../lib/database.ts';
import type { Component } from '../lib/lifecycle.ts';
import type { Logger } from '../lib/log.ts';

const hour = 60 * 60 * 1000;

/** What is kept for a time only. Tombstones of tasks stay: versions must never start again. */
const statements = [
  `DELETE FROM chat.idempotency_keys WHERE created_at < $1::timestamptz - interval '1 day'`,
  `DELETE FROM chat.conversations WHERE updated_at < $1::timestamptz - interval '30 days'`,
];

/** Forgets old idempotency keys and conversations, once an hour; it does not matter how many replicas do. */
export function createHousekeeping(database: Database, clock: Clock, logger: Logger): Component {
  const stopping = new AbortController();
  let running = Promise.resolve();
  const run = async () => {
    while (!stopping.signal.aborted) {
      await forget(database, clock.now()).catch((error: unknown) =>
        logger.warn({ err: error }, 'Could not delete what is old; trying again in an hour'),
      );
      await clock.sleep(hour, stopping.signal);
    }
  };
  return {
    name: 'housekeeping',
    start: () => {
      running = run();
    },
    stop: async () => {
      stopping.abort();
      await running;
    },
  };
}

export async function forget(database: Database, now: Date): Promise<void> {
  for (const statement of statements) await database.query(statement, [now]);
}
