import { backoffMilliseconds, type Backoff } from '../lib/backoff.ts';
import { systemClock } from '../lib/clock.ts';
import { ExpectedError } from '../lib/errors.ts';
import type { Component } from '../lib/lifecycle.ts';
import { BrokerConnections } from './client/broker-connections.ts';
import type { KafkaConnection } from './connection.ts';
import { defaultSessionMilliseconds, type ConsumerOptions } from './consumer-options.ts';
import { ConsumerSession } from './consumer-session.ts';
import { kafkaError } from './errors.ts';
import { leaveGroupInTime } from './leave-group.ts';
import { Progress, type StuckPartition } from './progress.ts';
import { TopicIdentity } from './topic-identity.ts';

/** Starting does not wait for Kafka: the consumer joins its group as soon as brokers and topics are there. */
export interface Consumer extends Component {
  /** For readiness. @throws {ExpectedError} when it is in no group, with the reason */
  check(): void;
  /** Partitions that are stuck: their next message has been in work, or has failed, for half a minute or longer. */
  stuck(): readonly StuckPartition[];
}

const stuckMilliseconds = 30_000;

const backoff: Backoff = { initial: 250, maximum: 5000, factor: 2, jitter: 'full' };

/** A member of a consumer group; whatever makes it fall out of the group, it comes back. */
export function createConsumer(connection: KafkaConnection, options: ConsumerOptions): Consumer {
  const { groupId, logger, clock = systemClock } = options;
  const stopping = new AbortController();
  const progress = new Progress(clock);
  const brokers = new BrokerConnections(connection, options);
  const identity = new TopicIdentity(brokers, {
    ...options,
    onRecreated: (topic) => {
      logger.warn({ groupId, topic }, 'The topic was deleted and created again; reading it from its beginning');
      options.onRecreated?.(topic);
    },
  });
  let session: ConsumerSession | undefined;
  let failure: ExpectedError | undefined;
  let running: Promise<void> | undefined;

  /**
   * kafkajs leaves a group only while all is well, and the group would wait for the member that we were. Brokers of its
   * own: those of others are dropped when it is not answered.
   */
  const leaveAs = async (memberId: string) => {
    const asked = new BrokerConnections(connection, options);
    const { sessionMilliseconds = defaultSessionMilliseconds } = options;
    const leaving = { groupId, memberId, sessionMilliseconds, clock, logger };
    await leaveGroupInTime(() => asked.call(), leaving, stopping.signal);
    await asked.close();
  };

  const run = async () => {
    let leaving: Promise<void> | undefined;
    for (let attempt = 1; !stopping.signal.aborted; attempt += 1) {
      session = new ConsumerSession(connection, { ...options, clock, identity, progress });
      try {
        await session.run(stopping.signal);
      } catch (error) {
        failure = kafkaError(error);
        logger.warn({ groupId, attempt, err: failure }, 'Not in the consumer group; joining again');
        // Beside joining, which brokers may answer although they do not answer this.
        if (session.memberId !== undefined) leaving = leaveAs(session.memberId);
      }
      if (session.hasFetched) attempt = 1;
      session = undefined;
      await clock.sleep(backoffMilliseconds(backoff, attempt), stopping.signal);
    }
    await leaving;
  };

  return {
    name: 'consumer',
    start: () => {
      running = run();
    },
    stop: async () => {
      stopping.abort();
      await running;
      await brokers.close();
    },
    check: () => {
      if (session?.isMember && (session.hasFetched || !failure)) return;
      const reason = failure ? `: ${failure.message}` : ' yet';
      const message = `Not in the consumer group ${groupId}${reason}`;
      throw new ExpectedError(failure?.code ?? 'BrokerUnreachable', message, { retryable: true, cause: failure });
    },
    stuck: () => progress.stuck(stuckMilliseconds),
  };
}
