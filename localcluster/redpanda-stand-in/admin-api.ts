import { refusals, restartProperty, shown, type Properties } from './cluster-properties.ts';

export type Answer = readonly [status: number, body: unknown, headers?: Readonly<Record<string, string>>];

/** A broker that has joined the cluster. */
export interface Member {
  /** The cluster's own choice, and no pod's number. */
  readonly nodeId: number;
  /** Host of `advertised_rpc_api`. */
  readonly rpcHost: string;
  readonly cores: number;
  membership: 'active' | 'draining' | 'removed';
  /** Whether it is in maintenance. */
  inMaintenance: boolean;
  needsRestart: boolean;
}

/** What a broker has told of the configuration that it runs with: which one it is, and whether it waits for a restart. */
export interface ConfigStatus {
  readonly configVersion: number;
  readonly needsRestart: boolean;
}

export const riskNames = ['rf1_offline', 'full_acks_produce_unavailable', 'unavailable', 'acks1_data_loss'] as const;
/** Partitions, such as kafka/tasks/0, by what the absence of a broker would do to them. */
export type Risks = Readonly<Partial<Record<(typeof riskNames)[number], readonly string[]>>>;

/** What the admin API tells of: the state that brokers agree on, and what each sees of the others and of the replicas. */
export interface AdminView {
  /** Also those that have left. */
  readonly members: readonly Member[];
  readonly leader: Member | undefined;
  properties: Properties;
  /** Of the properties: each change has the next one. */
  configVersion: number;
  /** May lag behind. */
  configStatus(member: Member): ConfigStatus;
  /** May lag behind. */
  seemsAlive(member: Member): boolean;
  /** Whether a broker in maintenance has handed over the lead of all partitions. */
  hasHandedOver(member: Member): boolean;
  /** How far the replicas of a broker that leaves have moved. */
  departure(member: Member): { readonly replicasLeft: number; readonly finished: boolean };
  risks(member: Member): Risks;
  /** In percent. */
  loadReclaimed(member: Member): number;
  partitions(): { readonly leaderless: number; readonly underReplicated: number };
  /** In bytes. */
  disk(member: Member): { readonly free: number; readonly total: number };
  adminUrl(member: Member): string;
}

/** The answer of a broker. A write changes the members, or the properties, of the view. */
export function answer(view: AdminView, broker: Member, method: string, url: string, body: unknown): Answer {
  const [, id, what] = /^\/v1\/brokers\/([^/]*)(?:\/(\w+))?$/.exec(url) ?? [];
  if (id !== undefined) return answerOfMember(view, id, method, what);
  if (url === '/v1/cluster_config' && method === 'PUT') return configure(view, broker, body);
  const present = membersOf(view);
  switch (`${method} ${url}`) {
    case 'GET /v1/status/ready':
      return [200, { status: 'ready' }];
    case 'GET /v1/node_config':
      return [200, { node_id: broker.nodeId, data_directory: '/var/lib/redpanda/data' }];
    case 'GET /v1/brokers':
      return [200, present.map((member) => ({ ...describe(view, member), is_alive: view.seemsAlive(member) }))];
    case 'GET /v1/cluster/health_overview':
      return [200, health(view, present)];
    case 'GET /v1/broker/pre_restart_probe':
      return [200, { risks: { ...noRisks, ...view.risks(broker) } }];
    case 'GET /v1/broker/post_restart_probe':
      return [200, { load_reclaimed_pc: view.loadReclaimed(broker) }];
    case 'GET /v1/cluster_config':
      return [200, shown(view.properties)];
    case 'GET /v1/cluster_config/status':
      return [200, present.map((member) => describeConfig(member, view.configStatus(member)))];
    case 'GET /v1/features':
      return [200, { cluster_version: 17, features: [] }];
    case 'GET /v1/features/license':
      return [200, { loaded: false, license: null }];
    default:
      return [404, { message: 'Not found', code: 404 }];
  }
}

const membersOf = ({ members }: AdminView) => members.filter(({ membership }) => membership !== 'removed');

