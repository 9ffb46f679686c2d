import type { Logger } from '../lib/log.ts';
import type { KafkaEventsError } from '../lib/errors.ts';
import { Brokers, type Broker } from './client/brokers.ts';
import type { ClientTimes } from './client/options.ts';
import type { KafkaConnection } from './connection.ts';
import { describeCluster, describeLoad, type BrokerLoad, type ClusterDescription } from './describe-cluster.ts';
import { describeTopics, type DescribeTopicsOptions, type TopicDescription } from './describe-topics.ts';
import { brokerError, kafkaError } from './errors.ts';
import { alterPartitionReassignments, type TopicReassignment } from './protocol/alter-partition-reassignments.ts';
import { incrementalAlterConfigs, type ConfigChange } from './protocol/incremental-alter-configs.ts';
import { ask } from './protocol/kafkajs-requests.ts';
import { listPartitionReassignments, type PartitionReassignment } from './protocol/list-partition-reassignments.ts';

/** A topic to be created; what is left out is as the broker has it. */
export interface TopicSpec {
  readonly name: string;
  readonly partitions?: number | undefined;
  readonly replicationFactor?: number | undefined;
  readonly configs?: Readonly<Record<string, string>> | undefined;
}

/** Where the replicas of some partitions of a topic are to be. */
export interface TopicAssignment {
  readonly topic: string;
  readonly partitions: readonly PartitionAssignment[];
}

export interface PartitionAssignment {
  readonly partition: number;
  /** Broker ids; the first is the preferred leader. */
  readonly replicas: readonly number[];
}

export interface ChangeOptions {
  /** Only says what would happen. */
  readonly validateOnly?: boolean;
}

/** What became of each topic, by name: undefined when it was done, else why not, in the broker's own words. */
export type TopicResults = Map<string, KafkaEventsError | undefined>;

/**
 * Topics of one cluster, in batches. Changes never throw: when no answer comes, every topic of the batch has that
 * error as its result, and what the broker has done by then is to be looked up. A change is acknowledged when the
 * controller has it; leaders follow.
 */
export interface TopicAdmin {
  /** The topics that exist, by name. @throws {KafkaEventsError} with a KafkaErrorCode */
  describeTopics(names: readonly string[], options?: DescribeTopicsOptions): Promise<Map<string, TopicDescription>>;
  createTopics(specs: readonly TopicSpec[], options?: ChangeOptions): Promise<TopicResults>;
  /** Raises the number of partitions to `partitions`, the total. */
  createPartitions(
    specs: readonly { readonly name: string; readonly partitions: number }[],
    options?: ChangeOptions,
  ): Promise<TopicResults>;
  /** Sets and takes back the named configs, and leaves all others alone. */
  alterConfigs(changes: readonly ConfigChange[], options?: ChangeOptions): Promise<TopicResults>;
  deleteTopics(names: readonly string[]): Promise<TopicResults>;
  /**
   * Begins to move replicas to where they are to be; partitions that are not named stay. Of a topic whose result is an
   * error, some may be on the move. A partition on the move is to be cancelled first: Kafka 4.3 keeps waiting for a
   * replica that is no longer wanted.
   */
  reassignPartitions(assignments: readonly TopicAssignment[]): Promise<TopicResults>;
  /** Ends moves, and takes back what they have brought; partitions that are not moved stay as they are. */
  cancelReassignments(
    topics: readonly { readonly topic: string; readonly partitions: readonly number[] }[],
  ): Promise<TopicResults>;
  /** What is being moved in the whole cluster, by topic. @throws {KafkaEventsError} with a KafkaErrorCode */
  listReassignments(): Promise<Map<string, readonly PartitionReassignment[]>>;
  /** @throws {KafkaEventsError} with a KafkaErrorCode */
  describeCluster(): Promise<ClusterDescription>;
  /** The brokers that are there, and how much they have. @throws {KafkaEventsError} with a KafkaErrorCode */
  describeLoad(): Promise<BrokerLoad[]>;
  close(): Promise<void>;
}

