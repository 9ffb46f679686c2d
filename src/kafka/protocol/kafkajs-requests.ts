import type Broker from 'kafkajs/src/broker/index.js';
import { requests } from 'kafkajs/src/protocol/requests/index.js';
import type { MessageHeaders } from '../message-headers.ts';
import { asDecoded, send } from './request.ts';

/** The requests that we send in kafkajs's own encoding, with what goes in and what comes out. */
interface Apis {
  readonly Produce: Api<0, ProduceValues, ProduceResponse>;
  readonly Fetch: Api<1, FetchValues, FetchResponse>;
  readonly ListOffsets: Api<2, ListOffsetsValues, ListOffsetsResponse>;
  readonly Metadata: Api<3, { topics: readonly string[]; allowAutoTopicCreation: boolean }, MetadataResponse>;
  readonly OffsetFetch: Api<9, { groupId: string; topics: readonly TopicPartitions[] }, OffsetFetchResponse>;
  readonly GroupCoordinator: Api<10, { groupId: string; coordinatorType: number }, GroupCoordinatorResponse>;
  readonly LeaveGroup: Api<13, { groupId: string; memberId: string }, LeaveGroupResponse>;
  readonly DescribeGroups: Api<15, { groupIds: readonly string[] }, DescribeGroupsResponse>;
  readonly ListGroups: Api<16, Record<string, never>, ListGroupsResponse>;
  readonly CreateTopics: Api<19, CreateTopicsValues, TopicErrors>;
  readonly DeleteTopics: Api<20, { topics: readonly string[]; timeout: number }, TopicErrors>;
  readonly DeleteGroups: Api<42, readonly string[], DeleteGroupsResponse>;
  readonly InitProducerId: Api<22, { transactionalId: string; transactionTimeout: number }, InitProducerIdResponse>;
  readonly AddPartitionsToTxn: Api<
    24,
    ProducerValues & { topics: readonly TopicPartitionList[] },
    AddPartitionsResponse
  >;
  readonly AddOffsetsToTxn: Api<25, ProducerValues & { groupId: string }, { readonly errorCode: number }>;
  readonly EndTxn: Api<26, ProducerValues & { transactionResult: boolean }, { readonly errorCode: number }>;
  readonly TxnOffsetCommit: Api<28, TxnOffsetCommitValues, TxnOffsetCommitResponse>;
  readonly CreatePartitions: Api<37, CreatePartitionsValues, TopicErrors>;
}

interface Api<Key extends number, Values, Response> {
  readonly key: Key;
  readonly values: Values;
  readonly response: Response;
}

const apiKeys: { readonly [Name in keyof Apis]: Apis[Name]['key'] } = {
  Produce: 0,
  Fetch: 1,
  ListOffsets: 2,
  Metadata: 3,
  OffsetFetch: 9,
  GroupCoordinator: 10,
  LeaveGroup: 13,
  DescribeGroups: 15,
  ListGroups: 16,
  CreateTopics: 19,
  DeleteTopics: 20,
  InitProducerId: 22,
  AddPartitionsToTxn: 24,
  AddOffsetsToTxn: 25,
  EndTxn: 26,
  TxnOffsetCommit: 28,
  CreatePartitions: 37,
  DeleteGroups: 42,
};

/**
 * Sends a request in the newest version that both sides know. Errors within the answer are left to the caller:
 * kafkajs would throw one of them, and lose the others and the broker's words.
 *
 * @throws {ExpectedError} when no answer comes
 */
export async function ask<Name extends keyof Apis>(
  broker: Broker,
  name: Name,
  values: Apis[Name]['values'],
): Promise<Apis[Name]['response']> {
  const definition = requests[name];
  if (!definition) throw new TypeError(`kafkajs has no request ${name}`);
  const { request, response } = broker.lookupRequest(apiKeys[name], definition)(values);
  const decode = response.decode as (payload: Buffer) => Promise<Apis[Name]['response']>;
  return send(broker, { request, response: { decode, parse: asDecoded } });
}

/** By which brokers know a producer of transactions. */
export interface ProducerIdentity {
  readonly producerId: string;
  readonly producerEpoch: number;
}

interface ProducerValues extends ProducerIdentity {
  readonly transactionalId: string;
}

interface InitProducerIdResponse extends ProducerIdentity {
  readonly errorCode: number;
}

interface TopicPartitionList {
  readonly topic: string;
  readonly partitions: readonly number[];
}

interface AddPartitionsResponse {
  readonly errors: readonly {
    readonly topic: string;
    readonly partitionErrors: readonly { readonly partition: number; readonly errorCode: number }[];
  }[];
}

interface TxnOffsetCommitValues extends ProducerValues {
  readonly groupId: string;
  readonly topics: readonly {
    readonly topic: string;
    readonly partitions: readonly { readonly partition: number; readonly offset: string; readonly metadata: string }[];
  }[];
}

