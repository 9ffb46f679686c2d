import { Hono } from 'hono';
import { z } from 'zod';
import { completeTask } from '../tasks/complete-task.ts';
import { skipOccurrence } from '../tasks/skip-occurrence.ts';
import { findTask, listTasks } from '../tasks/read-tasks.ts';
import { instant, newTask, priority, searchText, status, tag, taskPatch, type Task } from '../tasks/task.ts';
import { taskNotFound } from '../tasks/task-errors.ts';
import { createTask, deleteTask, updateTask } from '../tasks/write-task.ts';
import { answerChange, type ChangeDependencies } from './changes.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import { etagOf, matchesIfNoneMatch, readIfMatch } from './etag.ts';
import type { Answer } from './idempotency.ts';
import type { RequestContext, RequestEnvironment } from './request-context.ts';
import { check, readBody, readQuery } from './validation.ts';

const wholeNumber = 'must be a whole number from 1 to 200';

export const listQuery = z.strictObject({
  status: z.array(status).optional().describe('May come several times'),
  priority: priority.optional(),
  tag: tag.optional(),
  due_from: instant.optional().describe('Due at this instant or later'),
  due_before: instant.optional(),
  text: searchText.optional().describe('Part of the title, in any case'),
  limit: z.coerce
    .number({ error: wholeNumber })
    .int({ error: wholeNumber })
    .min(1, { error: wholeNumber })
    .max(200, { error: wholeNumber })
    .default(50),
  cursor: z.string().max(500).optional().describe('The next_cursor of the page before'),
});

/** /v1/tasks: the tasks of the authenticated user. */
export function taskRoutes(dependencies: ChangeDependencies): Hono<RequestEnvironment> {
  const { database } = dependencies;
  const routes = new Hono<RequestEnvironment>();

  routes.get('/', async (context) => {
    const { limit, cursor, ...filter } = readQuery(context, listQuery, ['status']);
    const after = cursor === undefined ? undefined : decodeCursor(cursor);
    // One more than asked for tells whether there is a next page.
    const tasks = await listTasks(database, context.get('userId'), filter, { limit: limit + 1, after });
    const items = tasks.slice(0, limit);
    return context.json({ items, next_cursor: tasks.length > limit ? encodeCursor(items.at(-1)!) : null });
  });

  routes.post('/', async (context) => {
    const fields = await readBody(context, newTask);
    return answerChange(dependencies, context, async (change) => {
      const task = await createTask(change, fields);
      return answerTask(task, 201, { Location: `/v1/tasks/${task.id}` });
    });
  });

  routes.get('/:id', async (context) => {
    const id = readId(context);
    const task = await findTask(database, context.get('userId'), id);
    if (!task) throw taskNotFound(id);
    context.header('ETag', etagOf(task));
    return matchesIfNoneMatch(context, task) ? context.body(null, 304) : context.json(task);
  });

  routes.patch('/:id', async (context) => {
    const id = readId(context);
    const patch = await readBody(context, taskPatch);
    const ifVersion = readIfMatch(context);
    return answerChange(dependencies, context, async (change) =>
      answerTask(await updateTask(change, id, patch, { ifVersion })),
    );
  });

  routes.delete('/:id', (context) => {
    const id = readId(context);
    const ifVersion = readIfMatch(context);
    return answerChange(dependencies, context, async (change) => {
      await deleteTask(change, id, ifVersion);
      return { status: 204 };
    });
  });

  routes.post('/:id/complete', (context) => {
    const id = readId(context);
    const ifVersion = readIfMatch(context);
    return answerChange(dependencies, context, async (change) => answerTask(await completeTask(change, id, ifVersion)));
  });

  routes.post('/:id/skip', (context) => {
    const id = readId(context);
    const ifVersion = readIfMatch(context);
    return answerChange(dependencies, context, async (change) =>
      answerTask(await skipOccurrence(change, id, ifVersion)),
    );
  });

  return routes;
}

function answerTask(task: Task, status: 200 | 201 = 200, headers: Record<string, string> = {}): Answer {
  return { status, headers: { ETag: etagOf(task), ...headers }, body: task };
}

function readId(context: RequestContext): string {
  return check(z.object({ id: z.uuid({ error: 'must be a UUID' }) }), { id: context.req.param('id') }).id;
}
