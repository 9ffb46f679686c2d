import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { ClusterState, StateMember } from './cluster-state.ts';
import type { Address, KafkaApi, RedpandaYaml } from './redpanda-yaml.ts';
import type { TlsFiles } from './rpc.ts';

/** Beside Redpanda's own port for RPC, which is 33145. */
const ports = { controllers: 33_146, replication: 33_147 } as const;
/** For the stand-in alone, on loopback: the first is its own, and each listener of the Kafka API has one of the others. */
const firstInnerPort = 19_090;

export interface KafkaBeneath {
  readonly java: readonly string[];
  readonly yaml: RedpandaYaml['redpanda'];
  readonly state: ClusterState;
  readonly self: StateMember;
  readonly tls: TlsFiles | undefined;
  /** Who the brokers are to each other: the subject of their certificate. */
  readonly subject: string | undefined;
}

/** Told of each process that is started. */
type OnProcess = (process: ChildProcess) => void;

type Inner = Pick<RedpandaYaml['redpanda'], 'rpc_server'>;

/** An address of this machine only, of each broker where several are on it. */
const loopback = ({ rpc_server: { address } }: Inner) => (address.startsWith('127.') ? address : '127.0.0.1');
export const innerAddress = (yaml: Inner): Address => ({ address: loopback(yaml), port: firstInnerPort });
export const beneathListener = (yaml: Inner, index: number): Address => ({
  address: loopback(yaml),
  port: firstInnerPort + 1 + index,
});

/**
 * Formats the volume, if it is new, and starts Apache Kafka on it. Returns when it serves.
 *
 * @throws {Error} when it ends instead
 */
export async function startKafka(beneath: KafkaBeneath, onProcess: (process: ChildProcess) => void): Promise<void> {
  const { java, yaml } = beneath;
  const [program = '', ...options] = java;
  const file = join(yaml.data_directory, 'server.properties');
  await writeFile(file, render(properties(beneath)), { mode: 0o600 });
  if (!existsSync(join(logFolder(yaml), 'meta.properties'))) await format(beneath, file, onProcess);
  const kafka = spawn(program, [...options, 'kafka.Kafka', file], { stdio: ['ignore', 'pipe', 'inherit'] });
  onProcess(kafka);
  await untilStarted(kafka);
}

async function format({ java, state }: KafkaBeneath, file: string, onProcess: OnProcess): Promise<void> {
  const [program = '', ...options] = java;
  const tool = ['kafka.tools.StorageTool', 'format', `--cluster-id=${state.clusterId}`, `--config=${file}`];
  const formatting = spawn(program, [...options, ...tool], { stdio: ['ignore', 'ignore', 'inherit'] });
  onProcess(formatting);
  const [code] = (await once(formatting, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`the volume could not be formatted: ${code}`);
}

function untilStarted(kafka: ChildProcess): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  createInterface({ input: kafka.stdout! }).on('line', (line) => {
    console.log(line);
    if (line.includes('Kafka Server started')) resolve();
  });
  kafka.once('exit', (code) => reject(new Error(`the Kafka beneath has ended with ${code}`)));
  return promise;
}

const logFolder = (yaml: RedpandaYaml['redpanda']) => join(yaml.data_directory, 'kafka');

type KafkaProperties = Record<string, string | number | boolean>;

