/**
 * Runs the tests: `run.ts` checks types and style and runs unit, integration and e2e, `run.ts unit [jest's options]` runs
 * one tier.
 * The last line of stdout says how many passed and failed; the exit code is 0 only if none failed and some passed.
 */
import { existsSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { runGroup } from './runner/process-group.ts';
import { emptyTally, failure, slowestLines, succeeded, sum, summaryLine, type Tally } from './runner/tally.ts';
import { runTier, type Tier } from './runner/tier.ts';

type TierName = 'unit' | 'integration' | 'e2e' | 'e2e-redpanda' | 'gitops';

const onPods = { workers: 1, testSeconds: 600, fileMinutes: 20, limitMinutes: 30, lingerSeconds: 120 };
const tiers: Record<TierName, Tier> = {
  unit: { name: 'unit', workers: 2, testSeconds: 150, fileMinutes: 5, limitMinutes: 20, lingerSeconds: 5 },
  integration: {
    name: 'integration',
    // Its files wait most of the time: one takes a third of a core.
    workers: 4,
    testSeconds: 300,
    fileMinutes: 12,
    limitMinutes: 40,
    lingerSeconds: 30,
  },
  e2e: { ...onPods, name: 'e2e' },
  'e2e-redpanda': { ...onPods, name: 'e2e-redpanda' },
  // Programs of other projects, which take minutes to compile: not part of a whole run.
  gitops: { name: 'gitops', workers: 1, testSeconds: 300, fileMinutes: 25, limitMinutes: 60, lingerSeconds: 30 },
};
const tiersOnPods: ReadonlySet<TierName> = new Set(['e2e', 'e2e-redpanda']);
const checkMinutes = 15;
/** The first run compiles Kubernetes. */
const prepareMinutes = 25;

// Every program that the tests start would strip and compile the same sources again, which takes half a second of a core.
process.env['NODE_COMPILE_CACHE'] ??= resolve('node_modules/.cache/node-compile-cache');

const interrupted = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => interrupted.abort());

await addCurl();
const [chosen, ...jestOptions] = process.argv.slice(2);
const tally = chosen === undefined ? await runAll() : await runOne(chosen, jestOptions);
if (interrupted.signal.aborted) {
  console.error('\nInterrupted.');
  process.exit(130);
}
if (tally.times.length > 1) console.error(`\nSlowest files:\n${slowestLines(tally).join('\n')}`);
if (tally.failed > 0)
  console.error(`\nFailed:\n${tally.failures.map((told) => `  ${told.replaceAll('\n', '\n  ')}`).join('\n')}`);
console.error('');
console.log(summaryLine(tally));
process.exit(succeeded(tally) ? 0 : 1);

async function runAll(): Promise<Tally> {
  heading('types and lint');
  const checks = await Promise.all([runCheck('types', 'check'), runCheck('lint', 'lint')]);
  const unit = await runNamed('unit');
  const prepared = await prepare();
  // Without its parts, every one of these tests would fail of the same cause: that one is the failure to show.
  if (prepared.failed > 0) return sum([...checks, unit, prepared]);
  return sum([...checks, unit, await runNamed('integration'), await runNamed('e2e')]);
}

async function runOne(name: string, options: readonly string[]): Promise<Tally> {
  if (!isTierName(name)) return failure(`there is no tier "${name}": ${Object.keys(tiers).join(', ')}`);
  const prepared = name === 'unit' ? emptyTally : await prepare();
  return prepared.failed > 0 ? prepared : runNamed(name, options);
}

function isTierName(name: string): name is TierName {
  return Object.hasOwn(tiers, name);
}

async function runNamed(name: TierName, jestOptions: readonly string[] = []): Promise<Tally> {
  const lacking = whatIsLacking(name);
  heading(lacking === undefined ? name : `${name}: skipped, it needs ${lacking}`);
  const skipped = lacking !== undefined;
  const run = () => runTier(tiers[name], { jestOptions, skipped, signal: interrupted.signal });
  return tiersOnPods.has(name) && !skipped ? runWithClusters(run) : run();
}

async function runWithClusters(run: () => Promise<Tally>): Promise<Tally> {
  const tallies: Tally[] = [];
  try {
    // Loaded only now: whatever is wrong with the local cluster's code, the other tiers have been run and counted.
    const { withE2eClusters } = await import('./runner/e2e-clusters.ts');
    await withE2eClusters(async () => tallies.push(await run()));
  } catch (error) {
    tallies.push(failure(`e2e: ${String(error)}`));
  }
  return sum(tallies);
}

function whatIsLacking(name: TierName): string | undefined {
  if (name !== 'unit' && process.platform !== 'linux') return 'Linux';
  if (tiersOnPods.has(name) && process.getuid?.() !== 0) return 'root, for a node with real pods';
  return undefined;
}

/** One of package.json's scripts that is silent when all is well. */
async function runCheck(title: string, script: string): Promise<Tally> {
  return runStep(title, ['npm', 'run', '--silent', script], checkMinutes);
}

/** Builds or fetches what the tests start, before any test's own time limit runs. */
async function prepare(): Promise<Tally> {
  if (process.platform !== 'linux') return emptyTally;
  heading('parts');
  return runStep('parts', [process.execPath, 'localcluster/main.ts', 'prepare'], prepareMinutes);
}

async function runStep(title: string, command: readonly string[], limitMinutes: number): Promise<Tally> {
  const limit = AbortSignal.timeout(limitMinutes * 60_000);
  const code = await runGroup(command, { signal: AbortSignal.any([limit, interrupted.signal]) });
  if (limit.aborted) return failure(`${title}: stopped after ${limitMinutes} minutes`);
  return code === 0 ? emptyTally : failure(title);
}

/** Scripts and documented commands call curl, which a bare Debian lacks: the tests that do fail where it cannot be had. */
async function addCurl(): Promise<void> {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  if (process.platform !== 'linux' || folders.some((folder) => existsSync(join(folder, 'curl')))) return;
  try {
    // Loaded only where it is needed, as is the code of the local cluster.
    const { ensureCurl } = await import('../localcluster/artifacts/curl.ts');
    process.env['PATH'] = [...folders, await ensureCurl()].join(delimiter);
  } catch (error) {
    console.error(`curl is not installed, and cannot be fetched: ${String(error)}`);
  }
}

function heading(title: string): void {
  console.error(`\n── ${title}`);
}
