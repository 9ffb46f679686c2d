import { openDatabase, type Database, type DatabaseOptions } from '../../lib/database.ts';

/**
 * The worker reads its tables by index only, in the index's order. Statistics come minutes late, so that plans must not
 * depend on them: without any, PostgreSQL would sort all that is due for each few reminders it is asked for.
 */
const byIndexOnly = {
  enable_seqscan: 'off',
  enable_bitmapscan: 'off',
  enable_hashjoin: 'off',
  enable_mergejoin: 'off',
  enable_sort: 'off',
  jit: 'off',
};

/** The database as the schedule's statements need it. */
export function openScheduleDatabase(options: Omit<DatabaseOptions, 'settings'>): Database {
  return openDatabase({ ...options, settings: byIndexOnly });
}
