import { z } from 'zod';
import { examples } from '../chat/help-text.ts';
import { outcomes } from '../chat/tool-result.ts';
import { newTask, task, taskPatch } from '../tasks/task.ts';
import { spanMeanings } from '../quick-add/text-span.ts';
import { chatRequest } from './chat-route.ts';
import { problems } from './problem.ts';
import { createdSubscription, newSubscription, pushDescription } from './push-routes.ts';
import { clearQuery, reminder } from './reminder-routes.ts';
import { signIn } from './sign-in-route.ts';
import { listQuery } from './task-routes.ts';
import { undoRequest } from './undo-routes.ts';

type Json = Record<string, unknown>;

const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });
const json = (name: string) => ({ content: { 'application/json': { schema: ref(name) } } });
const answer = (description: string, name?: string): Json => ({ description, ...(name && json(name)) });
const header = (name: string, description: string): Json => ({
  name,
  in: 'header',
  description,
  schema: { type: 'string' },
});

const id: Json = { name: 'id', in: 'path', required: true, schema: { type: 'string', format: 'uuid' } };
const ifMatch = header(
  'If-Match',
  'The ETag that the task must still have; otherwise the answer is 412 VersionMismatch',
);
const ifNoneMatch = header(
  'If-None-Match',
  'The ETag that the client already has; if it is still current, the answer is 304',
);
const idempotencyKey = header(
  'Idempotency-Key',
  'Repeating a key within a day returns the first answer again and changes nothing',
);
const correlationId = header(
  'X-Correlation-ID',
  'A UUID that appears in the events and in the log; generated if left out',
);
const traceparent = header('traceparent', 'W3C trace context, passed on in the headers of the events');

/** The description of the API, OpenAPI 3.1; schemas are those that requests are checked with. */
export function openApiDocument(): Json {
  return {
    openapi: '3.1.0',
    info: {
      title: 'kafka-events chat API',
      version: '1',
      description:
        'Tasks by REST and by chat. The answer to every change has a Change-Id, with which it can be undone. Every change becomes an event in Kafka after its transaction has committed.',
    },
    security: [{ bearer: [] }],
    paths: {
      '/v1/tasks': {
        get: operation(
          'listTasks',
          'Lists tasks, soonest due first',
          { 200: answer('A page of tasks', 'TaskPage') },
          { parameters: queryParameters(listQuery) },
        ),
        post: operation(
          'createTask',
          'Creates a task',
          { 201: answer('The task', 'Task') },
          { body: 'NewTask', parameters: [idempotencyKey] },
        ),
      },
      '/v1/tasks/{id}': {
        parameters: [id],
        get: operation(
          'getTask',
          'Returns one task',
          { 200: answer('The task', 'Task'), 304: answer('Not changed') },
          { parameters: [ifNoneMatch] },
        ),
        patch: operation(
          'updateTask',
          'Changes fields; those left out keep their values (JSON Merge Patch, RFC 7396)',
          { 200: answer('The task', 'Task') },
          { body: 'TaskPatch', parameters: [ifMatch, idempotencyKey] },
        ),
        delete: operation(
          'deleteTask',
          'Deletes a task',
          { 204: answer('Deleted') },
          { parameters: [ifMatch, idempotencyKey] },
        ),
      },
      '/v1/tasks/{id}/complete': {
        parameters: [id],
        post: operation(
          'completeTask',
          'Marks a task as done; a recurring task moves to its next occurrence',
          { 200: answer('The task', 'Task') },
          { parameters: [ifMatch, idempotencyKey] },
        ),
      },
      '/v1/tasks/{id}/skip': {
        parameters: [id],
        post: operation(
          'skipOccurrence',
          'Leaves the next occurrence out (EXDATE); a task without a later one is done. 409 NotRecurring for other tasks',
          { 200: answer('The task', 'Task') },
          { parameters: [ifMatch, idempotencyKey] },
        ),
      },
      '/v1/reminders': {
        get: operation(
          'listReminders',
          'Reminders that fired in the last week and were not dismissed: the newest 100, the newest first',
          { 200: answer('The reminders', 'ReminderList') },
        ),
        delete: operation(
          'clearReminders',
          'Dismisses all reminders, or those up to one',
          { 204: answer('Dismissed') },
          { parameters: queryParameters(clearQuery) },
        ),
      },
      '/v1/reminders/{id}': {
        parameters: [id],
        delete: operation('dismissReminder', 'Dismisses a reminder; one that is gone stays so', {
          204: answer('Dismissed'),
        }),
      },
      '/v1/push': {
        get: operation('getPush', 'How to get reminders while the page is closed (Web Push)', {
          200: answer('The key to subscribe with', 'Push'),
        }),
      },
      '/v1/push/subscriptions': {
        post: operation(
          'createPushSubscription',
          "Sends the user's reminders to a browser from now on; again for one that is known changes nothing. A user can have 20",
          { 201: answer('The subscription', 'CreatedPushSubscription') },
          { body: 'PushSubscription' },
        ),
      },
      '/v1/push/subscriptions/{id}': {
        parameters: [id],
        delete: operation('deletePushSubscription', 'Ends a subscription; one that is gone stays so', {
          204: answer('Ended'),
        }),
      },
      '/v1/chat': {
        post: operation(
          'chat',
          `Carries out a message in plain English, such as: ${examples.slice(0, 4).join(' | ')}`,
          {
            200: {
              description:
                'What was understood and done. With Accept: text/event-stream, a stream of progress {text} while a language model answers, and in the end answer (a ChatAnswer; its id is the Change-Id) or problem (a Problem)',
              content: { ...json('ChatAnswer').content, 'text/event-stream': { schema: { type: 'string' } } },
            },
          },
          { body: 'ChatRequest', parameters: [idempotencyKey] },
        ),
      },
      '/v1/undo': {
        post: operation(
          'undo',
          'Undoes the last change, whether it was made by REST or by chat; sent again, the one before it. Changes can be undone for at least a day',
          { 200: answer('The change that was undone', 'UndoneChange') },
          { body: 'UndoRequest', isBodyOptional: true, parameters: [idempotencyKey] },
        ),
      },
      '/v1/redo': {
        post: operation(
          'redo',
          'Repeats the change that was undone last, unless another change was made since',
          { 200: answer('The change that was repeated', 'UndoneChange') },
          { parameters: [idempotencyKey] },
        ),
      },
      '/v1/sign-in': {
        get: {
          ...operation('getSignIn', 'How to get a bearer token; needs none itself', {
            200: answer('What this API takes', 'SignIn'),
          }),
          security: [],
        },
      },
      '/v1/events': {
        get: operation(
          'streamEvents',
          'Streams changes and reminders as server-sent events: ready {revision}; task {task} or {deleted {id, version}}; reminder {id, task_id, title, due_date, fired_at}',
          {
            200: {
              description: 'The stream, open until the client closes it or its token expires',
              content: { 'text/event-stream': { schema: { type: 'string' } } },
            },
          },
          { parameters: [header('Last-Event-ID', 'Continues after this event')] },
        ),
      },
    },
    components: {
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } },
      schemas: schemas(),
    },
  };
}

