import { catalogue, type TaskEvent } from './catalogue.ts';
import type { EncodedEvent } from './message.ts';
import { schemaInvalid, schemaProblems } from './schema-error.ts';

/** As text, sequences compare as their numbers do. The greatest safe integer has 16 digits, a bigint 19. */
const sequenceDigits = 20;

/**
 * An event as a message: key, JSON value and CloudEvents headers. Properties that the schema does not know are left out.
 *
 * @param version of the task, counted from 1 with each change; readers put fields in order by it
 * @throws {ExpectedError} SchemaInvalid, with path, value and what is allowed
 */
export function encodeEvent(event: TaskEvent, version: number): EncodedEvent {
  const checked = catalogue[event.event_version][event.event_type].safeParse(event);
  if (!checked.success) throw schemaInvalid(schemaProblems(checked.error, event), checked.error);
  if (!Number.isSafeInteger(version) || version < 1) {
    throw schemaInvalid([{ path: 'version', value: version, allowed: 'a whole number from 1 on' }]);
  }
  return {
    key: event.payload.task_id,
    value: JSON.stringify(checked.data),
    headers: cloudEventHeaders(event, version),
  };
}

/** CloudEvents 1.0, Kafka protocol binding, binary content mode; with the extensions correlationid and sequence. */
function cloudEventHeaders(event: TaskEvent, version: number): Record<string, string> {
  return {
    'content-type': 'application/json',
    ce_specversion: '1.0',
    ce_id: event.event_id,
    ce_type: cloudEventType(event.event_type, event.event_version),
    ce_source: `/kafka-events/${event.producer}`,
    ce_time: event.timestamp,
    ce_subject: event.payload.task_id,
    ce_correlationid: event.correlation_id,
    ce_sequence: String(version).padStart(sequenceDigits, '0'),
  };
}

export function cloudEventType(type: TaskEvent['event_type'], version: TaskEvent['event_version']): string {
  return `dev.kafka-events.${type}.${version}`;
}
