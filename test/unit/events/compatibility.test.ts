import { describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { decodeEvent } from '../../../src/events/decode.ts';
import { eventJsonSchemas } from '../../../src/events/json-schemas.ts';
import type { ReceivedEvent } from '../../../src/events/message.ts';
import { narrowings, type Schema } from '../../support/json-schema-narrowing.ts';

/*
 * The schemas and some messages as they were when a version was first published. They are written once, and never
 * again: topics hold messages of that day, and programs of that day may still run during a rollout.
 */
const baseline = fileURLToPath(new URL('baseline', import.meta.url));
const read = (file: string) => JSON.parse(readFileSync(`${baseline}/${file}`, 'utf8')) as unknown;
const filesIn = (folder: string) => readdirSync(`${baseline}/${folder}`).map((file) => `${folder}/${file}`);

/** Why programs and messages of the baseline and of today do not understand each other. */
function breaks(published: Schema, current: Schema): string[] {
  return [
    ...narrowings(published, current).map((reason) => `today's reader, old message: ${reason}`),
    ...narrowings(current, published).map((reason) => `old reader, today's message: ${reason}`),
  ];
}

describe('the schemas of today', () => {
  it.each(filesIn('v1'))('and those published as %s understand each other', (file) => {
    const current = eventJsonSchemas().get(file);
    expect(current).toBeDefined();
    expect(breaks(read(file) as Schema, current as Schema)).toEqual([]);
  });

  it('are published, all of them', () => {
    expect([...eventJsonSchemas().keys()].toSorted()).toEqual(filesIn('v1').toSorted());
  });

  it.each(filesIn('messages'))('read the message that was sent as %s', (file) => {
    const message = read(file) as ReceivedEvent;
    expect(decodeEvent(message).event).toEqual(JSON.parse(String(message.value)));
  });
});

interface Mutable {
  properties: Record<string, Mutable>;
  required: string[];
  items: Mutable;
  anyOf: Mutable[];
  enum: unknown[];
  [keyword: string]: unknown;
}

const payloadOf = (schema: Mutable) => schema.properties.payload!;
const fieldOf = (schema: Mutable, name: string) => payloadOf(schema).properties[name]!;

describe('a change of a schema', () => {
  const mutated = (change: (schema: Mutable) => void) => {
    const published = read('v1/task-created.json');
    const current = structuredClone(published) as Mutable;
    change(current);
    expect(current).not.toEqual(published);
    return breaks(published as Schema, current);
  };

  it.each<[string, (schema: Mutable) => void, string]>([
    [
      'a new required property',
      (schema) => {
        payloadOf(schema).properties.estimate = { type: 'integer' } as unknown as Mutable;
        payloadOf(schema).required.push('estimate');
      },
      `today's reader, old message: $.payload.estimate: must be there`,
    ],
    [
      'a required property that is left out',
      (schema) => {
        delete payloadOf(schema).properties.user_id;
        payloadOf(schema).required = payloadOf(schema).required.filter((name) => name !== 'user_id');
      },
      `old reader, today's message: $.payload.user_id: must be there`,
    ],
    [
      'a removed value',
      (schema) => fieldOf(schema, 'priority').enum.pop(),
      `today's reader, old message: $.payload.priority: "LOW" is no longer`,
    ],
    [
      'a new value',
      (schema) => fieldOf(schema, 'status').enum.push('BLOCKED'),
      `old reader, today's message: $.payload.status: "BLOCKED" is no longer`,
    ],
    [
      'a narrowed type',
      (schema) => (fieldOf(schema, 'description').type = 'string'),
      `today's reader, old message: $.payload.description: null is no longer`,
    ],
    [
      'a narrowed alternative',
      (schema) => fieldOf(schema, 'recurrence').anyOf.pop(),
      `today's reader, old message: $.payload.recurrence: null is no longer`,
    ],
    [
      'a widened type',
      (schema) => (fieldOf(schema, 'title').type = ['string', 'null']),
      `old reader, today's message: $.payload.title: null is no longer`,
    ],
    ['another type', (schema) => (fieldOf(schema, 'tags').items.type = 'integer'), `$.payload.tags[]: string`],
    ['a higher minimum', (schema) => (fieldOf(schema, 'title').minLength = 5), '$.payload.title: minLength 5 was 1'],
    ['a new limit', (schema) => (fieldOf(schema, 'title').maxLength = 9), '$.payload.title: maxLength 9 was undefined'],
    ['another format', (schema) => (schema.properties.timestamp!.format = 'date'), '$.timestamp: format "date"'],
    ['another pattern', (schema) => (schema.properties.event_id!.pattern = '^a'), '$.event_id: pattern "^a"'],
    ['another name of the type', (schema) => (schema.properties.event_type!.const = 'x'), '$.event_type: "x"'],
  ])('breaks: %s', (_, change, reason) => {
    expect(mutated(change)).toContainEqual(expect.stringContaining(reason));
  });

  it.each<[string, (schema: Mutable) => void]>([
    [
      'a new optional property',
      (schema) => (payloadOf(schema).properties.estimate = { type: 'integer' } as unknown as Mutable),
    ],
    ['another description', (schema) => (fieldOf(schema, 'title').description = 'What is to be done.')],
  ])('does not break: %s', (_, change) => {
    expect(mutated(change)).toEqual([]);
  });
});
