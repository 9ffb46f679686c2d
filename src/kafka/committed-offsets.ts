import type { BrokerAccess } from './client/broker-connections.ts';
import { brokerError, incompleteAnswer } from './errors.ts';
import { fetchStableOffsets } from './protocol/offset-fetch.ts';
import type { CommittedOffset } from './transactional-producer.ts';

/**
 * What a group has committed of a topic's partitions; those without any are left out.
 *
 * @throws {ExpectedError} with a KafkaErrorCode; TransactionPending while a transaction that commits has not ended
 */
export async function stableOffsets(
  brokers: BrokerAccess,
  groupId: string,
  topic: string,
  partitions: readonly number[],
): Promise<CommittedOffset[]> {
  const answer = await brokers.withCoordinator(groupId, (broker) =>
    fetchStableOffsets(broker, groupId, topic, partitions),
  );
  const failure = brokerError(answer.errorCode);
  if (failure) throw failure;
  return partitions.flatMap((partition) => {
    const told = answer.partitions.find((candidate) => candidate.partition === partition);
    if (!told) throw incompleteAnswer('OffsetFetch', `partition ${partition} of ${topic}`);
    const error = brokerError(told.errorCode);
    if (error) throw error;
    const { offset, metadata } = told;
    return offset < 0n ? [] : [{ partition, offset, metadata }];
  });
}
