import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { withTransaction, type Database } from '../../lib/database.ts';
import { migrate } from '../../lib/migrations.ts';

/** Where it is noted which consumer group has which schema. */
const owners = 'reminder_consumers';
/** That of the first group: all groups shared it before they had schemas of their own. */
const first = 'reminders';
/** PostgreSQL takes 63, and a channel's name is made from it; see added.ts. */
const longestName = 57;

export interface ClaimedSchema {
  readonly name: string;
  /** Of the schedule in it: another one that begins anew has another id. Undefined for one from before there were ids. */
  readonly id: string | undefined;
}

/**
 * The PostgreSQL schema of a consumer group's schedule: each group has one to itself, and keeps it. The first group that
 * comes to a database takes the one that versions before this one have filled.
 *
 * @throws {ExpectedError} with a DatabaseErrorCode
 */
export async function claimSchema(database: Database, groupId: string): Promise<ClaimedSchema> {
  await migrate(database, { schema: owners, directory: join(import.meta.dirname, 'owners') });
  return withTransaction(database, async (transaction) => {
    // Others wait until we are done: each finds what those before it have taken.
    await transaction.query(`LOCK TABLE ${owners}.schedules IN SHARE ROW EXCLUSIVE MODE`);
    const claim = `
      INSERT INTO ${owners}.schedules (group_id, schema_name, id)
      SELECT $1, name, CASE WHEN to_regnamespace(name) IS NULL THEN gen_random_uuid() END
      FROM (SELECT CASE WHEN EXISTS (SELECT FROM ${owners}.schedules WHERE schema_name = $2) THEN $3 ELSE $2 END) AS free (name)
      ON CONFLICT (group_id) DO NOTHING`;
    await transaction.query(claim, [groupId, first, schemaName(groupId)]);
    const find = `SELECT schema_name AS name, id FROM ${owners}.schedules WHERE group_id = $1`;
    const { name, id } = (await transaction.query<{ name: string; id: string | null }>(find, [groupId])).rows[0]!;
    return { name, id: id ?? undefined };
  });
}

/** A readable name that no other group has. */
export function schemaName(groupId: string): string {
  const hash = createHash('sha256').update(groupId).digest('hex').slice(0, 10);
  const words = groupId.toLowerCase().replaceAll(/[^a-z0-9]+/g, '_');
  return `${`${first}_${words}`.slice(0, longestName - hash.length - 1)}_${hash}`;
}
