import type { ChildProcess } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parse } from 'yaml';
import { AdminServer } from './admin-server.ts';
import { refusals, type Properties } from './cluster-properties.ts';
import { countStart, forgetStarts } from './crash-loop.ts';
import { beneathListener, innerAddress, startKafka } from './kafka-beneath.ts';
import { listenToClients } from './kafka-listener.ts';
import { lookMilliseconds, Membership } from './membership.ts';
import { refuseUnknown, type RedpandaYaml } from './redpanda-yaml.ts';
import { ReplicaWatch } from './replica-watch.ts';
import { Replicas } from './replicas.ts';
import { listenHttp, readTls } from './rpc.ts';
import { ScramUsers } from './scram-users.ts';
import { readStartFlags, refuseMemory } from './start-flags.ts';

/** What the stand-in runs with, beside what Redpanda does. */
export interface Surroundings {
  /** The start of a command that runs a class of Kafka's. */
  readonly java: readonly string[];
  /** MiB. */
  readonly container: number;
}

/** In the image of the stand-in. */
export const imageSurroundings = (): Surroundings => ({
  java: [
    ...['/opt/java/bin/java', '-Xmx256m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-XX:+ExitOnOutOfMemoryError'],
    ...['-Dsun.net.inetaddr.negative.ttl=1', '-Dsun.net.inetaddr.ttl=5'],
    ...['-Dlog4j2.configurationFile=/opt/kafka/config/log4j2.yaml', '-classpath', '/opt/kafka/libs/*'],
  ],
  container: containerMebibytes(),
});

function containerMebibytes(): number {
  const files = ['/sys/fs/cgroup/memory.max', '/sys/fs/cgroup/memory/memory.limit_in_bytes'];
  const file = files.find(existsSync);
  const bytes = file === undefined ? NaN : Number(readFileSync(file, 'utf8'));
  return Number.isNaN(bytes) ? Infinity : bytes / 1024 ** 2;
}

const log = (line: string) => console.log(`INFO  ${new Date().toISOString()} stand-in for Redpanda - ${line}`);

/**
 * Runs a broker until it is told to end. It listens in the order that Redpanda does: to other brokers at once, and by the
 * admin API and the Kafka API only when it is a member of a cluster that has a leader.
 *
 * @throws {Error} when it does not start; that counts as a crash
 */
export async function runRedpanda(
  configFile: string,
  flags: readonly string[],
  { java, container }: Surroundings,
): Promise<void> {
  const parsed = parse(await readFile(configFile, 'utf8')) as RedpandaYaml;
  refuseUnknown(parsed);
  const yaml = parsed.redpanda;
  if (yaml.empty_seed_starts_cluster) throw new Error('the stand-in knows empty_seed_starts_cluster: false only');
  const startFlags = readStartFlags(flags);
  refuseMemory(startFlags, container);
  await countStart(yaml.data_directory, yaml.crash_loop_limit ?? 5);
  const beneath = new Beneath(yaml.data_directory);

  const rpcTls = await readTls(yaml.rpc_server_tls);
  const adminTls = await readTls(yaml.admin_api_tls?.[0]);
  const bootstrap = await readBootstrap(join(dirname(configFile), '.bootstrap.yaml'));
  const membership = new Membership({ yaml, bootstrap, cores: startFlags.smp, tls: rpcTls, log });
  await membership.open();
  const watch = new ReplicaWatch(membership, new Replicas(innerAddress(yaml)));
  const [adminListener] = yaml.admin;
  const server = new AdminServer({
    membership,
    users: new ScramUsers(java, innerAddress(yaml)),
    rpcTls,
    watch,
    adminUrl: ({ rpcHost }) => `${adminTls ? 'https' : 'http'}://${rpcHost}:${adminListener?.port}`,
  });
  await listenHttp(yaml.rpc_server, rpcTls, server.serveRpc);
  await membership.join();

  const subject = rpcTls && new X509Certificate(rpcTls.cert).subject;
  const { state, self } = membership;
  await startKafka({ java, yaml, state, self, tls: rpcTls, subject }, (process) => beneath.runs(process));
  void repeat(() => membership.greetOthers());
  while (!membership.hasMajority) await delay(lookMilliseconds);
  membership.ready = true;
  void repeat(() => watch.look());
  await listenHttp(adminListener!, adminTls, server.serveAdmin);
  for (const [index, api] of yaml.kafka_api.entries()) {
    const tls = await readTls(yaml.kafka_api_tls?.find(({ name }) => name === api.name));
    const superusers = membership.state.properties['superusers'] as readonly string[];
    await listenToClients({
      listen: api,
      beneath: beneathListener(yaml, index),
      tls,
      ...(api.authentication_method === 'mtls_identity' && { admits: (user: string) => superusers.includes(user) }),
    });
  }
  log('Successfully started Redpanda! (a stand-in)');
  // What waited for a restart is in effect, which the leader is to know.
  while (membership.self.needsRestart && !(await membership.announce(membership.state.members))) {
    await delay(lookMilliseconds);
  }
}

/** Ends with the Kafka beneath, and the Kafka beneath with it. */
class Beneath {
  readonly #dataFolder: string;
  #process: ChildProcess | undefined;
  #ending = false;

  constructor(dataFolder: string) {
    this.#dataFolder = dataFolder;
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void this.#end());
  }

  runs(child: ChildProcess): void {
    this.#process = child;
    child.once('exit', (code) => {
      if (code === 0 || this.#ending) return;
      log(`the Kafka beneath has ended with ${code}`);
      process.exit(1);
    });
  }

  async #end(): Promise<void> {
    this.#ending = true;
    log('stopping');
    const child = this.#process;
    if (child && child.exitCode === null) {
      child.kill('SIGTERM');
      await once(child, 'exit');
    }
    await forgetStarts(this.#dataFolder);
    process.exit(0);
  }
}

/** @throws {Error} naming a property that the stand-in does not know, where Redpanda would only log it */
async function readBootstrap(file: string): Promise<Properties> {
  if (!existsSync(file)) return {};
  const properties = (parse(await readFile(file, 'utf8')) ?? {}) as Properties;
  const [refused] = Object.entries(refusals(properties));
  if (refused) throw new Error(`${file}: ${refused.join(': ')}`);
  return properties;
}

/** Until the process ends. What fails is tried again. */
async function repeat(work: () => Promise<void>): Promise<void> {
  for (; ; await delay(lookMilliseconds)) await work().catch((error: unknown) => log(String(error)));
}
