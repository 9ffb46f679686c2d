import type { Broker, BrokerAccess } from './client/broker-connections.ts';
import { brokerError, incompleteAnswer } from './errors.ts';
import { ask } from './protocol/kafkajs-requests.ts';
import { fetchMetadata } from './protocol/metadata.ts';

/** Everything that brokers know about a group, to decide whose it is. */
export interface GroupLook {
  /** Of the brokers that answered; undefined where they have no id. */
  readonly clusterId: string | undefined;
  /** Kafka's word: Stable, Empty, Dead where there is no classic group of this name. */
  readonly state: string;
  /**
   * `absent`: the brokers have no group of this name, whatever its protocol. `bare`: it has neither members nor offsets,
   * as one that has just come into being, or is about to be forgotten. `used`: it has members or offsets.
   */
  readonly existence: 'absent' | 'bare' | 'used';
  /** The client ids of its members. */
  readonly clientIds: readonly string[];
}

/** @throws {ExpectedError} with a KafkaErrorCode */
export function lookAtGroup(brokers: BrokerAccess, groupId: string): Promise<GroupLook> {
  return brokers.withCoordinator(groupId, async (coordinator) => {
    const { clusterId } = await fetchMetadata(coordinator, []);
    const first = await describe(coordinator, groupId);
    if (first.clientIds.length > 0) return { clusterId, ...first, existence: 'used' };
    const existence = await existenceWithoutMembers(coordinator, groupId, first.state);
    // These were several requests: whoever uses it may have joined between them, and must not be taken for nobody.
    const last = existence === 'used' ? await describe(coordinator, groupId) : first;
    return { clusterId, ...last, existence };
  });
}

async function describe(coordinator: Broker, groupId: string): Promise<Pick<GroupLook, 'state' | 'clientIds'>> {
  const { groups } = await ask(coordinator, 'DescribeGroups', { groupIds: [groupId] });
  const [group] = groups;
  if (!group) throw incompleteAnswer('DescribeGroups', groupId);
  throwIfError(group.errorCode);
  return { state: group.state, clientIds: group.members.map(({ clientId }) => clientId) };
}

async function existenceWithoutMembers(
  coordinator: Broker,
  groupId: string,
  state: string,
): Promise<GroupLook['existence']> {
  if (await hasOffsets(coordinator, groupId)) return 'used';
  if (state !== 'Dead') return 'bare';
  // A group of the newer protocol (KIP-848) is described as dead while it lives.
  return (await isListed(coordinator, groupId)) ? 'used' : 'absent';
}

async function hasOffsets(coordinator: Broker, groupId: string): Promise<boolean> {
  // To this request, no topics are all topics.
  const answer = await ask(coordinator, 'OffsetFetch', { groupId, topics: [] });
  throwIfError(answer.errorCode ?? 0);
  return answer.responses.some(({ partitions }) => partitions.some(({ offset }) => BigInt(offset) >= 0n));
}

async function isListed(coordinator: Broker, groupId: string): Promise<boolean> {
  const { errorCode, groups } = await ask(coordinator, 'ListGroups', {});
  throwIfError(errorCode);
  return groups.some((group) => group.groupId === groupId);
}

function throwIfError(code: number): void {
  const error = brokerError(code);
  if (error) throw error;
}
