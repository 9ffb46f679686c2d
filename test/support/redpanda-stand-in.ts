import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { V1ConfigMap, V1StatefulSet } from '@kubernetes/client-node';
import { parse } from 'yaml';
import {
  answer,
  type AdminView,
  type Answer,
  type ConfigStatus,
  type Member,
  type Risks,
} from '../../localcluster/redpanda-stand-in/admin-api.ts';
import { defaultProperties, type Properties } from '../../localcluster/redpanda-stand-in/cluster-properties.ts';
import { refuseCrashLoop } from '../../localcluster/redpanda-stand-in/crash-loop.ts';
import { filesOf, refuseUnknown, type RedpandaYaml } from '../../localcluster/redpanda-stand-in/redpanda-yaml.ts';
import { redpandaFlags } from '../../localcluster/redpanda-stand-in/rpk-start.ts';
import { readStartFlags, refuseMemory } from '../../localcluster/redpanda-stand-in/start-flags.ts';
import { parseExactJson, stringifyExactJson } from '../../src/lib/exact-json.ts';
import { fileIn, type SecretFiles } from './pod-files.ts';

/** What one broker starts with. */
export interface StandInStart {
  /** Host of `advertised_rpc_api`. */
  readonly rpcHost: string;
  /** Hosts of `seed_servers`. */
  readonly seeds: readonly string[];
  /** MiB of `--memory` and `--reserve-memory`, cores of `--smp`, and MiB that the container has. */
  readonly memory?: number;
  readonly reserveMemory?: number;
  readonly smp?: number;
  readonly container?: number;
  /** `.bootstrap.yaml`. */
  readonly properties?: Properties;
  /** Whether brokers speak TLS among themselves. */
  readonly rpcTls?: boolean;
  /** What the admin API shows, and whom it lets in; all in PEM. Without it, it speaks plain HTTP with everybody. */
  readonly adminTls?: { readonly cert: string; readonly key: string; readonly ca: string };
}

const crashLoopLimit = 5;

/** One broker of the stand-in, and what a test lets it say. */
export class StandInBroker implements Omit<Member, 'nodeId'> {
  readonly start: StandInStart;
  readonly server: Server;
  /** Undefined until it is a member: ids are the cluster's own choice, and no pod's number. */
  nodeId: number | undefined;
  alive = true;
  /** How many lists go on calling it alive after its end. */
  healthLag = 0;
  inMaintenance = false;
  /** How many looks it takes to hand over the lead of its partitions. */
  looksToHandOver = 2;
  needsRestart = false;
  /** Whether it has yet to tell of changes of the configuration, which it does a moment after they were made. */
  lateWithConfig = false;
  toldOfConfig: ConfigStatus | undefined;
  membership: Member['membership'] = 'active';
  /** Replicas that it holds; one moves away with each look at a decommission. */
  replicas = 0;
  risks: Risks = {};
  loadReclaimed = 100;
  /** Answers in its place, where a test wants it to be ill. */
  ill: (method: string, path: string) => Answer | undefined = () => undefined;

  constructor(start: StandInStart, server: Server) {
    this.start = start;
    this.server = server;
  }

  get rpcHost(): string {
    return this.start.rpcHost;
  }

  get cores(): number {
    return this.start.smp ?? 1;
  }

  get url(): string {
    return `${this.start.adminTls ? 'https' : 'http'}://127.0.0.1:${this.port}`;
  }

  get port(): number {
    return (this.server.address() as AddressInfo | null)?.port ?? 0;
  }
}

/**
 * The stand-in for Redpanda brokers in one process, where tests let time pass: who founds a cluster, when the admin API
 * listens, and whom it lets in. What it refuses and answers are the rules of the stand-in that runs in pods.
 */
export class RedpandaStandIn implements AdminView {
  readonly brokers: StandInBroker[] = [];
  /** Writes that it took, as method and path. */
  readonly writes: string[] = [];
  properties: Record<string, unknown> = { ...defaultProperties };
  configVersion = 1;
  readonly topics = new Map<string, number>();
  underReplicated = 0;
  leaderless = 0;
  readonly #crashes = new Map<string, number>();
  #founded = false;
  #rpcTls = false;
  #nextId = 4;

  /** A cluster that is there already, of brokers of these names. */
  static async of(hosts: readonly string[], start: Partial<StandInStart> = {}): Promise<RedpandaStandIn> {
    const standIn = new RedpandaStandIn();
    for (const rpcHost of hosts) await standIn.start({ ...start, rpcHost, seeds: hosts });
    return standIn;
  }

