import type { ProducedMessage } from 'kafkajs/src/broker/index.js';
import crc32C from 'kafkajs/src/protocol/recordBatch/crc32C/index.js';

type Bytes = ProducedMessage['value'];

export interface BatchProperties {
  /** Milliseconds since 1970, of the messages that have no time of their own. */
  readonly now: number;
  /** -1 for one that is neither idempotent nor transactional. */
  readonly producerId: bigint;
  readonly producerEpoch: number;
  readonly firstSequence: number;
  readonly isTransactional: boolean;
}

/** Up to and including the number of records. */
const headBytes = 61;
/** Of base offset and length, which the length does not count. */
const frameBytes = 12;
/** Where the checksum is, which covers all that comes after it. */
const checksumAt = 17;
const currentFormat = 2;
const transactional = 16;

/**
 * Messages as Kafka stores them: record batch of format 2, not compressed (Kafka's documentation, "Message Format").
 *
 * kafkajs makes a growing buffer for each record and each header, and copies each several times, which took more than
 * a third of the time of a worker that publishes. This knows all sizes beforehand, and writes into one buffer.
 */
export function encodeRecordBatch(messages: readonly ProducedMessage[], properties: BatchProperties): Buffer {
  const { now, producerId, producerEpoch, firstSequence, isTransactional } = properties;
  const times = messages.map(({ timestamp }) => Number(timestamp ?? now));
  const [first = now] = times;
  const records = messages.map((message, index) => toRecord(message, index, times[index]! - first));
  const total = records.reduce((sum, { bodyBytes }) => sum + sizeOfInt(bodyBytes) + bodyBytes, headBytes);
  const writer = new Writer(Buffer.allocUnsafe(total));
  const { buffer } = writer;
  buffer.writeBigInt64BE(0n, 0); // the broker gives offsets
  buffer.writeInt32BE(total - frameBytes, 8);
  buffer.writeInt32BE(0, 12); // leader epoch: the broker's, too
  buffer.writeInt8(currentFormat, 16);
  buffer.writeInt16BE(isTransactional ? transactional : 0, 21);
  buffer.writeInt32BE(messages.length - 1, 23);
  buffer.writeBigInt64BE(BigInt(first), 27);
  buffer.writeBigInt64BE(BigInt(Math.max(...times)), 35);
  buffer.writeBigInt64BE(producerId, 43);
  buffer.writeInt16BE(producerEpoch, 51);
  buffer.writeInt32BE(firstSequence, 53);
  buffer.writeInt32BE(messages.length, 57);
  writer.offset = headBytes;
  for (const record of records) writeRecord(writer, record);
  buffer.writeUInt32BE(crc32C(buffer.subarray(checksumAt + 4)), checksumAt);
  return buffer;
}

interface Field {
  readonly bytes: Bytes;
  /** -1 for null. */
  readonly length: number;
}

interface Header {
  readonly name: Field;
  readonly value: Field;
}

interface SizedRecord {
  readonly index: number;
  readonly timestampDelta: number;
  readonly key: Field;
  readonly value: Field;
  readonly headers: readonly Header[];
  readonly bodyBytes: number;
}

function toRecord(message: ProducedMessage, index: number, timestampDelta: number): SizedRecord {
  const [key, value] = [toField(message.key), toField(message.value)];
  const headers = Object.entries(message.headers ?? {}).flatMap(([name, given]) => toHeaders(name, given));
  let bodyBytes = 1 + sizeOfInt(timestampDelta) + sizeOfInt(index) + sizeOf(key) + sizeOf(value);
  bodyBytes += sizeOfInt(headers.length);
  for (const header of headers) bodyBytes += sizeOf(header.name) + sizeOf(header.value);
  return { index, timestampDelta, key, value, headers, bodyBytes };
}

function toHeaders(name: string, given: Bytes | readonly Bytes[] | undefined): Header[] {
  const values = Array.isArray(given) ? (given as readonly Bytes[]) : [given as Bytes | undefined];
  return values.map((value) => ({ name: toField(name), value: toField(value) }));
}

/** kafkajs gives what was left out as undefined. */
const toField = (given: Bytes | undefined): Field => {
  const bytes = given ?? null;
  return { bytes, length: bytes === null ? -1 : Buffer.byteLength(bytes) };
};

function writeRecord(writer: Writer, { index, timestampDelta, key, value, headers, bodyBytes }: SizedRecord): void {
  writer.writeInt(bodyBytes);
  writer.buffer[writer.offset++] = 0; // attributes: there are none
  writer.writeInt(timestampDelta);
  writer.writeInt(index);
  writer.writeField(key);
  writer.writeField(value);
  writer.writeInt(headers.length);
  for (const header of headers) {
    writer.writeField(header.name);
    writer.writeField(header.value);
  }
}

class Writer {
  readonly buffer: Buffer;
  offset = 0;

  constructor(buffer: Buffer) {
    this.buffer = buffer;
  }

  writeInt(value: number): void {
    let left = zigzag(value);
    for (; left >= 0x80; left = Math.floor(left / 0x80)) this.buffer[this.offset++] = (left % 0x80) + 0x80;
    this.buffer[this.offset++] = left;
  }

  writeField({ bytes, length }: Field): void {
    this.writeInt(length);
    if (bytes === null) return;
    if (typeof bytes === 'string') this.buffer.write(bytes, this.offset, length);
    else bytes.copy(this.buffer, this.offset);
    this.offset += length;
  }
}

/** Signs last, so that small numbers are short: 0, -1, 1, -2. Whole up to 2^52. */
const zigzag = (value: number) => (value < 0 ? -2 * value - 1 : 2 * value);

function sizeOfInt(value: number): number {
  let size = 1;
  for (let left = zigzag(value); left >= 0x80; left = Math.floor(left / 0x80)) size += 1;
  return size;
}

const sizeOf = ({ length }: Field) => sizeOfInt(length) + Math.max(0, length);
