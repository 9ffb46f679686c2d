import { z } from 'zod';
import { catalogue } from './catalogue.ts';

/** A JSON Schema (draft 7, which registries and AsyncAPI know) of one event. */
export type JsonSchema = Record<string, unknown>;

/**
 * The schema of each event by file name, `v1/task-created.json`. They are closed: they say all that a producer sends.
 * A reader ignores properties it does not know, since a newer producer may send more.
 */
export function eventJsonSchemas(): Map<string, JsonSchema> {
  const schemas = new Map<string, JsonSchema>();
  for (const [version, events] of Object.entries(catalogue)) {
    for (const [type, schema] of Object.entries(events)) {
      const file = schemaFile(version, type);
      const { $schema, ...rest } = z.toJSONSchema(schema, { target: 'draft-7', io: 'output' });
      schemas.set(file, { $schema, $id: `https://kafka-events.dev/schemas/${file}`, ...rest });
    }
  }
  return schemas;
}

export function schemaFile(version: string, type: string): string {
  return `${version}/${type}.json`;
}
