import {
  configMaps,
  eventClusters,
  eventTopics,
  persistentVolumeClaims,
  podDisruptionBudgets,
  pods,
  services,
  statefulSets,
} from '../../src/operator/kinds.ts';
import type { ObjectKind } from '../../src/operator/runtime/object-kind.ts';

/** What operators hold in their caches. */
export const cachedKinds: readonly ObjectKind[] = [
  eventTopics,
  eventClusters,
  statefulSets,
  pods,
  services,
  configMaps,
  podDisruptionBudgets,
  persistentVolumeClaims,
];
