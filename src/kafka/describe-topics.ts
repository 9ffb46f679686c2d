import { ExpectedError } from '../lib/errors.ts';
import type { Broker } from './client/broker-connections.ts';
import { brokerError, incompleteAnswer } from './errors.ts';
import { topicResource, type ConfigResource } from './protocol/config-resource.ts';
import { describeConfigs, type DescribedConfig } from './protocol/describe-configs.ts';
import { fetchMetadata, topicError, type PartitionMetadata, type TopicMetadata } from './protocol/metadata.ts';

export interface DescribeTopicsOptions {
  /** The configs to tell, wherever their values come from. When left out, those that the topic itself has set. */
  readonly configNames?: readonly string[];
}

/** Where the value of a config comes from: the topic's own setting, the brokers' settings, or Kafka's default. */
export type ConfigSource = 'Topic' | 'BrokerConnections' | 'Default';

export interface TopicConfig {
  /** Null for one that is secret, or has no value. */
  readonly value: string | null;
  readonly source: ConfigSource;
}

export interface TopicDescription {
  readonly name: string;
  /** As Kafka's own tools print it; undefined from a broker that has no topic ids. */
  readonly topicId: string | undefined;
  readonly partitions: number;
  /** Of the partition that has the fewest replicas: they differ only while they are being moved. */
  readonly replicationFactor: number;
  /** How many partitions have fewer replicas in sync than they should. */
  readonly underReplicatedPartitions: number;
  /** How many partitions can neither be written nor read, as they have no leader. */
  readonly leaderlessPartitions: number;
  readonly isInternal: boolean;
  /** In no order. */
  readonly assignment: readonly PartitionMetadata[];
  /** Empty where `configsError` is set. */
  readonly configs: ReadonlyMap<string, TopicConfig>;
  /** Why the configs cannot be told, such as NotAuthorized: the rest is known all the same. */
  readonly configsError: ExpectedError | undefined;
}

/**
 * The topics that exist, by name; one that cannot be told of, as its error.
 *
 * @throws {ExpectedError} with a KafkaErrorCode, when no answer comes
 */
export async function describeEachTopic(
  broker: Broker,
  names: readonly string[],
  { configNames }: DescribeTopicsOptions = {},
): Promise<Map<string, TopicDescription | ExpectedError>> {
  if (names.length === 0) return new Map();
  const { topics } = await fetchMetadata(broker, names);
  const described = new Map<string, TopicDescription | ExpectedError>();
  const errors = topics.map((topic) => [topic, topicError(topic)] as const);
  for (const [{ name }, error] of errors) if (error && !isAbsence(error)) described.set(name, error);
  const existing = topics.filter((_, index) => !errors[index]![1]);
  const configs = await fetchConfigs(broker, existing, configNames);
  for (const topic of existing) {
    const found = configs.get(topic.name);
    if (found) described.set(topic.name, describe(topic, found));
  }
  return described;
}

/** A name that no topic can have is the name of none. */
const isAbsence = ({ code }: ExpectedError) => code === 'UnknownTopic' || code === 'InvalidTopicName';

function describe(
  { name, topicId, isInternal, partitions }: TopicMetadata,
  configs: TopicConfigs | ExpectedError,
): TopicDescription {
  return {
    name,
    topicId,
    isInternal,
    partitions: partitions.length,
    replicationFactor: partitions.length === 0 ? 0 : Math.min(...partitions.map(({ replicas }) => replicas.length)),
    underReplicatedPartitions: partitions.filter(({ isr, replicas }) => isr.length < replicas.length).length,
    leaderlessPartitions: partitions.filter(({ leader }) => leader < 0).length,
    assignment: partitions,
    ...(configs instanceof ExpectedError
      ? { configs: new Map(), configsError: configs }
      : { configs, configsError: undefined }),
  };
}

/** A broker takes no notice of how many there are in a request: it is to be no megabytes that come at once. */
const batchSize = 1000;

type TopicConfigs = TopicDescription['configs'];

const unknownTopic = 3;

/** By topic; one that was deleted in the meantime has none. */
async function fetchConfigs(
  broker: Broker,
  topics: readonly TopicMetadata[],
  configNames: readonly string[] | undefined,
): Promise<Map<string, TopicConfigs | ExpectedError>> {
  const byTopic = new Map<string, TopicConfigs | ExpectedError>();
  // No names would ask for all.
  if (configNames?.length === 0) return new Map(topics.map(({ name }) => [name, new Map()]));
  for (let start = 0; start < topics.length; start += batchSize) {
    const batch = topics.slice(start, start + batchSize).map(({ name }) => name);
    for (const name of batch) byTopic.set(name, incompleteAnswer('DescribeConfigs', `topic ${name}`));
    for (const { errorCode, errorMessage, name: topic, configs } of await describeConfigs(
      broker,
      toAsk(batch),
      configNames,
    )) {
      if (errorCode === unknownTopic) byTopic.delete(topic);
      if (!byTopic.has(topic)) continue;
      const told = configNames ? configs : configs.filter(({ source }) => source === setOnTopic);
      const error = brokerError(errorCode, errorMessage);
      byTopic.set(topic, error ?? new Map(told.map((config) => [config.name, toConfig(config)])));
    }
  }
  return byTopic;
}

const toAsk = (topics: readonly string[]): ConfigResource[] => topics.map((name) => ({ type: topicResource, name }));

const setOnTopic = 1;
const kafkaDefault = 5;

function toConfig({ value, source }: DescribedConfig): TopicConfig {
  if (source === setOnTopic) return { value, source: 'Topic' };
  return { value, source: source === kafkaDefault ? 'Default' : 'BrokerConnections' };
}
