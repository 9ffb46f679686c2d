/** What came of some tests. */
export interface Tally {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** For the list at the end: which failed, each with the first lines of why. */
  readonly failures: readonly string[];
  /** How long each file took, with what it started and waited for. */
  readonly times: readonly FileTime[];
}

export interface FileTime {
  readonly file: string;
  readonly seconds: number;
}

export const emptyTally: Tally = { passed: 0, failed: 0, skipped: 0, failures: [], times: [] };

/** One failure that is not a test's own: a type error, a crash, a tier that ran out of time. */
export function failure(line: string): Tally {
  return { ...emptyTally, failed: 1, failures: [line] };
}

export function sum(tallies: readonly Tally[]): Tally {
  return {
    passed: tallies.reduce((total, tally) => total + tally.passed, 0),
    failed: tallies.reduce((total, tally) => total + tally.failed, 0),
    skipped: tallies.reduce((total, tally) => total + tally.skipped, 0),
    failures: tallies.flatMap((tally) => tally.failures),
    times: tallies.flatMap((tally) => tally.times),
  };
}

/** The line that `make test` ends in, for people and for programs: `12 passed, 0 failed`, with `, 3 skipped` if any were. */
export function summaryLine({ passed, failed, skipped }: Tally): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

/** The files that took longest, the longest first; a line each. */
export function slowestLines({ times }: Tally, count = 10): string[] {
  const slowest = times.toSorted((one, other) => other.seconds - one.seconds).slice(0, count);
  return slowest.map(({ file, seconds }) => `${seconds.toFixed(0).padStart(4)} s  ${file}`);
}

/** Passing takes more than the absence of failures: somebody must have passed. */
export function succeeded({ passed, failed }: Tally): boolean {
  return failed === 0 && passed > 0;
}
