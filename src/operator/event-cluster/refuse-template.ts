import type { EventCluster } from '../../api/event-cluster.ts';
import type { Problem } from '../runtime/reconcile/readiness.ts';

/** Fields of the broker's container that more than the container follows from. */
const ofSpec = {
  image: 'spec.image: the steps of an upgrade follow from it',
  resources: 'spec.resources: what the broker takes of its memory and cores follows from it',
};

/** What `podTemplate` cannot say of the broker's own container, for the rest of the operator would not know it. */
export function refuseTemplate({ podTemplate }: EventCluster['spec'], container: string): Problem | undefined {
  const containers = podTemplate?.spec?.['containers'];
  if (!Array.isArray(containers)) return undefined;
  for (const [index, given] of (containers as unknown[]).entries()) {
    if (typeof given !== 'object' || given === null || !('name' in given) || given.name !== container) continue;
    const field = (['image', 'resources'] as const).find((name) => name in given);
    if (!field) continue;
    const message = `spec.podTemplate.spec.containers[${index}].${field} is of the brokers' own container ${container}: set ${ofSpec[field]}.`;
    return { reason: 'PodTemplateRefused', message, failed: true };
  }
  return undefined;
}
