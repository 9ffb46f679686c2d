import { ExpectedError, toError } from '../../../lib/errors.ts';
import type { KafkaErrorCode } from '../../errors.ts';
import { decompressors } from './decompress.ts';

/** A message as kafkajs hands it on. */
export interface FetchedMessage {
  readonly offset: string;
  readonly timestamp: string;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: Readonly<Record<string, Buffer | Buffer[] | undefined>>;
  /** One that consumers do not get: the end of a transaction, or the last offset of a batch whose message is gone. */
  readonly isControlRecord: boolean;
  readonly batchContext: BatchContext;
  /** Why the batch cannot be read that this message stands for: its value is the batch as it came. */
  readonly unreadable?: ExpectedError;
}

/** What messages of a batch have in common. kafkajs needs the first two to leave out those of aborted transactions. */
export interface BatchContext {
  readonly producerId: string;
  readonly inTransaction: boolean;
  /** How much its messages keep in memory, as long as one of them is kept. */
  readonly bytes: number;
}

/** How much is decoded at once. What is left is fetched again. */
export interface DecodingLimits {
  /** Of messages. */
  messages: number;
  /** Of decompressed bytes. */
  bytes: number;
}

/** Bytes of a batch, as the broker stores it, up to its records. */
const headerBytes = 61;
/** The first two fields, which the length does not count. */
const uncountedBytes = 12;
const position = { length: 8, magic: 16, attributes: 21, lastDelta: 23, firstTime: 27, lastTime: 35, producer: 43 };
const countPosition = 57;
const flags = { compression: 0x07, appendTime: 0x08, transaction: 0x10, control: 0x20 };
/**
 * Of one batch, decompressed. Brokers limit what comes compressed (1 MiB by default); clients fill a batch by its size
 * before that, mostly up to the same limit.
 */
const largestBatch = 16 * 2 ** 20;

/** The format of all messages since Kafka 0.11. */
const currentMagic = 2;

/** Whether the messages are in a format that `decodeRecordBatches` knows. */
export const isCurrentFormat = (bytes: Buffer): boolean =>
  bytes.length <= position.magic || bytes.readInt8(position.magic) === currentMagic;

/**
 * Decodes batches of records. One that cannot be read becomes a message that says so, and holds up no other.
 *
 * @param bytes the last batch in them may be cut off
 * @param from the offset to begin at, as a batch may begin before it
 * @param left is reduced by what was decoded; at least one message is, whatever the limits
 */
export async function decodeRecordBatches(
  bytes: Buffer,
  from: bigint,
  left: DecodingLimits,
): Promise<FetchedMessage[]> {
  const messages: FetchedMessage[] = [];
  for (let start = 0; start + headerBytes <= bytes.length;) {
    const end = start + uncountedBytes + bytes.readInt32BE(start + position.length);
    if (end < start + headerBytes) throw incomplete();
    if (end > bytes.length) break;
    if (messages.length > 0 && (left.messages <= 0 || left.bytes <= 0)) break;
    const isWhole = await decodeBatch(bytes.subarray(start, end), from, left, messages);
    if (!isWhole) break;
    start = end;
  }
  return messages;
}

/** @returns whether all of its messages were decoded */
async function decodeBatch(
  batch: Buffer,
  from: bigint,
  left: DecodingLimits,
  messages: FetchedMessage[],
): Promise<boolean> {
  const attributes = batch.readInt16BE(position.attributes);
  const base = batch.readBigInt64BE(0);
  const lastOffset = base + BigInt(batch.readInt32BE(position.lastDelta));
  if (lastOffset < from) return true;
  const batchContext = {
    producerId: String(batch.readBigInt64BE(position.producer)),
    inTransaction: (attributes & flags.transaction) !== 0,
    bytes: batch.length,
  };
  const isAppendTime = (attributes & flags.appendTime) !== 0;
  const lastTime = batch.readBigInt64BE(position.lastTime);
  const gap = (): FetchedMessage => ({
    ...noContent,
    offset: String(lastOffset),
    timestamp: String(lastTime),
    isControlRecord: true,
    batchContext,
  });
  const before = messages.length;
  try {
    const records = await recordsOf(batch, attributes & flags.compression);
    left.bytes -= records.length;
    batchContext.bytes = records.length;
    const reader = new RecordReader(records, {
      base,
      from,
      firstTime: batch.readBigInt64BE(position.firstTime),
      appendTime: isAppendTime ? String(lastTime) : undefined,
      isControlRecord: (attributes & flags.control) !== 0,
      batchContext,
    });
    const count = batch.readInt32BE(countPosition);
    for (let index = 0; index < count; index += 1) {
      if (left.messages <= 0 && messages.length > before) return false;
      const message = reader.next();
      if (!message) continue;
      messages.push(message);
      left.messages -= 1;
    }
  } catch (error) {
    messages.length = before;
    messages.push({ ...gap(), isControlRecord: false, value: batch, unreadable: unreadable(error) });
    left.messages -= 1;
    return true;
  }
  // Compaction removes messages, and leaves the offsets of the batch as they were.
  if (messages.length === before || messages.at(-1)!.offset !== String(lastOffset)) messages.push(gap());
  return true;
}

const noContent = { key: null, value: null, headers: {} };

async function recordsOf(batch: Buffer, compression: number): Promise<Buffer> {
  const records = batch.subarray(headerBytes);
  if (compression === 0) return records;
  const decompress = decompressors[compression];
  if (!decompress) throw new Error(`compression ${compression}, which nobody knows`);
  return decompress(records, largestBatch);
}

