import type Broker from 'kafkajs/src/broker/index.js';
import type Decoder from 'kafkajs/src/protocol/decoder.js';
import { brokerError } from '../errors.ts';
import { exchange, noTags, supports, type Api } from './request.ts';

/** The file systems that a broker keeps its replicas on, in bytes. */
export interface BrokerDisk {
  readonly totalBytes: number;
  readonly usableBytes: number;
}

/** KIP-827: the first version that reports the size of a folder's file system; Apache Kafka 3.3. */
const api: Api = { apiKey: 35, apiVersion: 4, apiName: 'DescribeLogDirs', flexible: true };
/** Without topics, the answer holds the folders alone. */
const noTopics = 1;

/** The fullest of a broker's folders; undefined where the release, or the file system, does not report it. */
export async function describeDisk(broker: Broker): Promise<BrokerDisk | undefined> {
  if (!supports(broker, api)) return undefined;
  const { error, folders } = await exchange(
    broker,
    api,
    (encoder) => encoder.writeUVarInt(noTopics).writeUVarInt(noTags),
    decode,
  );
  if (error) throw error;
  const known = folders.filter(({ totalBytes, usableBytes }) => totalBytes > 0 && usableBytes >= 0);
  return known.toSorted((one, other) => free(one) - free(other))[0];
}

const free = ({ totalBytes, usableBytes }: BrokerDisk) => usableBytes / totalBytes;

function decode(decoder: Decoder) {
  decoder.readInt32(); // throttle time
  const error = brokerError(decoder.readInt16());
  return { error, folders: decoder.readUVarIntArray(decodeFolder) ?? [] };
}

function decodeFolder(decoder: Decoder): BrokerDisk {
  decoder.readInt16(); // of a folder that has failed, no size is known
  decoder.readUVarIntString(); // its path
  decoder.readUVarIntArray(skipTopic);
  const disk = { totalBytes: Number(decoder.readInt64()), usableBytes: Number(decoder.readInt64()) };
  decoder.readTaggedFields();
  return disk;
}

/** None are asked for. */
function skipTopic(): never {
  throw new RangeError('a topic that was not asked for');
}
