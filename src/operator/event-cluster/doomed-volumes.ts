import type { V1PersistentVolumeClaim, V1Pod } from '@kubernetes/client-node';
import type { Observed } from '../runtime/objects.ts';
import type { Problem } from '../runtime/reconcile/readiness.ts';
import { claimName, type ClusterName } from './names.ts';
import { indexOf } from './pods.ts';
import type { BrokerHealth } from './roll.ts';

/** By the number of their broker, the names of claims that are deleted and that only the running pod still holds. */
export type DoomedVolumes = ReadonlyMap<number, string>;

/** A pod that ends as well was asked to: whoever replaces a volume deletes both. */
export function findDoomed(
  cluster: ClusterName,
  claims: readonly Observed<V1PersistentVolumeClaim>[],
  pods: readonly Observed<V1Pod>[],
): DoomedVolumes {
  const deleted = new Set(
    claims.filter(({ metadata }) => metadata.deletionTimestamp !== undefined).map(({ metadata }) => metadata.name),
  );
  const running = pods.filter(({ metadata }) => metadata.deletionTimestamp === undefined).map(indexOf);
  const held = running.map((index) => [index, claimName(cluster, index)] as const);
  return new Map(held.filter(([, name]) => deleted.has(name)).sort(([one], [other]) => one - other));
}

/** A roll is no reason to lose what a broker has. */
export function withDoomed(health: BrokerHealth | undefined, doomed: DoomedVolumes): BrokerHealth | undefined {
  if (!health || doomed.size === 0) return health;
  const risks = [...doomed].map(
    ([index, name]) => [index, `all data on volume ${name}, which is being deleted`] as const,
  );
  return { ...health, risks: new Map([...health.risks, ...risks]) };
}

export function doomedProblem(doomed: DoomedVolumes): Problem | undefined {
  const [first] = doomed;
  if (!first) return undefined;
  const [index, name] = first;
  const message =
    `Volume claim ${name} was deleted, and Kubernetes removes it with its data as soon as the pod of broker ${index} ends. ` +
    `Once the replicas of broker ${index} are in sync on other brokers, delete the pod to have it start with an empty volume.`;
  return { reason: 'VolumeBeingDeleted', message, failed: false, needsPerson: true };
}
