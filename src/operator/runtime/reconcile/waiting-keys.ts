import { Fifo } from './fifo.ts';

/** Low is what can wait: a look at what has not changed. */
export type Priority = 'normal' | 'low';

/** Keys of one lane and one priority that are worked on together. */
export interface Batch {
  readonly lane: string;
  readonly priority: Priority;
  readonly keys: readonly string[];
}

export interface WaitingKeysOptions {
  /** How many keys make a batch at most. */
  readonly batchSize: number;
  /** How many batches of a lane are under way at most. */
  readonly concurrency: number;
  /** Told how many milliseconds a key waited until it was taken. */
  readonly onTaken?: ((waitedMilliseconds: number) => void) | undefined;
}

/** After this time a key of low priority no longer gives way to every other. */
const longestGivingWay = 30_000;

interface Lane {
  readonly name: string;
  readonly keys: Readonly<Record<Priority, Fifo>>;
  readonly underWay: Record<Priority, number>;
  waiting: number;
  /** The priority of the batch before. */
  last: Priority;
}

interface Place {
  readonly lane: Lane;
  readonly priority: Priority;
  readonly since: number;
}

/**
 * The keys that wait, lane by lane. Lanes take turns, and each has its own number of batches under way, so none waits
 * for another. Within a lane:
 *
 * - Keys of normal priority go first, in the order they came. A batch of them is not filled up with others.
 * - Where several batches may be under way, one of them is never of low priority: whatever changes finds it free.
 * - Once the first key of low priority has waited for 30 s, every other batch is of low priority.
 *
 * Times are milliseconds of a monotonic clock.
 */
export class WaitingKeys {
  readonly #options: WaitingKeysOptions;
  readonly #places = new Map<string, Place>();
  /** Those with keys that wait or batches under way, and no others. */
  readonly #lanes = new Map<string, Lane>();
  /** Names of the lanes that can give a batch, in the order of their turns. */
  readonly #turns = new Fifo();
  #underWay = 0;

  constructor(options: WaitingKeysOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#places.size;
  }

  /** How many batches are under way. */
  get underWay(): number {
    return this.#underWay;
  }

  /** How many lanes have keys that wait or batches under way. */
  get lanes(): number {
    return this.#lanes.size;
  }

  has(key: string): boolean {
    return this.#places.has(key);
  }

  /** A key that waits already moves to the lane it is in now, and keeps the higher priority of both. */
  put(key: string, laneName: string, priority: Priority, now: number): void {
    const before = this.#places.get(key);
    const raised = before?.priority === 'normal' ? 'normal' : priority;
    if (before?.lane.name === laneName && before.priority === raised) return;
    if (before) this.#leave(key, before);
    const lane = this.#lane(laneName);
    this.#places.set(key, { lane, priority: raised, since: before?.since ?? now });
    lane.keys[raised].add(key);
    lane.waiting += 1;
    this.#update(lane);
  }

  /** The next batch of the lane whose turn it is. `release` must follow. */
  next(now: number): Batch | undefined {
    const name = this.#turns.first;
    if (name === undefined) return undefined;
    const lane = this.#lanes.get(name)!;
    const priority = this.#choose(lane, now)!;
    const keys = this.#take(lane, priority, now);
    lane.underWay[priority] += 1;
    lane.last = priority;
    this.#underWay += 1;
    this.#turns.delete(name);
    this.#update(lane);
    return { lane: name, priority, keys };
  }

  release({ lane: name, priority }: Batch): void {
    const lane = this.#lanes.get(name)!;
    lane.underWay[priority] -= 1;
    this.#underWay -= 1;
    this.#update(lane);
  }

  /** Drops the keys that wait. */
  clear(): void {
    for (const [key, place] of this.#places) this.#leave(key, place);
  }

  #take(lane: Lane, priority: Priority, now: number): string[] {
    const taken: string[] = [];
    const keys = lane.keys[priority];
    for (let key = keys.first; key !== undefined && taken.length < this.#options.batchSize; key = keys.first) {
      const place = this.#places.get(key)!;
      this.#options.onTaken?.(now - place.since);
      this.#remove(key, place);
      taken.push(key);
    }
    return taken;
  }

  #leave(key: string, place: Place): void {
    this.#remove(key, place);
    this.#update(place.lane);
  }

  #remove(key: string, { lane, priority }: Place): void {
    this.#places.delete(key);
    lane.keys[priority].delete(key);
    lane.waiting -= 1;
  }

  /** Which keys of the lane come next, if any can. */
  #choose({ keys, underWay, last }: Lane, now: number): Priority | undefined {
    const { concurrency } = this.#options;
    if (underWay.normal + underWay.low >= concurrency) return undefined;
    const { low } = keys;
    const mayBeLow = low.first !== undefined && underWay.low < Math.max(1, concurrency - 1);
    if (keys.normal.first === undefined) return mayBeLow ? 'low' : undefined;
    if (!mayBeLow || last === 'low') return 'normal';
    return now - this.#places.get(low.first)!.since >= longestGivingWay ? 'low' : 'normal';
  }

  #lane(name: string): Lane {
    const known = this.#lanes.get(name);
    if (known) return known;
    const keys = { normal: new Fifo(), low: new Fifo() };
    const lane: Lane = { name, keys, underWay: { normal: 0, low: 0 }, waiting: 0, last: 'normal' };
    this.#lanes.set(name, lane);
    return lane;
  }

  /** Whether a lane can give a batch does not depend on the time, so it changes only where this is called. */
  #update(lane: Lane): void {
    if (this.#choose(lane, 0)) this.#turns.add(lane.name);
    else this.#turns.delete(lane.name);
    if (lane.waiting + lane.underWay.normal + lane.underWay.low === 0) this.#lanes.delete(lane.name);
  }
}
