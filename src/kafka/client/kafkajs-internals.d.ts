/* eslint-disable no-restricted-exports -- kafkajs's modules have one export each */

/*
 * What we use of kafkajs beyond its public API, which drops the broker's error texts and lacks requests. It is pinned
 * to an exact version, and the integration tests run all of it against a real broker.
 */

declare module 'kafkajs/src/broker/index.js' {
  import type { ConnectionPool } from 'kafkajs/src/cluster/connectionPoolBuilder.js';

  /** A request and how its answer is read. */
  export interface WireRequest<Response> {
    readonly request: {
      readonly apiKey: number;
      readonly apiVersion: number;
      readonly apiName: string;
      /** Gives an Encoder. */
      readonly encode: () => Promise<unknown>;
    };
    readonly response: {
      readonly decode: (payload: Buffer) => Promise<Response>;
      readonly parse: (decoded: Response) => Promise<Response>;
    };
  }

  /** All versions of a request that kafkajs knows. */
  export interface RequestDefinition<Values = never> {
    readonly versions: readonly string[];
    /** Gives what makes a request of this version. */
    protocol: (version: { readonly version: number | string }) => (values: Values) => WireRequest<unknown>;
  }

  /** What Fetch asks for; other requests have other values. */
  export interface FetchValues {
    readonly topics: readonly {
      readonly topic: string;
      readonly partitions: readonly { readonly partition: number; readonly fetchOffset: string }[];
    }[];
  }

  type Bytes = Buffer | string | null;

  export interface ProducedMessage {
    readonly key?: Bytes;
    readonly value: Bytes;
    /** A header may come several times. */
    readonly headers?: Readonly<Record<string, Bytes | readonly Bytes[] | undefined>>;
    /** Milliseconds since 1970; now when left out. */
    readonly timestamp?: string | number | null;
  }

  /** What Produce sends. */
  export interface ProduceValues {
    readonly transactionalId?: string | null;
    readonly acks: number;
    readonly timeout: number;
    /** A Long, or its text. */
    readonly producerId?: { toString(): string };
    readonly producerEpoch?: number;
    /** 0 for none. */
    readonly compression?: number;
    readonly topicData: readonly {
      readonly topic: string;
      readonly partitions: readonly {
        readonly partition: number;
        readonly firstSequence?: number;
        readonly messages: readonly ProducedMessage[];
      }[];
    }[];
  }

  export default class Broker {
    constructor(options: {
      readonly logger: unknown;
      readonly connectionPool: ConnectionPool;
      readonly authenticationTimeout: number;
      readonly allowAutoTopicCreation: boolean;
      readonly nodeId?: number | undefined;
    });
    readonly connectionPool: ConnectionPool;
    /** As it was given; null for one of which only the address is known. */
    readonly nodeId: number;
    /** By API key, what the broker supports; null before it is connected. */
    readonly versions: Readonly<Record<number, { readonly minVersion: number; readonly maxVersion: number }>> | null;
    /** Does nothing when it is connected. */
    connect(): Promise<void>;
    disconnect(): Promise<void>;
    /** The request in the newest version that both sides know. */
    lookupRequest(apiKey: number, definition: RequestDefinition): (values: object) => WireRequest<unknown>;
  }
}

declare module 'kafkajs/src/cluster/index.js' {
  export interface TopicPartitions {
    readonly topic: string;
    readonly partitions: readonly { readonly partition: number }[];
  }
  /** What a client knows of the brokers and of the topics that it uses. */
  export default class Cluster {
    /** A leader of -1 is none. */
    findTopicPartitionMetadata(topic: string): readonly { readonly partitionId: number; readonly leader: number }[];
    /** The offsets where reading begins that has committed none. */
    fetchTopicsOffset: (
      this: Cluster,
      topics: readonly TopicPartitions[],
    ) => Promise<readonly { readonly topic: string; readonly partitions: readonly unknown[] }[]>;
  }
}

declare module 'kafkajs/src/cluster/connectionPoolBuilder.js' {
  import type { KafkaConfig } from 'kafkajs';
  import type { WireRequest } from 'kafkajs/src/broker/index.js';

