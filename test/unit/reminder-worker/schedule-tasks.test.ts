import { expect, it } from '@jest/globals';
import type { Queryable } from '../../../src/lib/database.ts';
import { scheduleTasks } from '../../../src/reminder-worker/schedule/schedule-tasks.ts';
import { applyEvent, unknownTask } from '../../../src/reminder-worker/task-state.ts';
import { taskCreated } from '../../support/task-history.ts';

/** A database that answers at once, and so gives nobody else a turn. */
const database: Queryable = {
  query: () => Promise.resolve({ rows: [], rowCount: 0, command: '', oid: 0, fields: [] }),
};

it('leaves all else of the program its turns while it computes when many tasks recur', async () => {
  const recurrence = { rule: 'FREQ=DAILY', time_zone: 'UTC' };
  const event = taskCreated(crypto.randomUUID(), { due_date: '2026-01-31T10:00:00Z', recurrence });
  const state = applyEvent(unknownTask, event, 1);
  const added = new Map(Array.from({ length: 100 }, () => [crypto.randomUUID(), state]));
  let turns = 0;
  const others = () => (turns += 1) && (later = setImmediate(others));
  let later = setImmediate(others);
  await scheduleTasks(database, { added, changed: new Map() });
  clearImmediate(later);
  expect(turns).toBeGreaterThanOrEqual(5);
});
