import type { Clock } from '../lib/clock.ts';
import type { Database } from '../lib/database.ts';
import type { Component } from '../lib/lifecycle.ts';
import type { Logger } from '../lib/log.ts';

const hour = 60 * 60 * 1000;

/** How many rows one statement deletes at most, so that none takes long. */
const batch = 5000;

/** What is kept for a time only. Tombstones of tasks stay: versions must never start again. */
const statements = [
  oldest('idempotency_keys', 'created_at', '1 day'),
  oldest('conversations', 'updated_at', '30 days'),
  oldest('reminders', 'created_at', '7 days'),
  // Users were promised one.
  oldest('changes', 'created_at', '2 days'),
];

function oldest(table: string, column: string, age: string): string {
  return `DELETE FROM chat.${table} WHERE ctid = ANY(ARRAY(
    SELECT ctid FROM chat.${table} WHERE ${column} < $1::timestamptz - interval '${age}' LIMIT ${batch}))`;
}

/** Forgets what is old, once an hour; it does not matter how many replicas do. */
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
  for (const statement of statements) {
    let deleted = batch;
    while (deleted === batch) deleted = (await database.query(statement, [now])).rowCount ?? 0;
  }
}
