import { randomInt } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { kafkaJava } from '../../localcluster/parts/kafka-java.ts';
import { Part } from '../../localcluster/parts/part.ts';
import { findPlace, startIn } from '../../localcluster/parts/place.ts';
import type { RedpandaYaml } from '../../localcluster/redpanda-stand-in/redpanda-yaml.ts';
import { setConfig } from '../../localcluster/redpanda-stand-in/rpk-config.ts';
import { advertiseRpc } from '../../localcluster/redpanda-stand-in/rpk-start.ts';
import { readSettings } from '../../localcluster/settings.ts';
import { brokerHost, indexes, ports } from '../../src/operator/event-cluster/names.ts';
import { planCluster } from '../../src/operator/event-cluster/plan.ts';
import { configFiles } from '../../src/operator/event-cluster/redpanda/config-map.ts';
import { dataFolder, redpandaPorts } from '../../src/operator/event-cluster/redpanda/layout.ts';
import { anEventCluster } from './resources.ts';

/** Brokers of the stand-in for Redpanda that run on this machine, with what the operator gives those in pods. */
export interface RedpandaProcesses {
  /** host:port of each broker that clients may begin with. */
  readonly bootstrapServers: readonly string[];
  /** http://<host>:<port> of each broker. */
  readonly adminUrls: readonly string[];
  readonly brokers: readonly Part[];
  /** Of a broker that is stopped. */
  loseVolume(index: number): Promise<void>;
  stop(): Promise<void>;
}

/** They are open: certificates name pods, and these are addresses. */
export async function startRedpandaProcesses(count: number): Promise<RedpandaProcesses> {
  const plan = planCluster(anEventCluster(), count, { statefulSet: undefined, firstClaim: undefined });
  const java = await kafkaJava(readSettings());
  const place = await findPlace('redpanda', 0);
  // All have the same ports, so each has an address to itself.
  const network = `127.${randomInt(1, 255)}.${randomInt(255)}`;
  const hosts = indexes(count).map((index) => `${network}.${index + 1}`);
  const folderOf = (index: number) => join(place.folder, `redpanda-${index}`);
  const volumeOf = (index: number) => join(folderOf(index), 'data');
  const files = configFiles(plan);
  const prepare = async (index: number) => {
    await mkdir(volumeOf(index), { recursive: true });
    const text = hosts
      .reduce((replaced, host, other) => replaced.replaceAll(brokerHost(plan, other), host), files['redpanda.yaml']!)
      .replaceAll('0.0.0.0', hosts[index]!)
      .replaceAll(dataFolder, volumeOf(index));
    const advertised = `{name: kafka, address: ${hosts[index]}, port: ${ports.kafka}}`;
    const yaml = setConfig(parse(text) as RedpandaYaml, 'redpanda.advertised_kafka_api[0]', advertised);
    const whole = advertiseRpc(yaml, `${hosts[index]}:${redpandaPorts.rpc}`);
    await writeFile(join(folderOf(index), 'redpanda.yaml'), stringify(whole));
    await writeFile(join(folderOf(index), '.bootstrap.yaml'), files['bootstrap.yaml']!);
  };
  const program = join(import.meta.dirname, 'redpanda-process.ts');
  const brokers = indexes(count).map(
    (index) =>
      new Part({
        name: `redpanda-${index}`,
        command: [process.execPath, program, join(folderOf(index), 'redpanda.yaml'), ...java],
        folder: folderOf(index),
        isReady: async (part) => (await part.readLog()).includes('Successfully started Redpanda!'),
      }),
  );
  await startIn(place, brokers, async () => {
    await Promise.all(indexes(count).map(prepare));
    await Promise.all(brokers.map((broker) => broker.start()));
  });
  return {
    bootstrapServers: hosts.map((host) => `${host}:${ports.kafka}`),
    adminUrls: hosts.map((host) => `http://${host}:${redpandaPorts.admin}`),
    brokers,
    loseVolume: async (index) => {
      await rm(volumeOf(index), { recursive: true });
      await mkdir(volumeOf(index));
    },
    stop: () => place.leave(brokers),
  };
}
