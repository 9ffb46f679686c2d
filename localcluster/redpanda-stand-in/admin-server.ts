import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { answer, type AdminView, type Answer } from './admin-api.ts';
import type { ClusterState, Newcomer, StateMember } from './cluster-state.ts';
import type { Membership } from './membership.ts';
import type { ReplicaWatch } from './replica-watch.ts';
import { loadReclaimed, risksOf } from './replicas.ts';
import { ask, type TlsFiles } from './rpc.ts';
import { ScramUsers } from './scram-users.ts';

/** A request of the admin API, as brokers hand it to each other. */
interface AdminRequest {
  readonly method: string;
  readonly url: string;
  readonly body: unknown;
}

export interface AdminServerOptions {
  readonly membership: Membership;
  readonly watch: ReplicaWatch;
  readonly users: ScramUsers;
  readonly rpcTls: TlsFiles | undefined;
  /** https://<host>:<port> of the admin API of a broker. */
  readonly adminUrl: (member: StateMember) => string;
}

const handOverMilliseconds = 1_000;

/** Answers what comes by the admin API, and what other brokers ask. */
export class AdminServer {
  readonly #options: AdminServerOptions;
  readonly #maintenanceSince = new Map<number, number>();

  constructor(options: AdminServerOptions) {
    this.#options = options;
  }

  readonly serveAdmin = (request: IncomingMessage, response: ServerResponse): void => {
    void respond(request, response, async (method, url, body) => {
      if (ScramUsers.isAbout(url)) return this.#options.users.answer(method, url, body);
      const asked = { method, url, body };
      // Redpanda refers a change of properties to the leader, and hands any other change to it.
      return method === 'GET' || url === '/v1/cluster_config' ? this.#answer(asked) : this.#byLeader(asked);
    });
  };

  readonly serveRpc = (request: IncomingMessage, response: ServerResponse): void => {
    const { membership } = this.#options;
    void respond(request, response, async (_method, url, body) => {
      switch (url) {
        case '/hello':
          return [200, membership.hello()];
        case '/join':
          return [200, await membership.admit(body as Newcomer)];
        case '/state':
          await membership.take(body as ClusterState);
          return [200, {}];
        case '/admin':
          return [200, await this.#answer(body as AdminRequest)];
        default:
          return [404, {}];
      }
    });
  };

  async #byLeader(asked: AdminRequest): Promise<Answer> {
    const { membership, rpcTls } = this.#options;
    const { leader, self } = membership;
    if (!leader) return [503, { message: 'no leader', code: 503 }];
    return leader === self ? this.#answer(asked) : ask<Answer>(membership.rpcOf(leader), rpcTls, '/admin', asked);
  }

  async #answer({ method, url, body }: AdminRequest): Promise<Answer> {
    const { membership } = this.#options;
    const draft = structuredClone(membership.state);
    const copyOf = (member: StateMember) => draft.members.find(({ nodeId }) => nodeId === member.nodeId)!;
    const { leader } = membership;
    const view = this.#view(draft, leader && copyOf(leader));
    const answered = answer(view, copyOf(membership.self), method, url, body);
    if (method !== 'GET' && answered[0] === 200) {
      const { properties, configVersion } = view;
      await membership.commit({ ...draft, properties, configVersion });
    }
    return answered;
  }

  #view({ members, properties, configVersion }: ClusterState, leader: StateMember | undefined): AdminView {
    const { membership, watch, adminUrl } = this.#options;
    const actual = ({ nodeId }: { readonly nodeId: number }) =>
      membership.state.members.find((member) => member.nodeId === nodeId)!;
    return {
      members,
      leader,
      properties,
      configVersion,
      configStatus: ({ needsRestart }) => ({ configVersion, needsRestart }),
      seemsAlive: (member) => membership.isAlive(actual(member)),
      hasHandedOver: ({ nodeId }) => this.#hasHandedOver(nodeId),
      departure: ({ nodeId, membership }) => ({
        replicasLeft: watch.partitions.filter(({ replicas }) => replicas.includes(nodeId)).length,
        finished: membership === 'removed',
      }),
      risks: ({ nodeId }) => risksOf(nodeId, watch.partitions),
      loadReclaimed: ({ nodeId }) => loadReclaimed(nodeId, watch.partitions),
      partitions: () => {
        const { partitions } = watch;
        return {
          leaderless: partitions.filter(({ leader }) => leader < 0).length,
          underReplicated: partitions.filter(({ replicas, inSync }) => inSync.length < replicas.length).length,
        };
      },
      disk: (member) => membership.disk(actual(member)),
      adminUrl: (member) => adminUrl(actual(member)),
    };
  }

  /** The Kafka beneath hands over the lead of its partitions when it is stopped: here, it only takes a while. */
  #hasHandedOver(nodeId: number): boolean {
    const since = this.#maintenanceSince.get(nodeId);
    const now = performance.now();
    // Not asked for a while, it was about another maintenance.
    if (since === undefined || now - since > 60_000) this.#maintenanceSince.set(nodeId, now);
    return since !== undefined && now - since >= handOverMilliseconds;
  }
}

async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  work: (method: string, url: string, body: unknown) => Promise<Answer>,
): Promise<void> {
  const { method = '', url = '' } = request;
  let answered: Answer;
  try {
    const body = await text(request);
    answered = await work(method, url, body === '' ? undefined : JSON.parse(body));
  } catch (error) {
    answered = [503, { message: String(error), code: 503 }];
  }
  const [status, body, headers = {}] = answered;
  response.writeHead(status, headers).end(typeof body === 'string' ? body : JSON.stringify(body, undefined, 1));
}
