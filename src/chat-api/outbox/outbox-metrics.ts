import type { Database } from '../../lib/database.ts';
import { Counter, Gauge, Histogram, type Registry } from '../../lib/metrics.ts';
import { outboxStatus } from './outbox-rows.ts';

export interface OutboxMetrics {
  readonly published: Counter<'topic'>;
  readonly failures: Counter<'topic' | 'code'>;
  /** From the change's commit to Kafka's acknowledgement, in seconds. */
  readonly delay: Histogram<'topic'>;
}

export function createOutboxMetrics(registry: Registry): OutboxMetrics {
  const registers = [registry];
  return {
    published: new Counter({
      name: 'outbox_published_total',
      help: 'Events that Kafka has acknowledged',
      labelNames: ['topic'],
      registers,
    }),
    failures: new Counter({
      name: 'outbox_publish_failures_total',
      help: 'Attempts to publish a batch of events that failed',
      labelNames: ['topic', 'code'],
      registers,
    }),
    delay: new Histogram({
      name: 'outbox_publish_delay_seconds',
      help: 'Time from a change to the acknowledgement of its event',
      labelNames: ['topic'],
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 30, 300],
      registers,
    }),
  };
}

/** Gauges that are read from the table when somebody looks; they keep their last value while it cannot be read. */
export function observeOutbox(registry: Registry, database: Database, now: () => Date): void {
  const oldest = new Gauge({
    name: 'outbox_oldest_seconds',
    help: 'Age of the oldest event that waits to be published',
    registers: [registry],
  });
  new Gauge({
    name: 'outbox_pending',
    help: 'Events that wait to be published',
    registers: [registry],
    async collect() {
      const status = await outboxStatus(database, now()).catch(() => undefined);
      if (!status) return;
      this.set(status.pending);
      oldest.set(status.oldestSeconds);
    },
  });
}
