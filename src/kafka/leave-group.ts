import { backoffMilliseconds, type Backoff } from '../lib/backoff.ts';
import type { Clock } from '../lib/clock.ts';
import type { Logger } from '../lib/log.ts';
import type { BrokerAccess } from './client/broker-connections.ts';
import { Deadline } from './client/deadline.ts';
import { brokerError, kafkaError } from './errors.ts';
import { ask } from './protocol/kafkajs-requests.ts';

const memberUnknown = 25;
/** How long one attempt may take: the next one may find another coordinator. */
const attemptMilliseconds = 3_000;
const backoff: Backoff = { initial: 250, maximum: 1000, factor: 2, jitter: 'full' };

export interface Leaving {
  readonly groupId: string;
  readonly memberId: string;
  /** After how long without a sign of life the group gives up on the member. */
  readonly sessionMilliseconds: number;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * Takes a member that gives no more signs of life out of its group, which otherwise waits until its session is over
 * before anybody else gets its partitions. It asks again while brokers do not answer, but not when the session is over.
 *
 * @param brokers gives brokers for one attempt
 */
export async function leaveGroupInTime(
  brokers: () => BrokerAccess,
  { groupId, memberId, sessionMilliseconds, clock, logger }: Leaving,
  signal: AbortSignal,
): Promise<void> {
  const end = clock.monotonic() + sessionMilliseconds;
  for (let attempt = 1; clock.monotonic() < end; attempt += 1) {
    try {
      return await new Deadline(clock, attemptMilliseconds).wait(() => leaveGroup(brokers(), groupId, memberId));
    } catch (error) {
      logger.debug({ groupId, memberId, attempt, err: error }, 'Could not leave the consumer group');
      if (!kafkaError(error).retryable) return;
    }
    await clock.sleep(backoffMilliseconds(backoff, attempt), signal);
    if (signal.aborted) return;
  }
}

/** One that is not there counts as taken out. @throws {ExpectedError} with a KafkaErrorCode */
async function leaveGroup(brokers: BrokerAccess, groupId: string, memberId: string): Promise<void> {
  const { errorCode, members = [] } = await brokers.withCoordinator(groupId, (broker) =>
    ask(broker, 'LeaveGroup', { groupId, memberId }),
  );
  const codes = [errorCode, ...members.map((member) => member.errorCode)];
  const error = codes.map((code) => (code === memberUnknown ? undefined : brokerError(code))).find(Boolean);
  if (error) throw error;
}
