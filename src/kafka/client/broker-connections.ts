import Broker from 'kafkajs/src/broker/index.js';
import createConnectionPoolBuilder, { type ConnectionPool } from 'kafkajs/src/cluster/connectionPoolBuilder.js';
import { createLogger as createKafkajsLogger } from 'kafkajs/src/loggers/index.js';
import { systemClock, type Clock } from '../../lib/clock.ts';
import { ExpectedError } from '../../lib/errors.ts';
import type { Logger } from '../../lib/log.ts';
import type { KafkaConnection } from '../connection.ts';
import { brokerError, kafkaError, type KafkaErrorCode } from '../errors.ts';
import { ask } from '../protocol/kafkajs-requests.ts';
import { hasQuorum } from '../protocol/describe-quorum.ts';
import { fetchMetadata, type BrokerAddress, type Metadata } from '../protocol/metadata.ts';
import type { AnswerLimits } from './broker-socket.ts';
import { Deadline } from './deadline.ts';
import { clientOptions, patience, type ClientTimes } from './options.ts';

export type { Broker };

export interface BrokerConnectionsOptions {
  readonly logger: Logger;
  readonly clock?: Clock;
  readonly times?: Partial<ClientTimes>;
  readonly answers?: Partial<AnswerLimits>;
  /** Told of each request by its name in Kafka's protocol, such as Metadata; what it throws keeps it from being sent. */
  readonly onRequest?: (api: string) => void;
}

/** Brokers to work with. All methods throw ExpectedErrors with a KafkaErrorCode. */
export interface BrokerAccess {
  /**
   * Works with a broker that takes changes, the same one as long as it is there. Reads go to it, too, so that they do
   * not jump between brokers of which one knows of a change and the other does not yet.
   */
  withController<T>(work: (broker: Broker) => Promise<T>): Promise<T>;
  withBroker<T>(nodeId: number, work: (broker: Broker) => Promise<T>): Promise<T>;
  /** Works with the broker that keeps a group's state. */
  withCoordinator<T>(groupId: string, work: (broker: Broker) => Promise<T>): Promise<T>;
  /** Works with the broker that keeps the state of a producer's transactions. */
  withTransactionCoordinator<T>(transactionalId: string, work: (broker: Broker) => Promise<T>): Promise<T>;
}

interface KnownBroker {
  readonly address: BrokerAddress;
  /** Made when it is first asked something: brokers can name any number of others. */
  broker?: Promise<Broker>;
}

/**
 * The brokers of a cluster, one connection each, made when it is first needed. kafkajs's own class for this asks for
 * all topics with each look at the cluster, and fails when one of them has no leader yet.
 */
export class BrokerConnections {
  readonly #bootstrapServers: readonly string[];
  readonly #clock: Clock;
  readonly #times: ClientTimes;
  readonly #create: (address: Omit<BrokerAddress, 'nodeId'>, nodeId?: number) => Promise<Broker>;
  readonly #known = new Map<number, KnownBroker>();
  /** Those that may take changes; the first that lets us connect is asked. */
  #controllers: readonly number[] = [];
  #looking: Promise<void> | undefined;
  #isClosed = false;

  constructor(connection: KafkaConnection, options: BrokerConnectionsOptions) {
    this.#bootstrapServers = connection.bootstrapServers;
    this.#clock = options.clock ?? systemClock;
    this.#times = { ...patience, ...options.times };
    this.#create = createBrokerFactory(connection, options);
  }

  /** Brokers for one call, all of which ends within the time for a call. */
  call(): BrokerAccess {
    const deadline = new Deadline(this.#clock, this.#times.callMilliseconds);
    const withBroker: BrokerAccess['withBroker'] = (nodeId, work) => this.#with(() => [nodeId], work, deadline);
    const withController: BrokerAccess['withController'] = (work) =>
      this.#with(
        () => this.#controllers,
        (broker) => {
          this.#controllers = [broker.nodeId, ...this.#controllers.filter((id) => id !== broker.nodeId)];
          return work(broker);
        },
        deadline,
      );
    const coordinating = (type: number): BrokerAccess['withCoordinator'] => {
      return async (key, work) =>
        withBroker(await withController((broker) => findCoordinator(broker, key, type)), work);
    };
    return {
      withController,
      withBroker,
      withCoordinator: coordinating(coordinatorTypes.group),
      withTransactionCoordinator: coordinating(coordinatorTypes.transaction),
    };
  }

