import type { BrokerAccess } from './client/broker-connections.ts';
import { brokerError } from './errors.ts';
import { ask } from './protocol/kafkajs-requests.ts';

const memberUnknown = 25;

/**
 * Takes a member out of a group, which otherwise waits for it until its session is over before anybody else gets its
 * partitions. One that is not there counts as taken out.
 *
 * @throws {ExpectedError} with a KafkaErrorCode
 */
export async function leaveGroup(brokers: BrokerAccess, groupId: string, memberId: string): Promise<void> {
  const { errorCode, members = [] } = await brokers.withCoordinator(groupId, (broker) =>
    ask(broker, 'LeaveGroup', { groupId, memberId }),
  );
  const codes = [errorCode, ...members.map((member) => member.errorCode)];
  const error = codes.map((code) => (code === memberUnknown ? undefined : brokerError(code))).find(Boolean);
  if (error) throw error;
}