interface OperationOptions {
  readonly body?: string;
  readonly isBodyOptional?: boolean;
  readonly parameters?: readonly Json[];
}

function operation(
  operationId: string,
  summary: string,
  responses: Json,
  { body, isBodyOptional = false, parameters = [] }: OperationOptions = {},
): Json {
  const problem = {
    description: 'A problem (RFC 9457)',
    content: { 'application/problem+json': { schema: ref('Problem') } },
  };
  return {
    operationId,
    summary,
    parameters: [...parameters, correlationId, traceparent],
    ...(body && { requestBody: { required: !isBodyOptional, ...json(body) } }),
    responses: { ...responses, default: problem },
  };
}

function queryParameters(query: z.ZodType): Json[] {
  const { properties = {} } = z.toJSONSchema(query, { io: 'input' });
  return Object.entries(properties).map(([name, schema]) => ({ name, in: 'query', schema }));
}

function schemas(): Json {
  const offset = z.int().nonnegative();
  const span = z.object({
    start: offset.describe('In UTF-16 code units'),
    end: offset.describe('Behind the last unit'),
    means: z.enum(spanMeanings),
  });
  const call = z.object({ tool: z.string(), arguments: z.record(z.string(), z.unknown()) });
  const chatAnswer = z.object({
    outcome: z.enum(outcomes),
    reply: z.string().describe('The answer in plain English'),
    understood: call,
    also: z.array(call).optional().describe('What was understood beyond that, all of it done or nothing'),
    task: task.optional(),
    tasks: z.array(task).optional(),
    candidates: z.array(task).optional().describe('The tasks that could have been meant; nothing was changed'),
    conversation: z.string().optional(),
    spans: z
      .array(span)
      .optional()
      .describe('What parts of the message were read as what, from left to right; only in a dry run'),
    dry_run: z.boolean().optional().describe('True if the request asked for a dry run; then nothing was changed'),
  });
  const problem = z.object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.enum(Object.keys(problems)),
    detail: z.string(),
    instance: z.string(),
    correlation_id: z.uuid(),
    errors: z.array(z.object({ field: z.string(), message: z.string(), value: z.unknown().optional() })).optional(),
  });
  const undoneChange = z.object({
    change: z.string().describe('The Change-Id of the change'),
    tasks: z.array(task).describe('The tasks that it changed, as they are now'),
    deleted: z.array(z.object({ id: z.uuid(), version: z.int() })).describe('The tasks that are gone'),
  });
  const taskPage = z.object({ items: z.array(task), next_cursor: z.string().nullable() });
  const named = {
    Task: task,
    NewTask: newTask,
    TaskPatch: taskPatch,
    TaskPage: taskPage,
    ReminderList: z.object({ items: z.array(reminder) }),
    Push: pushDescription,
    PushSubscription: newSubscription,
    CreatedPushSubscription: createdSubscription,
    ChatRequest: chatRequest,
    ChatAnswer: chatAnswer,
    Problem: problem,
    SignIn: signIn,
    UndoRequest: undoRequest,
    UndoneChange: undoneChange,
  };
  return Object.fromEntries(Object.entries(named).map(([name, schema]) => [name, toSchema(schema)]));
}

function toSchema(schema: z.ZodType): Json {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: 'input' });
  return rest;
}
