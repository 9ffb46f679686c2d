import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { execa } from 'execa';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Tier } from '../../runner/tier.ts';

/** The runner as people meet it: its own process on a planted project, with a jest of its own. */
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kafka-events-run-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

async function run(tests: Record<string, string>) {
  const config = await plant('unit', tests);
  return execa(process.execPath, ['test/run.ts', 'unit', `--config=${config}`], { reject: false });
}

/** Writes the test files, and returns a configuration under which jest finds them. */
async function plant(displayName: string, tests: Record<string, string>): Promise<string> {
  for (const [name, text] of Object.entries(tests)) await writeFile(join(folder, name), text);
  const project = { displayName, rootDir: folder, testMatch: ['<rootDir>/*.test.js'], transform: {} };
  return JSON.stringify({ projects: [project] });
}

const passing = `test('adds', () => expect(1 + 1).toBe(2));`;

describe('test/run.ts', () => {
  it('ends in one line that counts the tests of every file', async () => {
    const result = await run({
      'a.test.js': `${passing} test.skip('later', () => {});`,
      'b.test.js': `${passing} test.todo('more');`,
    });
    expect(result.stdout).toMatch(/(^|\n)2 passed, 0 failed, 2 skipped$/);
    expect(result.stderr).toMatch(/Slowest files:(\n +\d+ s .*[ab]\.test\.js){2}\n/);
    expect(result.exitCode).toBe(0);
  });

  it('names every test that failed, and says why', async () => {
    const result = await run({
      'a.test.js': `${passing} describe('sum', () => test('is odd', () => expect(1 + 1).toBe(3)));`,
      'b.test.js': `test('throws', () => { throw new Error('no luck') });`,
    });
    expect(result.stdout).toMatch(/(^|\n)1 passed, 2 failed$/);
    expect(result.stderr).toContain('a.test.js › sum is odd\n');
    expect(result.stderr).toContain('b.test.js › throws\n      Error: no luck\n');
    expect(result.exitCode).toBe(1);
  });

  it('counts a file that does not load as failed', async () => {
    const result = await run({ 'a.test.js': passing, 'broken.test.js': `require('./missing.js');` });
    expect(result.stdout).toMatch(/(^|\n)1 passed, 1 failed$/);
    expect(result.stderr).toContain('broken.test.js (outside of its tests)\n');
  });

  it('fails when there is no test', async () => {
    const result = await run({});
    expect(result.stdout).toMatch(/(^|\n)0 passed, 1 failed$/);
    expect(result.stderr).toContain('unit: no test ran (exit code 1)\n');
    expect(result.exitCode).toBe(1);
  });

  it('counts what keeps running after the last test', async () => {
    const lingering = `test('forgets a timer', () => { setInterval(() => {}, 1000); });`;
    const result = await run({ 'a.test.js': lingering });
    expect(result.stdout).toMatch(/(^|\n)1 passed, 1 failed$/);
    expect(result.stderr).toContain('unit: did not end after its last test');
  });

  it('refuses a tier that does not exist', async () => {
    const result = await execa(process.execPath, ['test/run.ts', 'units'], { reject: false });
    expect(result.stdout).toBe('0 passed, 1 failed');
    expect(result.stderr).toContain('there is no tier "units": unit, integration, e2e, e2e-redpanda, gitops\n');
  });
});

describe('runTier', () => {
  const planted: Tier = {
    name: 'planted',
    workers: 1,
    testSeconds: 60,
    fileMinutes: 1,
    limitMinutes: 1,
    lingerSeconds: 30,
  };

  /** Runs the planted tests in a process of its own, so that their output stays out of this one's. */
  async function tallyOf(tests: Record<string, string>, tier: Partial<Tier> = {}, options = {}): Promise<unknown> {
    const all = { jestOptions: [`--config=${await plant('planted', tests)}`], ...options };
    const program = `
      import { runTier } from './test/runner/tier.ts';
      const tier = ${JSON.stringify({ ...planted, ...tier })};
      const tally = await runTier(tier, { ...${JSON.stringify(all)}, signal: new AbortController().signal });
      console.log(JSON.stringify(tally));`;
    const { stdout } = await execa(process.execPath, ['--input-type=module', '--eval', program], { lines: true });
    return JSON.parse(stdout.at(-1) ?? '');
  }

  it('stops a tier at its limit', async () => {
    const hangs = `test('hangs', () => { for (;;); });`;
    const failures = ['planted: stopped after 0.02 minutes'];
    const tally = await tallyOf({ 'a.test.js': hangs }, { limitMinutes: 0.02 });
    expect(tally).toEqual({ passed: 0, failed: 1, skipped: 0, failures, times: [] });
  });

  it.each([
    ['at which test a file hangs', `${passing} test('hangs', () => { for (;;); });`, 'hangs'],
    ['that a file hangs while it is loaded', `for (;;);`, '(before its first test)'],
  ])('says %s', async (_, text, test) => {
    const tally = await tallyOf({ 'a.test.js': text }, { fileMinutes: 0.1 });
    const line = expect.stringMatching(/^planted: .*a\.test\.js › /);
    expect(tally).toMatchObject({ passed: 0, failed: 1, failures: [line] });
    expect(JSON.stringify(tally)).toContain(`› ${test}: the file had not ended after 0.1 minutes`);
  });

  it('ends a test that takes too long', async () => {
    const slow = `${passing} test('waits', () => new Promise(() => {}));`;
    const tally = await tallyOf({ 'a.test.js': slow }, { testSeconds: 0.3 });
    expect(tally).toMatchObject({ passed: 1, failed: 1, failures: [expect.stringContaining('a.test.js › waits')] });
  });

  it('keeps what was counted before jest crashed, and counts the crash', async () => {
    // The larger file is the first that jest runs.
    const first = `${passing} //${' '.repeat(2000)}`;
    const crashes = `test('crashes', () => process.kill(process.pid, 'SIGKILL'));`;
    const failures = ['planted: ended before its last test (ended by a signal)'];
    const tally = await tallyOf({ 'a.test.js': first, 'b.test.js': crashes });
    expect(tally).toMatchObject({ passed: 1, failed: 1, skipped: 0, failures });
  });

  it('counts the tests of a tier that cannot run here as skipped, and runs none', async () => {
    const text = `beforeAll(() => { throw new Error('hook ran') }); test('one', () => {}); test('two', () => {});`;
    const tally = await tallyOf({ 'a.test.js': text }, {}, { skipped: true });
    expect(tally).toMatchObject({ passed: 0, failed: 0, skipped: 2, failures: [] });
  });
});
