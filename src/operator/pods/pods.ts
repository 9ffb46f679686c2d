import type { V1Pod, V1ReplicaSet } from '@kubernetes/client-node';
import type { Caches } from '../runtime/cache/caches.ts';
import { pods, replicaSets } from '../kinds.ts';
import { controllerOf, keyText, type Key, type Observed } from '../runtime/objects.ts';
import { instanceOf } from './labels.ts';

/**
 * The pods that carry a resource's labels, which anybody may put on a pod.
 *
 * @param ownerUid of the StatefulSet or Deployment: pods that another controller made, or none, are left out
 */
export function podsOf(caches: Caches, component: string, resource: Key, ownerUid?: string): Observed<V1Pod>[] {
  return caches
    .of(pods)
    .by(instanceIndex, keyText(resource))
    .filter((pod) => instanceOf(pod, component).length > 0)
    .filter((pod) => ownerUid === undefined || belongsTo(pod, ownerUid, caches));
}

/** Whether a pod's controller is the StatefulSet, or a ReplicaSet of the Deployment, with this uid. */
function belongsTo(pod: Observed<V1Pod>, ownerUid: string, caches: Caches): boolean {
  const controller = controllerOf(pod);
  if (controller?.kind !== 'ReplicaSet') return controller?.uid === ownerUid;
  // Nobody watches them where there are no Deployments.
  const { cache } = caches.informer(replicaSets) ?? {};
  const replicaSet = cache?.get({ namespace: pod.metadata.namespace, name: controller.name });
  return replicaSet?.metadata.uid === controller.uid && controllerOf(replicaSet)?.uid === ownerUid;
}

/** The ReplicaSets of a Deployment, old ones too; their names begin those of its pods. */
export function replicaSetsOf(caches: Caches, deploymentUid: string): Observed<V1ReplicaSet>[] {
  return caches.of(replicaSets).by(controllerIndex, deploymentUid);
}

const controllerIndex = (replicaSet: Observed<V1ReplicaSet>) => {
  const uid = controllerOf(replicaSet)?.uid;
  return uid === undefined ? [] : [uid];
};

function instanceIndex({ metadata }: Observed<V1Pod>): string[] {
  const name = metadata.labels?.['app.kubernetes.io/instance'];
  return name === undefined ? [] : [keyText({ namespace: metadata.namespace, name })];
}

export function isPodReady({ status }: Observed<V1Pod>): boolean {
  return status?.conditions?.some((condition) => condition.type === 'Ready' && condition.status === 'True') ?? false;
}
