import { ExpectedError } from '../lib/errors.ts';
import type { Broker } from './client/broker-connections.ts';
import { brokerError } from './errors.ts';
import { describeConfigs, type DescribedConfig } from './protocol/describe-configs.ts';
import { fetchMetadata, type PartitionMetadata, type TopicMetadata } from './protocol/metadata.ts';

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
  readonly configs: ReadonlyMap<string, TopicConfig>;
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
  const errors = topics.map((topic) => [topic, errorOf(topic)] as const);
  for (const [{ name }, error] of errors) if (error && !isAbsence(error)) described.set(name, error);
  const existing = topics.filter((_, index) => !errors[index]![1]);
  const configs = await fetchConfigs(broker, existing, configNames);
  for (const topic of existing) {
    const found = configs.get(topic.name);
    if (found) described.set(topic.name, found instanceof ExpectedError ? found : describe(topic, found));
  }
  return described;
}

const unknownTopic = 3;
const leaderNotAvailable = 5;

/** A topic without leaders is there all the same. */
function errorOf({ errorCode }: TopicMetadata): ExpectedError | undefined {
  return errorCode === leaderNotAvailable ? undefined : brokerError(errorCode);
}

/** A name that no topic can have is the name of none. */
const isAbsence = ({ code }: ExpectedError) => code === 'UnknownTopic' || code === 'InvalidTopicName';

function describe(
  { name, topicId, isInternal, partitions }: TopicMetadata,
  configs: ReadonlyMap<string, TopicConfig>,
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
    configs,
  };
}

/** A broker takes no notice of how many there are in a request: it is to be no megabytes that come at once. */
const batchSize = 1000;

/** By topic; one that was deleted in the meantime has none. */
async function fetchConfigs(
  broker: Broker,
  topics: readonly TopicMetadata[],
  configNames: readonly string[] | undefined,
): Promise<Map<string, Map<string, TopicConfig> | ExpectedError>> {
  const byTopic = new Map<string, Map<string, TopicConfig> | ExpectedError>();
  // No names would ask for all.
  if (configNames?.length === 0) return new Map(topics.map(({ name }) => [name, new Map()]));
  for (let start = 0; start < topics.length; start += batchSize) {
    const batch = topics.slice(start, start + batchSize).map(({ name }) => name);
    for (const { errorCode, errorMessage, topic, configs } of await describeConfigs(broker, batch, configNames)) {
      if (errorCode === unknownTopic) continue;
      const told = configNames ? configs : configs.filter(({ source }) => source === setOnTopic);
      const error = brokerError(errorCode, errorMessage);
      byTopic.set(topic, error ?? new Map(told.map((config) => [config.name, toConfig(config)])));
    }
  }
  return byTopic;
}

const setOnTopic = 1;
const kafkaDefault = 5;

function toConfig({ value, source }: DescribedConfig): TopicConfig {
  if (source === setOnTopic) return { value, source: 'Topic' };
  return { value, source: source === kafkaDefault ? 'Default' : 'BrokerConnections' };
}