function answerOfMember(view: AdminView, id: string, method: string, what: string | undefined): Answer {
  const member = view.members.find(({ nodeId }) => String(nodeId) === id);
  if (!member) return [/^\d+$/.test(id) ? 404 : 400, { message: `no broker ${id}` }];
  // Of one that has left, it is known that it has.
  if (what === 'decommission' && method === 'GET') return describeDeparture(view, member);
  if (member.membership === 'removed') return [404, { message: `no broker ${id}` }];
  if (what === 'maintenance') return maintain(view, member, method);
  if (what === 'decommission') return changeMembership(member, 'active', 'draining');
  if (what === 'recommission') return changeMembership(member, 'draining', 'active');
  return what === undefined ? [200, describe(view, member)] : [404, { message: 'Not found', code: 404 }];
}

function maintain(view: AdminView, member: Member, method: string): Answer {
  if (method === 'DELETE') {
    member.inMaintenance = false;
    return [200, ''];
  }
  // One slot for the whole cluster, which a broker that is gone can hold as well.
  if (membersOf(view).some((other) => other !== member && other.inMaintenance)) {
    return [400, { message: 'another node is already in maintenance', code: 400 }];
  }
  member.inMaintenance = true;
  return [200, ''];
}

function describeDeparture(view: AdminView, member: Member): Answer {
  if (member.membership === 'active') return [400, { message: `Node ${member.nodeId} is not decommissioning` }];
  const { replicasLeft, finished } = view.departure(member);
  return [200, { finished, replicas_left: replicasLeft, partitions: [], allocation_failures: [] }];
}

function changeMembership(member: Member, from: 'active' | 'draining', to: 'active' | 'draining'): Answer {
  if (member.membership !== from) return [400, { message: 'Requested node operation is invalid', code: 400 }];
  member.membership = to;
  return [200, ''];
}

function configure(view: AdminView, broker: Member, body: unknown): Answer {
  const { leader } = view;
  if (!leader) return [503, { message: 'no leader', code: 503 }];
  if (leader !== broker) return [307, '', { location: `${view.adminUrl(leader)}/v1/cluster_config` }];
  const { upsert } = body as { upsert: Properties };
  const refused = refusals(upsert);
  if (Object.keys(refused).length > 0) return [400, refused];
  view.properties = { ...view.properties, ...upsert };
  view.configVersion += 1;
  if (restartProperty in upsert) for (const member of membersOf(view)) member.needsRestart = true;
  return [200, { config_version: view.configVersion }];
}

function health(view: AdminView, present: readonly Member[]): object {
  const down = present.filter((member) => !view.seemsAlive(member));
  const { leaderless, underReplicated } = view.partitions();
  return {
    is_healthy: down.length === 0 && leaderless === 0 && underReplicated === 0,
    unhealthy_reasons: [],
    controller_id: view.leader?.nodeId ?? -1,
    all_nodes: present.map(({ nodeId }) => nodeId),
    nodes_down: down.map(({ nodeId }) => nodeId),
    leaderless_partitions: [],
    leaderless_count: leaderless,
    under_replicated_partitions: [],
    under_replicated_count: underReplicated,
  };
}

const noRisks = Object.fromEntries(riskNames.map((name) => [name, []]));

/** As in the answer for one broker, which does not say whether it is alive. */
function describe(view: AdminView, member: Member): object {
  const { nodeId, rpcHost, cores, membership, inMaintenance } = member;
  return {
    node_id: nodeId,
    num_cores: cores,
    internal_rpc_address: rpcHost,
    internal_rpc_port: 33145,
    membership_status: membership,
    recovery_mode_enabled: false,
    disk_space: [{ path: '/var/lib/redpanda/data', ...view.disk(member) }],
    version: 'v26.2.1',
    maintenance_status: {
      draining: inMaintenance,
      ...(inMaintenance && {
        ...{ finished: view.hasHandedOver(member), errors: false },
        ...{ partitions: 3, eligible: 3, transferring: 0 },
      }),
    },
  };
}

const describeConfig = ({ nodeId }: Member, { configVersion, needsRestart }: ConfigStatus) => ({
  node_id: nodeId,
  restart: needsRestart,
  config_version: configVersion,
  invalid: [],
  unknown: [],
});
