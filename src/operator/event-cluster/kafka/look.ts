import type { ClusterAvailability } from '../../../kafka/describe-replicas.ts';
import type { ClusterDescription } from '../../../kafka/describe-cluster.ts';
import { ExpectedError } from '../../../lib/errors.ts';
import type { EngineLook } from '../engine-look.ts';
import { indexes } from '../names.ts';
import type { ClusterPlan } from '../plan.ts';
import type { BrokerHealth } from '../roll.ts';
import { riskOf } from './risks.ts';

/** Kafka tells everything by its own protocol. A broker's id is the number of its pod. */
export function lookAt(
  { brokers }: Pick<ClusterPlan, 'brokers'>,
  { controllerId, underReplicatedPartitions }: ClusterDescription,
  askAvailability: () => Promise<ClusterAvailability>,
): EngineLook {
  return {
    controllerId,
    underReplicatedPartitions,
    restarts: new Set(),
    configVersions: [],
    health: async () => {
      try {
        return healthOf(brokers, await askAvailability());
      } catch (error) {
        // Nothing restarts then; why they do not answer is in the conditions already.
        if (error instanceof ExpectedError) return undefined;
        throw error;
      }
    },
  };
}

export function healthOf(brokers: number, availability: ClusterAvailability): BrokerHealth {
  const present = new Set(availability.brokers.map(({ id }) => id));
  const missing = indexes(brokers).filter((index) => !present.has(index));
  const risks = indexes(brokers).flatMap((index) => {
    const risk = riskOf(index, availability);
    return risk === undefined ? [] : [[index, risk] as const];
  });
  return {
    controllerIndex: availability.quorum?.leader,
    unsettled: unsettled(missing, availability),
    risks: new Map(risks),
  };
}

function unsettled(missing: readonly number[], { quorum }: ClusterAvailability): BrokerHealth['unsettled'] {
  if (!quorum) return { reason: 'NoQuorum', message: 'the controllers have no leader' };
  if (missing.length === 0) return undefined;
  const [noun, verb] = missing.length === 1 ? ['broker', 'has'] : ['brokers', 'have'];
  const message = `${noun} ${missing.join(', ')} ${verb} not joined: recovering the log, or cut off from the controllers`;
  return { reason: 'BrokersJoining', message };
}
