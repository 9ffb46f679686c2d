import type { EventCluster } from '../../../api/event-cluster.ts';
import type { Problem } from '../../runtime/reconcile/readiness.ts';
import { whyTooSmall } from './memory.ts';

/** What no Redpanda broker could run with, whatever its past. */
export function refuse({ resources, config }: EventCluster['spec']): Problem | undefined {
  return whyTooSmall(resources) ?? evenReplications(config);
}

const replicationProperties = [
  'default_topic_replications',
  'minimum_topic_replications',
  'internal_topic_replication_factor',
];

function evenReplications(config: EventCluster['spec']['config'] = {}): Problem | undefined {
  const name = replicationProperties.find((property) => {
    const value = config[property] ?? undefined;
    return value !== undefined && Number(value) % 2 === 0;
  });
  if (name === undefined) return undefined;
  const message =
    `spec.config.${name} is ${config[name]}, but Redpanda accepts only odd replication factors. Set it to an odd ` +
    `number, such as 3, or remove it.`;
  return { reason: 'ConfigRefused', message, failed: true };
}
