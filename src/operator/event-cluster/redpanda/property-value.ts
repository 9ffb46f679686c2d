import { parse } from 'yaml';

export type Property = string | number | bigint | boolean | readonly string[];

/** A resource writes truth values and lists as text, as a ConfigMap does; Redpanda wants them as what they are. */
export function propertyValue(value: string | number | bigint): Property {
  if (value === 'true' || value === 'false') return value === 'true';
  return (typeof value === 'string' ? listIn(value) : undefined) ?? value;
}

/** `[a, b]`, as in YAML and JSON; undefined for any other text. */
function listIn(text: string): string[] | undefined {
  if (!/^\s*\[.*\]\s*$/s.test(text)) return undefined;
  try {
    const list: unknown = parse(text, { schema: 'failsafe', maxAliasCount: 0 });
    return Array.isArray(list) && list.every((item) => typeof item === 'string') ? list : undefined;
  } catch {
    // A text that only looks like a list, such as a pattern.
    return undefined;
  }
}
