import type { AllowedNamespaces, EventCluster } from '../../api/event-cluster.ts';
import { namespaces } from '../kinds.ts';
import type { Caches } from '../runtime/cache/caches.ts';

type Selector = NonNullable<AllowedNamespaces['selector']>;
type Labels = Readonly<Record<string, string>>;

/** Whether the cluster's owner lets resources of a namespace use it: its own always, others by `spec.allowedNamespaces`. */
export function allowsNamespace({ metadata, spec }: EventCluster, namespace: string, caches: Caches): boolean {
  if (namespace === metadata.namespace) return true;
  const { names = [], selector } = spec.allowedNamespaces ?? {};
  if (names.includes(namespace)) return true;
  // A namespace that has not been seen has no labels that anybody could rely on.
  const found = selector && caches.of(namespaces).get({ namespace: '', name: namespace });
  return found !== undefined && selector !== undefined && selects(selector, found.metadata.labels ?? {});
}

/** Whether it is known to be shut out: one whose labels nobody has seen may be among those that a selector lets in. */
export function forbidsNamespace(cluster: EventCluster, namespace: string, caches: Caches): boolean {
  const isKnown =
    cluster.spec.allowedNamespaces?.selector === undefined ||
    caches.of(namespaces).get({ namespace: '', name: namespace }) !== undefined;
  return isKnown && !allowsNamespace(cluster, namespace, caches);
}

/** metav1.LabelSelector: all of it must hold, and an empty one selects everything. */
export function selects({ matchLabels = {}, matchExpressions = [] }: Selector, labels: Labels): boolean {
  return (
    Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
    matchExpressions.every((requirement) => meets(requirement, labels))
  );
}

function meets(
  { key, operator, values = [] }: NonNullable<Selector['matchExpressions']>[number],
  labels: Labels,
): boolean {
  const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
  }
}
