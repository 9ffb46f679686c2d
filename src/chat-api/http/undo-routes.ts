import { Hono } from 'hono';
import { z } from 'zod';
import { redoChange, undoChange, type UndoneChange } from '../tasks/undo-change.ts';
import { answerChange, type ChangeDependencies } from './changes.ts';
import type { Answer } from './idempotency.ts';
import type { RequestEnvironment } from './request-context.ts';
import { readBody } from './validation.ts';

export const undoRequest = z.strictObject({
  change: z
    .string()
    .regex(/^\d{1,15}$/, { error: 'must be the Change-Id of an earlier answer' })
    .optional()
    .describe('The Change-Id of the answer to a change; the last change when left out'),
});

/** POST /v1/undo and /v1/redo: changes of the user by whatever way, several at once included. */
export function undoRoutes(dependencies: ChangeDependencies): Hono<RequestEnvironment> {
  const routes = new Hono<RequestEnvironment>();
  routes.post('/undo', async (context) => {
    const selector = (await context.req.text()) === '' ? {} : await readBody(context, undoRequest);
    return answerChange(dependencies, context, async (change) => answer(await undoChange(change, selector)));
  });
  routes.post('/redo', (context) =>
    answerChange(dependencies, context, async (change) => answer(await redoChange(change))),
  );
  return routes;
}

function answer({ change, tasks, deleted }: UndoneChange): Answer {
  const gone = deleted.map(({ id, version }) => ({ id, version }));
  return { status: 200, body: { change, tasks, deleted: gone } };
}
