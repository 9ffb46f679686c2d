import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createCertificateAuthority } from '../certificates.ts';
import { readSettings } from '../settings.ts';
import { startDisk, type Disk } from './disk.ts';
import { runGuarded } from './guard.ts';
import { kafkaJava } from './kafka-java.ts';
import {
  dataFolder,
  renderProperties,
  type ClientSecurity,
  type KafkaNode,
  type Properties,
} from './kafka-properties.ts';
import { copyKafkaTemplate, formatCommand } from './kafka-template.ts';
import { Part } from './part.ts';
import { findPlace, startIn, type Place } from './place.ts';

/** What kind of cluster a test wants. */
export interface KafkaRequest {
  /** 1 when left out. */
  readonly brokers?: 1 | 3;
  /** Broker properties that are added to ours, or replace them. */
  readonly properties?: Properties;
  /** Options of the Java machine, which come after ours: `-Xmx1g` for thousands of topics. */
  readonly javaOptions?: readonly string[];
  /** SCRAM-SHA-512 users, password by name: with them, clients must authenticate. */
  readonly users?: Readonly<Record<string, string>>;
  /** Whether clients must speak TLS. */
  readonly tls?: boolean;
  /** How large a disk each broker gets for its data, in MB; they share the machine's when left out. See `canHaveDisks`. */
  readonly diskMegabytes?: number | undefined;
}

/** An Apache Kafka cluster (KRaft) of a test's own, on 127.0.0.1. It creates no topics by itself. */
export interface KafkaCluster {
  /** host:port of each broker, with commas between them. */
  readonly bootstrapServers: string;
  /** The broker with the node id n is at n - 1. Each is a controller too: of three, two must run. */
  readonly brokers: readonly Part[];
  /** In the same order; none when none was asked for. */
  readonly disks: readonly Disk[];
  /** The authority that a TLS client verifies the brokers with, PEM. */
  readonly certificateAuthority: string | undefined;
  /** Ends all brokers; their data is gone. */
  stop(): Promise<void>;
}

/** @throws {PartError} when a broker does not come up, for example because of a property that it does not take */
export async function startKafka(request: KafkaRequest = {}): Promise<KafkaCluster> {
  const java = await kafkaJava(readSettings(), request.javaOptions);
  const count = request.brokers ?? 1;
  const place = await findPlace('kafka', count * portsPerNode);
  const nodes = Array.from({ length: count }, (_, index) => kafkaNode(place, index));
  const { diskMegabytes } = request;
  const disks = diskMegabytes === undefined ? [] : await startIn(place, [], () => startDisks(nodes, diskMegabytes));
  const brokers = nodes.map((node, index) => createBroker(java, node, disks[index]));
  const parts = [...brokers, ...disks.map(({ part }) => part)];
  const tls = request.tls ? await createTls(place.folder) : undefined;
  const security = { sasl: request.users !== undefined, keystoreFile: tls?.keystoreFile };
  await startIn(place, parts, async () => {
    await Promise.all(nodes.map((node, index) => format(java, node, disks[index], { nodes, security, request })));
    await Promise.all(brokers.map((broker) => broker.start()));
  });
  return {
    bootstrapServers: nodes.map(({ ports }) => `127.0.0.1:${ports.client}`).join(','),
    brokers,
    disks,
    certificateAuthority: tls?.certificateAuthority,
    stop: () => place.leave(parts),
  };
}

const portsPerNode = 3;

function kafkaNode(place: Place, index: number): KafkaNode {
  const [client, broker, controller] = place.ports.slice(index * portsPerNode);
  const id = index + 1;
  return {
    id,
    folder: join(place.folder, `kafka-${id}`),
    ports: { client: client!, broker: broker!, controller: controller! },
  };
}

const propertiesFile = (node: KafkaNode) => join(node.folder, 'server.properties');

async function startDisks(nodes: readonly KafkaNode[], megabytes: number): Promise<Disk[]> {
  const disks: Disk[] = [];
  for (const node of nodes) {
    await mkdir(node.folder);
    disks.push(await startDisk({ name: `disk-${node.id}`, folder: node.folder, data: dataFolder(node), megabytes }));
  }
  return disks;
}

function createBroker(java: readonly string[], node: KafkaNode, disk: Disk | undefined): Part {
  const command = [...java, 'kafka.Kafka', propertiesFile(node)];
  return new Part({
    name: `kafka-${node.id}`,
    command: disk?.command(command) ?? command,
    folder: node.folder,
    // The broker is unfenced by then, and its listeners are open.
    isReady: async (part) => (await part.readLog()).includes('Kafka Server started'),
  });
}

interface Formatting {
  readonly nodes: readonly KafkaNode[];
  readonly security: ClientSecurity;
  readonly request: KafkaRequest;
}

async function format(
  java: readonly string[],
  node: KafkaNode,
  disk: Disk | undefined,
  { nodes, security, request: { users, properties = {} } }: Formatting,
): Promise<void> {
  await mkdir(node.folder, { recursive: true });
  await writeFile(propertiesFile(node), renderProperties(node, nodes, security, properties));
  if (!users && !disk) return copyKafkaTemplate(readSettings(), node.id, dataFolder(node));
  const scram = Object.entries(users ?? {}).map(
    ([name, password]) => `SCRAM-SHA-512=[name=${name},password=${password}]`,
  );
  const command = [...java, ...formatCommand(propertiesFile(node)), ...scram.flatMap((user) => ['--add-scram', user])];
  await runGuarded({
    command: disk?.command(command) ?? command,
    folder: node.folder,
    logFile: join(node.folder, 'format.log'),
  });
}

async function createTls(folder: string): Promise<{ keystoreFile: string; certificateAuthority: string }> {
  const authority = await createCertificateAuthority('kafka-events-parts');
  const server = await authority.issue({ commonName: 'kafka', hosts: ['127.0.0.1', 'localhost'] });
  const keystoreFile = join(folder, 'keystore.pem');
  await writeFile(keystoreFile, server.privateKey + '\n' + server.certificate, { mode: 0o600 });
  return { keystoreFile, certificateAuthority: authority.certificate };
}
