import type { ReminderConsumer } from '../../../api/reminder-consumer.ts';
import { totalLag, type GroupLag } from '../../brokers/brokers.ts';
import { keyOf, keyText, type Key } from '../../runtime/objects.ts';

export type Scaling = NonNullable<ReminderConsumer['spec']['scaling']>;

/** What the lag asked for at some time. */
export interface Recommendation {
  /** Of the monotonic clock, in milliseconds. */
  readonly at: number;
  readonly replicas: number;
}

export interface ScalingInput {
  readonly scaling: Scaling;
  /** Workers asked for now; undefined before the first start. */
  readonly current: number | undefined;
  /** Undefined while the brokers cannot be asked. */
  readonly measured: { readonly lag: number; readonly partitions: number } | undefined;
  readonly history: readonly Recommendation[];
  /** Of the monotonic clock, in milliseconds. */
  readonly now: number;
}

export interface ScalingDecision {
  readonly replicas: number;
  /** To be handed in again next time. */
  readonly history: readonly Recommendation[];
}

/** As long as a HorizontalPodAutoscaler waits: a group that shrinks and grows stands still each time. */
export const stabilizationMilliseconds = 5 * 60_000;

/**
 * More workers as soon as the lag asks for them; fewer only when nothing in the last five minutes asked for more. While
 * the brokers cannot be asked, the number stays: no answer is not a lag of zero. The history is kept in memory: after a
 * restart of the operator the present number counts as asked for just now.
 */
export function decideReplicas({ scaling, current, measured, history, now }: ScalingInput): ScalingDecision {
  if (!measured) return { replicas: current ?? scaling.minReplicas, history };
  const replicas = recommend(scaling, measured);
  const known = history.length > 0 || current === undefined ? history : [{ at: now, replicas: current }];
  const recent = known.filter(({ at }) => now - at < stabilizationMilliseconds);
  // What asked for less, earlier, can never count again.
  const kept = [...recent.filter((earlier) => earlier.replicas > replicas), { at: now, replicas }];
  const most = Math.max(...kept.map((recommendation) => recommendation.replicas));
  // Topics hardly ever shrink, but the bounds of the spec may: they hold at once.
  const wanted = Math.max(replicas, Math.min(most, current ?? most));
  return { replicas: bound(scaling, measured.partitions, wanted), history: kept };
}

/** A worker for each `targetLag` of unread messages, within the bounds. */
function recommend(scaling: Scaling, { lag, partitions }: { lag: number; partitions: number }): number {
  return bound(scaling, partitions, Math.ceil(lag / scaling.targetLag));
}

/** A worker without a partition has nothing to read: there are never more of them, but always one, for what comes due. */
function bound({ minReplicas, maxReplicas }: Scaling, partitions: number, replicas: number): number {
  const most = Math.max(1, Math.min(maxReplicas, partitions));
  return Math.min(most, Math.max(minReplicas, replicas));
}

/** Remembers what the lag asked for, consumer by consumer. */
export class ReplicaScaler {
  readonly #histories = new Map<string, readonly Recommendation[]>();

  /**
   * How many workers to run now.
   *
   * @param now of the monotonic clock, in milliseconds
   */
  decide(consumer: ReminderConsumer, current: number | undefined, lag: GroupLag | undefined, now: number): number {
    const { scaling, replicas = 1 } = consumer.spec;
    if (!scaling) return replicas;
    const key = keyText(keyOf(consumer));
    const history = this.#histories.get(key) ?? [];
    const decision = decideReplicas({ scaling, current, measured: measurement(lag), history, now });
    this.#histories.set(key, decision.history);
    return decision.replicas;
  }

  forget(consumer: Key): void {
    this.#histories.delete(keyText(consumer));
  }
}

/** Topics that do not exist yet have no partitions, and say nothing about how many workers they will need. */
function measurement(lag: GroupLag | undefined): ScalingInput['measured'] {
  if (!lag || lag.partitions === 0) return undefined;
  return { lag: totalLag(lag), partitions: lag.partitions };
}