interface TxnOffsetCommitResponse {
  readonly topics: readonly {
    readonly topic: string;
    readonly partitions: readonly { readonly partition: number; readonly errorCode: number }[];
  }[];
}

export interface ProducedMessage {
  readonly key: Buffer | string | null;
  readonly value: Buffer | string | null;
  readonly headers: MessageHeaders;
}

interface ProduceValues extends ProducerValues {
  readonly acks: number;
  readonly timeout: number;
  readonly topicData: readonly {
    readonly topic: string;
    readonly partitions: readonly {
      readonly partition: number;
      readonly firstSequence: number;
      readonly messages: readonly ProducedMessage[];
    }[];
  }[];
}

interface ProduceResponse {
  readonly topics: readonly {
    readonly topicName: string;
    readonly partitions: readonly { readonly partition: number; readonly errorCode: number }[];
  }[];
}

interface FetchValues {
  readonly maxWaitTime: number;
  readonly minBytes: number;
  readonly maxBytes: number;
  readonly isolationLevel: number;
  readonly topics: readonly {
    readonly topic: string;
    readonly partitions: readonly {
      readonly partition: number;
      readonly fetchOffset: string;
      readonly maxBytes: number;
    }[];
  }[];
}

export interface FetchedPartition {
  readonly partition: number;
  readonly errorCode: number;
  readonly highWatermark: string;
  readonly lastStableOffset: string;
  readonly messages: readonly FetchedMessage[];
}

export interface FetchedMessage {
  readonly offset: string;
  /** Milliseconds since the epoch. */
  readonly timestamp: string;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: MessageHeaders;
}

interface FetchResponse {
  readonly errorCode?: number;
  readonly responses: readonly { readonly topicName: string; readonly partitions: readonly FetchedPartition[] }[];
}

interface TopicErrors {
  readonly topicErrors: readonly {
    readonly topic: string;
    readonly errorCode: number;
    readonly errorMessage?: string | null;
  }[];
}

interface CreateTopicsValues {
  readonly topics: readonly {
    readonly topic: string;
    /** -1 for what the broker has as its default. */
    readonly numPartitions: number;
    readonly replicationFactor: number;
    readonly replicaAssignment: readonly never[];
    readonly configEntries: readonly { readonly name: string; readonly value: string }[];
  }[];
  readonly validateOnly: boolean;
  readonly timeout: number;
}

interface CreatePartitionsValues {
  readonly topicPartitions: readonly { readonly topic: string; readonly count: number }[];
  readonly validateOnly: boolean;
  readonly timeout: number;
}

interface MetadataResponse {
  readonly brokers: readonly {
    readonly nodeId: number;
    readonly host: string;
    readonly port: number;
    readonly rack: string | null;
  }[];
  readonly clusterId: string;
  readonly controllerId: number;
  readonly topicMetadata: readonly {
    readonly topicErrorCode: number;
    readonly topic: string;
    readonly isInternal: boolean;
    readonly partitionMetadata: readonly {
      readonly partitionId: number;
      readonly leader: number;
      readonly replicas: readonly number[];
      readonly isr: readonly number[];
    }[];
  }[];
}

interface TopicPartitions {
  readonly topic: string;
  readonly partitions: readonly { readonly partition: number }[];
}

interface ListOffsetsValues {
  readonly isolationLevel: number;
  readonly topics: readonly {
    readonly topic: string;
    /** -1 for the end, -2 for the beginning. */
    readonly partitions: readonly { readonly partition: number; readonly timestamp: number }[];
  }[];
}

interface ListOffsetsResponse {
  readonly responses: readonly {
    readonly topic: string;
    readonly partitions: readonly { readonly partition: number; readonly errorCode: number; readonly offset: string }[];
  }[];
}

interface OffsetFetchResponse {
  readonly errorCode?: number;
  readonly responses: readonly {
    readonly topic: string;
    readonly partitions: readonly {
      readonly partition: number;
      readonly errorCode: number;
      readonly offset: string;
      readonly metadata: string | null;
    }[];
  }[];
}

interface GroupCoordinatorResponse {
  readonly errorCode: number;
  readonly coordinator: { readonly nodeId: number };
}

interface LeaveGroupResponse {
  readonly errorCode: number;
  readonly members?: readonly { readonly errorCode: number }[];
}

interface DeleteGroupsResponse {
  readonly results: readonly { readonly groupId: string; readonly errorCode: number }[];
}

interface DescribeGroupsResponse {
  readonly groups: readonly {
    readonly errorCode: number;
    readonly groupId: string;
    readonly state: string;
    readonly members: readonly { readonly memberId: string; readonly clientId: string; readonly clientHost: string }[];
  }[];
}

interface ListGroupsResponse {
  readonly errorCode: number;
  readonly groups: readonly { readonly groupId: string }[];
}
