import type { V1PodDisruptionBudget } from '@kubernetes/client-node';
import { objectLabels, selectorLabels } from '../pods/labels.ts';
import { component } from './names.ts';
import type { ClusterPlan } from './plan.ts';

/** One broker away at a time, whoever takes it away: a node that is drained, or the operator's own roll. */
export function podDisruptionBudget(plan: ClusterPlan): V1PodDisruptionBudget {
  return {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { name: plan.name, namespace: plan.namespace, labels: objectLabels(component, plan.name) },
    spec: {
      maxUnavailable: 1,
      selector: { matchLabels: selectorLabels(component, plan.name) },
      // A broker that is not ready serves nobody: its pod may go, or a broken one would keep a node from being drained.
      unhealthyPodEvictionPolicy: 'AlwaysAllow',
    },
  };
}
