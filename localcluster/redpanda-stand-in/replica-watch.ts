import type { Membership } from './membership.ts';
import { movesFrom, movesOnto, type Partition, type Replicas } from './replicas.ts';

/** What is known of replicas is worth nothing after a while without an answer. */
const knownMilliseconds = 5_000;
const moveAgainMilliseconds = 10_000;

/**
 * Looks at the replicas of the Kafka beneath and, as the leader's, moves those of brokers that leave, and some onto brokers
 * that join.
 */
export class ReplicaWatch {
  readonly #membership: Membership;
  readonly #replicas: Replicas;
  readonly #movedAt = new Map<string, number>();
  #seen: readonly Partition[] = [];
  #seenAt = -Infinity;

  constructor(membership: Membership, replicas: Replicas) {
    this.#membership = membership;
    this.#replicas = replicas;
  }

  /** @throws {Error} when nobody has told for a while */
  get partitions(): readonly Partition[] {
    if (performance.now() - this.#seenAt > knownMilliseconds) throw new Error('the state of replicas is not known');
    return this.#seen;
  }

  async look(): Promise<void> {
    this.#seen = await this.#replicas.list();
    this.#seenAt = performance.now();
    if (this.#membership.leader !== this.#membership.self) return;
    await this.#emptyLeaving();
    await this.#fillJoined();
  }

  /** Not while one is away or leaves: what it holds may have to move as well. */
  async #fillJoined(): Promise<void> {
    const { members, properties } = this.#membership.state;
    const present = members.filter(({ membership }) => membership !== 'removed');
    const isSettled = present.every((one) => one.membership === 'active' && this.#membership.isAlive(one));
    const settled = this.#settled();
    if (properties['partition_autobalancing_mode'] === 'off' || !isSettled || settled.length < this.#seen.length)
      return;
    const joined = present.find(({ nodeId }) => this.#seen.every(({ replicas }) => !replicas.includes(nodeId)));
    if (!joined) return;
    const others = present.filter((one) => one !== joined).map(({ nodeId }) => nodeId);
    await this.#move(movesOnto(joined.nodeId, settled, others));
  }

  async #emptyLeaving(): Promise<void> {
    const { state } = this.#membership;
    for (const member of state.members.filter(({ membership }) => membership === 'draining')) {
      const { nodeId } = member;
      const held = this.#seen.filter(({ replicas }) => replicas.includes(nodeId));
      if (held.length === 0) {
        const members = state.members.map((one) => (one === member ? { ...one, membership: 'removed' as const } : one));
        await this.#membership.commit({ ...state, members });
        return;
      }
      const staying = state.members.filter((one) => one.membership === 'active' && this.#membership.isAlive(one));
      await this.#move(
        movesFrom(
          nodeId,
          this.#settled(),
          staying.map((one) => one.nodeId),
        ),
      );
    }
  }

  async #move(moves: readonly Partition[]): Promise<void> {
    if (moves.length === 0) return;
    await this.#replicas.move(moves);
    for (const move of moves) this.#movedAt.set(keyOf(move), performance.now());
  }

  /** Those that were not moved just now. */
  #settled(): Partition[] {
    const now = performance.now();
    return this.#seen.filter((one) => now - (this.#movedAt.get(keyOf(one)) ?? -Infinity) >= moveAgainMilliseconds);
  }
}

const keyOf = ({ topic, partition }: Partition) => `${topic}/${partition}`;
