import type { V1Deployment, V1Pod } from '@kubernetes/client-node';
import { nothingRefused } from '../brokers/answer.ts';
import { clusterAvailable } from '../brokers/cluster-access.ts';
import { userReady } from './kafka-user.ts';
import { podTrouble } from '../pods/pod-trouble.ts';
import type { Observed } from '../runtime/objects.ts';
import { evaluate, type Check, type Problem, type Readiness } from '../runtime/reconcile/readiness.ts';
import { requirementChecks, type Requirements } from './requirements.ts';
import { topicsExist, type SeenTopics } from './topics.ts';

/** A Deployment and its pods, as they are now. */
export interface SeenDeployment {
  readonly deployment: Observed<V1Deployment> | undefined;
  readonly pods: readonly Observed<V1Pod>[];
  readonly now: Date;
}

/** All that was seen of a workload. */
export interface SeenWorkload extends Requirements, SeenDeployment {
  readonly topics: SeenTopics;
  /** Why the pods are not started yet though they could be. */
  readonly held?: Problem | undefined;
  /** What pods that run do not get done, as they say themselves. */
  readonly stuck?: Problem | undefined;
  /** Questions that the brokers refused to answer. */
  readonly refusals: readonly (Problem | undefined)[];
}

/** Brokers and topics may be away for a while, and pods run on all the same: events wait. */
const checks: readonly Check<SeenWorkload>[] = [
  ...requirementChecks,
  clusterAvailable,
  userReady,
  topicsExist,
  ({ held }) => held,
  // Pods that are stuck are not ready, too, which says less.
  ({ stuck }) => stuck,
  deploymentAvailable,
  nothingRefused,
];

export function workloadReadiness(seen: SeenWorkload): Readiness {
  const ready = seen.deployment?.status?.readyReplicas ?? 0;
  return evaluate(checks, seen, {
    reason: 'PodsReady',
    message: `${ready} ${ready === 1 ? 'pod is' : 'pods are'} ready.`,
  });
}

/** All replicas run what was last applied, and are ready. */
export function deploymentAvailable({ deployment, pods, now }: SeenDeployment): Problem | undefined {
  const { metadata, spec, status } = deployment ?? {};
  const wanted = spec?.replicas ?? 1;
  const seen = (status?.observedGeneration ?? 0) >= (metadata?.generation ?? 1);
  const updated = seen ? (status?.updatedReplicas ?? 0) : 0;
  const ready = status?.readyReplicas ?? 0;
  if (updated >= wanted && ready >= wanted && (status?.replicas ?? 0) <= wanted) return undefined;
  const counts = `${ready} of ${wanted} pods are ready, ${updated} are up to date.`;
  const failure = seen ? deploymentFailure(deployment) : undefined;
  const trouble = [failure?.message, podTrouble(pods, now)].filter((words) => words !== undefined);
  if (trouble.length === 0) return { reason: 'PodsStarting', message: counts, failed: false };
  // Another reason, so that trouble in pods that have been starting for a while is an Event, and a Warning.
  const reason = failure?.reason ?? 'PodsFailing';
  return { reason, message: [counts, ...trouble].join(' '), failed: false, needsPerson: true };
}

/** What the Deployment's own controller has to say: pods that the API server refuses, or that do not get ready in time. */
function deploymentFailure(deployment: SeenDeployment['deployment']) {
  const condition = (type: string) => deployment?.status?.conditions?.find((candidate) => candidate.type === type);
  const refused = condition('ReplicaFailure');
  if (refused?.status === 'True') {
    return { reason: 'PodsRefused', message: `Pods are rejected: ${sentence(refused.message)}` };
  }
  const progressing = condition('Progressing');
  if (progressing?.status !== 'False') return undefined;
  const reason = progressing.reason ?? 'ProgressDeadlineExceeded';
  return { reason, message: sentence(progressing.message) };
}

const sentence = (words = 'no reason is given') => words.replace(/\.?$/, '.');
