import type { EventTopic, TopicDifference } from '../../api/event-topic.ts';
import type { TopicDescription } from '../../kafka/describe-topics.ts';
import type { ConfigChange } from '../../kafka/protocol/incremental-alter-configs.ts';
import type { TopicSpec } from '../../kafka/topic-admin.ts';
import { compareTopic, differencesOf } from './compare.ts';
import { desiredTopic, fieldOf, type DesiredTopic } from './desired-topic.ts';
import type { FoundTopic } from './look.ts';
import { cannotShrink, inSyncConfig, moreInSyncThanReplicas, refusal, type Refusal } from './refusals.ts';
import type { TopicToPlace } from './replicas/place-replicas.ts';
import { topicName } from './topic-index.ts';

/** What is to be done for one topic; nothing of it when all is as it should be. */
export interface TopicPlan {
  readonly create?: TopicSpec;
  /** To a total of `partitions`. */
  readonly grow?: { readonly name: string; readonly partitions: number };
  readonly configure?: ConfigChange;
  /** To as many replicas of each partition. */
  readonly move?: TopicToPlace;
  /** Fields of the spec that wait for replicas to have moved. */
  readonly afterMove: readonly string[];
  /** What the topic differs in from its resource, whether or not that can be changed. */
  readonly differences: readonly TopicDifference[];
  /** What cannot be done, known without asking. */
  readonly refusals: readonly Refusal[];
}

const nothing: TopicPlan = { afterMove: [], differences: [], refusals: [] };

export function planTopic(topic: EventTopic, found: FoundTopic): TopicPlan {
  if (topic.spec.managementPolicy === 'Observe' || found instanceof Error) return nothing;
  if (isInternal(topicName(topic), found)) return nothing;
  const desired = desiredTopic(topic);
  const { name, partitions, replicationFactor, configs } = desired;
  const tooManyInSync = moreInSyncThanReplicas(topic, found?.replicationFactor);
  if (!found) {
    if (tooManyInSync) return { ...nothing, refusals: [tooManyInSync] };
    return { ...nothing, create: { name, partitions, replicationFactor, configs } };
  }
  const comparison = compareTopic(topic, desired, found);
  const { grow, shrink, replication } = comparison;
  const isEarly = waitsForReplicas(topic, found, replication !== undefined);
  const settable =
    tooManyInSync || isEarly ? comparison.configs.filter((config) => config.name !== inSyncConfig) : comparison.configs;
  const changed = Object.fromEntries(settable.map((config) => [config.name, config.value]));
  return {
    ...(grow && { grow: { name, partitions: grow.partitions } }),
    ...(settable.length > 0 && { configure: { topic: name, configs: changed } }),
    ...(replication && {
      move: { topic: name, replicationFactor: replication.replicationFactor, partitions: found.assignment },
    }),
    afterMove: isEarly ? [fieldOf(inSyncConfig, topic.spec)] : [],
    differences: differencesOf(comparison),
    refusals: [
      ...(shrink ? [cannotShrink(shrink)] : []),
      ...(tooManyInSync ? [tooManyInSync] : []),
      ...configsUntold(desired, found),
    ],
  };
}

/**
 * More replicas can be asked to be in sync only once they are: until then, nothing could be written with acks=all, and a
 * move of a large topic takes hours.
 */
function waitsForReplicas({ spec, status }: EventTopic, { assignment }: TopicDescription, moves: boolean): boolean {
  if (!moves && status?.reassignment === undefined) return false;
  const inSync = Math.min(...assignment.map(({ isr }) => isr.length));
  return Number(spec.config?.[inSyncConfig] ?? 0) > inSync;
}

/** Whoever declares configs is told that they cannot be compared; all else is kept all the same. */
function configsUntold({ configs }: DesiredTopic, { configsError }: TopicDescription): Refusal[] {
  return configsError && Object.keys(configs).length > 0 ? [refusal(configsError, [])] : [];
}

/**
 * Topics that brokers and their tools keep for themselves, whether or not they exist already and whether or not the
 * broker calls them so: Redpanda does not.
 */
export function isInternal(name: string, found: FoundTopic): boolean {
  const isMarked = found !== undefined && !(found instanceof Error) && found.isInternal;
  return isMarked || /^(__|_schemas$|_redpanda)/.test(name);
}

/** Whether it is seen soon what comes of it; replicas move for as long as their messages take. */
export function changesAtOnce({ create, grow, configure }: TopicPlan): boolean {
  return create !== undefined || grow !== undefined || configure !== undefined;
}

/** What the plan would change, in a sentence each. */
export function describePlan({ create, differences, refusals }: TopicPlan): string[] {
  if (create) return [describeCreation(create)];
  const refused = new Set(refusals.flatMap(({ fields }) => fields));
  return differences
    .filter(({ field }) => !refused.has(field))
    .map(({ field, desired, actual }) => `${field}: from ${actual} to ${desired}`);
}

function describeCreation({ name, partitions, replicationFactor, configs = {} }: TopicSpec): string {
  const brokersOwn = "the brokers' default";
  const settings = [
    `partitions ${partitions ?? brokersOwn}`,
    `replication factor ${replicationFactor ?? brokersOwn}`,
    ...Object.entries(configs).map(([config, value]) => `${config}=${value}`),
  ];
  return `create topic ${name}: ${settings.join(', ')}`;
}