export interface TopicAdminOptions {
  readonly logger: Logger;
  readonly times?: Partial<ClientTimes>;
}

/** A broker does 500 topics in one request about as fast as it can do any. */
const batchSize = 500;
/** How long the broker may take to do what it is asked, in milliseconds. */
const timeout = 10_000;
const brokerDefault = -1;

/** Connects when it is first asked something. */
export function createTopicAdmin(connection: KafkaConnection, { logger, times }: TopicAdminOptions): TopicAdmin {
  const brokers = new Brokers(connection, logger, times);
  return {
    describeTopics: (names, options) => brokers.withController((broker) => describeTopics(broker, names, options)),
    describeCluster: () => brokers.withController(describeCluster),
    describeLoad: () => brokers.withController(describeLoad),
    listReassignments: () => brokers.withController((broker) => listPartitionReassignments(broker, timeout)),
    createTopics: (specs, { validateOnly = false } = {}) =>
      change(brokers, specs, nameOf, async (controller, batch) => {
        const answer = await ask(controller, 'CreateTopics', {
          topics: batch.map(topicToCreate),
          validateOnly,
          timeout,
        });
        return answer.topicErrors;
      }),
    createPartitions: (specs, { validateOnly = false } = {}) =>
      change(brokers, specs, nameOf, async (controller, batch) => {
        const topicPartitions = batch.map(({ name, partitions }) => ({ topic: name, count: partitions }));
        const answer = await ask(controller, 'CreatePartitions', { topicPartitions, validateOnly, timeout });
        return answer.topicErrors;
      }),
    alterConfigs: (changes, { validateOnly = false } = {}) =>
      change(brokers, changes, topicOf, (controller, batch) =>
        incrementalAlterConfigs(controller, batch, validateOnly),
      ),
    reassignPartitions: (assignments) => reassign(brokers, assignments),
    cancelReassignments: (topics) =>
      reassign(
        brokers,
        topics.map(({ topic, partitions }) => ({
          topic,
          partitions: partitions.map((partition) => ({ partition, replicas: null })),
        })),
      ),
    deleteTopics: (names) =>
      change(
        brokers,
        names,
        (name) => name,
        async (controller, topics) => (await ask(controller, 'DeleteTopics', { topics, timeout })).topicErrors,
      ),
    close: () => brokers.close(),
  };
}

const nameOf = ({ name }: { readonly name: string }) => name;
const topicOf = ({ topic }: { readonly topic: string }) => topic;

interface TopicAnswer {
  readonly topic: string;
  readonly errorCode: number;
  readonly errorMessage?: string | null;
}

/** Sends a change to the controller, batch by batch. */
async function change<Item>(
  brokers: Brokers,
  items: readonly Item[],
  name: (item: Item) => string,
  sendBatch: (controller: Broker, batch: readonly Item[]) => Promise<readonly TopicAnswer[]>,
): Promise<TopicResults> {
  const results: TopicResults = new Map();
  for (let start = 0; start < items.length; start += batchSize) {
    const batch = items.slice(start, start + batchSize);
    try {
      const answers = await brokers.withController((controller) => sendBatch(controller, batch));
      for (const { topic, errorCode, errorMessage } of answers)
        results.set(topic, brokerError(errorCode, errorMessage));
    } catch (error) {
      for (const item of batch) results.set(name(item), kafkaError(error));
    }
  }
  return results;
}

function reassign(brokers: Brokers, reassignments: readonly TopicReassignment[]): Promise<TopicResults> {
  return change(brokers, reassignments, topicOf, (controller, batch) =>
    alterPartitionReassignments(controller, batch, timeout),
  );
}

function topicToCreate({ name, partitions, replicationFactor, configs = {} }: TopicSpec) {
  return {
    topic: name,
    numPartitions: partitions ?? brokerDefault,
    replicationFactor: replicationFactor ?? brokerDefault,
    replicaAssignment: [],
    configEntries: Object.entries(configs).map(([configName, value]) => ({ name: configName, value })),
  };
}
