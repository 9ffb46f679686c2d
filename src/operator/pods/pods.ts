import type { V1Pod } from '@kubernetes/client-node';
import type { Caches } from '../runtime/cache/caches.ts';
import { pods } from '../kinds.ts';
import { keyText, type Key, type Observed } from '../runtime/objects.ts';
import { instanceOf } from './labels.ts';

/** The pods of a resource, by their labels. */
export function podsOf(caches: Caches, component: string, resource: Key): Observed<V1Pod>[] {
  return caches
    .of(pods)
    .by(instanceIndex, keyText(resource))
    .filter((pod) => instanceOf(pod, component).length > 0);
}

function instanceIndex({ metadata }: Observed<V1Pod>): string[] {
  const name = metadata.labels?.['app.kubernetes.io/instance'];
  return name === undefined ? [] : [keyText({ namespace: metadata.namespace, name })];
}

export function isPodReady({ status }: Observed<V1Pod>): boolean {
  return status?.conditions?.some((condition) => condition.type === 'Ready' && condition.status === 'True') ?? false;
}
