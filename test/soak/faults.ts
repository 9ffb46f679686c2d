import { setTimeout as delay } from 'node:timers/promises';
import type { Random } from '../support/random.ts';
import { topics, type RunningProgram, type System } from './system.ts';

/** What happens to a part, and for how long. */
export interface Fault {
  readonly kind: 'kill' | 'pause' | 'silence' | 'restart' | 'step' | 'grow';
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

function infrastructureFault(random: Random): Happening {
  const target = random.weighted({ broker: 6, database: 3, topic: 1 });
  if (target === 'topic') return { kind: 'grow', target, index: random.integer(0, 2) };
  const kind = random.weighted({ kill: 2, pause: 2, restart: 1 });
  return { kind, target, index: target === 'broker' ? random.integer(0, 2) : 0 };
}

function programFault(random: Random): Happening {
  const target = random.pick(['chat-api', 'reminder-worker'] as const);
  const kind = random.weighted({ kill: 3, pause: 2, silence: 2, restart: 2, step: 2 });
  return { kind, target, index: random.integer(0, 1) };
}

/** In milliseconds. */
const hour = 60 * 60 * 1000;
/** A topic that grows for ever is another test. */
const mostPartitions = 6;

/** Performs the faults of a lane until they are over or time is; each is ended, whatever happens. */
export async function performFaults(
  system: System,
  faults: readonly Fault[],
  signal: AbortSignal,
  onFault: (fault: Fault) => void,
): Promise<void> {
  const partitions = new Map<string, number>();
  for (const fault of faults) {
    await pass(fault.afterMilliseconds, signal);
    if (signal.aborted) return;
    onFault(fault);
    if (fault.target !== 'topic') {
      await breakFor(system, fault, signal);
      continue;
    }
    const topic = [topics.events, topics.updates, topics.reminders][fault.index]!;
    const count = partitions.get(topic) ?? 3;
    if (count >= mostPartitions) continue;
    partitions.set(topic, count + 1);
    await system.grow(topic);
  }
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
    case 'grow':
      throw new Error('Only topics grow');
  }
}

function programOf({ apis, workers }: System, { target, index }: Fault): RunningProgram | undefined {
  if (target === 'chat-api') return apis[index];
  return target === 'reminder-worker' ? workers[index] : undefined;
}

const pass = (milliseconds: number, signal: AbortSignal) => delay(milliseconds, undefined, { signal }).catch(() => {});
