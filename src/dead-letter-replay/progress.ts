import { z } from 'zod';
import type { CommittedOffset } from '../kafka/transactional-producer.ts';

const count = z.int().min(0);
const counts = z.object({ read: count, matched: count, replayed: count, kept: count });

/** What has been done, in letters. */
export type Tally = z.infer<typeof counts>;

/** What a replay reports. */
export interface Counts extends Tally {
  /** Letters that were there at the start and are not read yet. */
  readonly remaining: number;
}

/** How far a partition of the dead-letter topic is. */
export interface PartitionProgress {
  readonly partition: number;
  /** The next offset to read. */
  readonly position: bigint;
  /** Where it ended when the replay began: letters that come back meanwhile are not read. */
  readonly end: bigint;
  readonly tally: Tally;
}

export const nothing: Tally = { read: 0, matched: 0, replayed: 0, kept: 0 };

export function add(one: Tally, other: Tally): Tally {
  return {
    read: one.read + other.read,
    matched: one.matched + other.matched,
    replayed: one.replayed + other.replayed,
    kept: one.kept + other.kept,
  };
}

export function total(partitions: readonly PartitionProgress[]): Counts {
  const left = partitions.map(({ position, end }) => (end > position ? Number(end - position) : 0));
  const remaining = left.reduce((sum, value) => sum + value, 0);
  return { ...partitions.map(({ tally }) => tally).reduce(add, nothing), remaining };
}

/** What is noted with a committed offset. */
const note = counts.extend({ end: z.string().regex(/^\d{1,19}$/) });

export function toCommitted({ partition, position, end, tally }: PartitionProgress): CommittedOffset {
  const metadata: z.infer<typeof note> = { end: String(end), ...tally };
  return { partition, offset: position, metadata: JSON.stringify(metadata) };
}

/** @throws {Error} for a note that is not this program's */
export function fromCommitted({ partition, offset, metadata }: CommittedOffset): PartitionProgress {
  const { end, ...tally } = note.parse(JSON.parse(metadata));
  return { partition, position: offset, end: BigInt(end), tally };
}
