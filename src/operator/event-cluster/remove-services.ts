import type { V1Service } from '@kubernetes/client-node';
import type { EventCluster } from '../../api/event-cluster.ts';
import { services } from '../kinds.ts';
import { controllerOf, keyOf, type Observed } from '../runtime/objects.ts';
import type { Context } from '../runtime/reconcile/controller.ts';

/** Removes the ways in to brokers that are gone, and those that the spec no longer asks for: a load balancer costs money. */
export async function removeServices(
  { object, caches, client }: Context<EventCluster>,
  wanted: readonly V1Service[],
): Promise<void> {
  const names = new Set(wanted.map(({ metadata }) => metadata?.name));
  const present = caches.of(services).by(byController, object.metadata.uid);
  for (const service of present.filter(({ metadata }) => !names.has(metadata.name)))
    await client.delete(services, keyOf(service), { uid: service.metadata.uid });
}

const byController = (service: Observed<V1Service>) => {
  const uid = controllerOf(service)?.uid;
  return uid === undefined ? [] : [uid];
};
