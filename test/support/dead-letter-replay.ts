import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { ReplayReport } from '../../src/dead-letter-replay/program.ts';
import { compileCache } from './compile-cache.ts';

const sources = join(import.meta.dirname, '../../src/bin/dead-letter-replay.ts');

export interface ReplayRun {
  readonly exitCode: number | null;
  /** The last words; undefined where it had none. */
  readonly report: ReplayReport | undefined;
}

/**
 * Runs the program as its pod does, to its end.
 *
 * @param isKilledAt whether a line of its log is the last that it writes: it is killed at once then
 */
export async function runReplay(
  environment: Readonly<Record<string, string>>,
  isKilledAt?: (line: string) => boolean,
): Promise<ReplayRun> {
  const folder = await mkdtemp(join(tmpdir(), 'dead-letter-replay-'));
  const terminationLog = join(folder, 'termination-log');
  try {
    const program = spawn(process.execPath, [sources], {
      env: { ...compileCache, METRICS_PORT: '0', LOG_LEVEL: 'trace', TERMINATION_LOG: terminationLog, ...environment },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = once(program, 'exit') as Promise<[number | null]>;
    for await (const line of createInterface(program.stdout)) if (isKilledAt?.(line)) program.kill('SIGKILL');
    const [exitCode] = await ended;
    const words = await readFile(terminationLog, 'utf8').catch(() => undefined);
    return { exitCode, report: words === undefined ? undefined : (JSON.parse(words) as ReplayReport) };
  } finally {
    await rm(folder, { recursive: true });
  }
}
