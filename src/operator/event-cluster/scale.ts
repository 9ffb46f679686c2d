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

/** What a number of brokers asks for. */
export interface ScaleDecision {
  /** Brokers to run, as long as those that leave are not empty. */
  readonly brokers: number;
  /** Brokers to be emptied, and then to be taken away: the last ones. */
  readonly leaving: readonly number[];
  /** Brokers that were being emptied, and are to stay. */
  readonly restored: readonly number[];
  /** Why nothing is taken away. */
  readonly problem?: Problem;
}

/**
 * More brokers are added at once. Of fewer, the last ones leave, as a StatefulSet can only end these; they run until
 * they are empty, because a broker takes its replicas along. What was being emptied and is wanted again stays.
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

/** How far the brokers that leave are emptied. */
export type DrainStep =
  /** They are needed: nothing was begun, or what was begun goes no further. */
  | { readonly step: 'refused'; readonly message: string }
  /** Replicas move; the message says how many are left, or what is waited for. */
  | { readonly step: 'moving'; readonly message: string }
  /** All from this number on are empty, and can be taken away. */
  | { readonly step: 'empty'; readonly from: number };

/** Why a cluster that shrinks is not ready. */
export function drainProblem(leaving: readonly number[], drain: DrainStep): Problem {
  const who = leaving.length === 1 ? `Broker ${leaving[0]} leaves` : `Brokers ${leaving.join(', ')} leave`;
  if (drain.step === 'refused') return { reason: 'ScaleDownRefused', message: drain.message, failed: true };
  const what = drain.step === 'empty' ? 'empty, the pods and volumes are removed' : drain.message;
  return { reason: 'ScalingDown', message: `${who}: ${what}.`, failed: false };
}
