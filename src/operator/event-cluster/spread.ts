import type { Problem } from '../runtime/reconcile/readiness.ts';

export interface SpreadOrder {
  /** Brokers to spread over: 0 to this - 1. */
  readonly brokers: number;
  /** Whether replicas are to move at all, or it is only looked who has none. */
  readonly wanted: boolean;
  /** Whether replicas moved at the last look: then a throttle may have to be ended. */
  readonly wasMoving: boolean;
  /** Most bytes a second that moves may take of a broker; 0 for no limit. */
  readonly bytesPerSecond: number;
}

/** How evenly replicas are spread. */
export type SpreadStep =
  | { readonly step: 'moving'; readonly left: number }
  /** Nothing is to be moved; `empty` are brokers that have no replicas, although others have. */
  | { readonly step: 'even'; readonly empty: readonly number[] }
  /** A broker is away, which has to come back first. */
  | { readonly step: 'away' };

export const rebalancing = 'Rebalancing';

export function spreadProblem(spread: SpreadStep): Problem | undefined {
  if (spread.step !== 'moving') return undefined;
  const replicas = spread.left === 1 ? '1 replica has' : `${spread.left} replicas have`;
  return {
    reason: rebalancing,
    message: `${replicas} still to move before the brokers are balanced.`,
    failed: false,
  };
}

/** What is added to the words of a cluster that is ready: that brokers were added brings nothing by itself. */
export function describeEmpty(spread: SpreadStep | undefined): string {
  if (spread?.step !== 'even' || spread.empty.length === 0) return '';
  const who = spread.empty.length === 1 ? `Broker ${spread.empty[0]} has` : `Brokers ${spread.empty.join(', ')} have`;
  return ` ${who} no replicas yet. New topics will use them; to move existing replicas, set spec.rebalance.replicas to Spread.`;
}
