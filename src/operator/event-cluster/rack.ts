import type { V1EnvVar } from '@kubernetes/client-node';
import type { EventCluster } from '../../api/event-cluster.ts';

/** The variable of a broker's container that says which rack it is in; empty where its node has no such label. */
export const rackVariable = 'RACK';

/** From the pod's labels, which Kubernetes copies from the node's. */
export function rackEnvironment({ rack }: EventCluster['spec']): V1EnvVar[] {
  if (!rack) return [];
  return [{ name: rackVariable, valueFrom: { fieldRef: { fieldPath: `metadata.labels['${rack.topologyKey}']` } } }];
}