  export interface ConnectionPool {
    send: <Response>(request: WireRequest<Response>) => Promise<Response>;
  }

  export default function createConnectionPoolBuilder(options: KafkaConfig & { readonly logger: unknown }): {
    build(address: { host: string; port: number }): Promise<ConnectionPool>;
  };
}

declare module 'kafkajs/src/consumer/batch.js' {
  /** What a read_committed consumer sees of a partition's answer. */
  export default class Batch<Message> {
    constructor(topic: string, fetchedOffset: string, partition: { readonly messages: readonly Message[] });
    /** Without those of aborted transactions, control records, and those before the offset. */
    readonly messages: readonly Message[];
  }
}

declare module 'kafkajs/src/consumer/consumerGroup.js' {
  import type { OffsetsByTopicPartition } from 'kafkajs';
  /** Opaque to us. */
  type Coordinator = unknown;
  /** A member of a group, from `join` to `leave`. */
  export default class ConsumerGroup {
    constructor(options: {
      readonly logger: { namespace(name: string): unknown };
      readonly groupId: string;
      readonly cluster: ConsumerGroup['cluster'];
      readonly instrumentationEmitter: { emit(event: string): void };
    });
    readonly cluster: {
      findGroupCoordinator(group: { readonly groupId: string }): Promise<Coordinator>;
      refreshMetadata(): Promise<void>;
    };
    readonly groupId: string;
    generationId: number | null;
    memberId: string | null;
    coordinator: Coordinator;
    offsetManager: { coordinator: Coordinator; commitOffsets(offsets?: OffsetsByTopicPartition): Promise<void> } | null;
    /** Sends nothing when the last sign of life is younger than the interval. */
    heartbeat: (this: ConsumerGroup, options: { readonly interval: number }) => Promise<void>;
    commitOffsets: (this: ConsumerGroup, offsets?: OffsetsByTopicPartition) => Promise<void>;
    leave(): Promise<void>;
    /** Called with what a fetch threw; throws what cannot be recovered from. */
    recoverFromFetch: (this: ConsumerGroup, error: Error & { readonly type?: string }) => Promise<void>;
  }
}

declare module 'kafkajs/src/consumer/runner.js' {
  import type ConsumerGroup from 'kafkajs/src/consumer/consumerGroup.js';
  /** What a consumer runs from `run` to `stop`. */
  export default class Runner {
    constructor(options: {
      readonly logger: unknown;
      readonly consumerGroup: unknown;
      readonly instrumentationEmitter: { emit(event: string): void };
      readonly concurrency: number;
      readonly onCrash: (error: Error) => void;
    });
    readonly running: boolean;
    readonly consumerGroup: ConsumerGroup;
    readonly fetchManager: {
      /** Resolves when no fetcher runs any more, of those that there are now. */
      stop(): Promise<void>;
    };
    /** Connects and joins; goes on in the background. */
    start: (this: Runner) => Promise<void>;
    stop: (this: Runner) => Promise<void>;
    /** Gives the batches that one fetch from a broker brings: none from a consumer that does not run. */
    fetch: (this: Runner, nodeId: string) => Promise<readonly unknown[]>;
  }
}

declare module 'kafkajs/src/network/socketFactory.js' {
  import type { Socket } from 'node:net';

  export interface Destination {
    readonly host: string;
    readonly port: number;
    readonly ssl?: unknown;
    readonly onConnect: () => void;
  }

  export default function createSocketFactory(): (destination: Destination) => Socket;
}

