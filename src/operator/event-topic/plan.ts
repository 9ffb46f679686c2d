import type { EventTopic, TopicDifference } from '../../api/event-topic.ts';
import type { TopicDescription } from '../../kafka/describe-topics.ts';
import type { ConfigChange } from '../../kafka/protocol/incremental-alter-configs.ts';
import type { TopicSpec } from '../../kafka/topic-admin.ts';
import { compareTopic, differencesOf } from './compare.ts';
import { desiredTopic, type DesiredTopic } from './desired-topic.ts';
import type { FoundTopic } from './look.ts';
import { cannotShrink, refusal, type Refusal } from './refusals.ts';
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
  /** What the topic differs in from its resource, whether or not that can be changed. */
  readonly differences: readonly TopicDifference[];
  /** What cannot be done, known without asking. */
  readonly refusals: readonly Refusal[];
}

const nothing: TopicPlan = { differences: [], refusals: [] };

export function planTopic(topic: EventTopic, found: FoundTopic): TopicPlan {
  if (topic.spec.managementPolicy === 'Observe' || found instanceof Error) return nothing;
  if (isInternal(topicName(topic), found)) return nothing;
  const desired = desiredTopic(topic);
  const { name, partitions, replicationFactor, configs } = desired;
  if (!found) return { ...nothing, create: { name, partitions, replicationFactor, configs } };
  const comparison = compareTopic(topic, desired, found);
  const { grow, shrink, replication } = comparison;
  const changed = Object.fromEntries(comparison.configs.map((config) => [config.name, config.value]));
  return {
    ...(grow && { grow: { name, partitions: grow.partitions } }),
    ...(comparison.configs.length > 0 && { configure: { topic: name, configs: changed } }),
    ...(replication && {
      move: { topic: name, replicationFactor: replication.replicationFactor, partitions: found.assignment },
    }),
    differences: differencesOf(comparison),
    refusals: [...(shrink ? [cannotShrink(shrink)] : []), ...configsUntold(desired, found)],
  };
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
