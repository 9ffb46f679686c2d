import type { Broker } from './client/broker-connections.ts';
import { brokerError, incompleteAnswer } from './errors.ts';
import { topicResource } from './protocol/config-resource.ts';
import { describeConfigs } from './protocol/describe-configs.ts';
import { fetchQuorum, hasQuorum, type Quorum } from './protocol/describe-quorum.ts';
import { fetchMetadata, topicError, type PartitionMetadata } from './protocol/metadata.ts';

/** Where all replicas of a cluster are. */
export interface ClusterReplicas {
  /** Those running at the moment; a broker that still recovers its log, or is fenced, is left out. */
  readonly brokers: readonly { readonly id: number; readonly rack: string | undefined }[];
  readonly topics: readonly { readonly name: string; readonly partitions: readonly PartitionMetadata[] }[];
}

/** What has to be known of a cluster before one of its brokers may be away. */
export interface ClusterAvailability extends ClusterReplicas {
  /** `min.insync.replicas` by topic. */
  readonly minInSync: ReadonlyMap<string, number>;
  /** Undefined while the controllers have no leader. */
  readonly quorum: Quorum | undefined;
}

/** @throws {ExpectedError} also when a topic cannot be described: without it, every decision would be wrong */
export async function describeReplicas(broker: Broker): Promise<ClusterReplicas> {
  const { brokers, topics } = await fetchMetadata(broker);
  const existing = topics.filter((topic) => {
    const error = topicError(topic);
    if (error && error.code !== 'UnknownTopic') throw error;
    return !error;
  });
  return {
    brokers: brokers.map(({ nodeId, rack }) => ({ id: nodeId, rack: rack ?? undefined })),
    topics: existing.map(({ name, partitions }) => ({ name, partitions })),
  };
}

/** @throws {ExpectedError} as `describeReplicas`, and when a minimum, or the state of the quorum, is not known */
export async function describeAvailability(broker: Broker): Promise<ClusterAvailability> {
  const replicas = await describeReplicas(broker);
  const names = replicas.topics.map(({ name }) => name);
  const minInSync = await fetchMinInSync(broker, names);
  const quorum = hasQuorum(broker) ? await fetchQuorum(broker) : undefined;
  return { ...replicas, topics: replicas.topics.filter(({ name }) => minInSync.has(name)), minInSync, quorum };
}

const minInSyncReplicas = 'min.insync.replicas';
/** Keeps each answer well below a megabyte. */
const batchSize = 1000;
const unknownTopic = 3;

/** By topic; one that was deleted in the meantime has none. */
async function fetchMinInSync(broker: Broker, topics: readonly string[]): Promise<Map<string, number>> {
  const found = new Map<string, number>();
  for (let start = 0; start < topics.length; start += batchSize) {
    const batch = topics.slice(start, start + batchSize);
    const resources = batch.map((name) => ({ type: topicResource, name }) as const);
    const answers = await describeConfigs(broker, resources, [minInSyncReplicas]);
    const byName = new Map(answers.map((answer) => [answer.name, answer]));
    for (const name of batch) {
      const answer = byName.get(name);
      if (answer?.errorCode === unknownTopic) continue;
      const error = answer && brokerError(answer.errorCode, answer.errorMessage);
      if (error) throw error;
      const value = Number(answer?.configs.find((config) => config.name === minInSyncReplicas)?.value);
      if (!Number.isInteger(value)) throw incompleteAnswer('DescribeConfigs', `${minInSyncReplicas} of topic ${name}`);
      found.set(name, value);
    }
  }
  return found;
}
