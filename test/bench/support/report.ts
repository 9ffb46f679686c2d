/** Prints what was measured, beside its limit in milliseconds. */
export function report(what: string, milliseconds: readonly number[], limit: number): void {
  const sorted = milliseconds.toSorted((one, other) => one - other);
  const at = (part: number) => sorted[Math.ceil(sorted.length * part) - 1]!;
  const figures = `p50 ${at(0.5).toFixed(1)} ms, p99 ${at(0.99).toFixed(1)} ms, maximum ${at(1).toFixed(1)} ms`;
  console.log(`${what}: ${figures}, earliest ${sorted[0]!.toFixed(1)} ms: p99 is ${ratio(at(0.99), limit)}`);
}

export const ratio = (value: number, limit: number) => `${(value / limit).toFixed(2)} of the limit of ${limit}`;
