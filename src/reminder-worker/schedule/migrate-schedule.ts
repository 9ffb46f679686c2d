import { join } from 'node:path';
import type { Database } from '../../lib/database.ts';
import { migrate } from '../../lib/migrations.ts';
import { claimSchema } from './claim-schema.ts';

/**
 * Brings the tables of a consumer group's schedule up to date, and makes the database's transactions use them.
 *
 * @returns the id of the schedule, if it has one
 */
export async function migrateSchedule(database: Database, groupId: string): Promise<string | undefined> {
  const { name: schema, id } = await claimSchema(database, groupId);
  await migrate(database, { schema, directory: join(import.meta.dirname, 'migrations') });
  database.schema = schema;
  return id;
}
