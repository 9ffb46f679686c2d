import { Ajv } from 'ajv';
import formats from 'ajv-formats';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectFolder } from '../localcluster/settings.ts';

/** The JSON Schemas that are published for others; the programs themselves check with zod. */
const folder = join(projectFolder, 'schemas', 'v1');
const ajv = new Ajv({ strict: false });
formats.default(ajv);
const validators = new Map(
  readdirSync(folder).map((file) => {
    const schema = JSON.parse(readFileSync(join(folder, file), 'utf8')) as object;
    return [file.replace(/\.json$/, ''), ajv.compile(schema)] as const;
  }),
);

/** What the schema of an event's type has against it; undefined when it is valid. */
export function invalidWhy(event: { readonly event_type: string }): string | undefined {
  const validate = validators.get(event.event_type);
  if (!validate) return `there is no schema for ${event.event_type}`;
  return validate(event) ? undefined : ajv.errorsText(validate.errors);
}