function properties({ yaml, state, self, tls, subject }: KafkaBeneath): KafkaProperties {
  const voters = state.members.filter(({ isFounder }) => isFounder);
  const between = tls ? 'SSL' : 'PLAINTEXT';
  const replicas = voters.length >= 3 ? 3 : 1;
  const apis = yaml.kafka_api.map((api, index) => apiListener(yaml, api, index));
  const inner = loopback(yaml);
  const bind = yaml.rpc_server.address;
  const listeners = [
    ...apis,
    { name: 'INNER', protocol: 'PLAINTEXT', bound: `${inner}:${firstInnerPort}`, told: `${inner}:${firstInnerPort}` },
    {
      ...{ name: 'REPLICATION', protocol: between },
      ...{ bound: `${bind}:${ports.replication}`, told: `${self.rpcHost}:${ports.replication}` },
    },
  ];
  return {
    'node.id': self.nodeId,
    'process.roles': self.isFounder ? 'broker,controller' : 'broker',
    'controller.quorum.voters': voters.map(({ nodeId, rpcHost }) => `${nodeId}@${rpcHost}:${ports.controllers}`).join(),
    'controller.listener.names': 'CONTROLLER',
    'inter.broker.listener.name': 'REPLICATION',
    listeners: [
      ...listeners.map(({ name, bound }) => `${name}://${bound}`),
      ...(self.isFounder ? [`CONTROLLER://${bind}:${ports.controllers}`] : []),
    ].join(),
    'advertised.listeners': listeners.map(({ name, told }) => `${name}://${told}`).join(),
    'listener.security.protocol.map': [
      `CONTROLLER:${between}`,
      ...listeners.map(({ name, protocol }) => `${name}:${protocol}`),
    ].join(),
    'log.dirs': logFolder(yaml),
    ...(tls && replicationTls(tls)),
    ...authorization(state, subject),
    'sasl.enabled.mechanisms': 'SCRAM-SHA-256,SCRAM-SHA-512',
    ...scramOf(yaml.kafka_api, apis),
    'auto.create.topics.enable': Boolean(state.properties['auto_create_topics_enabled']),
    'default.replication.factor': Number(state.properties['default_topic_replications']),
    'offsets.topic.replication.factor': replicas,
    'offsets.topic.num.partitions': 5,
    'transaction.state.log.replication.factor': replicas,
    'transaction.state.log.min.isr': Math.min(2, replicas),
    'transaction.state.log.num.partitions': 5,
    'group.initial.rebalance.delay.ms': 0,
    'log.cleaner.dedupe.buffer.size': 16 * 1024 * 1024,
  };
}

function apiListener(yaml: RedpandaYaml['redpanda'], { name, authentication_method }: KafkaApi, index: number) {
  const { address, port } = beneathListener(yaml, index);
  const advertised = yaml.advertised_kafka_api?.find((one) => one.name === name);
  if (!advertised) throw new Error(`kafka_api ${name} has no address in advertised_kafka_api`);
  return {
    name: `API_${index}`,
    protocol: authentication_method === 'sasl' ? 'SASL_PLAINTEXT' : 'PLAINTEXT',
    bound: `${address}:${port}`,
    told: `${advertised.address}:${advertised.port}`,
  };
}

const scramOf = (apis: readonly KafkaApi[], listeners: readonly { readonly name: string }[]): KafkaProperties =>
  Object.fromEntries(
    listeners.flatMap(({ name }, index) =>
      apis[index]?.authentication_method === 'sasl'
        ? ['256', '512'].map((bits) => [
            `listener.name.${name.toLowerCase()}.scram-sha-${bits}.sasl.jaas.config`,
            'org.apache.kafka.common.security.scram.ScramLoginModule required;',
          ])
        : [],
    ),
  );

const replicationTls = ({ cert, key, ca }: TlsFiles): KafkaProperties => ({
  'ssl.keystore.type': 'PEM',
  'ssl.keystore.certificate.chain': cert,
  'ssl.keystore.key': key,
  'ssl.truststore.type': 'PEM',
  'ssl.truststore.certificates': ca,
  'ssl.client.auth': 'required',
});

/** Anonymous are those whom the stand-in lets in: itself, and whom it knows by a certificate as a super user. */
function authorization({ properties }: ClusterState, subject: string | undefined): KafkaProperties {
  const isOn = properties['kafka_enable_authorization'] ?? properties['enable_sasl'];
  if (isOn !== true) return {};
  const users = [...(properties['superusers'] as string[]), 'ANONYMOUS', ...(subject === undefined ? [] : [subject])];
  return {
    'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
    'allow.everyone.if.no.acl.found': false,
    'super.users': users.map((user) => `User:${user}`).join(';'),
  };
}

/** In the format of java.util.Properties. */
const render = (values: KafkaProperties) =>
  Object.entries(values)
    .map(([name, value]) => `${name}=${String(value).replaceAll('\\', '\\\\').replaceAll('\n', '\\n')}\n`)
    .join('');
