import type { Place } from './place.ts';

/** A reminder as the worker keeps it in PostgreSQL. */
export interface ScheduledReminder {
  /** ISO 8601, UTC. */
  readonly dueAt: string;
  readonly published: boolean;
}

const lookMilliseconds = 50;
const limitMilliseconds = 15_000;

/** Waits until a task's reminders, soonest first, are as they should be. @throws with what they were when the time is over */
export async function waitForSchedule(
  place: Place,
  namespace: string,
  taskId: string,
  isAsWanted: (reminders: readonly ScheduledReminder[]) => boolean,
): Promise<readonly ScheduledReminder[]> {
  const deadline = performance.now() + limitMilliseconds;
  for (;;) {
    const reminders = await readSchedule(place, namespace, taskId);
    if (isAsWanted(reminders)) return reminders;
    if (performance.now() > deadline)
      throw new Error(`The schedule of ${taskId} is still ${JSON.stringify(reminders)}`);
    await new Promise((resolve) => setTimeout(resolve, lookMilliseconds));
  }
}

async function readSchedule(place: Place, namespace: string, taskId: string): Promise<ScheduledReminder[]> {
  const query = `SELECT to_char(due_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), published_at IS NOT NULL
    FROM reminders.reminders WHERE task_id = '${taskId}' ORDER BY due_at`;
  const rows = await place.kubectl([
    ...['exec', 'kafka-events-postgresql-0', '--namespace', namespace, '--'],
    ...['psql', '--username=kafka-events', '--no-align', '--tuples-only', '--field-separator= ', '--command', query],
  ]);
  return rows
    .split('\n')
    .filter((row) => row !== '')
    .map((row) => row.split(' '))
    .map(([dueAt = '', published]) => ({ dueAt, published: published === 't' }));
}
