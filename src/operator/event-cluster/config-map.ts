import type { V1ConfigMap } from '@kubernetes/client-node';
import { objectLabels } from '../pods/labels.ts';
import type { Engine } from './engine.ts';
import { component, configMapName } from './names.ts';
import type { ClusterPlan } from './plan.ts';

/** The brokers' configuration files. */
export function configMap(plan: ClusterPlan, engine: Engine): V1ConfigMap {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: configMapName(plan), namespace: plan.namespace, labels: objectLabels(component, plan.name) },
    data: engine.configFiles(plan),
  };
}
