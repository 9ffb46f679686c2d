import type { Clock } from '../lib/clock.ts';
import type { ExpectedError } from '../lib/errors.ts';
import type { Logger } from '../lib/log.ts';
import type { ClientTimes } from './client/options.ts';
import type { MessageHeaders } from './message-headers.ts';

export interface ConsumedMessage {
  readonly topic: string;
  readonly partition: number;
  /** Within the partition; a 64-bit number. */
  readonly offset: string;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: MessageHeaders;
  /** Why the batch of messages cannot be read that this one stands for: its value is the batch as the broker has it. */
  readonly unreadable?: ExpectedError | undefined;
}

/** Where a message lies, for a log. */
export function placeOf({ topic, partition, offset }: ConsumedMessage) {
  return { topic, partition, offset };
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

/** See ConsumerOptions. */
export const defaultSessionMilliseconds = 15_000;

export interface ConsumerOptions {
  readonly groupId: string;
  readonly topics: readonly string[];
  readonly process: ProcessMessages;
  readonly logger: Logger;
  /** Where a group begins that has committed no offset yet. */
  readonly startFrom?: 'earliest' | 'latest';
  /**
   * Where the results of the messages are kept, if that has an id, without spaces: asked once the consumer has joined.
   * Offsets that the group has committed for another state count as none: all that the topics have is processed again.
   * Offsets without any note, which a person has set, hold.
   */
  readonly state?: () => string | undefined;
  /** How many messages one call of `process` gets at most. */
  readonly maximumMessages?: number;
  /** After how long without a sign of life the group gives our partitions to others, in milliseconds. */
  readonly sessionMilliseconds?: number;
  /** Told of a topic that was deleted and created again. It is read from its beginning, wherever the group was. */
  readonly onRecreated?: (topic: string) => void;
  readonly clock?: Clock;
  readonly times?: Partial<ClientTimes>;
}
