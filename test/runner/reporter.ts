import { relative } from 'node:path';
import type { Reporter, TestResult } from '@jest/reporters';
import type { Tally } from './tally.ts';

/** What the reporter tells the process that started jest: the outcome of each test file as it ends, then that all have. */
export type ReporterMessage = { readonly file: Tally } | { readonly complete: true };

/** Jest's second reporter beside its default one, for test/run.ts. Told file by file, so that a crash loses nothing. */
export default class ResultReporter implements Reporter {
  onTestResult(_test: unknown, result: TestResult): void {
    send({ file: tallyOf(result) });
  }

  onRunComplete(): void {
    send({ complete: true });
  }
}

function send(message: ReporterMessage): void {
  process.send?.(message);
}

function tallyOf(result: TestResult): Tally {
  const file = relative(process.cwd(), result.testFilePath);
  const failures = result.testResults
    .filter((test) => test.status === 'failed')
    .map((test) => `${file} › ${test.fullName}`);
  // A file that does not load has no failing test but is one; so is a hook that fails after the last test.
  if (result.testExecError) failures.push(`${file} (outside of its tests)`);
  const skipped = result.numPendingTests + result.numTodoTests;
  const times = [{ file, seconds: (result.perfStats.end - result.perfStats.start) / 1000 }];
  return { passed: result.numPassingTests, failed: failures.length, skipped, failures, times };
}
