import { setTimeout as delay } from 'node:timers/promises';
import type { Disk } from '../../localcluster/parts/disk.ts';
import type { Part } from '../../localcluster/parts/part.ts';
import type { Random } from '../support/random.ts';
import type { LeadTimes } from './account.ts';
import { firstSettings, topics, type RunningProgram, type System, type WorkerSettings } from './system.ts';

/** What happens to a part, and for how long. */
export interface Fault {
  readonly kind: 'kill' | 'pause' | 'silence' | 'restart' | 'step' | 'grow' | 'recreate' | 'fill' | 'upgrade';
  /** Which of the parts that it can happen to. */
  readonly target: 'broker' | 'database' | 'chat-api' | 'reminder-worker' | 'topic';
  readonly index: number;
  /** Since the end of the fault before it, in the same lane. */
  readonly afterMilliseconds: number;
  readonly milliseconds: number;
}

/** Faults of a lane come one after another, so that never two brokers are away, which nobody promises to outlive. */
export interface FaultPlan {
  readonly infrastructure: readonly Fault[];
  readonly programs: readonly Fault[];
}

export function planFaults(seconds: number, random: Random): FaultPlan {
  return {
    infrastructure: planLane(seconds, random.of('infrastructure'), infrastructureFault),
    programs: planLane(seconds, random.of('programs'), programFault),
  };
}

type Happening = Omit<Fault, 'afterMilliseconds' | 'milliseconds'>;

function planLane(seconds: number, random: Random, happening: (random: Random) => Happening): Fault[] {
  const faults: Fault[] = [];
  for (let left = seconds * 1000; ;) {
    const afterMilliseconds = random.integer(1000, 6000);
    const milliseconds = random.integer(500, random.chance(0.2) ? 15_000 : 5000);
    left -= afterMilliseconds + milliseconds;
    if (left < 0) return faults;
    faults.push({ ...happening(random), afterMilliseconds, milliseconds });
  }
}

/** Of the reminders' topic there is no moment in which nothing is about to be written to it. */
const recreated = [topics.events, topics.updates];
const grown = [...recreated, topics.reminders];

function infrastructureFault(random: Random): Happening {
  const target = random.weighted({ broker: 6, database: 3, topic: 1 });
  if (target === 'topic') {
    const kind = random.weighted({ grow: 2, recreate: 1 });
    return { kind, target, index: random.integer(0, kind === 'grow' ? grown.length - 1 : recreated.length - 1) };
  }
  const kind = random.weighted({ kill: 2, pause: 2, restart: 1, fill: 2 });
  return { kind, target, index: target === 'broker' ? random.integer(0, 2) : 0 };
}

function programFault(random: Random): Happening {
  const target = random.pick(['chat-api', 'reminder-worker'] as const);
  const kind = random.weighted({ kill: 3, pause: 2, silence: 2, restart: 2, step: 2, upgrade: 2 });
  return { kind, target, index: random.integer(0, 1) };
}

/** In milliseconds. */
const hour = 60 * 60 * 1000;
/** A topic that grows for ever is another test. */
const mostPartitions = 6;

export interface FaultListener {
  /** Has a topic deleted and created again at a moment when all that is in it was read by whom it is for. */
  readonly recreate: (topic: string) => Promise<void>;
  readonly onFault: (fault: Fault) => void;
  /** Called before the first worker has them; `doneAt` is set when the last one has. */
  readonly onLeadTimes: (leadTimes: LeadTimes & { doneAt?: number }) => void;
}

/** Performs the faults of a lane until they are over or time is; each is ended, whatever happens. */
export async function performFaults(
  system: System,
  faults: readonly Fault[],
  signal: AbortSignal,
  { recreate, onFault, onLeadTimes }: FaultListener,
): Promise<void> {
  const partitions = new Map<string, number>();
  let settings = firstSettings;
  for (const fault of faults) {
    await pass(fault.afterMilliseconds, signal);
    if (signal.aborted) return;
    if (fault.kind === 'fill' && !diskOf(system, fault)) continue;
    onFault(fault);
    if (fault.kind === 'grow') {
      await grow(system, grown[fault.index]!, partitions);
    } else if (fault.kind === 'recreate') {
      await recreate(recreated[fault.index]!);
      partitions.delete(recreated[fault.index]!);
    } else if (fault.kind === 'upgrade') {
      settings = nextSettings(settings, fault);
      await upgrade(system, fault, settings, onLeadTimes);
    } else {
      await breakFor(system, fault, signal);
    }
  }
}

