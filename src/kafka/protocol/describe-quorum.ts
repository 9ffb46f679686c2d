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

/** A controller that votes, and how long ago it had all that the leader has, in milliseconds; Infinity where it never had. */
export interface Voter {
  readonly id: number;
  readonly behindMilliseconds: number;
}

export interface Quorum {
  readonly leader: number;
  readonly voters: readonly Voter[];
}

/** The first version that says when each voter had last caught up; Apache Kafka 3.3. */
const apiWithTimes: Api = { ...api, apiVersion: 1 };

/**
 * The controllers that vote, as their leader sees them.
 *
 * @returns undefined while there is no leader
 * @throws {ExpectedError} also where the brokers do not say when a voter had caught up
 */
export async function fetchQuorum(broker: Broker): Promise<Quorum | undefined> {
  const { errorCode, partition } = await exchange(broker, apiWithTimes, encode, decodeWithVoters);
  const error = brokerError(errorCode) ?? (partition && brokerError(partition.errorCode));
  if (error) throw error;
  if (!partition) throw incompleteAnswer(api.apiName, metadataTopic);
  const { leader, voters } = partition;
  const caughtUp = voters.find(({ id }) => id === leader)?.caughtUpAt;
  if (leader < 0 || caughtUp === undefined) return undefined;
  return {
    leader,
    voters: voters.map(({ id, caughtUpAt }) => ({
      id,
      behindMilliseconds: caughtUpAt < 0 ? Infinity : Math.max(0, caughtUp - caughtUpAt),
    })),
  };
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

function decodeWithVoters(decoder: Decoder) {
  const errorCode = decoder.readInt16();
  const topics = decoder.readUVarIntArray((topic) => {
    topic.readUVarIntString(); // its name
    return topic.readUVarIntArray(decodeVoters)?.[0];
  });
  return { errorCode, partition: topics?.[0] };
}

function decodeVoters(decoder: Decoder) {
  const { errorCode, leader } = decodePartition(decoder);
  decoder.readInt32(); // leader epoch
  decoder.readInt64(); // high watermark
  return { errorCode, leader, voters: decoder.readUVarIntArray(decodeVoter) ?? [] };
}

function decodeVoter(decoder: Decoder): { readonly id: number; readonly caughtUpAt: number } {
  const id = decoder.readInt32();
  decoder.readInt64(); // end of its log
  decoder.readInt64(); // when it last fetched
  const caughtUpAt = Number(decoder.readInt64());
  decoder.readTaggedFields();
  return { id, caughtUpAt };
}
