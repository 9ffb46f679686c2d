import { describe, expect, it } from '@jest/globals';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import fc from 'fast-check';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { catalogue, type TaskEvent } from '../../../src/events/catalogue.ts';
import { decodeEvent } from '../../../src/events/decode.ts';
import { encodeEvent } from '../../../src/events/encode.ts';
import { eventJsonSchemas, schemaFile } from '../../../src/events/json-schemas.ts';
import { schemaDocuments } from '../../../src/events/schema-documents.ts';
import {
  arbitraryEvent,
  arbitraryReminderDue,
  arbitraryTaskCreated,
  arbitraryTaskDeleted,
} from '../../support/arbitrary-events.ts';
import { taskCreated } from './samples.ts';

const schemasFolder = fileURLToPath(new URL('../../../schemas', import.meta.url));
const require = createRequire(import.meta.url);

function validator() {
  const ajv = new Ajv({ strict: true, strictTypes: false, allErrors: true });
  (addFormats as unknown as (ajv: Ajv) => void)(ajv);
  return ajv;
}

describe('the folder schemas', () => {
  it('is as `npm run generate` makes it', () => {
    const files = readdirSync(schemasFolder, { recursive: true, encoding: 'utf8' }).filter((file) => /\./.test(file));
    expect(files.toSorted()).toEqual([...schemaDocuments().keys()].toSorted());
    for (const [file, content] of schemaDocuments()) {
      expect(readFileSync(`${schemasFolder}/${file}`, 'utf8')).toBe(content);
    }
  });
});

describe('the JSON Schemas', () => {
  const ajv = validator();
  const validators = new Map([...eventJsonSchemas()].map(([file, schema]) => [file, ajv.compile(schema)]));

  it('take every event that a producer can send', () => {
    fc.assert(
      fc.property(arbitraryEvent, (event) => {
        const validate = validators.get(schemaFile(event.event_version, event.event_type))!;
        expect([validate(JSON.parse(encodeEvent(event, 1).value)), validate.errors]).toEqual([true, null]);
      }),
    );
  });

  it.each([...['event_id', 'event_type', 'event_version', 'timestamp', 'correlation_id', 'producer', 'payload']])(
    'want %s',
    (name) => {
      const validate = validators.get('v1/task-created.json')!;
      expect(validate({ ...taskCreated, [name]: undefined })).toBe(false);
    },
  );

  it('are closed', () => {
    const validate = validators.get('v1/task-created.json')!;
    expect(validate({ ...taskCreated, more: 1 })).toBe(false);
    expect(validate({ ...taskCreated, payload: { ...taskCreated.payload, more: 1 } })).toBe(false);
  });

  it.each([
    [
      'task-created',
      arbitraryTaskCreated,
      ['task_id', 'title', 'description', 'priority', 'status', 'due_date', 'recurrence', 'tags', 'user_id'],
    ],
    ['task-deleted', arbitraryTaskDeleted, ['task_id']],
    ['reminder-due', arbitraryReminderDue, ['task_id', 'due_date', 'title', 'user_id', 'lead_time_seconds']],
  ] as const)('want the whole payload of %s, and nothing else', (type, arbitrary, names) => {
    const validate = validators.get(`v1/${type}.json`)!;
    const [event] = fc.sample<TaskEvent>(arbitrary, 1);
    const withPayload = (changes: object) => validate({ ...event, payload: { ...event!.payload, ...changes } });
    expect(Object.keys(event!.payload).toSorted()).toEqual(names.toSorted());
    expect(withPayload({})).toBe(true);
    for (const name of names) expect([name, withPayload({ [name]: undefined })]).toEqual([name, false]);
    expect(withPayload({ more: 1 })).toBe(false);
  });

  it('have the example of each event that the documentation shows', () => {
    const documentation = readFileSync(fileURLToPath(new URL('../../../docs/events.md', import.meta.url)), 'utf8');
    const examples = [...documentation.matchAll(/```json\n(.*?)```/gs)].map(([, text]) => JSON.parse(text!) as object);
    const types = examples.map((example) => (example as { event_type: string }).event_type);
    expect(types.toSorted()).toEqual(Object.keys(catalogue.v1).toSorted());
    for (const example of examples as (typeof taskCreated)[]) {
      const message = encodeEvent(example, 1);
      expect(decodeEvent(message).event).toEqual(example);
    }
  });
});

describe('the AsyncAPI document', () => {
  const document = parse(readFileSync(`${schemasFolder}/asyncapi.yaml`, 'utf8')) as {
    channels: Record<string, { messages: Record<string, { $ref: string }> }>;
    operations: Record<string, { channel: { $ref: string } }>;
    components: { messages: Record<string, { payload: { schema: { $ref: string } } }> };
  };

  it('is valid by the schema of AsyncAPI 3.1', () => {
    const schema = require('@asyncapi/specs/schemas/3.1.0-without-$id.json') as object;
    const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false });
    expect([ajv.validate(schema, document), ajv.errors]).toEqual([true, null]);
  });

  it('refers only to what is there', () => {
    const files = [...eventJsonSchemas().keys()].map((file) => `./${file}`);
    const payloads = Object.values(document.components.messages).map(({ payload }) => payload.schema.$ref);
    expect(payloads.toSorted()).toEqual(files.toSorted());
    const messages = Object.values(document.channels).flatMap(({ messages }) => Object.values(messages));
    expect(messages.map(({ $ref }) => $ref.replace('#/components/messages/', '')).toSorted()).toEqual(
      Object.keys(document.components.messages).toSorted(),
    );
    const channels = Object.values(document.operations).map(({ channel }) => channel.$ref.replace('#/channels/', ''));
    expect([...new Set(channels)].toSorted()).toEqual(Object.keys(document.channels).toSorted());
  });
});
