import type { Database } from '../../src/lib/database.ts';
import { LeadTimeAdoption } from '../../src/reminder-worker/schedule/adopt-lead-times.ts';
import { setLeadTimes } from '../../src/reminder-worker/schedule/lead-times.ts';

/** Sets lead times, and brings everything that is scheduled in line with them. */
export async function useLeadTimes(database: Database, seconds: readonly number[]): Promise<void> {
  await setLeadTimes(database, { seconds, revision: 0 });
  const adoption = new LeadTimeAdoption(database);
  while (await adoption.step());
}
