import { withTransaction, type Database, type Queryable } from '../../lib/database.ts';

export interface LeadTimes {
  readonly seconds: readonly number[];
  /** Grows with each change: of two settings, that with the greater one counts. */
  readonly revision: number;
}

/**
 * To be asked when the tasks are locked, and those that are new are added: what is made with older lead times is then
 * found by `LeadTimeAdoption`, or waited for.
 */
export async function readLeadTimes(transaction: Queryable): Promise<readonly number[]> {
  const { rows } = await transaction.query<{ seconds: number[] }>('SELECT seconds FROM lead_times');
  return rows[0]?.seconds ?? [];
}

/**
 * Makes all workers schedule with these lead times from now on, unless newer ones are set already. What is scheduled
 * already is left to `LeadTimeAdoption`.
 *
 * @returns whether they count now
 */
export async function setLeadTimes(database: Database, { seconds, revision }: LeadTimes): Promise<boolean> {
  const set = `
    INSERT INTO lead_times AS known (seconds, revision, is_adopted) VALUES ($1, $2, false)
    ON CONFLICT (is_only_row) DO UPDATE SET
      seconds = excluded.seconds,
      revision = excluded.revision,
      is_adopted = known.is_adopted AND known.seconds = excluded.seconds,
      adopted_up_to = CASE WHEN known.seconds = excluded.seconds THEN known.adopted_up_to END
    WHERE excluded.revision >= known.revision`;
  const { rowCount } = await withTransaction(database, (transaction) => transaction.query(set, [seconds, revision]));
  return rowCount === 1;
}
