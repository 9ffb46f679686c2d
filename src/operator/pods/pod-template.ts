import type { V1PodTemplateSpec } from '@kubernetes/client-node';

/** What a resource's `podTemplate` may change. */
export interface PodTemplateChanges {
  readonly metadata?:
    | {
        readonly labels?: Readonly<Record<string, string>> | undefined;
        readonly annotations?: Readonly<Record<string, string>> | undefined;
      }
    | undefined;
  readonly spec?: Readonly<Record<string, unknown>> | undefined;
}

/**
 * Puts a user's changes over a pod template, as `kubectl patch` would: objects merge, lists of named things (containers,
 * volumes, variables) merge by name, any other list and value is replaced. Labels that select the pods stay.
 */
export function mergePodTemplate(
  template: V1PodTemplateSpec,
  changes: PodTemplateChanges | undefined,
  selector: Readonly<Record<string, string>>,
): V1PodTemplateSpec {
  if (!changes) return template;
  const merged = merge(template, changes, '') as V1PodTemplateSpec;
  return { ...merged, metadata: { ...merged.metadata, labels: { ...merged.metadata?.labels, ...selector } } };
}

function merge(base: unknown, change: unknown, field: string): unknown {
  if (change === undefined) return base;
  if (isObject(base) && isObject(change)) return mergeObjects(base, change);
  const key = mergeKey(field);
  if (isListOf(base, key) && isListOf(change, key)) return mergeLists(base, change, key);
  return change;
}

function mergeObjects(base: PlainObject, change: PlainObject): PlainObject {
  const merged = Object.entries(change).map(([name, value]) => [name, merge(base[name], value, name)] as const);
  return { ...base, ...Object.fromEntries(merged) };
}

function mergeLists(base: readonly PlainObject[], change: readonly PlainObject[], key: string): PlainObject[] {
  const kept = base.map((item) => {
    const changed = change.find((candidate) => candidate[key] === item[key]);
    return changed ? mergeObjects(item, changed) : item;
  });
  const added = change.filter((candidate) => !base.some((item) => item[key] === candidate[key]));
  return [...kept, ...added];
}

/** As in the API's own strategic merge: one volume can be mounted twice, at different paths. */
const mergeKey = (field: string) => (field === 'volumeMounts' ? 'mountPath' : 'name');

type PlainObject = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is PlainObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isListOf = (value: unknown, key: string): value is readonly PlainObject[] =>
  Array.isArray(value) && value.every((item) => isObject(item) && typeof item[key] === 'string');
