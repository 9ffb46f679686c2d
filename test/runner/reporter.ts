import { relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import type { Reporter, Test, TestResult } from '@jest/reporters';
import type { Tally } from './tally.ts';

/**
 * What the reporter tells the process that started jest: which file begins, and which of its tests; the outcome of each
 * file as it ends; then that all have.
 */
export type ReporterMessage =
  | { readonly begun: string; readonly test?: string }
  | { readonly ended: string; readonly tally: Tally }
  | { readonly complete: true };

/** Jest's second reporter beside its default one, for test/run.ts. Told file by file, so that a crash loses nothing. */
export default class ResultReporter implements Reporter {
  onTestFileStart({ path }: Test): void {
    send({ begun: nameOf(path) });
  }

  onTestCaseStart({ path }: Test, { fullName }: { readonly fullName: string }): void {
    send({ begun: nameOf(path), test: fullName });
  }

  onTestResult({ path }: Test, result: TestResult): void {
    send({ ended: nameOf(path), tally: tallyOf(result) });
  }

  onRunComplete(): void {
    send({ complete: true });
  }
}

function send(message: ReporterMessage): void {
  process.send?.(message);
}

function nameOf(path: string): string {
  return relative(process.cwd(), path);
}

const excerptLines = 40;

/**
 * What went wrong, below the name of the test: whoever has no more than the end of a long output reads it there.
 * Longer ones stand whole where the test failed.
 */
function excerpt(messages: readonly string[]): string {
  const lines = messages.flatMap((message) => stripVTControlCharacters(message).split('\n'));
  const told = lines.filter((line) => line.trim() !== '').slice(0, excerptLines);
  return told.map((line) => `\n    ${line.slice(0, 300)}`).join('');
}

function tallyOf(result: TestResult): Tally {
  const file = nameOf(result.testFilePath);
  const failures = result.testResults
    .filter((test) => test.status === 'failed')
    .map((test) => `${file} › ${test.fullName}${excerpt(test.failureMessages)}`);
  // A file that does not load has no failing test but is one; so is a hook that fails after the last test.
  const error = result.testExecError;
  if (error) failures.push(`${file} (outside of its tests)${excerpt([error.stack ?? error.message])}`);
  const skipped = result.numPendingTests + result.numTodoTests;
  const times = [{ file, seconds: (result.perfStats.end - result.perfStats.start) / 1000 }];
  return { passed: result.numPassingTests, failed: failures.length, skipped, failures, times };
}
