import { errorHeaderPrefix, headerText, originalHeaderPrefix, returnsHeader } from '../kafka/dead-letter-headers.ts';
import type { MessageHeaders } from '../kafka/message-headers.ts';
import type { Sending } from '../kafka/transactional-producer.ts';
import type { StoredMessage } from '../kafka/read-partition.ts';
import { wholeNumber } from '../lib/variables.ts';

/** A message of a dead-letter topic, as far as a replay looks into it. */
export interface Letter {
  readonly message: StoredMessage;
  /** The topic that it came from; undefined for a message that nobody put there as a dead letter. */
  readonly topic: string | undefined;
  readonly errorCode: string | undefined;
  /** How often it went back before. */
  readonly returns: number;
  /** Whether its value is only the beginning of what it was. */
  readonly isCut: boolean;
}

export function readLetter(message: StoredMessage): Letter {
  const { headers } = message;
  return {
    message,
    topic: headerText(headers, `${errorHeaderPrefix}topic`),
    errorCode: headerText(headers, `${errorHeaderPrefix}code`),
    returns: returnsOf(headers),
    isCut: Object.keys(headers).some((name) => name.startsWith(originalHeaderPrefix)),
  };
}

/** A count that somebody has spoiled counts as the highest: nothing goes round for ever. */
function returnsOf(headers: MessageHeaders): number {
  const text = headerText(headers, returnsHeader);
  return text === undefined ? 0 : (wholeNumber(text, 0, 1_000_000) ?? Infinity);
}

/** The message as it was before it became a dead letter, but for the count of its returns. */
export function returned({ message, returns }: Letter, topic: string): Sending {
  const kept = Object.entries(message.headers).filter(([name]) => !name.startsWith(errorHeaderPrefix));
  const headers = { ...Object.fromEntries(kept), [returnsHeader]: String(returns + 1) };
  return { topic, message: { key: message.key, value: message.value, headers } };
}
