import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { TaskCreated, TaskUpdated } from '../../../src/events/catalogue.ts';
import { decodeEvent } from '../../../src/events/decode.ts';
import { encodeEvent } from '../../../src/events/encode.ts';
import { arbitraryEvent, arbitraryVersion } from '../../support/arbitrary-events.ts';
import { taskCreated, taskUpdated } from './samples.ts';

describe('an encoded event', () => {
  it('is read back as it was, from texts and from bytes', () => {
    fc.assert(
      fc.property(arbitraryEvent, arbitraryVersion, (event, version) => {
        const { key, value, headers } = encodeEvent(event, version);
        expect(decodeEvent({ key, value, headers })).toEqual({ event, version });
        const bytes = Object.entries(headers).map(([name, header]) => [name, Buffer.from(header)] as const);
        const message = { key: Buffer.from(key), value: Buffer.from(value), headers: Object.fromEntries(bytes) };
        expect(decodeEvent(message)).toEqual({ event, version });
      }),
    );
  });

  it('has sequences that compare as text as their versions do as numbers', () => {
    fc.assert(
      fc.property(arbitraryVersion, arbitraryVersion, (one, other) => {
        const sequence = (version: number) => encodeEvent(taskCreated, version).headers.ce_sequence ?? '';
        expect(sequence(one) < sequence(other)).toBe(one < other);
      }),
    );
  });

  it('has the task as its key and CloudEvents attributes as its headers', () => {
    const { key, headers } = encodeEvent(taskCreated, 7);
    expect(key).toBe(taskCreated.payload.task_id);
    expect(headers).toEqual({
      'content-type': 'application/json',
      ce_specversion: '1.0',
      ce_id: taskCreated.event_id,
      ce_type: 'dev.kafka-events.task-created.v1',
      ce_source: '/kafka-events/chat-api',
      ce_time: taskCreated.timestamp,
      ce_subject: taskCreated.payload.task_id,
      ce_correlationid: taskCreated.correlation_id,
      ce_sequence: '00000000000000000007',
    });
  });

  it('has only what the schema knows', () => {
    const payload = { ...taskCreated.payload, internal_note: 'x' };
    const { value } = encodeEvent({ ...taskCreated, payload }, 1);
    expect(value).not.toContain('internal_note');
  });
});

describe('encodeEvent refuses', () => {
  it.each([0, -1, 1.5, NaN, Infinity, 2 ** 53])('the version %d', (version) => {
    expect(() => encodeEvent(taskCreated, version)).toThrow('it must be a whole number from 1 on');
  });

  it('an event that is not as its schema says, naming the field, the value and what is allowed', () => {
    const payload = { ...taskCreated.payload, priority: 'URGENT' } as unknown as TaskCreated['payload'];
    expect(() => encodeEvent({ ...taskCreated, payload }, 1)).toThrow(
      expect.objectContaining({
        code: 'SchemaInvalid',
        retryable: false,
        message: 'payload.priority is "URGENT"; it must be one of HIGH, MEDIUM, LOW',
        details: expect.objectContaining({
          path: 'payload.priority',
          value: '"URGENT"',
          allowed: 'one of HIGH, MEDIUM, LOW',
        }),
      }),
    );
  });

  it.each([[['status']], [['status', 'status', 'due_date']], [[]]])(
    'changed_fields that are not those in changes: %j',
    (changedFields) => {
      const changed = changedFields as TaskUpdated['payload']['changed_fields'];
      const payload = { ...taskUpdated.payload, changed_fields: changed };
      expect(() => encodeEvent({ ...taskUpdated, payload }, 1)).toThrow('payload.changed_fields');
    },
  );
});
