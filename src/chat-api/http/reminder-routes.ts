import { Hono } from 'hono';
import { z } from 'zod';
import type { Clock } from '../../lib/clock.ts';
import type { Database } from '../../lib/database.ts';
import { dismissReminders, openReminders } from '../live/reminders.ts';
import { instant } from '../tasks/task.ts';
import type { RequestEnvironment } from './request-context.ts';
import { check, readQuery } from './validation.ts';

const reminderId = z.uuid({ error: 'must be a UUID' });

export const clearQuery = z.strictObject({
  up_to: reminderId.optional().describe('The newest reminder that the user has seen: later ones stay'),
});

export const reminder = z.object({
  id: z.uuid(),
  task_id: z.uuid(),
  title: z.string(),
  due_date: instant,
  lead_time_seconds: z.int().describe('How long before the due date it fired'),
  fired_at: instant,
});

export interface ReminderDependencies {
  readonly database: Database;
  readonly clock: Pick<Clock, 'now'>;
}

/** /v1/reminders: those that have fired, until the user has seen enough of them. */
export function reminderRoutes({ database, clock }: ReminderDependencies): Hono<RequestEnvironment> {
  const routes = new Hono<RequestEnvironment>();
  routes.get('/', async (context) => context.json({ items: await openReminders(database, context.get('userId')) }));
  routes.delete('/', async (context) => {
    const { up_to: upTo } = readQuery(context, clearQuery);
    await dismissReminders(database, context.get('userId'), { upTo, now: clock.now() });
    return context.body(null, 204);
  });
  routes.delete('/:id', async (context) => {
    const { id } = check(z.object({ id: reminderId }), { id: context.req.param('id') });
    await dismissReminders(database, context.get('userId'), { id, now: clock.now() });
    return context.body(null, 204);
  });
  return routes;
}