async function grow(system: System, topic: string, partitions: Map<string, number>): Promise<void> {
  const count = partitions.get(topic) ?? 3;
  if (count >= mostPartitions) return;
  partitions.set(topic, count + 1);
  await system.grow(topic);
}

async function breakFor(system: System, fault: Fault, signal: AbortSignal): Promise<void> {
  const program = programOf(system, fault);
  const part =
    program?.process ?? (fault.target === 'broker' ? system.kafka.brokers[fault.index]! : system.postgres.server);
  switch (fault.kind) {
    case 'silence':
      program!.database.silenceAll();
      await pass(fault.milliseconds, signal);
      return program!.database.speak();
    case 'step':
      // There and back: both are steps.
      await program!.stepClock(fault.milliseconds % 2 === 0 ? hour : -hour);
      await pass(fault.milliseconds, signal);
      return program!.stepClock(0);
    case 'pause':
      await part.pause();
      await pass(fault.milliseconds, signal);
      return part.resume();
    case 'kill':
      await part.kill();
      await pass(fault.milliseconds, signal);
      return part.start();
    case 'restart':
      await part.stop();
      return part.start();
    case 'fill':
      return fill(part, diskOf(system, fault)!, fault.milliseconds, signal);
    case 'grow':
    case 'recreate':
    case 'upgrade':
      throw new Error(`Not a fault of one part: ${fault.kind}`);
  }
}

/** Without a disk a broker ends, and PostgreSQL may: it is started again and again, as kubelet would. */
async function fill(part: Part, disk: Disk, milliseconds: number, signal: AbortSignal): Promise<void> {
  const until = performance.now() + milliseconds;
  await disk.fill();
  do {
    await pass(Math.min(milliseconds, restartMilliseconds), signal);
    // It ends again at once, or is not ready.
    await part.start().catch(() => {});
  } while (performance.now() < until && !signal.aborted);
  await disk.free();
  // What was about to end when there was room again has ended by then.
  await pass(restartMilliseconds, signal);
  await part.start();
}

const restartMilliseconds = 2000;

function diskOf({ kafka, postgres }: System, { target, index }: Fault): Disk | undefined {
  return target === 'broker' ? kafka.disks[index] : postgres.disk;
}

const leadTimesToChooseFrom = [[0], [0, 3], [0, 6], [0, 3, 6]];

/** Chosen by how long the fault would last, which is up to chance. */
const nextSettings = ({ revision }: WorkerSettings, { milliseconds }: Fault): WorkerSettings => ({
  leadTimesSeconds: leadTimesToChooseFrom[milliseconds % leadTimesToChooseFrom.length]!,
  revision: revision + 1,
});

/** Replaces the replicas one after another; of workers, with other lead times than they had. */
async function upgrade(
  system: System,
  { target, milliseconds }: Fault,
  settings: WorkerSettings,
  onLeadTimes: FaultListener['onLeadTimes'],
): Promise<void> {
  if (target === 'chat-api') {
    for (const index of system.apis.keys()) await system.replaceApi(index);
    return;
  }
  const leadTimes: LeadTimes & { doneAt?: number } = { seconds: settings.leadTimesSeconds, askedAt: Date.now() };
  onLeadTimes(leadTimes);
  for (const index of system.workers.keys()) {
    await system.replaceWorker(index, settings);
    const older = system.workers[index + 1]?.process;
    if (!older || milliseconds % 3 > 0) continue;
    // One with the settings of before starts again in the middle of it.
    await older.kill();
    await older.start();
  }
  leadTimes.doneAt = Date.now();
}

function programOf({ apis, workers }: System, { target, index }: Fault): RunningProgram | undefined {
  if (target === 'chat-api') return apis[index];
  return target === 'reminder-worker' ? workers[index] : undefined;
}

const pass = (milliseconds: number, signal: AbortSignal) => delay(milliseconds, undefined, { signal }).catch(() => {});
