/** A JSON object. A field that is null or undefined counts as absent, as a merge patch cannot set one to null. */
export type JsonObject = Readonly<Record<string, unknown>>;

/**
 * The JSON merge patch (RFC 7386) that turns `from` into `to`; undefined when they are equal already. Arrays are replaced
 * as a whole. One pass, and nothing is copied: it is asked for each resource at each look.
 */
export function mergePatch(from: JsonObject, to: JsonObject): JsonObject | undefined {
  const changes: [string, unknown][] = [];
  for (const key of Object.keys(to)) {
    const wanted = to[key];
    const change = isAbsent(wanted) ? undefined : changeOf(field(from, key), wanted);
    if (change !== undefined) changes.push([key, change]);
  }
  for (const key of Object.keys(from)) {
    if (from[key] !== undefined && isAbsent(field(to, key))) changes.push([key, null]);
  }
  // Defines fields and never calls setters, so a field of any name will do, even __proto__.
  return changes.length === 0 ? undefined : Object.fromEntries(changes);
}

function changeOf(from: unknown, to: unknown): unknown {
  if (isJsonObject(from) && isJsonObject(to)) return mergePatch(from, to);
  return isEqual(from, to) ? undefined : to;
}

function isEqual(one: unknown, other: unknown): boolean {
  if (Array.isArray(one) && Array.isArray(other))
    return one.length === other.length && one.every((item, index) => isEqual(item, other[index]));
  if (isJsonObject(one) && isJsonObject(other)) return mergePatch(one, other) === undefined;
  return one === other;
}

const isJsonObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isAbsent = (value: unknown) => value === null || value === undefined;

const field = (object: JsonObject, key: string) => (Object.hasOwn(object, key) ? object[key] : undefined);
