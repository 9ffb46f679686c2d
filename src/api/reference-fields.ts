import type { StructuralSchema } from './structural-schema.ts';

/** A field as the reference tells of it, in Markdown. */
export interface FieldRow {
  /** From the object's root: spec.storage.size; [] is any item of a list. */
  readonly path: string;
  readonly type: string;
  /** "required", a default in JSON, or nothing. */
  readonly otherwise: string;
  /** What its value may be. */
  readonly allowed: string;
  readonly description: string;
}

/** Nobody reads longer ones; the description says the same in words. */
const longestPattern = 60;

/** All fields below a schema, each before its own fields. */
export function fieldRows(schema: StructuralSchema, path: string): FieldRow[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    const fieldPath = `${path}.${name}`;
    const required = schema.required?.includes(name) ?? false;
    return [fieldRow(field, fieldPath, required), ...fieldRows(field.items ?? field, innerPath(field, fieldPath))];
  });
}

/** What the API server refuses by rules in CEL, in the order of the fields. */
export function ruleMessages(schema: StructuralSchema): string[] {
  const own = (schema['x-kubernetes-validations'] ?? []).map(({ message }) => message);
  const inner = [...Object.values(schema.properties ?? {}), ...(schema.items ? [schema.items] : [])];
  return [...new Set([...own, ...inner.flatMap(ruleMessages)])];
}

const innerPath = (field: StructuralSchema, path: string) => (field.items ? `${path}[]` : path);

function fieldRow(field: StructuralSchema, path: string, required: boolean): FieldRow {
  return {
    path,
    type: typeOf(field),
    otherwise: required ? 'required' : defaultOf(field),
    allowed: allowedOf(field),
    description: field.description ?? '',
  };
}

function typeOf(schema: StructuralSchema): string {
  if (schema['x-kubernetes-int-or-string']) return schema.nullable ? 'integer, string or null' : 'integer or string';
  if (schema['x-kubernetes-preserve-unknown-fields']) return 'object of any fields';
  if (schema.additionalProperties) return `map of ${typeOf(schema.additionalProperties)}`;
  if (schema.items) return `${schema['x-kubernetes-list-type'] === 'set' ? 'set' : 'list'} of ${typeOf(schema.items)}`;
  return schema.format === 'date-time' ? 'time' : (schema.type ?? 'anything');
}

/** A default that its fields' own defaults make up, such as {}, says nothing. */
function defaultOf({ default: value, properties }: StructuralSchema): string {
  return value === undefined || properties ? '' : code(JSON.stringify(value));
}

function allowedOf(schema: StructuralSchema): string {
  const items = schema.items && !schema.items.properties ? allowedOf(schema.items) : '';
  return [
    schema.enum?.map(code).join(', '),
    range(schema.minimum, schema.maximum, ''),
    range(schema.minLength, schema.maxLength, ' characters'),
    range(schema.minItems, schema.maxItems, ' items'),
    range(undefined, schema.maxProperties, ' entries'),
    items && `each ${items}`,
    schema.pattern && schema.pattern.length <= longestPattern && code(schema.pattern),
  ]
    .filter(Boolean)
    .join('; ');
}

function range(least: number | undefined, most: number | undefined, unit: string): string {
  if (most === undefined) return least === undefined ? '' : `${least}${unit} or more`;
  return least === undefined ? `up to ${most}${unit}` : `${least} to ${most}${unit}`;
}

/** A vertical line would end the cell of a table. */
const code = (text: string) => `\`${text.replaceAll('|', '\\|')}\``;
