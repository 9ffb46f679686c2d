import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runGuarded } from '../../localcluster/parts/guard.ts';
import { kafkaJava } from '../../localcluster/parts/kafka-java.ts';
import { Part } from '../../localcluster/parts/part.ts';
import { findPlace, startIn } from '../../localcluster/parts/place.ts';
import { readSettings } from '../../localcluster/settings.ts';
import type { EventCluster } from '../../src/api/event-cluster.ts';
import { clusterId } from '../../src/operator/event-cluster/kafka/cluster-id.ts';
import { rackArguments } from '../../src/operator/event-cluster/kafka/pod.ts';
import { dataFolder, serverProperties } from '../../src/operator/event-cluster/kafka/properties.ts';
import { controllerPort, tlsFolder } from '../../src/operator/event-cluster/kafka/security-properties.ts';
import {
  brokerHost,
  clientCertificatesPort,
  indexes,
  movedPorts,
  ports,
  replicationPort,
} from '../../src/operator/event-cluster/names.ts';
import { planCluster, type ClusterPlan, type SecurityPlan } from '../../src/operator/event-cluster/plan.ts';
import {
  brokersSecretKeys,
  certificateSecrets,
  type ClientCertificates,
} from '../../src/operator/event-cluster/security/secrets.ts';
import type { Certificates } from '../../src/operator/event-cluster/security/rotate-certificates.ts';

/** Brokers that run on this machine with the very configuration that the operator gives those in pods. */
export interface RenderedKafka {
  /** host:port of each broker that clients may begin with. */
  readonly bootstrapServers: readonly string[];
  /** host:port of the first broker, by listener. */
  readonly addresses: Readonly<Record<'clients' | 'brokers' | 'controller' | 'moved' | 'certificates', string>>;
  readonly brokers: readonly Part[];
  /** Starts one that began later than the others, or was stopped; it formats an empty volume. */
  start(index: number): Promise<void>;
  /** Of a broker that is stopped. */
  loseVolume(index: number): Promise<void>;
  /** Stops a broker, and starts it with other security. */
  restart(index: number, security: Omit<SecurityPlan, 'certificatesHash'>, certificates: Certificates): Promise<void>;
  /** Puts other certificates into the folder of one broker, as the kubelet would. */
  mount(index: number, certificates: Certificates): Promise<void>;
  stop(): Promise<void>;
}

const listenerPorts = [
  ...[ports.kafka, replicationPort, controllerPort, movedPorts.clients, movedPorts.controllers],
  clientCertificatesPort,
];

/** Without certificates, brokers speak plain text, and let everybody in. */
export async function startRenderedKafka(
  cluster: EventCluster,
  certificates?: Certificates,
  clients?: ClientCertificates,
  {
    began = cluster.spec.brokers ?? 3,
    clientAuthorities,
    javaOptions,
  }: {
    readonly began?: number;
    readonly clientAuthorities?: string;
    /** As for `startKafka`. */
    readonly javaOptions?: readonly string[];
  } = {},
): Promise<RenderedKafka> {
  const count = cluster.spec.brokers ?? 3;
  const { tls, authentication } = cluster.spec.security ?? {};
  const security = certificates && {
    tls: tls?.enabled ?? false,
    authentication: authentication?.enabled ?? false,
    clientCertificates: clientAuthorities !== undefined,
    certificatesHash: '',
  };
  const planWith = (wanted: SecurityPlan | undefined) =>
    planCluster(cluster, count, { statefulSet: undefined, firstClaim: undefined }, wanted);
  const plan = planWith(security);
  const java = await kafkaJava(readSettings(), javaOptions);
  const place = await findPlace('rendered-kafka', count * listenerPorts.length);
  const portOf = (index: number, port: number) =>
    place.ports[index * listenerPorts.length + listenerPorts.indexOf(port)]!;
  const folderOf = (index: number) => join(place.folder, `kafka-${index}`);
  const mount = async (index: number, mounted: Certificates) => {
    const own = { pair: mounted.brokers, ca: mounted.trusted.join('\n') };
    const secret = certificateSecrets(plan, mounted, clients ?? own, clientAuthorities).find(
      ({ data }) => data?.[brokersSecretKeys.internalPem] !== undefined,
    );
    const folder = join(folderOf(index), 'tls');
    await mkdir(folder, { recursive: true });
    for (const [key, value] of Object.entries(secret?.data ?? {}))
      await writeFile(join(folder, key), Buffer.from(value, 'base64'), { mode: 0o600 });
  };
  const rackOf = (index: number) => (cluster.spec.rack ? rackArguments(`zone-${index}`) : []);
  const brokers = indexes(count).map(
    (index) =>
      new Part({
        name: `kafka-${index}`,
        command: [...java, 'kafka.Kafka', join(folderOf(index), 'server.properties'), ...rackOf(index)],
        folder: folderOf(index),
        isReady: async (part) => (await part.readLog()).includes('Kafka Server started'),
      }),
  );
  const start = async (index: number) => {
    const folder = folderOf(index);
    await mkdir(folder, { recursive: true });
    if (certificates) await mount(index, certificates);
    const file = join(folder, 'server.properties');
    await writeFile(file, relocated(plan, index, folder, portOf));
    await runGuarded({
      command: [
        ...[...java, 'kafka.tools.StorageTool', 'format', '--ignore-formatted'],
        ...[`--cluster-id=${clusterId(plan)}`, `--config=${file}`],
      ],
      folder,
      logFile: join(folder, 'format.log'),
    });
    await brokers[index]!.start();
  };
  await startIn(place, brokers, async () => {
    await Promise.all(indexes(began).map(start));
  });
  return {
    bootstrapServers: indexes(count).map((index) => `127.0.0.1:${portOf(index, ports.kafka)}`),
    addresses: {
      clients: `127.0.0.1:${portOf(0, ports.kafka)}`,
      brokers: `127.0.0.1:${portOf(0, replicationPort)}`,
      controller: `127.0.0.1:${portOf(0, controllerPort)}`,
      moved: `127.0.0.1:${portOf(0, movedPorts.clients)}`,
      certificates: `127.0.0.1:${portOf(0, clientCertificatesPort)}`,
    },
    brokers,
    restart: async (index, wanted, mounted) => {
      await brokers[index]!.stop();
      await mount(index, mounted);
      const folder = folderOf(index);
      const text = relocated(planWith({ ...wanted, certificatesHash: '' }), index, folder, portOf);
      await writeFile(join(folder, 'server.properties'), text);
      await brokers[index]!.start();
    },
    mount,
    start,
    loseVolume: (index) => rm(join(folderOf(index), 'data'), { recursive: true, force: true }),
    stop: () => place.leave(brokers),
  };
}

/** The same configuration, with this machine's address, ports and folders. */
function relocated(
  plan: ClusterPlan,
  index: number,
  folder: string,
  portOf: (index: number, port: number) => number,
): string {
  const text = indexes(plan.brokers).reduce(
    (properties, other) =>
      listenerPorts.reduce(
        (replaced, port) =>
          replaced.replaceAll(`${brokerHost(plan, other)}:${port}`, `127.0.0.1:${portOf(other, port)}`),
        properties,
      ),
    serverProperties(plan, index),
  );
  return listenerPorts
    .reduce((properties, port) => properties.replaceAll(`://:${port}`, `://127.0.0.1:${portOf(index, port)}`), text)
    .replaceAll(dataFolder, folder)
    .replaceAll(tlsFolder, join(folder, 'tls'));
}
