import { evaluate, type Check, type Readiness } from '../runtime/reconcile/readiness.ts';
import { clusterAvailable } from '../brokers/cluster-access.ts';
import { deploymentAvailable, type SeenDeployment } from './deployment-readiness.ts';
import { requirementChecks, type Requirements } from './requirements.ts';
import { topicsExist, type SeenTopics } from './topics.ts';

/** All that was seen of a workload. */
export interface SeenWorkload extends Requirements, SeenDeployment {
  readonly topics: SeenTopics;
}

/** Brokers and topics may be away for a while, and pods run on all the same: events wait. */
const checks: readonly Check<SeenWorkload>[] = [
  ...requirementChecks,
  clusterAvailable,
  topicsExist,
  deploymentAvailable,
];

export function workloadReadiness(seen: SeenWorkload): Readiness {
  const ready = seen.deployment?.status?.readyReplicas ?? 0;
  return evaluate(checks, seen, {
    reason: 'PodsReady',
    message: `${ready} ${ready === 1 ? 'pod is' : 'pods are'} ready.`,
  });
}
