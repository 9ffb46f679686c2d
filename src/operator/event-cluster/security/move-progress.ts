import type { V1StatefulSet } from '@kubernetes/client-node';
import type { EventCluster } from '../../../api/event-cluster.ts';
import { deployments, pods as podKind } from '../../kinds.ts';
import { securityMoveAnnotation } from '../../pods/digest.ts';
import { variablesOfDeployment, variablesOfPod } from '../../pods/variables.ts';
import type { Caches } from '../../runtime/cache/caches.ts';
import { keyOf, keyText, type KubernetesObject, type Observed } from '../../runtime/objects.ts';
import { bootstrapServers } from '../names.ts';
import { allBrokersHave } from '../pods.ts';
import { keepOpenAnnotation, markOf, wantedSecurity, type MoveProgress } from './move.ts';

/** @param running the StatefulSet, if there is one */
export function seeMove(
  { metadata, spec, status }: EventCluster,
  caches: Caches,
  running: Observed<V1StatefulSet> | undefined,
): MoveProgress {
  const mark = markOf(status?.security?.move, wantedSecurity(spec));
  const open = bootstrapServers(metadata);
  return {
    settled: running !== undefined && allBrokersHave(caches, running, securityMoveAnnotation, mark),
    onOpenListener: [
      ...caches.of(deployments).by(byAddress, open).map(described('Deployment')),
      ...caches.of(podKind).by(byPodAddress, open).map(described('Pod')),
    ],
    kept: metadata.annotations?.[keepOpenAnnotation] !== undefined,
  };
}

const described = (kind: string) => (object: KubernetesObject) => `${kind} ${keyText(keyOf(object))}`;

type Variables = ReturnType<typeof variablesOfPod>;

/** The brokers that a program of this project connects to. */
const addressesIn = (variables: Variables): string[] =>
  variables.flatMap(({ name, value }) => (name === 'KAFKA_BOOTSTRAP_SERVERS' && value !== undefined ? [value] : []));

const byAddress = (deployment: Parameters<typeof variablesOfDeployment>[0]) =>
  addressesIn(variablesOfDeployment(deployment));

const byPodAddress = (pod: Parameters<typeof variablesOfPod>[0]) => addressesIn(variablesOfPod(pod));
