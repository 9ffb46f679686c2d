import { resolve } from 'node:path';
import { FileLimits } from './file-limits.ts';
import { runGroup } from './process-group.ts';
import type { ReporterMessage } from './reporter.ts';
import { failure, sum, type Tally } from './tally.ts';

/** A tier of tests: one of the projects of jest.config.js, and how it is run. */
export interface Tier {
  readonly name: string;
  /** How many test files run at a time. */
  readonly workers: number;
  /**
   * How long a test or a hook may take, in seconds. It ends what hangs, and says nothing about how fast anything should be:
   * it is longer than the waits of any one of them together, since only a wait that fails tells what did not come about.
   */
  readonly testSeconds: number;
  /** How long a test file may take, before the tier is stopped, naming the test that it was at. */
  readonly fileMinutes: number;
  /** How long all of it may take, before it is stopped and counted as failed. */
  readonly limitMinutes: number;
  /** How long jest may take to exit after the last test; what it was set up with is taken down in that time. */
  readonly lingerSeconds: number;
}

export interface TierOptions {
  /** More of jest's options and file patterns. */
  readonly jestOptions?: readonly string[];
  /** Why it cannot run on this machine: its tests are loaded, counted as skipped, and none is run. */
  readonly skipped?: boolean;
  readonly signal: AbortSignal;
}

/** Runs the tier's tests in a jest of their own. What keeps jest from an orderly end counts as one more failure. */
export async function runTier(tier: Tier, options: TierOptions): Promise<Tally> {
  const files: Tally[] = [];
  const limit = AbortSignal.timeout(tier.limitMinutes * 60_000);
  const lingering = new AbortController();
  const hanging = new AbortController();
  const fileLimits = new FileLimits(tier.fileMinutes, (line) => hanging.abort(line));
  let lingerTimer: NodeJS.Timeout | undefined;
  const code = await runGroup(jestCommand(tier, options), {
    signal: AbortSignal.any([limit, lingering.signal, hanging.signal, options.signal]),
    onMessage: (message) => {
      const news = message as ReporterMessage;
      if ('begun' in news) fileLimits.begin(news.begun, news.test);
      else if ('ended' in news) {
        fileLimits.end(news.ended);
        files.push(news.tally);
      } else lingerTimer = setTimeout(() => lingering.abort(), tier.lingerSeconds * 1000);
    },
  });
  clearTimeout(lingerTimer);
  fileLimits.close();
  const tally = sum(files);
  const complaint = complain(tally);
  return complaint === undefined ? tally : sum([tally, failure(`${tier.name}: ${complaint}`)]);

  function complain({ passed, failed, skipped }: Tally): string | undefined {
    if (hanging.signal.aborted) return String(hanging.signal.reason);
    if (limit.aborted) return `stopped after ${tier.limitMinutes} minutes`;
    if (lingering.signal.aborted) return 'did not end after its last test: a timer, socket or process has no owner';
    if (passed + failed + skipped === 0) return `no test ran (${describe(code)})`;
    if (lingerTimer === undefined) return `ended before its last test (${describe(code)})`;
    if (code !== 0 && failed === 0) return `every test passed, yet jest failed (${describe(code)})`;
    return undefined;
  }
}

function describe(code: number | undefined): string {
  return code === undefined ? 'ended by a signal' : `exit code ${code}`;
}

function jestCommand(tier: Tier, options: TierOptions): string[] {
  return [
    process.execPath,
    '--experimental-vm-modules',
    '--disable-warning=ExperimentalWarning',
    // Of kafkajs as tests use it: in ours, src/kafka/client/request-queue.ts keeps its timers positive.
    '--disable-warning=TimeoutNegativeWarning',
    'node_modules/jest/bin/jest.js',
    // Options that take a list come first: the last one would take the file patterns too.
    `--selectProjects=${tier.name}`,
    '--reporters=default',
    `--reporters=${resolve(import.meta.dirname, 'reporter.ts')}`,
    `--testSequencer=${resolve(import.meta.dirname, 'longest-first.ts')}`,
    '--ci',
    `--maxWorkers=${tier.workers}`,
    // A worker that has run dozens of files takes longer than jest's half a second to end on a busy machine. One that
    // something keeps from ending is still reported.
    '--workerGracefulExitTimeout=15000',
    `--testTimeout=${tier.testSeconds * 1000}`,
    // No name matches it, so no test and none of their hooks run.
    ...(options.skipped ? ['--testNamePattern=(?!)'] : []),
    ...(options.jestOptions ?? []),
  ];
}
