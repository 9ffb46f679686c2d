import type { Problem } from '../runtime/reconcile/readiness.ts';
import type { BrokerPod } from './roll.ts';

/** Brokers by what is to become of them. */
export interface Members {
  /** Brokers that are to stay: 0 to this - 1. */
  readonly staying: number;
  /** Brokers that are run, those that are being emptied included: 0 to this - 1. */
  readonly running: number;
  /** Pods that there are, whatever their state: their brokers may come back. */
  readonly pods: readonly (Pick<BrokerPod, 'index' | 'ready' | 'ending'> & {
    /** Its container has not started, as the startup probe sees it. */
    readonly starting: boolean;
  })[];
}

/** What was found wrong with the members of a cluster. */
export interface Tidied {
  /** What only a person can put right. */
  readonly problem?: Problem | undefined;
  /** Why a broker is not ready though its pod runs, in a sentence without its full stop. */
  readonly trouble?: string | undefined;
}
