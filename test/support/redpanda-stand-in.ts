import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { V1ConfigMap, V1StatefulSet } from '@kubernetes/client-node';
import { parse } from 'yaml';
import { parseExactJson, stringifyExactJson } from '../../src/lib/exact-json.ts';
import { fileIn, type SecretFiles } from './pod-files.ts';
import { filesOf, refuseUnknown, type RedpandaYaml } from './redpanda-yaml.ts';

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

type Properties = Readonly<Record<string, unknown>>;
export type Answer = readonly [status: number, body: unknown, headers?: Readonly<Record<string, string>>];

/** A property of which brokers take a change only at their next start. */
export const restartProperty = 'log_segment_size_jitter_percent';

const crashLoopLimit = 5;
const defaults: Properties = {
  auto_create_topics_enabled: false,
  core_balancing_continuous: true,
  enable_sasl: false,
  kafka_enable_authorization: null,
  superusers: [],
  default_topic_replications: 1,
  log_segment_size: 134217728,
  partition_autobalancing_mode: 'continuous',
  retention_bytes: null,
  storage_min_free_bytes: 5368709120,
  [restartProperty]: 5,
};

/** One broker of the stand-in, and what a test lets it say. */
export class StandInBroker {
  readonly start: StandInStart;
  readonly server: Server;
  /** Undefined until it is a member: ids are the cluster's own choice, and no pod's number. */
  nodeId: number | undefined;
  alive = true;
  /** How many lists go on calling it alive after its end. */
  healthLag = 0;
  draining = false;
  /** How many looks it takes to drain. */
  looksToDrain = 2;
  needsRestart = false;
  membership: 'active' | 'draining' | 'removed' = 'active';
  /** Replicas that it holds; one moves away with each look at a decommission. */
  replicas = 0;
  risks: Readonly<Record<string, readonly string[]>> = {};
  loadReclaimed = 100;
  /** Answers in its place, where a test wants it to be ill. */
  ill: (method: string, path: string) => Answer | undefined = () => undefined;

  constructor(start: StandInStart, server: Server) {
    this.start = start;
    this.server = server;
  }

  get url(): string {
    return `${this.start.adminTls ? 'https' : 'http'}://127.0.0.1:${this.port}`;
  }

  get port(): number {
    return (this.server.address() as AddressInfo | null)?.port ?? 0;
  }
}

/**
 * A stand-in for Redpanda brokers, none of which can be had here, with the rules of the real ones that were once got
 * wrong: who founds a cluster, memory for each core, when the admin API listens, whom it lets in, and what it answers.
 */
export class RedpandaStandIn {
  readonly brokers: StandInBroker[] = [];
  /** Writes that it took, as method and path. */
  readonly writes: string[] = [];
  properties: Record<string, unknown> = { ...defaults };
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
    if ((this.#crashes.get(start.rpcHost) ?? 0) > crashLoopLimit) throw new Error('Crash loop detected');
    refuseMemory(start);
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
      .map(({ nodeId }) => nodeId!);
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

  #members(): StandInBroker[] {
    return this.brokers.filter(({ nodeId, membership }) => nodeId !== undefined && membership !== 'removed');
  }

  #controller(): StandInBroker | undefined {
    return this.#members().find(({ alive }) => alive);
  }

