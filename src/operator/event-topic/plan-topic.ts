import type { EventTopic, TopicDifference } from '../../api/event-topic.ts';
import type { TopicDescription } from '../../kafka/describe-topics.ts';
import type { ConfigChange } from '../../kafka/protocol/incremental-alter-configs.ts';
import type { TopicSpec } from '../../kafka/topic-admin.ts';
import { compareTopic, differencesOf } from './compare-topic.ts';
import { desiredTopic, type DesiredTopic } from './desired-topic.ts';
import type { FoundTopic } from './look.ts';
import type { TopicToPlace } from './place-replicas.ts';
import { cannotShrink, refusal, type Refusal } from './refusals.ts';

/** What is to be done for one topic; nothing of it when all is as it should be. */
export interface TopicPlan {
  readonly name: string;
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

export function planTopic(topic: EventTopic, found: FoundTopic): TopicPlan {
  const desired = desiredTopic(topic);
  const { name } = desired;
  const nothing = { name, differences: [], refusals: [] };
  if (topic.spec.managementPolicy === 'Observe' || found instanceof Error || found?.isInternal) return nothing;
  if (!found) return { ...nothing, create: desired };
  const comparison = compareTopic(topic.spec, desired, found);
  const { grow, shrink, replication, configs } = comparison;
  const changed = Object.fromEntries(configs.map((config) => [config.name, config.value]));
  return {
    name,
    ...(grow && { grow: { name, partitions: grow.partitions } }),
    ...(configs.length > 0 && { configure: { topic: name, configs: changed } }),
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

/** Whether it is seen soon what comes of it; replicas move for as long as their messages take. */
export function changesAtOnce({ create, grow, configure }: TopicPlan): boolean {
  return create !== undefined || grow !== undefined || configure !== undefined;
}
