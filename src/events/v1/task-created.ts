import { z } from 'zod';
import { envelope } from './envelope.ts';
import { reminders, taskFields, uuid } from './fields.ts';

const payload = z.object(
  {
    task_id: uuid('The task.'),
    ...taskFields,
    reminders: reminders.describe(
      'How long before it is due to remind of it, in seconds, beside the usual; none if absent.',
    ),
    user_id: uuid('Whose task it is.'),
  },
  { error: 'an object' },
);

export const taskCreated = envelope('task-created', payload).meta({
  title: 'task-created v1',
  description: 'A task was created. Has the whole task.',
});