  async #serve(broker: StandInBroker, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url = '' } = request;
    const body = await text(request);
    const [status, answer, headers = {}] =
      broker.ill(method, url) ?? this.#answer(broker, method, url, body === '' ? undefined : parseExactJson(body));
    if (method !== 'GET' && status === 200) this.writes.push(`${method} ${url}`);
    response.writeHead(status, headers).end(typeof answer === 'string' ? answer : spaced(answer));
  }

  #answer(broker: StandInBroker, method: string, url: string, body: unknown): Answer {
    const [, id, what] = /^\/v1\/brokers\/([^/]*)(?:\/(\w+))?$/.exec(url) ?? [];
    if (id !== undefined) return this.#answerOf(id, method, what);
    if (url === '/v1/cluster_config' && method === 'PUT') return this.#configure(broker, body);
    switch (`${method} ${url}`) {
      case 'GET /v1/status/ready':
        return [200, { status: 'ready' }];
      case 'GET /v1/node_config':
        return [200, { node_id: broker.nodeId, data_directory: '/var/lib/redpanda/data' }];
      case 'GET /v1/brokers':
        return [200, this.#members().map((member) => ({ ...describe(member), is_alive: seemsAlive(member) }))];
      case 'GET /v1/cluster/health_overview':
        return [200, this.#health()];
      case 'GET /v1/broker/pre_restart_probe':
        return [200, { risks: { ...noRisks, ...broker.risks } }];
      case 'GET /v1/broker/post_restart_probe':
        return [200, { load_reclaimed_pc: broker.loadReclaimed }];
      case 'GET /v1/cluster_config':
        return [200, this.properties];
      case 'GET /v1/cluster_config/status':
        return [200, this.#members().map((member) => configStatus(member))];
      default:
        return [404, { message: 'Not found', code: 404 }];
    }
  }

  #answerOf(id: string, method: string, what: string | undefined): Answer {
    const member = this.brokers.find(({ nodeId }) => nodeId !== undefined && String(nodeId) === id);
    if (!member) return [/^\d+$/.test(id) ? 404 : 400, { message: `no broker ${id}` }];
    // Of one that has left, it is known that it has.
    if (what === 'decommission' && method === 'GET') return this.#moveReplicas(member);
    if (member.membership === 'removed') return [404, { message: `no broker ${id}` }];
    if (what === 'maintenance') return this.#maintain(member, method);
    if (what === 'decommission') return changeMembership(member, 'active', 'draining');
    if (what === 'recommission') return changeMembership(member, 'draining', 'active');
    if (what !== undefined) return [404, { message: 'Not found', code: 404 }];
    if (member.draining && member.looksToDrain > 0) member.looksToDrain -= 1;
    return [200, describe(member)];
  }

  #maintain(member: StandInBroker, method: string): Answer {
    if (method === 'DELETE') {
      member.draining = false;
      return [200, ''];
    }
    // One slot for the whole cluster, which a broker that is gone can hold as well.
    if (this.#members().some((other) => other !== member && other.draining)) {
      return [400, { message: 'another node is already in maintenance', code: 400 }];
    }
    member.draining = true;
    return [200, ''];
  }

  /** Goes on for ever where the brokers that are left are too few for a topic. */
  #moveReplicas(member: StandInBroker): Answer {
    if (member.membership === 'active') return [400, { message: `Node ${member.nodeId} is not decommissioning` }];
    const left = this.#members().filter(({ alive, membership }) => alive && membership === 'active');
    const canMove = Math.max(0, ...this.topics.values()) <= left.length;
    if (member.replicas > 0 && canMove) member.replicas -= 1;
    const finished = member.replicas === 0 && canMove;
    if (finished) member.membership = 'removed';
    return [200, { finished, replicas_left: member.replicas, partitions: [], allocation_failures: [] }];
  }

  #configure(broker: StandInBroker, body: unknown): Answer {
    const leader = this.#controller();
    if (leader !== broker) return [307, '', { location: `${leader?.url}/v1/cluster_config` }];
    const { upsert } = body as { upsert: Properties };
    const refused = Object.entries(upsert).flatMap(([name, value]) => {
      const why = whyRefused(name, value);
      return why === undefined ? [] : [[name, why] as const];
    });
    if (refused.length > 0) return [400, Object.fromEntries(refused)];
    this.properties = { ...this.properties, ...upsert };
    if (restartProperty in upsert) for (const member of this.#members()) member.needsRestart = true;
    return [200, { config_version: 2 }];
  }

  #health(): object {
    const down = this.#members().filter(({ alive }) => !alive);
    return {
      is_healthy: down.length === 0 && this.leaderless === 0 && this.underReplicated === 0,
      unhealthy_reasons: [],
      controller_id: this.#controller()?.nodeId ?? -1,
      all_nodes: this.#members().map(({ nodeId }) => nodeId),
      nodes_down: down.map(({ nodeId }) => nodeId),
      leaderless_partitions: [],
      leaderless_count: this.leaderless,
      under_replicated_partitions: [],
      under_replicated_count: this.underReplicated,
    };
  }
}

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
  const flags = rpk?.additional_start_flags ?? [];
  // Its own word for it: the key is rpk.overprovisioned.
  if (flags.some((flag) => flag.startsWith('--overprovisioned'))) throw new Error('configuration conflict');
  const container = statefulSet.spec?.template.spec?.containers.find(({ name }) => name === 'redpanda');
  const command = expand(container?.command ?? [], {
    variables: container?.env ?? [],
    podName: `${statefulSet.metadata?.name}-${index}`,
  });
  const memory = container?.resources?.limits?.['memory'] ?? '';
  return {
    rpcHost: hostOf(flagOf(command, '--advertise-rpc-addr')),
    seeds: redpanda.seed_servers.map(({ host }) => host.address),
    memory: megabytes(flagOf(flags, '--memory')),
    reserveMemory: megabytes(flagOf(flags, '--reserve-memory')),
    smp: Number(flagOf(flags, '--smp')),
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
const megabytes = (text: string) => Number(/^(\d+)M$/.exec(text)?.[1]);

function refuseMemory({ memory = 2048, reserveMemory = 0, smp = 1, container = Infinity }: StandInStart): void {
  if (!(memory / smp >= 1024)) throw new Error(`Memory: ${memory}M for ${smp} cores, below 1 GiB a core`);
  if (memory + reserveMemory > container) throw new Error('insufficient physical memory');
}

function changeMembership(member: StandInBroker, from: 'active' | 'draining', to: 'active' | 'draining'): Answer {
  if (member.membership !== from) return [400, { message: 'Requested node operation is invalid', code: 400 }];
  member.membership = to;
  return [200, ''];
}

const noRisks = { rf1_offline: [], full_acks_produce_unavailable: [], unavailable: [], acks1_data_loss: [] };

/** As in the answer for one broker, which does not say whether it is alive. */
function describe({ nodeId, start, membership, draining, looksToDrain }: StandInBroker): object {
  return {
    node_id: nodeId,
    num_cores: start.smp ?? 1,
    internal_rpc_address: start.rpcHost,
    internal_rpc_port: 33145,
    membership_status: membership,
    recovery_mode_enabled: false,
    disk_space: [{ path: '/var/lib/redpanda/data', free: 1, total: 2 }],
    version: 'v26.2.1',
    maintenance_status: {
      draining,
      ...(draining && { finished: looksToDrain === 0, errors: false, partitions: 3, eligible: 3, transferring: 0 }),
    },
  };
}

function seemsAlive(member: StandInBroker): boolean {
  if (member.alive || member.healthLag === 0) return member.alive;
  member.healthLag -= 1;
  return true;
}

const configStatus = ({ nodeId, needsRestart }: StandInBroker) => ({
  node_id: nodeId,
  restart: needsRestart,
  config_version: 2,
  invalid: [],
  unknown: [],
});

function whyRefused(name: string, value: unknown): string | undefined {
  if (!(name in defaults)) return 'Unknown property';
  if (name === 'default_topic_replications' && Number(value) % 2 === 0) return 'must be an odd number';
  return typeof defaults[name] === 'number' && typeof value === 'string' ? 'expected type integer' : undefined;
}

/** With the spaces that Redpanda's answers have. */
const spaced = (value: unknown) =>
  stringifyExactJson(value)
    .replace(/("[a-z0-9_]+"):/g, '$1: ')
    .replaceAll(',"', ', "');

function closeServer(server: Server): void {
  server.closeAllConnections();
  server.close();
}
