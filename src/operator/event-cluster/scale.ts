import type { Problem } from '../runtime/reconcile/readiness.ts';
import type { RunEngine } from './plan.ts';

export interface ScaleInput {
  readonly engine: RunEngine;
  /** Brokers by the spec. */
  readonly wanted: number;
  /** Brokers that the StatefulSet runs, undefined before the first start. */
  readonly running: number | undefined;
}

/** How many brokers to run, and why that is not what the spec says. */
export interface ScaleDecision {
  readonly brokers: number;
  readonly problem?: Problem;
}

/**
 * More brokers are added at once; fewer are refused, because a broker that leaves takes its replicas along: the partitions
 * must be moved off it first, which no Kafka broker does by itself, and which neither an apply nor a typing error should
 * begin.
 */
export function decideScale({ engine, wanted, running = 0 }: ScaleInput): ScaleDecision {
  if (wanted >= running) return { brokers: wanted };
  return {
    brokers: running,
    problem: {
      reason: 'ScaleDownRefused',
      message:
        `spec.brokers is ${wanted}, but ${running} ${engine} brokers run and hold replicas, which would be lost. ` +
        `Set spec.brokers back to ${running}; for a smaller cluster make a new EventCluster.`,
      failed: true,
    },
  };
}
