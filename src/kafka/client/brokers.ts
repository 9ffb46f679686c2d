import Broker from 'kafkajs/src/broker/index.js';
import createConnectionPoolBuilder from 'kafkajs/src/cluster/connectionPoolBuilder.js';
import { createLogger as createKafkajsLogger } from 'kafkajs/src/loggers/index.js';
import createSocketFactory from 'kafkajs/src/network/socketFactory.js';
import { KafkaEventsError } from '../../lib/errors.ts';
import type { Logger } from '../../lib/log.ts';
import type { KafkaConnection } from '../connection.ts';
import { brokerError, kafkaError } from '../errors.ts';
import { ask } from '../protocol/kafkajs-requests.ts';
import { fetchMetadata, type BrokerAddress } from '../protocol/metadata.ts';
import { clientOptions, type ClientTimes } from './options.ts';

export type { Broker };

interface KnownBroker {
  readonly address: BrokerAddress;
  readonly broker: Broker;
}

/**
 * The brokers of a cluster, one connection each, made when it is first needed. kafkajs's own class for this asks for
 * all topics with each look at the cluster, and fails when one of them has no leader yet.
 */
export class Brokers {
  readonly #bootstrapServers: readonly string[];
  readonly #create: (address: Omit<BrokerAddress, 'nodeId'>, nodeId?: number) => Promise<Broker>;
  readonly #known = new Map<number, KnownBroker>();
  #controllerId = -1;
  #looking: Promise<void> | undefined;

  constructor(connection: KafkaConnection, logger: Logger, times?: Partial<ClientTimes>) {
    this.#bootstrapServers = connection.bootstrapServers;
    this.#create = createBrokerFactory(connection, logger, times);
  }

  /**
   * Works with the broker that takes changes. Reads go to it, too, so that they do not jump between brokers of which
   * one knows of a change and the other does not yet.
   *
   * @throws {KafkaEventsError} with a KafkaErrorCode
   */
  async withController<T>(work: (broker: Broker) => Promise<T>): Promise<T> {
    return this.#with(() => this.#controllerId, work);
  }

  async withBroker<T>(nodeId: number, work: (broker: Broker) => Promise<T>): Promise<T> {
    return this.#with(() => nodeId, work);
  }

  /** Works with the broker that keeps a group's state. */
  async withCoordinator<T>(groupId: string, work: (broker: Broker) => Promise<T>): Promise<T> {
    const nodeId = await this.withController(async (broker) => {
      const { errorCode, coordinator } = await ask(broker, 'GroupCoordinator', { groupId, coordinatorType: 0 });
      const error = brokerError(errorCode);
      if (error) throw error;
      return coordinator.nodeId;
    });
    return this.withBroker(nodeId, work);
  }

  async close(): Promise<void> {
    const known = [...this.#known.values()];
    this.#known.clear();
    await Promise.all(known.map(({ broker }) => broker.disconnect()));
  }

  async #with<T>(nodeId: () => number, work: (broker: Broker) => Promise<T>): Promise<T> {
    try {
      return await work(await this.#connect(nodeId).catch(() => this.#lookAndConnect(nodeId)));
    } catch (thrown) {
      const error = kafkaError(thrown);
      // A connection to a broker that hangs looks like any other: only a new look at the cluster leads around it.
      if (error.code === 'Timeout' || error.code === 'BrokerUnreachable') void this.close();
      throw error;
    }
  }

  async #lookAndConnect(nodeId: () => number): Promise<Broker> {
    this.#looking ??= this.#look().finally(() => (this.#looking = undefined));
    await this.#looking;
    return this.#connect(nodeId);
  }

  async #connect(nodeId: () => number): Promise<Broker> {
    const known = this.#known.get(nodeId());
    if (!known) throw new KafkaEventsError('BrokerUnreachable', `Broker ${nodeId()} is not there`, { retryable: true });
    await known.broker.connect();
    return known.broker;
  }

  /** Asks all bootstrap servers who is there, and believes the first that answers. */
  async #look(): Promise<void> {
    const asked = this.#bootstrapServers.map(async (server) => {
      const broker = await this.#create(parseAddress(server));
      try {
        await broker.connect();
        return await fetchMetadata(broker, []);
      } finally {
        void broker.disconnect();
      }
    });
    const { brokers, controllerId } = await Promise.any(asked).catch((error: unknown) => {
      throw unanswered(error);
    });
    await this.#learn(brokers);
    this.#controllerId = this.#known.has(controllerId) ? controllerId : (brokers[0]?.nodeId ?? -1);
  }

  async #learn(addresses: readonly BrokerAddress[]): Promise<void> {
    const gone = new Map(this.#known);
    this.#known.clear();
    for (const address of addresses) {
      const { nodeId, host, port } = address;
      const before = gone.get(nodeId);
      const isSame = before?.address.host === host && before.address.port === port;
      this.#known.set(nodeId, isSame ? before : { address, broker: await this.#create(address, nodeId) });
      if (isSame) gone.delete(nodeId);
    }
    for (const { broker } of gone.values()) void broker.disconnect();
  }
}

function createBrokerFactory(connection: KafkaConnection, kafkaEventsLogger: Logger, times?: Partial<ClientTimes>) {
  const { logLevel, logCreator, authenticationTimeout, ...options } = clientOptions(
    connection,
    kafkaEventsLogger,
    times,
  );
  const logger = createKafkajsLogger({ level: logLevel, logCreator });
  const pools = createConnectionPoolBuilder({ ...options, logger, socketFactory: createSocketFactory() });
  return async (address: Omit<BrokerAddress, 'nodeId'>, nodeId?: number) => {
    const connectionPool = await pools.build(address);
    return new Broker({ logger, connectionPool, authenticationTimeout, allowAutoTopicCreation: false, nodeId });
  };
}

function parseAddress(server: string): Omit<BrokerAddress, 'nodeId'> {
  const colon = server.lastIndexOf(':');
  const host = server.slice(0, colon).replace(/^\[(.*)\]$/, '$1'); // [::1] as IPv6
  return { host, port: Number(server.slice(colon + 1)) };
}

/** Of the reasons why no bootstrap server answered, the one that a person has to mend, if there is one. */
function unanswered(error: unknown): KafkaEventsError {
  const reasons = error instanceof AggregateError ? error.errors.map(kafkaError) : [kafkaError(error)];
  return reasons.find(({ retryable }) => !retryable) ?? reasons[0] ?? kafkaError(error);
}
