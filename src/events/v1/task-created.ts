import { z } from 'zod';
import { envelope } from './envelope.ts';
import { taskFields, uuid } from './fields.ts';

const payload = z.object(
  { task_id: uuid('The task.'), ...taskFields, user_id: uuid('Whose task it is.') },
  { error: 'an object' },
);

export const taskCreated = envelope('task-created', payload).meta({
  title: 'task-created v1',
  description: 'A task was created. Has the whole task.',
});
