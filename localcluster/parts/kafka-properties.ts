import { join } from 'node:path';

/** One node of a cluster whose nodes are broker and controller in one. All of it listens on 127.0.0.1. */
export interface KafkaNode {
  /** From 1 on. */
  readonly id: number;
  readonly folder: string;
  readonly ports: { readonly client: number; readonly broker: number; readonly controller: number };
}

/** How clients are let in. Brokers and controllers speak among themselves in plain text and need no password. */
export interface ClientSecurity {
  readonly sasl: boolean;
  /** A PEM file with the private key and the certificate of the brokers, for TLS. */
  readonly keystoreFile: string | undefined;
}

export type Properties = Readonly<Record<string, string | number | boolean>>;

export const dataFolder = (node: KafkaNode) => join(node.folder, 'data');

/** The text of a node's server.properties; `overrides` come last and win. */
export function renderProperties(
  node: KafkaNode,
  nodes: readonly KafkaNode[],
  security: ClientSecurity,
  overrides: Properties,
): string {
  const properties: Properties = {
    ...identity(node, nodes),
    ...listeners(node, security),
    ...internalTopics(Math.min(3, nodes.length)),
    ...quickness,
    ...overrides,
  };
  const lines = Object.entries(properties).map(([name, value]) => `${name}=${value}`);
  return `${lines.join('\n')}\n`;
}

function identity(node: KafkaNode, nodes: readonly KafkaNode[]): Properties {
  return {
    'node.id': node.id,
    'process.roles': 'broker,controller',
    'controller.quorum.voters': nodes.map(({ id, ports }) => `${id}@127.0.0.1:${ports.controller}`).join(','),
    'log.dirs': dataFolder(node),
  };
}

function listeners({ ports }: KafkaNode, { sasl, keystoreFile }: ClientSecurity): Properties {
  const protocol = `${sasl ? 'SASL_' : ''}${keystoreFile ? 'SSL' : 'PLAINTEXT'}`;
  const clientAndBroker = `CLIENT://127.0.0.1:${ports.client},BROKER://127.0.0.1:${ports.broker}`;
  return {
    listeners: `${clientAndBroker},CONTROLLER://127.0.0.1:${ports.controller}`,
    'advertised.listeners': clientAndBroker,
    'listener.security.protocol.map': `CLIENT:${protocol},BROKER:PLAINTEXT,CONTROLLER:PLAINTEXT`,
    'inter.broker.listener.name': 'BROKER',
    'controller.listener.names': 'CONTROLLER',
    ...(sasl && {
      'sasl.enabled.mechanisms': 'SCRAM-SHA-512',
      'listener.name.client.scram-sha-512.sasl.jaas.config':
        'org.apache.kafka.common.security.scram.ScramLoginModule required;',
    }),
    ...(keystoreFile && { 'ssl.keystore.type': 'PEM', 'ssl.keystore.location': keystoreFile }),
  };
}

/** Few partitions, since each is created when a test first joins a group or begins a transaction. */
function internalTopics(replicationFactor: number): Properties {
  return {
    'offsets.topic.num.partitions': 5,
    'offsets.topic.replication.factor': replicationFactor,
    'transaction.state.log.num.partitions': 5,
    'transaction.state.log.replication.factor': replicationFactor,
    'transaction.state.log.min.isr': 1,
    'share.coordinator.state.topic.num.partitions': 5,
    'share.coordinator.state.topic.replication.factor': replicationFactor,
    'share.coordinator.state.topic.min.isr': 1,
  };
}

const quickness: Properties = {
  // A group's first member need not wait for others.
  'group.initial.rebalance.delay.ms': 0,
  // Until a crashed broker's session has ended, it is not let in again, and its partitions have no other leader.
  'broker.heartbeat.interval.ms': 500,
  'broker.session.timeout.ms': 3000,
  // A topic that a test has not created is an error that the test should see.
  'auto.create.topics.enable': false,
  // The default buffer, 128 MiB, would be half of the heap.
  'log.cleaner.dedupe.buffer.size': 4 * 1024 * 1024,
};
