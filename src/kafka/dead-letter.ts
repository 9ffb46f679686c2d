import { createHash } from 'node:crypto';
import { errorHeaderPrefix, originalHeaderPrefix } from './dead-letter-headers.ts';
import { errorCode, toError } from '../lib/errors.ts';
import type { ConsumedMessage } from './consumer-options.ts';
import { batchSizeOf } from './message-size.ts';
import type { OutgoingMessage } from './outgoing-message.ts';

/** Why a message could not be processed. */
export interface Failure {
  readonly error: unknown;
  /** How often it was tried; 1 for what cannot get better. */
  readonly attempts: number;
  /** The consumer group that gave it up. */
  readonly groupId: string;
}

/** In characters. Errors name values, which can be of any length. */
const longestReason = 1000;

/**
 * The message as it was, key, bytes and headers, with where it came from and what is wrong with it. The added headers
 * are those of Kafka's own dead-letter queues (KIP-1191); those of a message that was a dead letter before are replaced.
 */
export function deadLetter(message: ConsumedMessage, { error, attempts, groupId }: Failure): OutgoingMessage {
  const errors = {
    topic: message.topic,
    partition: String(message.partition),
    offset: message.offset,
    group: groupId,
    'delivery.count': String(attempts),
    code: errorCode(error),
    message: toError(error).message.slice(0, longestReason),
  };
  const added = Object.fromEntries(Object.entries(errors).map(([name, value]) => [errorHeaderPrefix + name, value]));
  return { key: message.key, value: message.value, headers: { ...message.headers, ...added } };
}

/**
 * A dead letter that is no larger than `bytes`, headers included. What does not fit is cut: the value's end first; then,
 * if that is not enough, all headers of the original message, and the key's end. Headers tell the size and the digest
 * that value and key had.
 */
export function cutToFit(letter: OutgoingMessage, bytes: number): OutgoingMessage {
  if (batchSizeOf(letter) <= bytes) return letter;
  const withoutValue = { ...letter, value: null, headers: { ...letter.headers, ...original('value', letter.value) } };
  const room = bytes - batchSizeOf(withoutValue);
  if (room >= 0) return { ...withoutValue, value: cut(letter.value, room) };
  // Headers that came with a message are bytes.
  const ownHeaders = Object.entries(withoutValue.headers).filter(
    ([name, value]) =>
      (name.startsWith(errorHeaderPrefix) || name.startsWith(originalHeaderPrefix)) && typeof value === 'string',
  );
  const headers = { ...Object.fromEntries(ownHeaders), ...original('key', letter.key) };
  const bare = { key: null, value: null, headers };
  return { ...bare, key: cut(letter.key, Math.max(0, bytes - batchSizeOf(bare))) };
}

function original(part: 'key' | 'value', content: Buffer | string | null): Record<string, string> {
  if (content === null) return {};
  return {
    [`${originalHeaderPrefix}${part}.size`]: String(Buffer.byteLength(content)),
    [`${originalHeaderPrefix}${part}.sha256`]: createHash('sha256').update(content).digest('hex'),
  };
}

const cut = (content: Buffer | string | null, bytes: number) => content && Buffer.from(content).subarray(0, bytes);
