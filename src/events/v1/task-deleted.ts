import { z } from 'zod';
import { envelope } from './envelope.ts';
import { uuid } from './fields.ts';

const payload = z.object({ task_id: uuid('The task that is gone.') }, { error: 'an object' });

export const taskDeleted = envelope('task-deleted', payload).meta({
  title: 'task-deleted v1',
  description: 'A task was deleted.',
});
