import type { Membership } from './membership.ts';
import { movesFrom, type Partition, type Replicas } from './replicas.ts';

/** What is known of replicas is worth nothing after a while without an answer. */
const knownMilliseconds = 5_000;
const moveAgainMilliseconds = 10_000;

/** Looks at the replicas of the Kafka beneath, and as the leader's, moves those of brokers that leave. */
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
    if (this.#membership.leader === this.#membership.self) await this.#emptyLeaving();
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
      const moves = movesFrom(
        nodeId,
        this.#seen.filter((partition) => !this.#isMoving(partition)),
        staying.map((one) => one.nodeId),
      );
      if (moves.length === 0) continue;
      await this.#replicas.move(moves);
      for (const move of moves) this.#movedAt.set(keyOf(move), performance.now());
    }
  }

  #isMoving(partition: Partition): boolean {
    return performance.now() - (this.#movedAt.get(keyOf(partition)) ?? -Infinity) < moveAgainMilliseconds;
  }
}

const keyOf = ({ topic, partition }: Partition) => `${topic}/${partition}`;
