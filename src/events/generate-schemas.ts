/** Writes schemas/: a JSON Schema for each event, and the AsyncAPI document. Part of `npm run generate`. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { schemaDocuments } from './schema-documents.ts';

const folder = fileURLToPath(new URL('../../schemas', import.meta.url));

for (const [file, content] of schemaDocuments()) {
  await mkdir(dirname(join(folder, file)), { recursive: true });
  await writeFile(join(folder, file), content);
}
