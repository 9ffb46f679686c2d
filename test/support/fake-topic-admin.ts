import type { TopicConfig, TopicDescription } from '../../src/kafka/describe-topics.ts';
import type { TopicAdmin, TopicResults } from '../../src/kafka/topic-admin.ts';
import { brokerError } from '../../src/kafka/errors.ts';

interface FakeTopic {
  readonly id: string;
  partitions: number;
  readonly configs: Map<string, string>;
}

const alreadyExists = 36;
const unknownTopic = 3;

/** A fake of one broker's topics, for orders of events that a real one cannot be brought into thousands of times. */
export class FakeTopicAdmin implements TopicAdmin {
  readonly topics = new Map<string, FakeTopic>();
  /** Ids of the topics that were deleted through this client. */
  readonly deleted: string[] = [];
  #created = 0;

  /** What somebody else does. */
  create(name: string): string {
    const id = `id-${(this.#created += 1)}`;
    this.topics.set(name, { id, partitions: 1, configs: new Map() });
    return id;
  }

  describeEach(names: readonly string[]): Promise<Map<string, TopicDescription>> {
    const found = names.flatMap((name) => {
      const topic = this.topics.get(name);
      return topic ? [[name, describe(name, topic)] as const] : [];
    });
    return Promise.resolve(new Map(found));
  }

  describeTopics(names: readonly string[]): Promise<Map<string, TopicDescription>> {
    return this.describeEach(names);
  }

  createTopics: TopicAdmin['createTopics'] = (specs, { validateOnly = false, onCreated } = {}) =>
    each(specs, ({ name, partitions = 1, configs = {} }) => {
      if (this.topics.has(name)) return [name, alreadyExists];
      if (validateOnly) return [name, 0];
      onCreated?.(name, this.create(name));
      const topic = this.topics.get(name)!;
      topic.partitions = partitions;
      for (const [config, value] of Object.entries(configs)) topic.configs.set(config, value);
      return [name, 0];
    });

  createPartitions: TopicAdmin['createPartitions'] = (specs, { validateOnly = false } = {}) =>
    each(specs, ({ name, partitions }) => {
      const topic = this.topics.get(name);
      if (topic && !validateOnly) topic.partitions = partitions;
      return [name, topic ? 0 : unknownTopic];
    });

  alterConfigs: TopicAdmin['alterConfigs'] = (changes, { validateOnly = false } = {}) =>
    each(changes, ({ topic: name, configs }) => {
      const topic = this.topics.get(name);
      for (const [config, value] of Object.entries(topic && !validateOnly ? configs : {})) {
        if (value === null) topic!.configs.delete(config);
        else topic!.configs.set(config, value);
      }
      return [name, topic ? 0 : unknownTopic];
    });

  deleteTopics: TopicAdmin['deleteTopics'] = (topics) =>
    each(topics, ({ name, topicId }) => {
      const topic = this.topics.get(name);
      if (!topic || (topicId !== undefined && topicId !== topic.id)) return [name, unknownTopic];
      this.topics.delete(name);
      this.deleted.push(topic.id);
      return [name, 0];
    });

  throttleReplication = () => Promise.reject(new Error('not asked'));
  unthrottleReplication = () => Promise.reject(new Error('not asked'));
  reassignPartitions = () => Promise.resolve(new Map() as TopicResults);
  cancelReassignments = () => Promise.resolve(new Map() as TopicResults);
  listReassignments = () => Promise.resolve(new Map());
  describeCluster = () => Promise.reject(new Error('not asked'));
  describeLoad = () => Promise.resolve([]);
  close = () => Promise.resolve();
}

function each<Item>(items: readonly Item[], change: (item: Item) => readonly [string, number]): Promise<TopicResults> {
  const results = items.map(change).map(([name, code]) => [name, brokerError(code)] as const);
  return Promise.resolve(new Map(results));
}

function describe(name: string, { id, partitions, configs }: FakeTopic): TopicDescription {
  const assignment = Array.from({ length: partitions }, (_, partition) => ({
    partition,
    leader: 1,
    replicas: [1],
    isr: [1],
  }));
  return {
    name,
    topicId: id,
    partitions,
    replicationFactor: 1,
    underReplicatedPartitions: 0,
    leaderlessPartitions: 0,
    isInternal: name === '__consumer_offsets',
    assignment,
    configsError: undefined,
    configs: new Map(
      [...configs].map(([config, value]): [string, TopicConfig] => [config, { value, source: 'Topic' }]),
    ),
  };
}
