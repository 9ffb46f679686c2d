import { ExpectedError } from '../lib/errors.ts';
import { batches } from './batches.ts';
import type { Broker, BrokerAccess } from './client/broker-connections.ts';
import { brokerError, incompleteAnswer, kafkaError, type KafkaErrorCode } from './errors.ts';
import {
  alterPartitionReassignments,
  type ReassignmentOptions,
  type TopicReassignment,
} from './protocol/alter-partition-reassignments.ts';
import { topicResource } from './protocol/config-resource.ts';
import { createTopics, type TopicCreation } from './protocol/create-topics.ts';
import { deleteTopics, type TopicDeletion } from './protocol/delete-topics.ts';
import { incrementalAlterConfigs, type ConfigChange } from './protocol/incremental-alter-configs.ts';
import { ask } from './protocol/kafkajs-requests.ts';
import { fetchMetadata } from './protocol/metadata.ts';
import { isTopicId } from './protocol/topic-id.ts';

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
  /** In Kafka's protocol. */
  readonly apiName: string;
  readonly topicOf: (item: Item) => string;
  /** How many records the controller writes for it, at most. */
  readonly recordsOf: (item: Item) => number;
  /** What is not to be asked of a broker, by topic, and why. */
  readonly refuse?: (controller: Broker, batch: readonly Item[]) => TopicResults | Promise<TopicResults>;
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

/**
 * The most partitions that a topic can be given in one step. Kafka 4.3 writes 10,000 records for one request: of a larger
 * growth it does only a part. A topic that is created has a record of its own, and one for each config.
 */
export const mostNewPartitions = 10_000;

const tooManyNew = (count: number, most: number) =>
  new ExpectedError<KafkaErrorCode>(
    'InvalidPartitions',
    `${count} new partitions are too many at once: Kafka makes at most ${most} of a topic in one step`,
  );

/** @param onCreated told of the id of each topic that was created, by brokers that know ids */
export const topicCreation = (onCreated?: (topic: string, topicId: string) => void): Change<TopicSpec> => ({
  apiName: 'CreateTopics',
  refuse: (_, specs) =>
    new Map(
      specs.flatMap(({ name, partitions = 0, configs = {} }) => {
        const most = mostNewPartitions - 1 - Object.keys(configs).length;
        return partitions > most ? [[name, tooManyNew(partitions, most)]] : [];
      }),
    ),
  topicOf: ({ name }) => name,
  recordsOf: ({ partitions = somePartitions, configs = {} }) => 1 + partitions + Object.keys(configs).length,
  send: async (controller, specs, validateOnly) => {
    const answers = await createTopics(controller, specs.map(toCreate), { validateOnly, timeoutMilliseconds: timeout });
    for (const { topic, errorCode, topicId } of validateOnly ? [] : answers)
      if (errorCode === 0 && topicId !== undefined) onCreated?.(topic, topicId);
    return answers;
  },
});

const toCreate = ({
  name,
  partitions = brokerDefault,
  replicationFactor = brokerDefault,
  configs = {},
}: TopicSpec): TopicCreation => ({ name, partitions, replicationFactor, configs });

export const partitionGrowth: Change<{ readonly name: string; readonly partitions: number }> = {
  apiName: 'CreatePartitions',
  refuse: async (controller, specs) => {
    const large = specs.filter(({ partitions }) => partitions > mostNewPartitions);
    if (large.length === 0) return new Map();
    const { topics } = await fetchMetadata(
      controller,
      large.map(({ name }) => name),
    );
    const present = new Map(topics.map(({ name, partitions }) => [name, partitions.length]));
    return new Map(
      large.flatMap(({ name, partitions }) => {
        const added = partitions - (present.get(name) ?? 0);
        return added > mostNewPartitions ? [[name, tooManyNew(added, mostNewPartitions)]] : [];
      }),
    );
  },
  topicOf: ({ name }) => name,
  recordsOf: ({ partitions }) => partitions,
  send: async (controller, specs, validateOnly) => {
    const topicPartitions = specs.map(({ name, partitions }) => ({ topic: name, count: partitions }));
    return (await ask(controller, 'CreatePartitions', { topicPartitions, validateOnly, timeout })).topicErrors;
  },
};

