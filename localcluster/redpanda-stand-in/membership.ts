import { randomUUID } from 'node:crypto';
import { readFile, rename, statfs, writeFile } from 'node:fs/promises';
import { join as joinPath } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Properties } from './cluster-properties.ts';
import { joinCluster, type ClusterState, type Newcomer, type StateMember } from './cluster-state.ts';
import { discoverCluster, type Hello } from './discovery.ts';
import type { Address, RedpandaYaml } from './redpanda-yaml.ts';
import { ask, type TlsFiles } from './rpc.ts';

export interface MembershipOptions {
  readonly yaml: RedpandaYaml['redpanda'];
  readonly bootstrap: Properties;
  readonly cores: number;
  readonly tls: TlsFiles | undefined;
  readonly log: (line: string) => void;
}

export const lookMilliseconds = 500;
/** Only so long after its last word is a broker known to be dead. */
const aliveMilliseconds = 3_000;

/** What a broker keeps on its volume. */
interface Kept {
  readonly volumeId: string;
  readonly state?: ClusterState | undefined;
}

/**
 * A broker among the others: it finds them, and agrees with them on the state of the cluster. The leader is the first of
 * those that are alive, as long as most of them are; it alone changes the state, and hands it to the rest. That is no Raft,
 * but enough for a cluster whose data nobody will miss.
 */
export class Membership {
  readonly #options: MembershipOptions;
  readonly #file: string;
  readonly #heard = new Map<string, { readonly hello: Hello; readonly at: number }>();
  #volumeId = '';
  #state: ClusterState | undefined;
  #kept: Promise<void> = Promise.resolve();
  #disk = { free: 0, total: 1 };
  /** Whether it serves its admin API. */
  ready = false;

  constructor(options: MembershipOptions) {
    this.#options = options;
    this.#file = joinPath(options.yaml.data_directory, 'stand-in.json');
  }

  /** Only a member has one. */
  get state(): ClusterState {
    return this.#state!;
  }

  get self(): StateMember {
    return this.#selfIn(this.#state)!;
  }

  #selfIn(state: ClusterState | undefined): StateMember | undefined {
    return state?.members.find(({ volumeId }) => volumeId === this.#volumeId);
  }

  /** Reads its volume. @throws {Error} when that cannot be written to */
  async open(): Promise<void> {
    const text = await readFile(this.#file, 'utf8').catch(() => undefined);
    const kept = text === undefined ? { volumeId: randomUUID() } : (JSON.parse(text) as Kept);
    this.#volumeId = kept.volumeId;
    this.#state = kept.state;
    await this.#keep();
  }

  hello(): Hello {
    const { yaml } = this.#options;
    return {
      broker: this.#newcomer(),
      seeds: yaml.seed_servers.map(({ host }) => host.address),
      state: this.#state,
      ready: this.ready,
      disk: this.#disk,
    };
  }

  #newcomer(): Newcomer {
    const { yaml, cores } = this.#options;
    return { volumeId: this.#volumeId, rpcHost: yaml.advertised_rpc_api!.address, cores };
  }

  /** Waits until it is a member. @throws {Error} when it was one, and has left */
  async join(): Promise<void> {
    const { yaml, bootstrap, log } = this.#options;
    const seeds = yaml.seed_servers.map(({ host }) => host);
    const greet = (seed: Address) => this.#ask<Hello>(seed, '/hello');
    while (!this.#selfIn(this.#state)) {
      const found = await discoverCluster({ broker: this.#newcomer(), seeds, bootstrap, greet, log });
      if (this.#selfIn(found)) await this.take(found);
      else if (!(await this.announce(found.members))) await delay(lookMilliseconds);
    }
    if (this.self.membership === 'removed') throw new Error('this node was decommissioned, and cannot join again');
    log(`node ${this.self.nodeId} of cluster ${this.state.clusterId}`);
  }

  /** Tells the leader that it starts. @returns whether there is one that heard it */
  async announce(members: readonly StateMember[]): Promise<boolean> {
    for (const member of members.filter(({ membership }) => membership !== 'removed')) {
      const told = this.#ask<ClusterState>(this.rpcOf(member), '/join', this.#newcomer());
      const state = await told.catch(() => undefined);
      if (!state) continue;
      await this.take(state);
      return true;
    }
    return false;
  }

  /** As the leader: a broker starts. @throws {Error} when another one leads */
  async admit(newcomer: Newcomer): Promise<ClusterState> {
    await this.commit(joinCluster(this.state, newcomer));
    return this.state;
  }

  /** As the leader: what it has changed. */
  async commit(state: Omit<ClusterState, 'version'>): Promise<void> {
    if (this.leader !== this.self) throw new Error('another broker leads');
    await this.take({ ...state, version: this.state.version + 1 });
    await Promise.allSettled(this.#others().map((member) => this.#ask(this.rpcOf(member), '/state', this.#state)));
  }

  /** Takes what others say the state is, where that is newer. */
  async take(state: ClusterState): Promise<void> {
    const isOlder = this.#state !== undefined && state.version <= this.#state.version;
    if (isOlder || (this.#state && state.clusterId !== this.#state.clusterId)) return;
    this.#state = state;
    await this.#keep();
  }

  /** One after the other. */
  #keep(): Promise<void> {
    this.#kept = this.#kept.then(async () => {
      const kept: Kept = { volumeId: this.#volumeId, state: this.#state };
      await writeFile(`${this.#file}.new`, JSON.stringify(kept));
      await rename(`${this.#file}.new`, this.#file);
    });
    return this.#kept;
  }

  /** Asks all others how they are. */
  async greetOthers(): Promise<void> {
    const { bavail, blocks, bsize } = await statfs(this.#options.yaml.data_directory);
    this.#disk = { free: bavail * bsize, total: blocks * bsize };
    const greet = async (member: StateMember) => {
      const hello = await this.#ask<Hello>(this.rpcOf(member), '/hello');
      this.#heard.set(hello.broker.volumeId, { hello, at: performance.now() });
      if (hello.state) await this.take(hello.state);
    };
    await Promise.allSettled(this.#others().map(greet));
  }

  isAlive(member: StateMember): boolean {
    if (member.volumeId === this.#volumeId) return true;
    const heard = this.#heard.get(member.volumeId);
    return heard !== undefined && performance.now() - heard.at < aliveMilliseconds;
  }

  disk(member: StateMember) {
    return member === this.self ? this.#disk : (this.#heard.get(member.volumeId)?.hello.disk ?? this.#disk);
  }

  get hasMajority(): boolean {
    const present = this.#present();
    return present.filter((member) => this.isAlive(member)).length > present.length / 2;
  }

  get leader(): StateMember | undefined {
    if (!this.hasMajority) return undefined;
    const serves = (member: StateMember) =>
      member === this.self ? this.ready : this.isAlive(member) && this.#heard.get(member.volumeId)!.hello.ready;
    return this.#present()
      .filter((member) => member.membership === 'active' && serves(member))
      .toSorted((one, other) => one.nodeId - other.nodeId)[0];
  }

  #present(): StateMember[] {
    return this.state.members.filter(({ membership }) => membership !== 'removed');
  }

  #others(): StateMember[] {
    return this.#present().filter((member) => member !== this.self);
  }

  rpcOf({ rpcHost }: Pick<StateMember, 'rpcHost'>): Address {
    return { address: rpcHost, port: this.#options.yaml.advertised_rpc_api!.port };
  }

  #ask<Reply>(address: Address, path: string, body?: unknown): Promise<Reply> {
    return ask<Reply>(address, this.#options.tls, path, body);
  }
}
