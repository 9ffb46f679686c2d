import { BrokerConnections, type BrokerAccess, type BrokerConnectionsOptions } from './client/broker-connections.ts';
import type { KafkaConnection } from './connection.ts';
import { brokerError, incompleteAnswer } from './errors.ts';
import { lookAtGroup, type GroupLook } from './look-at-group.ts';
import { committedPositions, findPartitions, listOffsets, type TopicPartition } from './offsets.ts';
import { ask } from './protocol/kafkajs-requests.ts';
import { isStale } from './topic-identity.ts';

export interface GroupDescription {
  /** Dead when there is no such group, Empty when it has offsets and no members; else Stable, or about to be. */
  readonly state: 'Dead' | 'Empty' | 'PreparingRebalance' | 'CompletingRebalance' | 'Stable' | (string & {});
  readonly members: readonly { readonly id: string; readonly clientId: string; readonly host: string }[];
}

/** Looks at consumer groups. All methods throw ExpectedErrors with a KafkaErrorCode. */
export interface GroupAdmin {
  describeGroup(groupId: string): Promise<GroupDescription>;
  lookAtGroup(groupId: string): Promise<GroupLook>;
  /**
   * How many messages a group has yet to process, by topic; topics that do not exist are left out. Messages that
   * retention has removed do not count; where nothing is committed, all that are there do.
   *
   * @param state of the group's consumers, if they have one; see ConsumerOptions
   */
  lag(groupId: string, topics: readonly string[], state?: string): Promise<Map<string, number>>;
  /** How many messages are in each topic; those that do not exist are left out. */
  messageCounts(topics: readonly string[]): Promise<Map<string, number>>;
  /** Removes a group that has no members, with its offsets; one that is not there counts as removed. */
  deleteGroup(groupId: string): Promise<void>;
  close(): Promise<void>;
}

/** Connects when it is first asked something. */
export function createGroupAdmin(connection: KafkaConnection, options: BrokerConnectionsOptions): GroupAdmin {
  const brokers = new BrokerConnections(connection, options);
  return {
    describeGroup: (groupId) => describeGroup(brokers.call(), groupId),
    lookAtGroup: (groupId) => lookAtGroup(brokers.call(), groupId),
    lag: (groupId, topics, state) => lag(brokers.call(), groupId, topics, state),
    messageCounts: (topics) => messageCounts(brokers.call(), topics),
    deleteGroup: (groupId) => deleteGroup(brokers.call(), groupId),
    close: () => brokers.close(),
  };
}

/** @throws {ExpectedError} with a KafkaErrorCode */
export async function describeGroup(brokers: BrokerAccess, groupId: string): Promise<GroupDescription> {
  return brokers.withCoordinator(groupId, async (coordinator) => {
    const { groups } = await ask(coordinator, 'DescribeGroups', { groupIds: [groupId] });
    const group = groups.find((answered) => answered.groupId === groupId);
    if (!group) throw incompleteAnswer('DescribeGroups', `group ${groupId}`);
    const error = brokerError(group.errorCode);
    if (error) throw error;
    const members = group.members.map(({ memberId, clientId, clientHost }) => ({
      id: memberId,
      clientId,
      host: clientHost.replace(/^\//, ''), // brokers write a slash before it
    }));
    return { state: group.state, members };
  });
}

const groupNotFound = 69;

/** @throws {ExpectedError} with a KafkaErrorCode */
export async function deleteGroup(brokers: BrokerAccess, groupId: string): Promise<void> {
  await brokers.withCoordinator(groupId, async (coordinator) => {
    const { results } = await ask(coordinator, 'DeleteGroups', [groupId]);
    const result = results.find((answered) => answered.groupId === groupId);
    if (!result) throw incompleteAnswer('DeleteGroups', `group ${groupId}`);
    const error = result.errorCode === groupNotFound ? undefined : brokerError(result.errorCode);
    if (error) throw error;
  });
}

/** @throws {ExpectedError} with a KafkaErrorCode */
export async function lag(
  brokers: BrokerAccess,
  groupId: string,
  topics: readonly string[],
  state?: string,
): Promise<Map<string, number>> {
  const partitions = await findPartitions(brokers, topics);
  const [first, next, committed] = await Promise.all([
    listOffsets(brokers, partitions, 'first'),
    listOffsets(brokers, partitions, 'next'),
    committedPositions(brokers, groupId, partitions),
  ]);
  return sumByTopic(partitions, (partition) => {
    const position = committed.get(partition)!;
    const start = first.get(partition)!;
    // What was committed for a topic or a state that is gone says nothing about this one.
    return next.get(partition)! - (isStale(position, partition.topicId, state) ? start : max(position.offset, start));
  });
}

/** @throws {ExpectedError} with a KafkaErrorCode */
export async function messageCounts(brokers: BrokerAccess, topics: readonly string[]): Promise<Map<string, number>> {
  const partitions = await findPartitions(brokers, topics);
  const [first, next] = await Promise.all([
    listOffsets(brokers, partitions, 'first'),
    listOffsets(brokers, partitions, 'next'),
  ]);
  return sumByTopic(partitions, (partition) => next.get(partition)! - first.get(partition)!);
}

const max = (one: bigint, other: bigint) => (one > other ? one : other);

function sumByTopic(partitions: readonly TopicPartition[], count: (partition: TopicPartition) => bigint) {
  const sums = new Map<string, number>();
  for (const partition of partitions) {
    const { topic } = partition;
    // The end may be older than the commit, as they are not asked for at the same moment.
    sums.set(topic, (sums.get(topic) ?? 0) + Number(max(0n, count(partition))));
  }
  return sums;
}
