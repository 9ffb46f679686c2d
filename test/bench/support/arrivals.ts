import type { Condition } from '../../../src/lib/kubernetes-object.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import { Informer } from '../../../src/operator/runtime/cache/informer.ts';
import type { ObjectKind } from '../../../src/operator/runtime/object-kind.ts';
import type { KubernetesObject } from '../../../src/operator/runtime/objects.ts';
import type { Kubernetes } from '../../support/kubernetes.ts';
import { silentLogger } from '../../support/running-manager.ts';

/** When each resource of a namespace was first seen, Ready and gone: performance.now() by name. */
export interface Arrivals {
  readonly created: Map<string, number>;
  readonly ready: Map<string, number>;
  readonly gone: Map<string, number>;
  stop(): Promise<void>;
}

interface WithConditions extends KubernetesObject {
  readonly status?: { readonly conditions?: readonly Condition[] | undefined };
}

/** Follows resources of a kind as a user's tool would, by a watch. */
export async function follow<T extends WithConditions>(
  { client }: Kubernetes,
  kind: ObjectKind<T>,
  namespace: string,
): Promise<Arrivals> {
  const stopping = new AbortController();
  const created = new Map<string, number>();
  const ready = new Map<string, number>();
  const gone = new Map<string, number>();
  const informer = new Informer({
    client,
    kind,
    namespaces: [namespace],
    clock: systemClock,
    logger: silentLogger,
  });
  informer.onChange(({ object, previous, deleted }) => {
    const { name } = object.metadata;
    if (deleted) gone.set(name, performance.now());
    else if (!previous) created.set(name, performance.now());
    if (isReady(object) && !ready.has(name)) ready.set(name, performance.now());
  });
  const running = informer.run(stopping.signal);
  await informer.synced;
  return {
    created,
    ready,
    gone,
    stop: async () => {
      stopping.abort();
      await running;
    },
  };
}

const isReady = ({ status }: WithConditions) =>
  status?.conditions?.some(({ type, status: value }) => type === 'Ready' && value === 'True') ?? false;
