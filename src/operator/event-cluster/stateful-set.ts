import type { V1PersistentVolumeClaim, V1PodSpec, V1PodTemplateSpec, V1StatefulSet } from '@kubernetes/client-node';
import { certificatesHashAnnotation, configurationHashAnnotation, securityMoveAnnotation } from '../pods/digest.ts';
import { objectLabels, selectorLabels } from '../pods/labels.ts';
import { mergePodTemplate } from '../pods/pod-template.ts';
import type { Engine } from './engine.ts';
import { brokersServiceName, component, dataVolume } from './names.ts';
import { controllersAnnotation, type ClusterPlan } from './plan.ts';
import { markOf } from './security/move.ts';

/**
 * The brokers. They start all at once, since none is ready before most are there; and they are replaced by the operator
 * (OnDelete), which asks the brokers first: readiness alone does not say that a broker has caught up with its replicas.
 */
export function statefulSet(plan: ClusterPlan, engine: Engine): V1StatefulSet {
  const { reclaimPolicy } = plan.spec.storage;
  return {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name: plan.name, namespace: plan.namespace, labels: objectLabels(component, plan.name) },
    spec: {
      replicas: plan.brokers,
      serviceName: brokersServiceName(plan),
      podManagementPolicy: 'Parallel',
      updateStrategy: { type: 'OnDelete' },
      persistentVolumeClaimRetentionPolicy: {
        whenDeleted: reclaimPolicy,
        // Volumes go with brokers that were emptied. Any other change of the number is somebody's mistake, and put right.
        whenScaled: plan.shrinks ? 'Delete' : 'Retain',
      },
      selector: { matchLabels: selectorLabels(component, plan.name) },
      template: podTemplate(plan, engine),
      volumeClaimTemplates: [claimTemplate(plan)],
    },
  };
}

/** The brokers' pods, with what the resource adds to them. */
export function podTemplate(plan: ClusterPlan, engine: Engine): V1PodTemplateSpec {
  return mergePodTemplate(ownTemplate(plan, engine), plan.spec.podTemplate, selectorLabels(component, plan.name));
}

function ownTemplate(plan: ClusterPlan, engine: Engine): V1PodTemplateSpec {
  const mark = plan.security && markOf(plan.security.move, plan.security);
  return {
    metadata: {
      labels: objectLabels(component, plan.name),
      annotations: {
        [configurationHashAnnotation]: engine.configHash(plan),
        ...(plan.security && { [certificatesHashAnnotation]: plan.security.certificatesHash }),
        ...(mark !== undefined && { [securityMoveAnnotation]: mark }),
      },
    },
    spec: { ...common(plan), ...engine.podSpec(plan) },
  };
}

function common(plan: ClusterPlan): Omit<V1PodSpec, 'containers'> {
  const labelSelector = { matchLabels: selectorLabels(component, plan.name) };
  return {
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    // Preferred, not required: three brokers must come up on a cluster of one node, too.
    affinity: {
      podAntiAffinity: {
        preferredDuringSchedulingIgnoredDuringExecution: [
          { weight: 100, podAffinityTerm: { topologyKey: 'kubernetes.io/hostname', labelSelector } },
        ],
      },
    },
    topologySpreadConstraints: [
      {
        maxSkew: 1,
        topologyKey: 'topology.kubernetes.io/zone',
        whenUnsatisfiable: 'ScheduleAnyway',
        labelSelector,
      },
    ],
  };
}

function claimTemplate(plan: ClusterPlan): V1PersistentVolumeClaim {
  const { storageClassName } = plan.spec.storage;
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: {
      name: dataVolume,
      labels: objectLabels(component, plan.name),
      annotations: { [controllersAnnotation]: String(plan.controllers) },
    },
    spec: {
      accessModes: ['ReadWriteOnce'],
      ...(storageClassName !== undefined && { storageClassName }),
      resources: { requests: { storage: plan.claimSize } },
    },
  };
}