  /** @throws {Error} in the words of a broker that does not start with this */
  async start(start: StandInStart): Promise<StandInBroker> {
    refuseCrashLoop(this.#crashes.get(start.rpcHost) ?? 0, crashLoopLimit);
    const { memory = 2048, reserveMemory = 0, smp = 1, container = Infinity } = start;
    refuseMemory({ memory, reserveMemory, smp }, container);
    const serve = (request: IncomingMessage, response: ServerResponse) => void this.#serve(broker, request, response);
    const server: Server = start.adminTls
      ? createTlsServer({ ...start.adminTls, requestCert: true, rejectUnauthorized: true }, serve)
      : createServer(serve);
    const broker = new StandInBroker(start, server);
    this.brokers.push(broker);
    if (!this.#founded && this.#foundersAreThere(start)) {
      this.#founded = true;
      this.#rpcTls = start.rpcTls ?? false;
      this.properties = { ...this.properties, ...start.properties };
    }
    if (this.#founded) await this.#join();
    return broker;
  }

  /** The broker ends. Started anew, it has lost its volume: it gets another id, and the old one stays, dead. */
  stop(broker: StandInBroker): void {
    broker.alive = false;
    closeServer(broker.server);
  }

  /** It ends without having written that it ended. */
  crash(broker: StandInBroker): void {
    this.stop(broker);
    const { rpcHost } = broker.start;
    this.#crashes.set(rpcHost, (this.#crashes.get(rpcHost) ?? 0) + 1);
  }

  close(): void {
    for (const { server } of this.brokers) closeServer(server);
  }

  /** As the Kafka API answers: the name of the error. */
  createTopic(name: string, replicationFactor: number): string | undefined {
    const factor = replicationFactor === -1 ? Number(this.properties['default_topic_replications']) : replicationFactor;
    if (factor % 2 === 0 || factor < 1 || factor > this.#members().filter(({ alive }) => alive).length) {
      return 'INVALID_REPLICATION_FACTOR';
    }
    this.topics.set(name, factor);
    return undefined;
  }

  /** As the Kafka API answers: all replicas are in step, always. */
  partition(topic: string): { replicas: number[]; isr: number[] } {
    const replicas = this.#members()
      .slice(0, this.topics.get(topic) ?? 0)
      .map(({ nodeId }) => nodeId);
    return { replicas, isr: replicas };
  }

  /** Found by their own address, which has to be one of the seeds' letter by letter. */
  #foundersAreThere({ seeds, rpcTls }: StandInStart): boolean {
    const heard = this.brokers.filter(({ alive, start }) => alive && start.rpcTls === rpcTls);
    const running = heard.map(({ start }) => start.rpcHost);
    return seeds.length > 0 && seeds.every((seed) => running.includes(seed));
  }

  async #join(): Promise<void> {
    for (const broker of this.brokers.filter(({ alive, nodeId }) => alive && nodeId === undefined)) {
      // Nobody understands it.
      if ((broker.start.rpcTls ?? false) !== this.#rpcTls) continue;
      this.#nextId += 1;
      broker.nodeId = this.#nextId;
      // Only now: before, there is nothing that it could answer.
      broker.server.listen(0, '127.0.0.1');
      await once(broker.server, 'listening');
    }
  }

  get members(): JoinedBroker[] {
    return this.brokers.filter((broker): broker is JoinedBroker => broker.nodeId !== undefined);
  }

  #members(): JoinedBroker[] {
    return this.members.filter(({ membership }) => membership !== 'removed');
  }

  get leader(): JoinedBroker | undefined {
    return this.#members().find(({ alive }) => alive);
  }

  configStatus(member: JoinedBroker): ConfigStatus {
    if (member.lateWithConfig && member.toldOfConfig) return member.toldOfConfig;
    member.toldOfConfig = { configVersion: this.configVersion, needsRestart: member.needsRestart };
    return member.toldOfConfig;
  }

  seemsAlive(member: JoinedBroker): boolean {
    if (member.alive || member.healthLag === 0) return member.alive;
    member.healthLag -= 1;
    return true;
  }

  hasHandedOver(member: JoinedBroker): boolean {
    if (member.looksToHandOver > 0) member.looksToHandOver -= 1;
    return member.looksToHandOver === 0;
  }

