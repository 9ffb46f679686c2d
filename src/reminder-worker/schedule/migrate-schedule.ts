import { join } from 'node:path';
import type { Database } from '../../lib/database.ts';
import { migrate } from '../../lib/migrations.ts';

/** The PostgreSQL schema that the worker keeps its tables in. */
const schema = 'reminders';

/** Brings the schedule's tables up to date. */
export async function migrateSchedule(database: Database): Promise<void> {
  await migrate(database, { schema, directory: join(import.meta.dirname, 'migrations') });
}
