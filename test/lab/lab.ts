import { setTimeout as delay } from 'node:timers/promises';
import { checkCaches, checkClusters, checkTopics } from './checks.ts';
import { laneOf, planOperations, type Operation } from './operations.ts';
import { Random } from '../support/random.ts';
import type { LabSettings } from './settings.ts';
import { World } from './world.ts';

export interface LabReport {
  /** What is wrong, in words; none when all is well. */
  readonly problems: readonly string[];
  /** What was done, and what came of it. */
  readonly figures: Readonly<Record<string, unknown>>;
  /** How to have the same once more. */
  readonly replay: string;
}

/** Of what is wrong in the same way a thousand times, this much is shown. */
const shownProblems = 40;
const operationsAtOnce = 6;

/**
 * Runs operators behind proxies that delay, lose and repeat, while operations go on; then lets everything settle, and
 * says what is not as it must be. The same seed makes the same decisions; how they fall together is up to the machine.
 */
export async function runLab(settings: LabSettings, say: (line: string) => void = () => {}): Promise<LabReport> {
  const random = new Random(String(settings.seed));
  const operations = planOperations(settings, random.of('operations'));
  const world = await World.start(settings, random);
  try {
    const startedAt = performance.now();
    const count = await operate(world, operations, startedAt + settings.seconds * 2_000, say);
    const operated = performance.now();
    world.weather.calm();
    world.kubelet.calm();
    const unsettled = await settle(world, settings.settleSeconds * 1_000);
    const settled = performance.now();
    const problems = [...unsettled, ...world.fleet.mistakes, ...world.writes.problems];
    return {
      problems: problems.slice(0, shownProblems).concat(more(problems.length - shownProblems)),
      figures: {
        ...figures(world),
        ...(count < operations.length && { outOfTimeAfter: count }),
        seconds: { operations: seconds(operated - startedAt), settling: seconds(settled - operated) },
      },
      replay: replay(settings),
    };
  } finally {
    await world.stop();
  }
}

/**
 * Operations when they are due, those on one topic or cluster one after another.
 *
 * @returns how many there was time for: a machine with too much to do must end, too
 */
async function operate(
  world: World,
  operations: readonly Operation[],
  deadline: number,
  say: (line: string) => void,
): Promise<number> {
  const lanes = new Map<string, Promise<void>>();
  const running = new Set<Promise<void>>();
  const failures: unknown[] = [];
  let count = 0;
  let dueAt = performance.now();
  for (const operation of operations) {
    dueAt += operation.afterMilliseconds;
    await delay(Math.max(0, dueAt - performance.now()));
    while (running.size >= operationsAtOnce) await Promise.race(running);
    if (performance.now() > deadline || failures.length > 0) break;
    const lane = laneOf(operation);
    const done = (lanes.get(lane) ?? Promise.resolve()).then(() => world.perform(operation));
    const ended = done.catch((error: unknown) => void failures.push(error)).finally(() => running.delete(ended));
    lanes.set(lane, ended);
    running.add(ended);
    count += 1;
    if (count % 1_000 === 0) say(`${count} operations, ${world.writes.problems.length} kinds of problems`);
  }
  await Promise.all(running);
  if (failures.length > 0) throw failures[0];
  return count;
}

/** What is still not as it must be when the time is over. */
async function settle(world: World, milliseconds: number): Promise<string[]> {
  const deadline = performance.now() + milliseconds;
  await world.wakeUnaware(false);
  const observed = async () => [...(await checkTopics(world)), ...(await checkClusters(world))];
  // Observers are looked at once more when that which they observe has settled.
  await until(async () => (await observed()).filter((problem) => !/TopicObserved|TopicAbsent/.test(problem)), deadline);
  await world.wakeUnaware(true);
  return until(async () => [...(await observed()), ...(await checkCaches(world))], deadline);
}

/** Asks until nothing is wrong any more, or the time is over: then what was wrong at last. */
async function until(problems: () => Promise<string[]>, deadline: number): Promise<string[]> {
  for (;;) {
    const found = await problems();
    if (found.length === 0 || performance.now() > deadline) return found;
    await delay(250);
  }
}

function figures({ done, fleet, figures: { watches, requests }, kubelet, writes }: World): Record<string, unknown> {
  return {
    operations: sorted(done),
    operators: { started: fleet.started, killed: fleet.killed, ended: fleet.ended },
    watches,
    requests,
    writes: sorted(writes.counts),
    changedNothing: sorted(writes.allowed),
    brokers: { restarts: kubelet.restarts, ofStarting: kubelet.restartsOfStarting },
  };
}

const sorted = (counts: ReadonlyMap<string, number>) =>
  Object.fromEntries([...counts].toSorted(([one], [other]) => one.localeCompare(other)));

const more = (count: number) => (count > 0 ? [`and ${count} more`] : []);
const seconds = (milliseconds: number) => Math.round(milliseconds / 100) / 10;

const replay = ({ seed, operations, seconds: length, longestDelaySeconds }: LabSettings) =>
  `LAB_SEED=${seed} LAB_OPERATIONS=${operations} LAB_SECONDS=${length} LAB_DELAY_SECONDS=${longestDelaySeconds} make lab`;
