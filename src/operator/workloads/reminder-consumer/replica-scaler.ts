import type { ReminderConsumer } from '../../../api/reminder-consumer.ts';
import { keyOf, keyText, type Key } from '../../runtime/objects.ts';
import type { Progress } from './progress.ts';
import { decideReplicas, type Recommendation } from './scaling.ts';

/** Remembers what the lag asked for, consumer by consumer. */
export class ReplicaScaler {
  readonly #histories = new Map<string, readonly Recommendation[]>();

  /** How many workers to run now. */
  decide(consumer: ReminderConsumer, current: number | undefined, progress: Progress | undefined, now: Date): number {
    const { scaling, replicas = 1 } = consumer.spec;
    if (!scaling) return replicas;
    const key = keyText(keyOf(consumer));
    const history = this.#histories.get(key) ?? [];
    // Topics that do not exist yet have no partitions, and say nothing about how many workers they will need.
    const measured = progress && progress.partitions > 0 ? progress : undefined;
    const decision = decideReplicas({ scaling, current, measured, history, now });
    this.#histories.set(key, decision.history);
    return decision.replicas;
  }

  forget(consumer: Key): void {
    this.#histories.delete(keyText(consumer));
  }
}
