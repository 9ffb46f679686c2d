import type { Problem } from '../runtime/reconcile/readiness.ts';
import { indexes } from './names.ts';
import type { RunEngine } from './plan.ts';

export interface ScaleInput {
  readonly engine: RunEngine;
  /** Brokers by the spec. */
  readonly wanted: number;
  /** Brokers that the StatefulSet runs, undefined before the first start. */
  readonly running: number | undefined;
  /** Brokers 0 to this - 1 vote on metadata (engine Kafka); 0 where the engine chooses by itself. */
  readonly voters: number;
  /** Brokers whose volumes say that they were being emptied, by the pod's number. */
  readonly draining: readonly number[];
}

/** What follows from the number of brokers in the spec. */
export interface ScaleDecision {
  /** Brokers to run until those that leave are empty. */
  readonly brokers: number;
  /** Brokers to be emptied, and then removed: the last ones. */
  readonly leaving: readonly number[];
  /** Brokers that were being emptied, and are to stay. */
  readonly restored: readonly number[];
  /** Why no broker leaves. */
  readonly problem?: Problem;
}

/**
 * New brokers start at once. Where fewer are wanted, the last ones leave, since a StatefulSet removes no others; they run
 * until they are empty, because a broker takes its replicas along. One that was being emptied and is wanted again stays.
 */
export function decideScale({ engine, wanted, running = 0, voters, draining }: ScaleInput): ScaleDecision {
  const restored = draining.filter((index) => index < wanted);
  if (wanted >= running) return { brokers: wanted, leaving: [], restored };
  if (wanted >= voters) return { brokers: running, leaving: indexes(running).slice(wanted), restored };
  const message =
    `spec.brokers is ${wanted}, but brokers 0 to ${voters - 1} of this ${engine} cluster vote on its metadata, and the ` +
    `voters cannot change. Set spec.brokers to ${voters} or more.`;
  return {
    brokers: running,
    leaving: [],
    // Nobody leaves, so whatever was being emptied before stays for now.
    restored: draining,
    problem: { reason: 'ScaleDownRefused', message, failed: true },
  };
}

/** Which brokers leave. */
export interface DrainOrder {
  /** By the pod's number: the last ones. */
  readonly leaving: readonly number[];
  /** How many brokers stay: 0 to this - 1. */
  readonly staying: number;
}

/** How far the brokers that leave are emptied. */
export type DrainStep =
  /** They are needed: nothing was begun, or what was begun goes no further. */
  | { readonly step: 'refused'; readonly message: string }
  /** Replicas move; the message says how many are left, or what is waited for. */
  | { readonly step: 'moving'; readonly message: string }
  /** All from this number on are empty, and can be removed. */
  | { readonly step: 'empty'; readonly from: number };

/** A topic that needs more brokers than stay. */
export interface TooLarge {
  readonly topic: string;
  readonly replicationFactor: number;
}

export function refuseDrain({ topic, replicationFactor }: TooLarge, staying: number): DrainStep {
  const message =
    `spec.brokers is ${staying}, but topic ${topic} has ${replicationFactor} replicas of each partition, which need as ` +
    `many brokers. Set spec.brokers to ${replicationFactor} or more, or lower the replication factor first.`;
  return { step: 'refused', message };
}

/** Why a cluster that shrinks is not ready. */
export function drainProblem(leaving: readonly number[], drain: DrainStep): Problem {
  const who = leaving.length === 1 ? `Broker ${leaving[0]} leaves` : `Brokers ${leaving.join(', ')} leave`;
  if (drain.step === 'refused') return { reason: 'ScaleDownRefused', message: drain.message, failed: true };
  if (drain.step === 'moving') return { reason: 'ScalingDown', message: `${who}: ${drain.message}.`, failed: false };
  const empty = leaving.filter((index) => index >= drain.from);
  const [noun, verb] = empty.length === 1 ? ['broker', 'is'] : ['brokers', 'are'];
  const message = `${who}: ${noun} ${empty.join(', ')} ${verb} empty and being removed.`;
  return { reason: 'ScalingDown', message, failed: false };
}
