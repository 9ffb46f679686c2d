import type { TaskEvent } from '../../events/catalogue.ts';
import { encodeEvent } from '../../events/encode.ts';
import type { ChangeContext } from '../tasks/change-context.ts';

type TaskEventType = Exclude<TaskEvent['event_type'], 'reminder-due'>;
type Payload<Type extends TaskEventType> = Extract<TaskEvent, { event_type: Type }>['payload'];

/**
 * Writes an event into the outbox, in the transaction of the change that it tells of.
 *
 * @param task the task as it is after the change; its version orders the events
 * @throws {ExpectedError} SchemaInvalid, before anything is written
 */
export function enqueue<Type extends TaskEventType>(
  context: ChangeContext,
  type: Type,
  task: { readonly id: string; readonly version: number },
  payload: NoInfer<Payload<Type>>,
): void {
  const id = context.newId();
  const event = {
    event_id: id,
    event_type: type,
    event_version: 'v1',
    timestamp: context.now.toISOString(),
    correlation_id: context.correlationId,
    producer: 'chat-api',
    payload,
  } as Extract<TaskEvent, { event_type: Type }>; // TypeScript does not see that type and payload go together.
  const { value, headers } = encodeEvent(event, task.version);
  const { traceparent, topics } = context;
  context.transaction.send(
    `INSERT INTO chat.outbox (id, aggregatetype, aggregateid, type, payload, topic, headers, sequence, created_at)
     VALUES ($1, 'task', $2, $3, $4, $5, $6, $7, $8)`,
    [
      id,
      task.id,
      type,
      value,
      type === 'task-updated' ? topics.updates : topics.events,
      JSON.stringify(traceparent ? { ...headers, traceparent } : headers),
      task.version,
      context.now,
    ],
  );
}
