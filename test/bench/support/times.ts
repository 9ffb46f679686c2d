/** Prints a line of what was measured, in seconds. */
export function reportSeconds(what: string, value: number, note: string): void {
  console.log(`  ${what.padEnd(30)} ${value.toFixed(1).padStart(6)} s  ${note}`);
}

/** @param byName seconds */
export function tellProcessorTime(byName: ReadonlyMap<string, number>): void {
  const parts = [...byName].filter(([, value]) => value >= 0.1).map(([name, value]) => `${name} ${value.toFixed(1)}`);
  console.log(`  processor seconds meanwhile     ${parts.join(', ')}`);
}

export function percentile(values: readonly number[], share: number): number {
  return values.toSorted((one, other) => one - other)[Math.floor((values.length - 1) * share)]!;
}

/** @param since of performance.now() */
export function secondsSince(since: number): number {
  return (performance.now() - since) / 1000;
}
