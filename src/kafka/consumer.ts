import { backoffMilliseconds, type Backoff } from '../lib/backoff.ts';
import { systemClock, type Clock } from '../lib/clock.ts';
import { ExpectedError } from '../lib/errors.ts';
import type { Component } from '../lib/lifecycle.ts';
import type { Logger } from '../lib/log.ts';
import type { ClientTimes } from './client/options.ts';
import type { KafkaConnection } from './connection.ts';
import { ConsumerSession } from './consumer-session.ts';
import { kafkaError } from './errors.ts';
import type { MessageHeaders } from './message-headers.ts';

export interface ConsumedMessage {
  readonly topic: string;
  readonly partition: number;
  /** Within the partition; a 64-bit number. */
  readonly offset: string;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: MessageHeaders;
}

/**
 * Does what messages of one partition ask for; they are in order, and are given to no other call at the same time.
 * Their offsets are committed when it resolves. When it rejects they come again after a moment, before any later
 * message of the partition. It may take its time: other partitions go on, and the group knows that we are alive.
 *
 * @param signal aborts when the messages are to be given back, since the consumer stops or another one takes the
 *   partition: whatever is not finished by then should be left alone, and the call reject
 */
export type ProcessMessages = (messages: readonly ConsumedMessage[], signal: AbortSignal) => Promise<void>;

export interface ConsumerOptions {
  readonly groupId: string;
  readonly topics: readonly string[];
  readonly process: ProcessMessages;
  readonly logger: Logger;
  /** Where a group begins that has committed no offset yet. */
  readonly startFrom?: 'earliest' | 'latest';
  /** How many messages one call of `process` gets at most. */
  readonly maximumMessages?: number;
  /** After how long without a sign of life the group gives our partitions to others, in milliseconds. */
  readonly sessionMilliseconds?: number;
  readonly clock?: Clock;
  readonly times?: Partial<ClientTimes>;
}

/** Starting does not wait for Kafka: the consumer joins its group as soon as brokers and topics are there. */
export interface Consumer extends Component {
  /** For readiness. @throws {ExpectedError} when it is in no group, with the reason */
  check(): void;
}

const backoff: Backoff = { initial: 250, maximum: 5000, factor: 2, jitter: 'full' };

/** A member of a consumer group; whatever makes it fall out of the group, it comes back. */
export function createConsumer(connection: KafkaConnection, options: ConsumerOptions): Consumer {
  const { groupId, logger, clock = systemClock } = options;
  const stopping = new AbortController();
  let session: ConsumerSession | undefined;
  let failure: ExpectedError | undefined;
  let running: Promise<void> | undefined;

  const run = async () => {
    for (let attempt = 1; !stopping.signal.aborted; attempt += 1) {
      session = new ConsumerSession(connection, { ...options, clock });
      try {
        await session.run(stopping.signal);
      } catch (error) {
        failure = kafkaError(error);
        logger.warn({ groupId, attempt, err: failure }, 'Not in the consumer group; joining again');
      }
      if (session.hasJoined) attempt = 1;
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
    },
    check: () => {
      if (session?.isMember) return;
      const reason = failure ? `: ${failure.message}` : ' yet';
      const message = `Not in the consumer group ${groupId}${reason}`;
      throw new ExpectedError(failure?.code ?? 'BrokerUnreachable', message, { retryable: true, cause: failure });
    },
  };
}
