import { z } from 'zod';
import { envelope } from './envelope.ts';
import { reminders, taskFields, uuid, type TaskFieldName } from './fields.ts';

const fieldNames = Object.keys(taskFields) as [TaskFieldName, ...TaskFieldName[]];

function change<Field extends z.ZodType>(field: Field) {
  return z.object({ old: field, new: field }, { error: 'an object with old and new' });
}

const changes = z.object(
  {
    title: change(taskFields.title).optional(),
    description: change(taskFields.description).optional(),
    priority: change(taskFields.priority).optional(),
    status: change(taskFields.status).optional(),
    due_date: change(taskFields.due_date).optional(),
    recurrence: change(taskFields.recurrence).optional(),
    tags: change(taskFields.tags).optional(),
  } satisfies Record<TaskFieldName, z.ZodType>,
  { error: 'an object' },
);

const payload = z
  .object(
    {
      task_id: uuid('The task.'),
      changed_fields: z
        .array(z.enum(fieldNames, { error: `one of ${fieldNames.join(', ')}` }), { error: 'a list of fields' })
        .min(1, { error: 'a list of at least one field' })
        .meta({ description: 'The fields that are in changes.', uniqueItems: true }),
      changes: changes.describe('By field, what it was and what it is.'),
      reminders: reminders.describe(
        'How long before it is due to remind of it now, in seconds; unchanged if absent. If nothing else has changed, changes has due_date, old and new the same.',
      ),
    },
    { error: 'an object' },
  )
  .refine(({ changed_fields, changes }) => sameNames(changed_fields, Object.keys(changes)), {
    path: ['changed_fields'],
    error: 'the fields that are in changes, each once',
  });

function sameNames(some: readonly string[], others: readonly string[]): boolean {
  return some.toSorted().join() === others.toSorted().join();
}

export const taskUpdated = envelope('task-updated', payload).meta({
  title: 'task-updated v1',
  description: 'Fields of a task have changed. Has the changed fields only.',
});