  /** Goes on for ever where the brokers that are left are too few for a topic. */
  departure(member: JoinedBroker) {
    const left = this.#members().filter(({ alive, membership }) => alive && membership === 'active');
    const canMove = Math.max(0, ...this.topics.values()) <= left.length;
    if (member.replicas > 0 && canMove) member.replicas -= 1;
    const finished = member.replicas === 0 && canMove;
    if (finished) member.membership = 'removed';
    return { replicasLeft: member.replicas, finished };
  }

  risks({ risks }: JoinedBroker): Risks {
    return risks;
  }

  loadReclaimed({ loadReclaimed }: JoinedBroker): number {
    return loadReclaimed;
  }

  partitions() {
    return { leaderless: this.leaderless, underReplicated: this.underReplicated };
  }

  disk() {
    return { free: 1, total: 2 };
  }

  adminUrl({ url }: JoinedBroker): string {
    return url;
  }

  async #serve(broker: StandInBroker, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url = '' } = request;
    const body = await text(request);
    const parsed = body === '' ? undefined : parseExactJson(body);
    const [status, told, headers = {}] =
      broker.ill(method, url) ?? answer(this, broker as JoinedBroker, method, url, parsed);
    if (method !== 'GET' && status === 200) this.writes.push(`${method} ${url}`);
    response.writeHead(status, headers).end(typeof told === 'string' ? told : spaced(told));
  }
}

type JoinedBroker = StandInBroker & Member;

type Files = Pick<V1ConfigMap, 'data'>;
type Pods = Pick<V1StatefulSet, 'spec'> & { readonly metadata?: { readonly name?: string } };

/**
 * What the pod of a broker would start with, as the kubelet and `rpk` make it of the manifests.
 *
 * @param secrets what its volumes are mounted from
 * @throws {Error} for a file that is not there, and for what is in redpanda.yaml and has no effect
 */
export function startOf(
  configMap: Files,
  statefulSet: Pods,
  index: number,
  secrets: readonly SecretFiles[] = [],
): StandInStart {
  const files = configMap.data ?? {};
  const yaml = parse(files['redpanda.yaml'] ?? '') as RedpandaYaml;
  refuseUnknown(yaml);
  const { redpanda, rpk } = yaml;
  const read = (path: string) => fileIn(statefulSet.spec!.template.spec!, 'redpanda', path, secrets);
  filesOf(yaml).forEach(read);
  const [adminTls] = redpanda.admin_api_tls ?? [];
  const flags = readStartFlags(redpandaFlags(rpk));
  const container = statefulSet.spec?.template.spec?.containers.find(({ name }) => name === 'redpanda');
  const command = expand(container?.command ?? [], {
    variables: container?.env ?? [],
    podName: `${statefulSet.metadata?.name}-${index}`,
  });
  const memory = container?.resources?.limits?.['memory'] ?? '';
  return {
    rpcHost: hostOf(flagOf(command, '--advertise-rpc-addr')),
    seeds: redpanda.seed_servers.map(({ host }) => host.address),
    ...flags,
    ...(memory.endsWith('Gi') && { container: Number(memory.slice(0, -2)) * 1024 }),
    properties: parse(files['bootstrap.yaml'] ?? '') as Properties,
    ...(redpanda.rpc_server_tls && { rpcTls: redpanda.rpc_server_tls.enabled }),
    ...(adminTls && {
      adminTls: {
        cert: read(adminTls.cert_file),
        key: read(adminTls.key_file),
        ca: read(adminTls.truststore_file),
      },
    }),
  };
}

interface Surroundings {
  readonly variables: readonly { readonly name: string; readonly value?: string | undefined }[];
  readonly podName: string;
}

/** As the kubelet does: a variable may refer to those before it. */
function expand(texts: readonly string[], { variables, podName }: Surroundings): string[] {
  const values = new Map<string, string>();
  const fill = (text: string) => text.replace(/\$\(([A-Z_]+)\)/g, (all, name: string) => values.get(name) ?? all);
  for (const { name, value } of variables) values.set(name, value === undefined ? podName : fill(value));
  return texts.map(fill);
}

const flagOf = (flags: readonly string[], name: string) =>
  flags.find((flag) => flag.startsWith(`${name}=`))?.slice(name.length + 1) ?? '';
const hostOf = (address: string) => address.replace(/:\d+$/, '');

/** With the spaces that Redpanda's answers have. */
const spaced = (value: unknown) =>
  stringifyExactJson(value)
    .replace(/("[a-z0-9_]+"):/g, '$1: ')
    .replaceAll(',"', ', "');

function closeServer(server: Server): void {
  server.closeAllConnections();
  server.close();
}
