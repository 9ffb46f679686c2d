import type Broker from 'kafkajs/src/broker/index.js';
import { requests } from 'kafkajs/src/protocol/requests/index.js';
import { asDecoded, send } from './request.ts';

/** The requests that we send in kafkajs's own encoding, with what goes in and what comes out. */
interface Apis {
  readonly ListOffsets: Api<2, ListOffsetsValues, ListOffsetsResponse>;
  readonly Metadata: Api<3, { topics: readonly string[]; allowAutoTopicCreation: boolean }, MetadataResponse>;
  readonly OffsetFetch: Api<9, { groupId: string; topics: readonly TopicPartitions[] }, OffsetFetchResponse>;
  readonly GroupCoordinator: Api<10, { groupId: string; coordinatorType: number }, GroupCoordinatorResponse>;
  readonly DescribeGroups: Api<15, { groupIds: readonly string[] }, DescribeGroupsResponse>;
  readonly ListGroups: Api<16, Record<string, never>, ListGroupsResponse>;
  readonly CreateTopics: Api<19, CreateTopicsValues, TopicErrors>;
  readonly DeleteTopics: Api<20, { topics: readonly string[]; timeout: number }, TopicErrors>;
  readonly DeleteGroups: Api<42, readonly string[], DeleteGroupsResponse>;
  readonly CreatePartitions: Api<37, CreatePartitionsValues, TopicErrors>;
}

interface Api<Key extends number, Values, Response> {
  readonly key: Key;
  readonly values: Values;
  readonly response: Response;
}

const apiKeys: { readonly [Name in keyof Apis]: Apis[Name]['key'] } = {
  ListOffsets: 2,
  Metadata: 3,
  OffsetFetch: 9,
  GroupCoordinator: 10,
  DescribeGroups: 15,
  ListGroups: 16,
  CreateTopics: 19,
  DeleteTopics: 20,
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
