import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decodeEvent } from '../../../src/events/decode.ts';
import { encodeEvent } from '../../../src/events/encode.ts';
import { ExpectedError } from '../../../src/lib/errors.ts';
import { arbitraryEvent } from '../../support/arbitrary-events.ts';
import { taskCreated } from './samples.ts';

const good = encodeEvent(taskCreated, 3);
const withValue = (value: unknown) => ({ ...good, value: JSON.stringify(value) });
const withPayload = (changes: object) => withValue({ ...taskCreated, payload: { ...taskCreated.payload, ...changes } });

describe('decodeEvent refuses', () => {
  it.each([
    ['no JSON', { ...good, value: '{' }, 'value is "{"; it must be JSON in UTF-8'],
    ['bytes that are no text', { ...good, value: Buffer.from([0x22, 0xff, 0x22]) }, 'it must be JSON in UTF-8'],
    ['no value', { ...good, value: null }, 'value is null; it must be an event: an object'],
    ['another JSON', withValue([1]), 'value is [1]; it must be an event: an object'],
    [
      'an unknown type',
      withValue({ ...taskCreated, event_type: 'task-archived' }),
      'event_type is "task-archived"; it must be one of task-created, task-updated, task-deleted, reminder-due',
    ],
    ['no version', withValue({ ...taskCreated, event_version: 1 }), 'event_version is 1; it must be a version'],
    ['a missing field', withPayload({ user_id: undefined }), 'payload.user_id is missing; it must be a UUID'],
    ['a wrong id', withPayload({ user_id: 'me' }), 'payload.user_id is "me"; it must be a UUID'],
    ['a local time', withPayload({ due_date: '2026-01-31T10:00:00+01:00' }), 'an ISO 8601 time in UTC'],
    ['a day that does not exist', withPayload({ due_date: '2026-02-30T10:00:00Z' }), 'payload.due_date'],
    [
      'no rule',
      withPayload({ recurrence: { rule: 'every monday', time_zone: 'UTC' } }),
      'payload.recurrence.rule is "every monday"; it must be an RRULE of RFC 5545',
    ],
    [
      'no time zone',
      withPayload({ recurrence: { rule: 'FREQ=DAILY', time_zone: 'Mars/Base' } }),
      'payload.recurrence.time_zone is "Mars/Base"; it must be an IANA time zone',
    ],
    ['a title with NUL', withPayload({ title: 'a\u0000' }), 'it must be Unicode text without NUL'],
    ['half a character', withPayload({ title: 'a\ud800' }), 'it must be Unicode text without NUL'],
    [
      'too many excluded occurrences',
      withPayload({
        recurrence: { rule: 'FREQ=DAILY', time_zone: 'UTC', excluded: Array(101).fill('2030-01-01T00:00:00Z') },
      }),
      'a list of at most 100 times',
    ],
    ['an empty tag', withPayload({ tags: ['a', ''] }), 'payload.tags.1 is ""; it must be a text that is not empty'],
    ['a long value, cut', withPayload({ priority: 'x'.repeat(1000) }), `payload.priority is "${'x'.repeat(99)}…; it`],
    ["another task's key", { ...good, key: 'other' }, `key is "other"; it must be the task's id`],
    ['no key', { ...good, key: null }, `key is null; it must be the task's id`],
    ['no headers', { key: good.key, value: good.value }, 'headers.ce_sequence is missing'],
    ['no number as sequence', { ...good, headers: { ce_sequence: '1e3' } }, 'headers.ce_sequence is "1e3"'],
    ['two sequences', { ...good, headers: { ce_sequence: ['1', '2'] } }, 'headers.ce_sequence is "1,2"'],
    ['the sequence 0', { ...good, headers: { ce_sequence: '000' } }, 'headers.ce_sequence is "000"'],
  ])('%s', (_, message, text) => {
    expect(() => decodeEvent(message)).toThrow(
      expect.objectContaining({ code: 'SchemaInvalid', retryable: false, message: expect.stringContaining(text) }),
    );
  });

  it('an event of a later version, by a code of its own', () => {
    expect(() => decodeEvent(withValue({ ...taskCreated, event_version: 'v2' }))).toThrow(
      expect.objectContaining({
        code: 'UnknownEventVersion',
        message: 'This program reads task-created in v1; v2 is newer than it',
      }),
    );
  });

  it('all that is wrong at once, in its details', () => {
    const message = withPayload({ priority: 'x', status: 'y' });
    expect(() => decodeEvent(message)).toThrow(
      expect.objectContaining({
        details: expect.objectContaining({
          problems: [
            expect.objectContaining({ path: 'payload.priority' }),
            expect.objectContaining({ path: 'payload.status' }),
          ],
        }),
      }),
    );
  });

  it('anything else with an error of ours, and with no other', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.option(fc.uint8Array()), (value, key) => {
        const message = { value: Buffer.from(value), key: key && Buffer.from(key), headers: good.headers };
        expect(() => decodeEvent(message)).toThrow(ExpectedError);
      }),
    );
  });

  it('any event that lacks a field, or has null where none may be', () => {
    fc.assert(
      fc.property(arbitraryEvent, fc.nat(), fc.boolean(), (event, index, useNull) => {
        const names = Object.keys(event);
        const name = names[index % names.length]!;
        const message = encodeEvent(event, 1);
        const value = JSON.stringify({ ...event, [name]: useNull ? null : undefined });
        expect(() => decodeEvent({ ...message, value })).toThrow(expect.objectContaining({ code: 'SchemaInvalid' }));
      }),
    );
  });
});

describe('decodeEvent takes', () => {
  it('an event to which a newer producer has added properties, and leaves them out', () => {
    const message = withValue({ ...taskCreated, trace: 'x', payload: { ...taskCreated.payload, estimate: 5 } });
    expect(decodeEvent(message)).toEqual({ event: taskCreated, version: 3 });
  });
});
