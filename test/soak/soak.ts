import { setTimeout as delay } from 'node:timers/promises';
import { Random } from '../support/random.ts';
import { until } from '../support/until.ts';
import { settle, withoutEvent, type Account, type Change, type LeadTimes, type SeenEvent } from './account.ts';
import { performFaults, planFaults, type Fault } from './faults.ts';
import { readTopics } from './read-topics.ts';
import { Rest } from './rest.ts';
import type { SoakSettings } from './settings.ts';
import { startSystem, topics, type System } from './system.ts';
import { changeTasks } from './users.ts';

export interface SoakReport {
  /** What is wrong, in words; none when all is well. */
  readonly problems: readonly string[];
  /** What was done, and what came of it. Times in milliseconds, memory in MB. */
  readonly figures: Readonly<Record<string, unknown>>;
  /** How to have the same once more. */
  readonly replay: string;
}

const shownProblems = 40;
/** Due times reach so far beyond the last change. */
const lastDueMilliseconds = 25_000;

/**
 * Runs the whole system while users change tasks and parts fail, lets everything settle, and accounts for each change
 * and each reminder. The same seed makes the same decisions; how they fall together is up to the machine.
 */
export async function runSoak(settings: SoakSettings, say: (line: string) => void = () => {}): Promise<SoakReport> {
  const random = new Random(String(settings.seed));
  const names = Array.from({ length: settings.users }, (_, index) => `user-${index + 1}`);
  const system = await startSystem(names);
  try {
    const before = await system.memory();
    const faults = new Map<string, number>();
    const operated = await operate(system, settings, random, (fault) => {
      const name = `${fault.kind} ${fault.target}`;
      faults.set(name, (faults.get(name) ?? 0) + 1);
      say(`${name} ${fault.index + 1}`);
    });
    say(`${operated.changes.length} changes; settling`);
    const account = await settled(system, operated, settings.settleSeconds);
    const problems = [...(await endedPrograms(system)), ...account.problems];
    return {
      problems: problems
        .slice(0, shownProblems)
        .concat(problems.length > shownProblems ? [`and ${problems.length - shownProblems} more`] : []),
      figures: {
        ...account.figures,
        retries: operated.retries,
        faults: Object.fromEntries([...faults].toSorted()),
        memory: { before, after: await system.memory() },
      },
      replay: `SEED=${settings.seed} MINUTES=${Math.ceil(settings.seconds / 60)} make soak`,
    };
  } finally {
    await system.stop();
  }
}

/** What was done. */
interface Operated {
  readonly changes: readonly Change[];
  readonly rollouts: readonly LeadTimes[];
  /** Events of topics that were deleted, as they were read before. */
  readonly earlier: readonly SeenEvent[];
}

async function operate(
  system: System,
  settings: SoakSettings,
  random: Random,
  onFault: (fault: Fault) => void,
): Promise<Operated & { readonly retries: number }> {
  const changes: Change[] = [];
  const rollouts: LeadTimes[] = [];
  const earlier: SeenEvent[] = [];
  const rest = new Rest();
  let retries = 0;
  const [over, failing] = [new AbortController(), new AbortController()];
  const deadline = Date.now() + (settings.seconds + settings.settleSeconds) * 1000;
  const plan = planFaults(settings.seconds, random.of('faults'));
  const recreate = (topic: string) =>
    rest.during(async () => {
      earlier.push(...(await allRead(system, topic, changes, earlier)));
      await system.recreate(topic);
    });
  const lanes = [plan.infrastructure, plan.programs].map((lane) =>
    performFaults(system, lane, failing.signal, {
      recreate,
      onFault,
      onLeadTimes: (rollout) => rollouts.push(rollout),
    }),
  );
  const users = Array.from({ length: settings.users }, (_, index) =>
    changeTasks(
      {
        name: `user-${index + 1}`,
        urls: () => system.apis.map(({ url }) => url),
        random: random.of(`user ${index}`),
        pauseMilliseconds: settings.pauseMilliseconds,
        rest,
        onChange: (change) => changes.push(change),
        onRetry: () => (retries += 1),
        deadline,
      },
      over.signal,
    ),
  );
  const all = Promise.all([...lanes, ...users]);
  const timer = setTimeout(() => [over, failing].forEach((controller) => controller.abort()), settings.seconds * 1000);
  try {
    await all;
  } finally {
    clearTimeout(timer);
    for (const controller of [over, failing]) controller.abort();
    await Promise.allSettled([...lanes, ...users]);
  }
  return { changes, rollouts, earlier, retries };
}

/** Longer than whatever may be locked, frozen or away. */
const allReadMilliseconds = 180_000;

/** The events of a topic, once each change has its event and the workers have processed all of the topic. */
async function allRead(
  system: System,
  topic: string,
  changes: readonly Change[],
  earlier: readonly SeenEvent[],
): Promise<readonly SeenEvent[]> {
  let events: readonly SeenEvent[] = [];
  await until(async () => {
    const both = [topics.events, topics.updates].map((name) => readTopics(system.client, [name]));
    const [ofEvents, ofUpdates] = (await Promise.all(both)).map((seen) => seen.events) as [SeenEvent[], SeenEvent[]];
    events = topic === topics.events ? ofEvents : ofUpdates;
    const missing = withoutEvent(changes, [...earlier, ...ofEvents, ...ofUpdates]);
    return missing.length === 0 && (await system.lag(topic)) === 0;
  }, allReadMilliseconds);
  return events;
}

const logLines = 10;

/** A program outlives everything that happens to the others. Those that did not, with the end of their logs. */
async function endedPrograms({ apis, workers }: System): Promise<string[]> {
  const ended = [...apis, ...workers].filter(({ process }) => process.pid === undefined);
  return Promise.all(
    ended.map(async ({ name, process }) => {
      const lines = (await process.readLog()).trim().split('\n');
      return `${name} ended by itself:\n${lines.slice(-logLines).join('\n')}`;
    }),
  );
}

/** The account when it is clean, or when the time for that is over. */
async function settled(system: System, { changes, rollouts, earlier }: Operated, seconds: number): Promise<Account> {
  const deadline = Date.now() + seconds * 1000;
  await delay(lastDueMilliseconds);
  for (;;) {
    const seen = await readTopics(system.client);
    const account = settle(changes, { ...seen, events: [...earlier, ...seen.events] }, Date.now() - 5000, rollouts);
    if (account.problems.length === 0 || Date.now() > deadline) return account;
    await delay(2000);
  }
}