interface RecordContext {
  readonly base: bigint;
  readonly from: bigint;
  readonly firstTime: bigint;
  /** The time of all records, where the broker's counts. */
  readonly appendTime: string | undefined;
  readonly isControlRecord: boolean;
  readonly batchContext: BatchContext;
}

/**
 * Reads the records of a batch one after another. All throw a RangeError behind the end. What a record holds is read
 * once it is asked for: what waits for its turn is the bytes, and not a dozen objects for each message.
 */
class RecordReader {
  readonly #fields: FieldReader;
  readonly #bytes: Buffer;
  readonly #context: RecordContext;

  constructor(bytes: Buffer, context: RecordContext) {
    this.#fields = new FieldReader(bytes);
    this.#bytes = bytes;
    this.#context = context;
  }

  /** @returns undefined for one before the offset that was asked for */
  next(): FetchedMessage | undefined {
    const { base, from } = this.#context;
    const fields = this.#fields;
    const end = fields.varint() + fields.position;
    if (end <= fields.position || end > this.#bytes.length) throw incomplete();
    fields.position += 1; // attributes, of which there are none
    const timeDelta = fields.varint();
    const offset = base + BigInt(fields.varint());
    if (offset < from) {
      fields.position = end;
      return undefined;
    }
    const start = fields.position;
    fields.skipContent();
    if (fields.position !== end) throw incomplete();
    return new Message(this.#bytes, start, String(offset), timeDelta, this.#context);
  }
}

/** A message whose key, value and headers are known to be whole, and are read each time that they are asked for. */
class Message implements FetchedMessage {
  readonly offset: string;
  readonly #records: Buffer;
  readonly #start: number;
  readonly #timeDelta: number;
  readonly #context: RecordContext;

  /** @param start where its content begins */
  constructor(records: Buffer, start: number, offset: string, timeDelta: number, context: RecordContext) {
    this.offset = offset;
    this.#records = records;
    this.#start = start;
    this.#timeDelta = timeDelta;
    this.#context = context;
  }

  get timestamp(): string {
    const { appendTime, firstTime } = this.#context;
    return appendTime ?? String(firstTime + BigInt(this.#timeDelta));
  }

  get key(): Buffer | null {
    return this.#content().field();
  }

  get value(): Buffer | null {
    const content = this.#content();
    content.skipField();
    return content.field();
  }

  get headers(): FetchedMessage['headers'] {
    const content = this.#content();
    content.skipField();
    content.skipField();
    return content.headers();
  }

  get isControlRecord(): boolean {
    return this.#context.isControlRecord;
  }

  get batchContext(): BatchContext {
    return this.#context.batchContext;
  }

  #content(): FieldReader {
    return new FieldReader(this.#records, this.#start);
  }
}

/** Reads the fields of records. All throw a RangeError behind the end. */
class FieldReader {
  position: number;
  readonly #bytes: Buffer;

  constructor(bytes: Buffer, position = 0) {
    this.#bytes = bytes;
    this.position = position;
  }

  /** What a record has in the end: key, value and headers. */
  skipContent(): void {
    this.skipField();
    this.skipField();
    const count = this.varint();
    for (let index = 0; index < count; index += 1) {
      this.skipField();
      this.skipField();
    }
  }

  headers(): Record<string, Buffer | Buffer[] | undefined> {
    const headers: Record<string, Buffer | Buffer[] | undefined> = {};
    const count = this.varint();
    for (let index = 0; index < count; index += 1) {
      const name = this.#text();
      const value = this.field() ?? undefined;
      if (!Object.hasOwn(headers, name) && name !== '__proto__') headers[name] = value;
      else if (value) Object.defineProperty(headers, name, { ...visible, value: together(headers, name, value) });
    }
    return headers;
  }

  /** Bytes with their length before them; -1 stands for null. */
  field(): Buffer | null {
    const end = this.#fieldEnd();
    if (end === undefined) return null;
    const field = this.#bytes.subarray(this.position, end);
    this.position = end;
    return field;
  }

  skipField(): void {
    const end = this.#fieldEnd();
    if (end !== undefined) this.position = end;
  }

  /** Like a field; null is empty. There are many, and buffers are dearer than short strings. */
  #text(): string {
    const end = this.#fieldEnd();
    if (end === undefined) return '';
    const text = this.#bytes.toString('utf8', this.position, end);
    this.position = end;
    return text;
  }

  #fieldEnd(): number | undefined {
    const length = this.varint();
    if (length < 0) return undefined;
    const end = this.position + length;
    if (end > this.#bytes.length) throw incomplete();
    return end;
  }

  /** Of up to 64 bits, exact to 53: the least significant seven first, and the sign in the lowest of all. */
  varint(): number {
    const bytes = this.#bytes;
    let encoded = 0;
    for (let index = 0, scale = 1; index < 10; index += 1, scale *= 128) {
      const byte = bytes[this.position++];
      if (byte === undefined) throw incomplete();
      encoded += (byte & 0x7f) * scale;
      if (byte < 0x80) return encoded % 2 === 0 ? encoded / 2 : -(encoded + 1) / 2;
    }
    throw incomplete();
  }
}

const visible = { enumerable: true, configurable: true, writable: true };

function together(headers: Readonly<Record<string, Buffer | Buffer[] | undefined>>, name: string, value: Buffer) {
  const before = Object.hasOwn(headers, name) ? headers[name] : undefined;
  return before === undefined ? value : [before, value].flat();
}

const incomplete = () => new RangeError('records that end too soon');

function unreadable(thrown: unknown): ExpectedError {
  const { message } = toError(thrown);
  return new ExpectedError<KafkaErrorCode>('BatchUnreadable', `Cannot read a batch of messages: ${message}`, {
    cause: thrown,
  });
}
