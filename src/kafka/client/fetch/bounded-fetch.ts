import type { FetchValues, WireRequest } from 'kafkajs/src/broker/index.js';
import Decoder from 'kafkajs/src/protocol/decoder.js';
import decodeOlderMessages from 'kafkajs/src/protocol/requests/fetch/v4/decodeMessages.js';
import { requests } from 'kafkajs/src/protocol/requests/index.js';
import { changeRequest } from '../change-request.ts';
import { withoutAborted, type AbortedTransaction } from './aborted-transactions.ts';
import { decodeRecordBatches, isCurrentFormat, type DecodingLimits } from './record-batch.ts';

/** Of all partitions of one answer. */
const limits: DecodingLimits = { messages: 20_000, bytes: 24 * 2 ** 20 };
/** The version of all brokers since Kafka 2.3. */
const newestVersion = 11;

/**
 * kafkajs decodes a whole answer to Fetch at once, however much that is when it is decompressed, knows gzip only, and
 * gives up all partitions for one batch that it cannot read. This reads the answer in its place.
 */
export function boundFetch(): void {
  changeRequest(requests.Fetch, (version) => version === newestVersion, reading);
}

const reading = (wire: WireRequest<unknown>, values: FetchValues): WireRequest<unknown> => ({
  ...wire,
  response: { ...wire.response, decode: (answer) => decodeFetch(answer, values) },
});

interface Partition {
  readonly partition: number;
  readonly bytes: Buffer;
  readonly from: bigint;
  readonly aborted: readonly AbortedTransaction[];
  messages: readonly unknown[];
}

/** Counts answers, so that none of the partitions is always the last to be decoded. */
let answers = 0;

async function decodeFetch(answer: Buffer, values: FetchValues) {
  const decoder = new Decoder(answer);
  const clientSideThrottleTime = decoder.readInt32();
  const errorCode = decoder.readInt16();
  const sessionId = decoder.readInt32();
  const responses = decoder.readArray((topic) => decodeTopic(topic, values));
  const partitions = responses.flatMap((topic) => topic.partitions);
  const first = answers++ % Math.max(1, partitions.length);
  const left = { ...limits };
  for (const partition of [...partitions.slice(first), ...partitions.slice(0, first)]) {
    if (left.messages > 0 && left.bytes > 0) partition.messages = await decodeMessages(partition, left);
  }
  return { throttleTime: 0, clientSideThrottleTime, errorCode, sessionId, responses };
}

function decodeTopic(decoder: Decoder, { topics }: FetchValues) {
  const topicName = decoder.readString() ?? '';
  const asked = topics.find(({ topic }) => topic === topicName)?.partitions ?? [];
  const partitions = decoder.readArray(() => {
    const partition = decoder.readInt32();
    const head = {
      partition,
      errorCode: decoder.readInt16(),
      highWatermark: String(decoder.readBytes(8).readBigInt64BE()),
      lastStableOffset: String(decoder.readBytes(8).readBigInt64BE()),
      lastStartOffset: String(decoder.readBytes(8).readBigInt64BE()),
    };
    const aborted = decoder.readArray(decodeAbortedTransaction);
    const rest = { abortedTransactions: [], preferredReadReplica: decoder.readInt32() };
    const size = Math.max(0, decoder.readInt32());
    const from = BigInt(asked.find((one) => one.partition === partition)?.fetchOffset ?? 0);
    const messages: readonly unknown[] = [];
    return { ...head, ...rest, bytes: decoder.readBytes(size), from, aborted, messages };
  });
  return { topicName, partitions };
}

function decodeAbortedTransaction(decoder: Decoder): AbortedTransaction {
  return {
    producerId: String(decoder.readBytes(8).readBigInt64BE()),
    firstOffset: String(decoder.readBytes(8).readBigInt64BE()),
  };
}

async function decodeMessages({ bytes, from, aborted }: Partition, left: DecodingLimits): Promise<readonly unknown[]> {
  if (isCurrentFormat(bytes)) return withoutAborted(await decodeRecordBatches(bytes, from, left), aborted);
  const withSize = Buffer.allocUnsafe(4 + bytes.length);
  withSize.writeInt32BE(bytes.length, 0);
  bytes.copy(withSize, 4);
  return decodeOlderMessages(new Decoder(withSize));
}
