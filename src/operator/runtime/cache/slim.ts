import type { KubernetesObject } from '../objects.ts';

const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

/** The object without managedFields and kubectl's annotation, which nobody here reads and which can be more than half of it. */
export function slim<T extends KubernetesObject>(object: T): T {
  const { managedFields: _, annotations, ...metadata } = object.metadata as Metadata;
  return { ...object, metadata: { ...metadata, ...(annotations && { annotations: withoutLastApplied(annotations) }) } };
}

type Metadata = KubernetesObject['metadata'] & { readonly managedFields?: unknown };

function withoutLastApplied(annotations: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  if (!(lastApplied in annotations)) return annotations;
  const { [lastApplied]: _, ...others } = annotations;
  return others;
}
