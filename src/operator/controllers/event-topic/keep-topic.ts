import type { Problem } from '../../runtime/readiness.ts';
import type { ClusterTopics, Refused } from './cluster-topics.ts';
import type { Comparison } from './compare-topic.ts';
import type { DesiredTopic } from './desired-topic.ts';
import { cannotShrink, refusal, replicasNotMoved, type Refusal } from './refusals.ts';

/**
 * @returns why it was refused; undefined when the controller has it, and brokers will hear of it
 * @throws {KafkaEventsError} when brokers do not answer
 */
export async function createTopic(topics: ClusterTopics, desired: DesiredTopic): Promise<Problem | undefined> {
  const refused = await topics.create(desired);
  // It has come into being since we looked, or the broker that we asked lags behind: to be looked at once more.
  return refused?.code === 'TopicAlreadyExists' ? undefined : refusalOf(refused, []);
}

/**
 * Brings an existing topic to what its resource says.
 *
 * @returns what could not be done, and why
 * @throws {KafkaEventsError} when brokers do not answer
 */
export async function alignTopic(topics: ClusterTopics, name: string, comparison: Comparison): Promise<Refusal[]> {
  const { grow, configs } = comparison;
  const grown = grow && (await topics.grow(name, grow.partitions));
  const wanted = Object.fromEntries(configs.map(({ name: config, value }) => [config, value]));
  const configured = configs.length > 0 ? await topics.configure({ topic: name, configs: wanted }) : undefined;
  const refusals = [
    cannotShrink(comparison),
    replicasNotMoved(comparison),
    refusalOf(grown, grow ? [grow.field] : []),
    // Kafka takes all configs of a request, or none.
    refusalOf(
      configured,
      configs.map(({ field }) => field),
    ),
  ];
  return refusals.filter((refusal) => refusal !== undefined);
}

/** What a person must mend; what time mends is thrown. */
function refusalOf(refused: Refused, fields: readonly string[]): Refusal | undefined {
  if (refused?.retryable) throw refused;
  return refused && refusal(refused, fields);
}
