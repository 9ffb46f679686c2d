import { z } from 'zod';
import { ExpectedError } from '../lib/errors.ts';
import { catalogue, type TaskEvent } from './catalogue.ts';
import type { ReceivedEvent } from './message.ts';
import { schemaInvalid, schemaProblems, type EventErrorCode } from './schema-error.ts';
import { eventTypes } from './v1/envelope.ts';

export interface DecodedEvent {
  readonly event: TaskEvent;
  /** Of the task, from the header ce_sequence. */
  readonly version: number;
}

/**
 * Reads an event from a message. Properties that the schema does not know are left out, so that a newer producer may
 * add some.
 *
 * @throws {ExpectedError} SchemaInvalid with path, value and what is allowed; UnknownEventVersion for an event of
 *   a version that this program is too old for
 */
export function decodeEvent(message: ReceivedEvent): DecodedEvent {
  const value = parseJson(message.value);
  const { event_type: type, event_version: version } = parse(discriminator, value);
  if (version !== 'v1') throw unknownVersion(type, version);
  const event: TaskEvent = parse<TaskEvent>(catalogue[version][type], value);
  checkKey(message.key, event);
  return { event, version: readSequence(message.headers) };
}

/** Tells which schema the rest has to follow. */
const discriminator = z.object(
  {
    event_type: z.enum(eventTypes, { error: `one of ${eventTypes.join(', ')}` }),
    event_version: z.string({ error: 'a version such as v1' }).regex(/^v\d+$/, { error: 'a version such as v1' }),
  },
  { error: 'an event: an object' },
);

function parse<T>(schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw schemaInvalid(schemaProblems(result.error, value), result.error);
}

function parseJson(value: ReceivedEvent['value']): unknown {
  try {
    // Null, which ends a key in a compacted topic, is a value of JSON as well, and refused as one.
    return JSON.parse(value === null ? 'null' : decodeText(value));
  } catch (cause) {
    throw schemaInvalid([{ path: 'value', value: String(value), allowed: 'JSON in UTF-8' }], cause);
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

function decodeText(bytes: Buffer | string): string {
  return typeof bytes === 'string' ? bytes : utf8.decode(bytes);
}

function unknownVersion(type: string, version: string) {
  const known = Object.keys(catalogue).join(', ');
  const message = `This program reads ${type} in ${known}; ${version} is newer than it`;
  return new ExpectedError<EventErrorCode>('UnknownEventVersion', message, { details: { type, version } });
}

/** A key that is not the task's puts the event into a partition where it has no order with the others. */
function checkKey(key: ReceivedEvent['key'], event: TaskEvent): void {
  const { task_id: taskId } = event.payload;
  if (String(key) === taskId) return;
  throw schemaInvalid([{ path: 'key', value: key === null ? null : String(key), allowed: `the task's id, ${taskId}` }]);
}

function readSequence(headers: ReceivedEvent['headers']): number {
  const sequence = headers?.ce_sequence;
  const version = /^\d+$/.test(String(sequence)) ? Number(sequence) : NaN;
  if (Number.isSafeInteger(version) && version >= 1) return version;
  const value = sequence === undefined ? undefined : String(sequence);
  throw schemaInvalid([
    { path: 'headers.ce_sequence', value, allowed: "the task's version, a whole number from 1 on" },
  ]);
}
