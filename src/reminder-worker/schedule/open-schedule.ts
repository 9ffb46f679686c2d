import { join } from 'node:path';
import { openDatabase, type Database } from '../../lib/database.ts';
import type { Logger } from '../../lib/log.ts';
import { migrate } from '../../lib/migrations.ts';

/** The PostgreSQL schema that the worker keeps its tables in. */
const schema = 'reminders';

/** Opens the database that the schedule is in; connects when it is first asked something. */
export function openSchedule(uri: string, applicationName: string, logger: Logger): Database {
  const database = openDatabase({ uri, applicationName, logger });
  // A connection can break while its transaction waits for Kafka. The next statement then says so; without a listener
  // the event would end the program.
  database.pool.on('connect', (client) => client.on('error', () => {}));
  return database;
}

/** Brings the schedule's tables up to date. */
export async function migrateSchedule(database: Database): Promise<void> {
  await migrate(database, { schema, directory: join(import.meta.dirname, 'migrations') });
}
