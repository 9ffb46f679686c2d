import { z } from 'zod';
import { envelope } from './envelope.ts';
import { timestamp, title, uuid } from './fields.ts';

const payload = z.object(
  {
    task_id: uuid('The task.'),
    due_date: timestamp('When the task is due.'),
    title,
    user_id: uuid('Whose task it is.'),
    lead_time_seconds: z
      .int({ error: 'a whole number of seconds' })
      .min(0, { error: 'a whole number of seconds, 0 or more' })
      .describe('How long before the due time this reminds, in seconds.'),
  },
  { error: 'an object' },
);

export const reminderDue = envelope('reminder-due', payload).meta({
  title: 'reminder-due v1',
  description: 'A task is due, or will be in lead_time_seconds.',
});
