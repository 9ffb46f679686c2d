import type Broker from 'kafkajs/src/broker/index.js';
import type Decoder from 'kafkajs/src/protocol/decoder.js';
import type Encoder from 'kafkajs/src/protocol/encoder.js';
import { brokerError, incompleteAnswer } from '../errors.ts';
import { exchange, noTags, supports, type Api } from './request.ts';

const api: Api = { apiKey: 55, apiVersion: 0, apiName: 'DescribeQuorum', flexible: true };

/** Each list is written with its length and one. */
const oneItem = 2;

/** The one partition that the controllers keep the cluster's metadata in. */
const metadataTopic = '__cluster_metadata';
const metadataPartition = 0;

/**
 * The node that leads the controllers. Metadata does not tell it: there, a broker in KRaft mode names any broker, a
 * different one each time, so that clients spread what they ask of "the controller".
 *
 * @returns undefined while there is none, and from brokers that have no quorum of controllers
 */
export async function fetchQuorumLeader(broker: Broker): Promise<number | undefined> {
  const { errorCode, partition } = await exchange(broker, api, encode, decode);
  const error = brokerError(errorCode) ?? (partition && brokerError(partition.errorCode));
  if (error) throw error;
  if (!partition) throw incompleteAnswer(api.apiName, metadataTopic);
  return partition.leader < 0 ? undefined : partition.leader;
}

export const hasQuorum = (broker: Broker): boolean => supports(broker, api);

function encode(encoder: Encoder): void {
  encoder
    .writeUVarInt(oneItem)
    .writeUVarIntString(metadataTopic)
    .writeUVarInt(oneItem)
    .writeInt32(metadataPartition)
    .writeUVarInt(noTags)
    .writeUVarInt(noTags)
    .writeUVarInt(noTags);
}

interface QuorumPartition {
  readonly errorCode: number;
  readonly leader: number;
}

function decode(decoder: Decoder) {
  const errorCode = decoder.readInt16();
  const topics = decoder.readUVarIntArray(decodeTopic) ?? [];
  return { errorCode, partition: topics[0] };
}

function decodeTopic(decoder: Decoder): QuorumPartition | undefined {
  decoder.readUVarIntString(); // its name
  return decoder.readUVarIntArray(decodePartition)?.[0];
}

/** Reads as far as the leader. It is the only partition, so that nothing is looked for behind it. */
function decodePartition(decoder: Decoder): QuorumPartition {
  decoder.readInt32(); // its number
  return { errorCode: decoder.readInt16(), leader: decoder.readInt32() };
}
