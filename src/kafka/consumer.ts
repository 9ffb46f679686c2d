import { backoffMilliseconds, type Backoff } from '../lib/backoff.ts';
import { systemClock } from '../lib/clock.ts';
import { ExpectedError } from '../lib/errors.ts';
import type { Component } from '../lib/lifecycle.ts';
import { BrokerConnections } from './client/broker-connections.ts';
import { Deadline } from './client/deadline.ts';
import type { KafkaConnection } from './connection.ts';
import type { ConsumerOptions } from './consumer-options.ts';
import { ConsumerSession } from './consumer-session.ts';
import { kafkaError } from './errors.ts';
import { leaveGroup } from './leave-group.ts';
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
/** How long a group may take to let a member go. */
const leaveMilliseconds = 3_000;

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

  /** kafkajs leaves a group only while all is well, and the group would wait for the member that we were. */
  const leaveAs = async (memberId: string) => {
    try {
      await new Deadline(clock, leaveMilliseconds).wait(() => leaveGroup(brokers.call(), groupId, memberId));
    } catch (error) {
      // Where the group cannot be told for now, it cannot be joined either.
      if (kafkaError(error).retryable) throw error;
      logger.debug({ groupId, memberId, err: error }, 'Could not leave the consumer group');
    }
  };

  const run = async () => {
    let before: string | undefined;
    for (let attempt = 1; !stopping.signal.aborted; attempt += 1) {
      session = new ConsumerSession(connection, { ...options, clock, identity, progress });
      try {
        if (before !== undefined) await leaveAs(before);
        before = undefined;
        await session.run(stopping.signal);
      } catch (error) {
        failure = kafkaError(error);
        before = session.memberId ?? before;
        logger.warn({ groupId, attempt, err: failure }, 'Not in the consumer group; joining again');
      }
      if (session.hasFetched) attempt = 1;
      session = undefined;
      await clock.sleep(backoffMilliseconds(backoff, attempt), stopping.signal);
    }
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
