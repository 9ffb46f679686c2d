import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** @throws {Error} in the words of a broker that has crashed once too often */
export function refuseCrashLoop(crashes: number, limit: number): void {
  if (crashes > limit) {
    throw new Error(`Crash loop detected. Too many consecutive crashes ${crashes}, exceeded crash_loop_limit ${limit}`);
  }
}

interface Starts {
  /** Starts since the last one that ended well. */
  readonly count: number;
  /** Milliseconds since the epoch. */
  readonly lastAt: number;
}

const fileIn = (dataFolder: string) => join(dataFolder, 'startup_log');
const forgottenAfterMilliseconds = 3_600_000;

/**
 * Counts this start, which a broker does before anything else.
 *
 * @throws {Error} when too many in a row have not ended well, until an hour has passed
 */
export async function countStart(dataFolder: string, limit: number, now = Date.now()): Promise<void> {
  const text = await readFile(fileIn(dataFolder), 'utf8').catch(() => undefined);
  const { count, lastAt } = text === undefined ? { count: 0, lastAt: 0 } : (JSON.parse(text) as Starts);
  const crashes = now - lastAt < forgottenAfterMilliseconds ? count : 0;
  refuseCrashLoop(crashes, limit);
  await writeFile(fileIn(dataFolder), JSON.stringify({ count: crashes + 1, lastAt: now } satisfies Starts));
}

/** The broker ends well: its starts count no longer. */
export async function forgetStarts(dataFolder: string): Promise<void> {
  await rm(fileIn(dataFolder), { force: true });
}
