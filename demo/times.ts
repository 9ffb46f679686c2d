/** How long something took that happened several times; milliseconds. */
export interface Times {
  /** The median: one that met a busy moment of the machine, or the first of all, says little of the others. */
  readonly typical: number;
  readonly slowest: number;
}

/** @throws {RangeError} if it never happened */
export function timesOf(milliseconds: readonly number[]): Times {
  const sorted = milliseconds.toSorted((one, other) => one - other);
  const [typical, slowest] = [sorted[Math.floor(sorted.length / 2)], sorted.at(-1)];
  if (typical === undefined || slowest === undefined) throw new RangeError('nothing was measured');
  return { typical, slowest };
}