export const configAlteration: Change<ConfigChange> = {
  apiName: 'IncrementalAlterConfigs',
  topicOf: ({ topic }) => topic,
  recordsOf: ({ configs }) => Object.keys(configs).length,
  send: async (controller, changes, validateOnly) => {
    const alterations = changes.map(({ topic, configs }) => ({ type: topicResource, name: topic, configs }) as const);
    const answers = await incrementalAlterConfigs(controller, alterations, validateOnly);
    return answers.map(({ name, ...answer }) => ({ topic: name, ...answer }));
  },
};

export const reassignment = (options: ReassignmentOptions = {}): Change<TopicReassignment> => ({
  apiName: 'AlterPartitionReassignments',
  topicOf: ({ topic }) => topic,
  recordsOf: ({ partitions }) => partitions.length,
  send: (controller, reassignments) => alterPartitionReassignments(controller, reassignments, timeout, options),
});

export const topicDeletion: Change<TopicDeletion> = {
  apiName: 'DeleteTopics',
  // Without an id that can be sent, it would have to be by name: that could be another topic.
  refuse: (_, topics) =>
    new Map(
      topics.flatMap(({ name, topicId }) =>
        topicId === undefined || isTopicId(topicId) ? [] : [[name, noSuchTopic(topicId)]],
      ),
    ),
  topicOf: ({ name }) => name,
  recordsOf: () => 1,
  send: (controller, topics) => deleteTopics(controller, topics, timeout),
};

const noSuchTopic = (topicId: string) =>
  new ExpectedError<KafkaErrorCode>('UnknownTopic', `No topic can have the id ${JSON.stringify(topicId)}`);

/**
 * A broker does 500 topics in one request about as fast as it can do any. It refuses all topics of a request together
 * when they come to more than 10,000 records (Kafka 4.3).
 */
const limits = { items: 500, weight: 5000 };
const notController = 41;

/** Makes a change, batch by batch. Never throws: see TopicResults. */
export async function makeChange<Item>(
  brokers: Pick<BrokerAccess, 'withController'>,
  change: Change<Item>,
  items: readonly Item[],
  { validateOnly = false }: { readonly validateOnly?: boolean } = {},
): Promise<TopicResults> {
  const results: TopicResults = new Map();
  for (const batch of batches(items, limits, change.recordsOf)) {
    try {
      const answered = await brokers.withController((controller) => send(controller, change, batch, validateOnly));
      for (const [topic, result] of answered) results.set(topic, result);
    } catch (error) {
      for (const item of batch) results.set(change.topicOf(item), kafkaError(error));
    }
  }
  return results;
}

/** @throws {ExpectedError} when no answer comes */
async function send<Item>(
  controller: Broker,
  change: Change<Item>,
  batch: readonly Item[],
  validateOnly: boolean,
): Promise<TopicResults> {
  const results: TopicResults = new Map(await change.refuse?.(controller, batch));
  const sent = batch.filter((item) => !results.has(change.topicOf(item)));
  if (sent.length === 0) return results;
  // What the broker does not tell of is not done, for all that is known.
  for (const topic of sent.map(change.topicOf)) results.set(topic, incompleteAnswer(change.apiName, `topic ${topic}`));
  for (const { topic, errorCode, errorMessage } of fromController(await change.send(controller, sent, validateOnly)))
    if (results.has(topic)) results.set(topic, brokerError(errorCode, errorMessage));
  return results;
}

/** @throws {ExpectedError} when the broker has ceased to be the controller: then another is to be looked for */
function fromController(answers: readonly TopicAnswer[]): readonly TopicAnswer[] {
  if (answers.some(({ errorCode }) => errorCode === notController)) throw brokerError(notController)!;
  return answers;
}
