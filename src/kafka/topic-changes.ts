import type { ExpectedError } from '../lib/errors.ts';
import { batches } from './batches.ts';
import type { Broker, BrokerConnections } from './client/broker-connections.ts';
import { brokerError, kafkaError } from './errors.ts';
import { alterPartitionReassignments, type TopicReassignment } from './protocol/alter-partition-reassignments.ts';
import { incrementalAlterConfigs, type ConfigChange } from './protocol/incremental-alter-configs.ts';
import { ask } from './protocol/kafkajs-requests.ts';

/** A topic to be created; what is left out is as the broker has it. */
export interface TopicSpec {
  readonly name: string;
  readonly partitions?: number | undefined;
  readonly replicationFactor?: number | undefined;
  readonly configs?: Readonly<Record<string, string>> | undefined;
}

/** What became of each topic, by name: undefined when it was done, else why not, in the broker's own words. */
export type TopicResults = Map<string, ExpectedError | undefined>;

/** A change that a broker makes to many topics at once, each on its own. */
interface Change<Item> {
  readonly topicOf: (item: Item) => string;
  /** How many records the controller writes for it, at most. */
  readonly recordsOf: (item: Item) => number;
  readonly send: (controller: Broker, batch: readonly Item[], validateOnly: boolean) => Promise<readonly TopicAnswer[]>;
}

interface TopicAnswer {
  readonly topic: string;
  readonly errorCode: number;
  readonly errorMessage?: string | null;
}

/** How long the broker may take to do what it is asked, in milliseconds. */
const timeout = 10_000;
const brokerDefault = -1;
/** The partitions of a topic that leaves their number to the broker: nobody knows, and few have more. */
const somePartitions = 10;

export const topicCreation: Change<TopicSpec> = {
  topicOf: ({ name }) => name,
  recordsOf: ({ partitions = somePartitions, configs = {} }) => 1 + partitions + Object.keys(configs).length,
  send: async (controller, specs, validateOnly) =>
    (await ask(controller, 'CreateTopics', { topics: specs.map(toCreate), validateOnly, timeout })).topicErrors,
};

function toCreate({ name, partitions, replicationFactor, configs = {} }: TopicSpec) {
  return {
    topic: name,
    numPartitions: partitions ?? brokerDefault,
    replicationFactor: replicationFactor ?? brokerDefault,
    replicaAssignment: [],
    configEntries: Object.entries(configs).map(([configName, value]) => ({ name: configName, value })),
  };
}

export const partitionGrowth: Change<{ readonly name: string; readonly partitions: number }> = {
  topicOf: ({ name }) => name,
  recordsOf: ({ partitions }) => partitions,
  send: async (controller, specs, validateOnly) => {
    const topicPartitions = specs.map(({ name, partitions }) => ({ topic: name, count: partitions }));
    return (await ask(controller, 'CreatePartitions', { topicPartitions, validateOnly, timeout })).topicErrors;
  },
};

export const configAlteration: Change<ConfigChange> = {
  topicOf: ({ topic }) => topic,
  recordsOf: ({ configs }) => Object.keys(configs).length,
  send: incrementalAlterConfigs,
};

export const reassignment: Change<TopicReassignment> = {
  topicOf: ({ topic }) => topic,
  recordsOf: ({ partitions }) => partitions.length,
  send: (controller, reassignments) => alterPartitionReassignments(controller, reassignments, timeout),
};

export const topicDeletion: Change<string> = {
  topicOf: (name) => name,
  recordsOf: () => 1,
  send: async (controller, topics) => (await ask(controller, 'DeleteTopics', { topics, timeout })).topicErrors,
};

/**
 * A broker does 500 topics in one request about as fast as it can do any. It refuses all topics of a request together
 * when they come to more than 10,000 records (Kafka 4.3).
 */
const limits = { items: 500, weight: 5000 };
const notController = 41;

/** Makes a change, batch by batch. Never throws: see TopicResults. */
export async function makeChange<Item>(
  brokers: Pick<BrokerConnections, 'withController'>,
  { topicOf, recordsOf, send }: Change<Item>,
  items: readonly Item[],
  { validateOnly = false }: { readonly validateOnly?: boolean } = {},
): Promise<TopicResults> {
  const results: TopicResults = new Map();
  for (const batch of batches(items, limits, recordsOf)) {
    try {
      const answers = await brokers.withController(async (controller) =>
        fromController(await send(controller, batch, validateOnly)),
      );
      for (const { topic, errorCode, errorMessage } of answers)
        results.set(topic, brokerError(errorCode, errorMessage));
    } catch (error) {
      for (const item of batch) results.set(topicOf(item), kafkaError(error));
    }
  }
  return results;
}

/** @throws {ExpectedError} when the broker has ceased to be the controller: then another is to be looked for */
function fromController(answers: readonly TopicAnswer[]): readonly TopicAnswer[] {
  if (answers.some(({ errorCode }) => errorCode === notController)) throw brokerError(notController)!;
  return answers;
}
