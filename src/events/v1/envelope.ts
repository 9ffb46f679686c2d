import { z } from 'zod';
import { timestamp, uuid } from './fields.ts';

export const eventTypes = ['task-created', 'task-updated', 'task-deleted', 'reminder-due'] as const;
export type EventType = (typeof eventTypes)[number];

export const producers = ['chat-api', 'reminder-worker'] as const;
export type Producer = (typeof producers)[number];

/** What every event has around its payload. */
export function envelope<const Type extends EventType, Payload extends z.ZodType>(type: Type, payload: Payload) {
  return z.object(
    {
      event_id: uuid('Tells this event from all others; the same when it is sent again.'),
      event_type: z.literal(type, { error: type }),
      event_version: z.literal('v1', { error: 'v1' }).describe('The version of this schema.'),
      timestamp: timestamp('When it happened.'),
      correlation_id: uuid('The same in all that one request has led to.'),
      producer: z.enum(producers, { error: `one of ${producers.join(', ')}` }).describe('The program that says it.'),
      payload,
    },
    { error: 'an object' },
  );
}
