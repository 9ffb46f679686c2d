import { stringify } from 'yaml';
import { asyncApiDocument } from './asyncapi.ts';
import { eventJsonSchemas } from './json-schemas.ts';

/** The content of each file in schemas/, by its path there. */
export function schemaDocuments(): Map<string, string> {
  const documents = new Map<string, string>();
  for (const [file, schema] of eventJsonSchemas()) documents.set(file, `${JSON.stringify(schema, undefined, 2)}\n`);
  return documents.set('asyncapi.yaml', stringify(asyncApiDocument(), { lineWidth: 100 }));
}
