import fc, { type Arbitrary } from 'fast-check';

/** A JSON schema as OpenAPI documents have it, as far as ours use it. */
export interface JsonSchema {
  readonly $ref?: string;
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly JsonSchema[];
  readonly format?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxLength?: number;
  readonly items?: JsonSchema;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
}

const instants = fc.oneof(
  fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
  fc.constantFrom('2026-11-27T09:00:00Z', '2026-11-27T09:00:00+14:00', '9999-12-31T00:00:00Z', '0000-01-01T00:00:00Z'),
);
const words = fc.constantFrom(
  'FREQ=DAILY',
  'FREQ=WEEKLY;BYDAY=MO',
  'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29',
  'Europe/Berlin',
  'UTC',
  'home',
  'Pay rent tomorrow at 9',
  'snooze it for 10 minutes',
  'done pay rent',
  '1',
);
const texts = fc.oneof(words, fc.string({ maxLength: 60 }), fc.string({ unit: 'binary', maxLength: 60 }));

/** Values that a schema allows, and often enough others. @param resolve finds what a $ref names */
export function arbitraryJson(schema: JsonSchema, resolve: (ref: string) => JsonSchema): Arbitrary<unknown> {
  return fc.oneof(
    { weight: 12, arbitrary: allowed(schema, resolve) },
    { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 2 }) },
  );
}

function allowed(schema: JsonSchema, resolve: (ref: string) => JsonSchema): Arbitrary<unknown> {
  if (schema.$ref !== undefined) return allowed(resolve(schema.$ref), resolve);
  if (schema.anyOf) return fc.oneof(...schema.anyOf.map((one) => allowed(one, resolve)));
  if (schema.enum) return fc.constantFrom(...schema.enum);
  if ('const' in schema) return fc.constant(schema.const);
  const { type, format, minimum, maximum } = schema;
  if (type === 'null') return fc.constant(null);
  if (type === 'boolean') return fc.boolean();
  if (type === 'integer' || type === 'number') {
    return fc.oneof(fc.integer({ min: minimum ?? -10, max: Math.min(maximum ?? 300, 300) }), fc.double());
  }
  if (type === 'array') return fc.array(arbitraryJson(schema.items ?? {}, resolve), { maxLength: 5 });
  if (type === 'object') return object(schema, resolve);
  if (format === 'uuid') return fc.uuid();
  if (format === 'date-time') return instants;
  return texts;
}

function object({ properties = {}, required = [] }: JsonSchema, resolve: (ref: string) => JsonSchema) {
  const fields = Object.entries(properties).map(([name, schema]) => [name, arbitraryJson(schema, resolve)] as const);
  const requiredKeys = required.filter((name) => name in properties);
  const known = fc.record(Object.fromEntries(fields), { requiredKeys });
  return fc.oneof(
    { weight: 8, arbitrary: known },
    { weight: 1, arbitrary: known.map((value) => ({ ...value, surplus: 1 })) },
  );
}