declare module 'kafkajs/src/network/requestQueue/index.js' {
  export default class RequestQueue {
    constructor(options: {
      readonly maxInFlightRequests: number | null;
      readonly requestTimeout: number;
      readonly enforceRequestTimeout: boolean;
      readonly clientId: string;
      readonly broker: string;
      readonly logger: { debug(message: string): void };
    });
    readonly maxInFlightRequests: number | null | undefined;
    /** Milliseconds, of the clock that `maybeThrottle` takes; -1 when the broker has not asked us to slow down. */
    throttledUntil: number;
    throttleCheckTimeoutId: NodeJS.Timeout | null;
    readonly pending: readonly unknown[];
    readonly inflight: ReadonlyMap<number, unknown>;
    push: (
      this: RequestQueue,
      request: {
        readonly entry: {
          readonly correlationId: number;
          readonly apiName?: string;
          readonly reject: (error: Error) => void;
        };
        readonly expectResponse: boolean;
        readonly sendRequest: () => void;
      },
    ) => void;
    /** Some answers have no time, such as those to a login. */
    maybeThrottle(milliseconds: number | null | undefined): void;
    canSendSocketRequestImmediately(): boolean;
    scheduleCheckPendingRequests(): void;
    checkPendingRequests(): void;
  }
}

declare module 'kafkajs/src/loggers/index.js' {
  import type { logCreator } from 'kafkajs';
  export function createLogger(options: { level: number; logCreator: logCreator }): unknown;
}

declare module 'kafkajs/src/protocol/requests/index.js' {
  import type Broker from 'kafkajs/src/broker/index.js';
  import type { FetchValues, ProduceValues, RequestDefinition } from 'kafkajs/src/broker/index.js';
  export function lookup(versions: NonNullable<Broker['versions']>): Broker['lookupRequest'];
  export const requests: Readonly<Record<string, RequestDefinition>> & {
    readonly Fetch: RequestDefinition<FetchValues>;
    readonly Metadata: RequestDefinition;
    readonly Produce: RequestDefinition<ProduceValues>;
  };
}

declare module 'kafkajs/src/protocol/requests/fetch/v4/decodeMessages.js' {
  import type Decoder from 'kafkajs/src/protocol/decoder.js';
  export default function decodeMessages(decoder: Decoder): Promise<readonly unknown[]>;
}

declare module 'kafkajs/src/protocol/recordBatch/v0/index.js' {
  export function RecordBatch(batch: {
    readonly firstTimestamp: number;
    readonly lastOffsetDelta: number;
    readonly records: readonly unknown[];
  }): Promise<{ readonly buffer: Buffer }>;
}

declare module 'kafkajs/src/protocol/recordBatch/record/v0/index.js' {
  export default function createRecord(record: {
    readonly offsetDelta: number;
    readonly timestampDelta: number;
    readonly key: Buffer | null;
    readonly value: Buffer | null;
    readonly headers: Readonly<Record<string, Buffer | Buffer[] | undefined>>;
  }): unknown;
}

declare module 'kafkajs/src/protocol/recordBatch/crc32C/index.js' {
  export default function crc32C(bytes: Buffer): number;
}

declare module 'kafkajs/src/protocol/error.js' {
  export function createErrorFromCode(code: number): Error & { readonly type: string; readonly retriable: boolean };
}

declare module 'kafkajs/src/protocol/encoder.js' {
  export default class Encoder {
    readonly buffer: Buffer;
    writeInt8(value: number): this;
    writeInt16(value: number): this;
    writeInt32(value: number): this;
    writeDouble(value: number): this;
    writeBoolean(value: boolean): this;
    writeString(value: string | null): this;
    writeUVarIntString(value: string): this;
    writeUVarIntBytes(value: Buffer): this;
    writeUVarInt(value: number): this;
    writeVarInt(value: number): this;
    writeVarIntString(value: string): this;
    writeVarIntBytes(value: Buffer | null): this;
    writeBuffer(value: Buffer): this;
  }
}

declare module 'kafkajs/src/protocol/decoder.js' {
  export default class Decoder {
    constructor(buffer: Buffer);
    readonly buffer: Buffer;
    offset: number;
    readInt8(): number;
    readInt16(): number;
    readInt32(): number;
    /** A Long, which its text stands for. */
    readInt64(): { toString(): string };
    readDouble(): number;
    readBoolean(): boolean;
    readString(): string | null;
    readUVarIntString(): string | null;
    readVarInt(): number;
    readUVarInt(): number;
    readBytes(length: number): Buffer;
    readArray<T>(reader: (decoder: Decoder) => T): T[];
    readUVarIntArray<T>(reader: (decoder: Decoder) => T): T[] | null;
    readTaggedFields(): void;
  }
}
