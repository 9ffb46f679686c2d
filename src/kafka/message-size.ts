import type { MessageHeaders } from './message-headers.ts';
import type { OutgoingMessage } from './outgoing-message.ts';

/** Of a batch, up to its records. */
const batchBytes = 61;
/** The most that a length takes. */
const lengthBytes = 5;

/** How many bytes a message takes at the most as a batch of its own: what `max.message.bytes` is about. */
export function batchSizeOf({ key, value, headers = {} }: OutgoingMessage): number {
  const record = 4 * lengthBytes + 1 + lengthBytes;
  return batchBytes + record + bytesOf(key) + bytesOf(value) + headersSize(headers);
}

function headersSize(headers: MessageHeaders): number {
  const sizes = Object.entries(headers).flatMap(([name, values]) =>
    [values ?? ''].flat().map((value) => 2 * lengthBytes + bytesOf(name) + bytesOf(value)),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

const bytesOf = (field: Buffer | string | null): number => (field === null ? 0 : Buffer.byteLength(field));