  /** Ends what is under way, too: it would go on with a connection that nobody closes. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#drop();
  }

  async #drop(): Promise<void> {
    const known = [...this.#known.values()];
    this.#known.clear();
    await Promise.all(known.map(async ({ broker }) => (await broker)?.disconnect()));
  }

  async #with<T>(
    nodeIds: () => readonly number[],
    work: (broker: Broker) => Promise<T>,
    deadline: Deadline,
  ): Promise<T> {
    try {
      return await deadline.wait(async () => {
        const broker = await this.#connect(nodeIds(), deadline).catch(() => this.#lookAndConnect(nodeIds, deadline));
        // Who asked has been told that nobody answers: nothing is to be changed after that.
        deadline.check();
        return work(broker);
      });
    } catch (thrown) {
      const error = kafkaError(thrown);
      // A connection to a broker that hangs looks like any other: only a new look at the cluster leads around it.
      if (error.code === 'Timeout' || error.code === 'BrokerUnreachable') void this.#drop();
      throw error;
    }
  }

  async #lookAndConnect(nodeIds: () => readonly number[], deadline: Deadline): Promise<Broker> {
    this.#looking ??= this.#look().finally(() => (this.#looking = undefined));
    await this.#looking;
    return this.#connect(nodeIds(), deadline);
  }

  /** To the first that lets us: others tell of a broker for some time after it is gone. */
  async #connect(nodeIds: readonly number[], deadline: Deadline): Promise<Broker> {
    let failure = notThere(nodeIds);
    for (const nodeId of this.#isClosed ? [] : nodeIds) {
      deadline.check();
      const known = this.#known.get(nodeId);
      if (!known) continue;
      try {
        const broker = await (known.broker ??= this.#create(known.address, nodeId));
        await this.#connectTo(broker);
        if (this.#known.get(nodeId) === known) return broker;
        // Dropped while it was being connected.
        void broker.disconnect();
      } catch (thrown) {
        failure = kafkaError(thrown);
        if (!failure.retryable) break;
      }
    }
    throw failure;
  }

  /** Until it has told its versions and has let us in. kafkajs waits for some of that without end. */
  async #connectTo(broker: Broker): Promise<void> {
    const { connectMilliseconds } = this.#times;
    await new Deadline(this.#clock, 2 * connectMilliseconds).wait(() => broker.connect());
  }

  /** Asks all bootstrap servers who is there, and believes the first that answers. */
  async #look(): Promise<void> {
    const deadline = new Deadline(this.#clock, this.#times.callMilliseconds / 2);
    const asked = this.#bootstrapServers.map(async (server) => {
      const broker = await this.#create(parseAddress(server));
      try {
        return await deadline.wait(async () => {
          await this.#connectTo(broker);
          const metadata = await fetchMetadata(broker, []);
          return { metadata, controllers: findControllers(broker, metadata) };
        });
      } finally {
        void broker.disconnect();
      }
    });
    const { metadata, controllers } = await Promise.any(asked).catch((error: unknown) => {
      throw unanswered(error);
    });
    this.#learn(metadata.brokers);
    this.#controllers = controllers;
  }

  #learn(addresses: readonly BrokerAddress[]): void {
    const gone = new Map(this.#known);
    this.#known.clear();
    for (const address of addresses) {
      const { nodeId, host, port } = address;
      const before = gone.get(nodeId);
      const isSame = before?.address.host === host && before.address.port === port;
      this.#known.set(nodeId, isSame ? before : { address });
      if (isSame) gone.delete(nodeId);
    }
    for (const { broker } of gone.values()) void broker?.then((connected) => connected.disconnect());
  }
}

function createBrokerFactory(
  connection: KafkaConnection,
  { logger: ours, times, answers, onRequest }: BrokerConnectionsOptions,
) {
  const { logLevel, logCreator, authenticationTimeout, ...options } = clientOptions(connection, ours, times, answers);
  const logger = createKafkajsLogger({ level: logLevel, logCreator });
  const pools = createConnectionPoolBuilder({ ...options, logger });
  return async (address: Omit<BrokerAddress, 'nodeId'>, nodeId?: number) => {
    const connectionPool = await pools.build(address);
    if (onRequest) tellRequests(connectionPool, onRequest);
    return new Broker({ logger, connectionPool, authenticationTimeout, allowAutoTopicCreation: false, nodeId });
  };
}

function tellRequests(pool: ConnectionPool, onRequest: (api: string) => void): void {
  const send: ConnectionPool['send'] = pool.send.bind(pool);
  pool.send = (request) => {
    onRequest(request.request.apiName);
    return send(request);
  };
}

const coordinatorTypes = { group: 0, transaction: 1 };

/** @param key the id of a group, or of a producer's transactions */
async function findCoordinator(broker: Broker, key: string, coordinatorType: number): Promise<number> {
  const { errorCode, coordinator } = await ask(broker, 'GroupCoordinator', { groupId: key, coordinatorType });
  const error = brokerError(errorCode);
  if (error) throw error;
  return coordinator.nodeId;
}

/**
 * The brokers, those first that are best asked for changes. In KRaft mode every broker hands them on, and names any as
 * the controller: in the order of their ids, all clients ask the same one, and see the same.
 */
function findControllers(broker: Broker, { brokers, controllerId }: Metadata): number[] {
  const inOrder = brokers.map(({ nodeId }) => nodeId).toSorted((one, other) => one - other);
  if (hasQuorum(broker) || !inOrder.includes(controllerId)) return inOrder;
  return [controllerId, ...inOrder.filter((id) => id !== controllerId)];
}

function parseAddress(server: string): Omit<BrokerAddress, 'nodeId'> {
  const colon = server.lastIndexOf(':');
  const host = server.slice(0, colon).replace(/^\[(.*)\]$/, '$1'); // [::1] as IPv6
  return { host, port: Number(server.slice(colon + 1)) };
}

function notThere(nodeIds: readonly number[]): ExpectedError {
  const message = nodeIds.length === 0 ? 'No broker is there' : `Broker ${nodeIds.join(', ')} is not there`;
  return new ExpectedError<KafkaErrorCode>('BrokerUnreachable', message, { retryable: true });
}

/** Of the reasons why no bootstrap server answered, the one that a person has to fix, if there is one. */
function unanswered(error: unknown): ExpectedError {
  const reasons = error instanceof AggregateError ? error.errors.map(kafkaError) : [kafkaError(error)];
  return reasons.find(({ retryable }) => !retryable) ?? reasons[0] ?? kafkaError(error);
}
