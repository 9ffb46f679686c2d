/** What is to be decided for one partition: which of the candidates have a replica of it, next to those that stay. */
export interface Choice {
  readonly staying: readonly number[];
  readonly candidates: readonly number[];
  /** How many to choose. */
  readonly number: number;
  /** One is only chosen when all those of more merit are. */
  readonly merit: (candidate: number) => number;
}

export interface Cluster {
  /** How many replicas of all topics each broker has. */
  readonly loads: Map<number, number>;
  readonly rackOf: (broker: number) => string | number;
}

/** A choice being made. */
interface Draft extends Choice {
  readonly chosen: Set<number>;
}

/** The brokers chosen for each partition of one topic. The order of the candidates does not matter. */
export function chooseBrokers(choices: readonly Choice[], cluster: Cluster): ReadonlySet<number>[] {
  const drafts = choices.map((choice) => ({
    ...choice,
    candidates: choice.candidates.toSorted((one, other) => one - other),
    chosen: new Set<number>(),
  }));
  const counts = new Map<number, number>(); // of the topic's replicas, by broker
  for (const { staying } of drafts) for (const id of staying) count(counts, id, 1);
  for (const draft of drafts) chooseGreedily(draft, counts, cluster);
  evenOut(drafts, counts, cluster);
  return drafts.map(({ chosen }) => chosen);
}

export function count(counts: Map<number, number>, broker: number, change: number): void {
  counts.set(broker, (counts.get(broker) ?? 0) + change);
}

function chooseGreedily(draft: Draft, counts: Map<number, number>, { loads, rackOf }: Cluster): void {
  while (draft.chosen.size < draft.number) {
    const ranked = draft.candidates
      .filter((id) => !draft.chosen.has(id))
      .map((id) => [-draft.merit(id), sharing(draft, id, rackOf), counts.get(id) ?? 0, loads.get(id) ?? 0, id]);
    const best = ranked.reduce((one, other) => (compare(one, other) <= 0 ? one : other)).at(-1)!;
    draft.chosen.add(best);
    count(counts, best, 1);
  }
}

/** How many replicas of the partition are in the rack of a broker, when one broker is passed over. */
function sharing({ staying, chosen }: Draft, broker: number, rackOf: Cluster['rackOf'], passedOver?: number): number {
  const rack = rackOf(broker);
  return [...staying, ...chosen].filter((id) => id !== passedOver && rackOf(id) === rack).length;
}

function compare(one: readonly number[], other: readonly number[]): number {
  for (const [index, value] of one.entries()) if (value !== other[index]) return value - other[index]!;
  return 0;
}

/** For a partition, another broker is chosen in place of one. */
interface Exchange {
  readonly draft: Draft;
  readonly from: number;
  readonly to: number;
}

/**
 * When partitions choose one after another, the last of them may have no good choice left. So they make room for one
 * another, until no broker has two replicas more than one that could take one of them.
 */
function evenOut(drafts: readonly Draft[], counts: Map<number, number>, cluster: Cluster): void {
  for (let chain = findChain(drafts, counts, cluster); chain; chain = findChain(drafts, counts, cluster)) {
    for (const { draft, from, to } of chain) {
      draft.chosen.delete(from);
      draft.chosen.add(to);
      count(counts, from, -1);
      count(counts, to, 1);
    }
  }
}

/** Exchanges that lead from a broker to one that has at least two less, directly or through others. */
function findChain(drafts: readonly Draft[], counts: ReadonlyMap<number, number>, cluster: Cluster) {
  const fewest = drafts.reduce(
    (least, { candidates }) => Math.min(least, ...candidates.map((id) => counts.get(id) ?? 0)),
    Infinity,
  );
  const heaviestFirst = [...counts].sort(([one, few], [other, many]) => many - few || one - other);
  for (const [start, most] of heaviestFirst) {
    if (most < fewest + 2) return undefined;
    const reachedBy = new Map<number, Exchange | undefined>([[start, undefined]]);
    // It grows while it is walked through.
    for (const broker of reachedBy.keys()) {
      if ((counts.get(broker) ?? 0) <= most - 2) return chainTo(broker, reachedBy);
      for (const exchange of exchangesFrom(broker, drafts, cluster)) {
        if (!reachedBy.has(exchange.to)) reachedBy.set(exchange.to, exchange);
      }
    }
  }
  return undefined;
}

function chainTo(broker: number, reachedBy: ReadonlyMap<number, Exchange | undefined>): Exchange[] {
  const last = reachedBy.get(broker);
  return last ? [...chainTo(last.from, reachedBy), last] : [];
}

/** What a broker could hand over, without harm to any partition. */
function exchangesFrom(from: number, drafts: readonly Draft[], { rackOf }: Cluster): Exchange[] {
  const ofPartition = (draft: Draft) => {
    const isAsGood = (to: number) =>
      draft.merit(to) === draft.merit(from) && sharing(draft, to, rackOf, from) <= sharing(draft, from, rackOf, from);
    const others = draft.candidates.filter((to) => !draft.chosen.has(to) && isAsGood(to));
    return others.map((to) => ({ draft, from, to }));
  };
  return drafts.filter(({ chosen }) => chosen.has(from)).flatMap(ofPartition);
}
