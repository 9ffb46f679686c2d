import { brokersOf, type EventCluster } from '../../../api/event-cluster.ts';
import type { Problem } from '../../runtime/reconcile/readiness.ts';
import { configRefused, moreReplicasThanBrokers, numberIn } from '../replication-settings.ts';
import { whyTooSmall } from './memory.ts';

/** What no Redpanda broker could run with, whatever its past. */
export function refuse(spec: EventCluster['spec']): Problem | undefined {
  const { resources, config } = spec;
  return (
    whyTooSmall(resources) ??
    evenReplications(config) ??
    moreReplicasThanBrokers(config, replicationProperties, brokersOf(spec))
  );
}

const replicationProperties = [
  'default_topic_replications',
  'minimum_topic_replications',
  'internal_topic_replication_factor',
];

function evenReplications(config: EventCluster['spec']['config'] = {}): Problem | undefined {
  const name = replicationProperties.find((property) => (numberIn(config, property) ?? 1) % 2 === 0);
  if (name === undefined) return undefined;
  const message =
    `spec.config.${name} is ${config[name]}, but Redpanda accepts only odd replication factors. Set it to an odd ` +
    `number, such as 3, or remove it.`;
  return configRefused(message);
}
