import type { EventCluster } from '../../api/event-cluster.ts';
import type { EventTopic, TopicDifference } from '../../api/event-topic.ts';
import type { KafkaErrorCode } from '../../kafka/errors.ts';
import type { ExpectedError } from '../../lib/errors.ts';
import { fieldOf } from './desired-topic.ts';
import type { Problem } from '../runtime/reconcile/readiness.ts';

/** What the brokers do not do, and the fields of the spec that it leaves undone. */
export interface Refusal extends Problem {
  readonly fields: readonly string[];
}

/** What a person can do about a change that the brokers refuse. */
const advice: Partial<Record<KafkaErrorCode, string>> = {
  InvalidReplicationFactor:
    'Lower spec.replicationFactor to the number of brokers, or add brokers. Redpanda accepts only odd numbers.',
  InvalidPartitions: 'Correct spec.partitions.',
  InvalidConfig: "Correct the value in spec, or remove it to keep the broker's value.",
  InvalidRequest: "Correct the value in spec, or remove it to keep the broker's value.",
  UnsupportedVersion: "Change it with the cluster's own tools, or set the field to the topic's value.",
  InvalidTopicName: 'Create a new EventTopic with a name that Kafka accepts.',
  PolicyViolation: 'Change what the policy of the cluster forbids, or ask the administrator of the cluster.',
  NotAuthorized: "Let the operator's user create, alter and describe topics.",
};

const sentence = (words: string) => words.replace(/\.?$/, '.');

/** The broker's own words, and how to fix it. */
export function refusal({ code, message }: ExpectedError, fields: readonly string[]): Refusal {
  const fix = advice[code as KafkaErrorCode];
  const words = `The broker rejects it: ${sentence(message)}`;
  return { reason: code, message: fix ? `${words} ${fix}` : words, failed: true, fields };
}

/**
 * A cluster answers as soon as one of its brokers does: the others, which a replica each would go to, are on their way.
 *
 * @param wanted how many brokers the operator runs; undefined of those that somebody else does
 */
export function brokersMissing(
  { code, message }: ExpectedError,
  { spec: { replicationFactor } }: EventTopic,
  wanted: number | undefined,
): Refusal | undefined {
  if (code !== 'InvalidReplicationFactor' || replicationFactor === undefined) return undefined;
  if (wanted === undefined || replicationFactor > wanted) return undefined;
  const words = `Waiting until all ${wanted} brokers are there. Now the broker says: ${sentence(message)}`;
  return { reason: 'BrokersMissing', message: words, failed: false, fields: ['spec.replicationFactor'] };
}

/** Brokers that the operator runs are known not to take it, so nobody is asked. */
export function evenOnRedpanda(topic: EventTopic, cluster: EventCluster | undefined): Problem | undefined {
  const { managementPolicy, replicationFactor } = topic.spec;
  if (cluster?.spec.engine !== 'Redpanda' || managementPolicy === 'Observe') return undefined;
  if (replicationFactor === undefined || replicationFactor % 2 !== 0) return undefined;
  const message =
    `spec.replicationFactor is ${replicationFactor}, but EventCluster ${cluster.metadata.name} runs Redpanda, which accepts ` +
    `only odd numbers. Set it to ${replicationFactor + 1}, or to ${replicationFactor - 1}.`;
  return { reason: 'InvalidReplicationFactor', message, failed: true };
}

export const inSyncConfig = 'min.insync.replicas';

/**
 * Where the spec leaves the factor open, that of the topic counts, as brokers tell it now: the API server compares what
 * the spec alone says.
 *
 * @param present replicas of each partition; undefined where there is no topic
 */
export function moreInSyncThanReplicas({ spec }: EventTopic, present: number | undefined): Refusal | undefined {
  const { replicationFactor = present, config } = spec;
  const inSync = config?.[inSyncConfig] ?? undefined;
  if (inSync === undefined || replicationFactor === undefined) return undefined;
  if (!/^[0-9]+$/.test(String(inSync)) || Number(inSync) <= replicationFactor) return undefined;
  const field = fieldOf(inSyncConfig, spec);
  const message =
    `${field} is ${inSync}, but the topic has ${replicationFactor} ` +
    `${replicationFactor === 1 ? 'replica' : 'replicas'} of each partition: nothing could be written with acks=all. Set it to ` +
    `${replicationFactor} or less, or raise spec.replicationFactor.`;
  return { reason: 'InvalidConfig', message, failed: true, fields: [field] };
}

/** Kafka has no way to take partitions away. */
export function cannotShrink({ field, desired, actual }: TopicDifference): Refusal {
  return {
    reason: 'PartitionsCannotShrink',
    message: `The topic has ${actual} partitions and spec.partitions is ${desired}: Kafka cannot remove partitions. Set spec.partitions to ${actual}, or create a new topic.`,
    failed: true,
    fields: [field],
  };
}

export function topicTaken(owner: EventTopic, topic: string): Problem {
  const { namespace, name } = owner.metadata;
  return {
    reason: 'TopicTaken',
    message: `Topic ${topic} belongs to EventTopic ${namespace}/${name}, which is older. Delete one of the two, or set spec.managementPolicy to Observe.`,
    failed: true,
  };
}

export function topicInternal(topic: string): Problem {
  const message = `Topic ${topic} belongs to the brokers or their tools. Set spec.managementPolicy to Observe to see it.`;
  return { reason: 'TopicInternal', message, failed: true };
}

export function topicAbsent(topic: string): Problem {
  const message = `There is no topic ${topic}, and spec.managementPolicy is Observe: set it to Manage to have it created.`;
  return { reason: 'TopicAbsent', message, failed: false, needsPerson: true };
}
