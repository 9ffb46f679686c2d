/** The part of JSON Schema that our generated schemas use. */
export interface Schema {
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly [keyword: string]: unknown;
}

/** Says nothing about what is valid, or is looked at below. */
const annotations = ['$schema', '$id', 'title', 'description', 'default', 'examples'];
const examined = ['type', 'properties', 'required', 'items', 'anyOf', 'enum', 'const'];
/** A reader ignores what it does not know. */
const ofClosedObjects = ['additionalProperties'];
const lowerBounds = ['minimum', 'minLength', 'minItems'];
const upperBounds = ['maximum', 'maxLength', 'maxItems'];

/**
 * Why a value that is valid under `from` may be invalid under `to`: one line for each reason, with its path.
 * Errs on the safe side: a keyword that it does not know, and that differs, is a reason.
 */
export function narrowings(from: Schema, to: Schema, path = '$'): string[] {
  if (from.anyOf || to.anyOf) return alternativeNarrowings(alternatives(from), alternatives(to), path);
  return [
    ...typeNarrowings(from, to, path),
    ...valueNarrowings(from, to, path),
    ...propertyNarrowings(from, to, path),
    ...(from.items && to.items ? narrowings(from.items, to.items, `${path}[]`) : []),
    ...keywordNarrowings(from, to, path),
  ];
}

const alternatives = (schema: Schema) => schema.anyOf ?? [schema];

function alternativeNarrowings(from: readonly Schema[], to: readonly Schema[], path: string): string[] {
  return from.flatMap((alternative) => {
    const reasons = to.map((candidate) => narrowings(alternative, candidate, path));
    if (reasons.some((some) => some.length === 0)) return [];
    // The alternative that comes nearest tells the most.
    return reasons.toSorted((some, others) => some.length - others.length)[0] ?? [`${path}: no alternative`];
  });
}

function types(schema: Schema): readonly string[] {
  if (schema.type === undefined) return ['string', 'number', 'boolean', 'object', 'array', 'null'];
  const list = typeof schema.type === 'string' ? [schema.type] : schema.type;
  return list.includes('number') ? [...list, 'integer'] : list;
}

function typeNarrowings(from: Schema, to: Schema, path: string): string[] {
  const allowed = types(to);
  return types(from)
    .filter((type) => !allowed.includes(type))
    .map((type) => `${path}: ${type} is no longer a type of it`);
}

function values(schema: Schema): readonly unknown[] | undefined {
  return 'const' in schema ? [schema.const] : schema.enum;
}

function valueNarrowings(from: Schema, to: Schema, path: string): string[] {
  const allowed = values(to);
  if (!allowed) return [];
  const possible = values(from);
  if (!possible) return [`${path}: only ${JSON.stringify(allowed)} are left`];
  return possible
    .filter((value) => !allowed.includes(value))
    .map((value) => `${path}: ${JSON.stringify(value)} is no longer a value of it`);
}

function propertyNarrowings(from: Schema, to: Schema, path: string): string[] {
  const required = (to.required ?? [])
    .filter((name) => !from.required?.includes(name))
    .map((name) => `${path}.${name}: must be there, and need not be before`);
  const inBoth = Object.entries(to.properties ?? {}).flatMap(([name, schema]) => {
    const before = from.properties?.[name];
    return before ? narrowings(before, schema, `${path}.${name}`) : [];
  });
  return [...required, ...inBoth];
}

function keywordNarrowings(from: Schema, to: Schema, path: string): string[] {
  const skipped = [...annotations, ...examined, ...ofClosedObjects];
  return Object.entries(to)
    .filter(([keyword]) => !skipped.includes(keyword))
    .filter(([keyword, value]) => !isAsWide(keyword, from[keyword], value))
    .map(([keyword, value]) => `${path}: ${keyword} ${JSON.stringify(value)} was ${JSON.stringify(from[keyword])}`);
}

function isAsWide(keyword: string, from: unknown, to: unknown): boolean {
  if (from === to) return true;
  if (lowerBounds.includes(keyword)) return typeof from === 'number' && Number(to) <= from;
  if (upperBounds.includes(keyword)) return typeof from === 'number' && Number(to) >= from;
  return false;
}
