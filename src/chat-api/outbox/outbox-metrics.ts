import type { Database } from '../../lib/database.ts';
import { Counter, Gauge, Histogram, type Registry } from '../../lib/metrics.ts';
import type { OutboxProgress } from './outbox-progress.ts';
import { outboxStatus, type OutboxStatus } from './outbox-status.ts';

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
export function observeOutbox(
  registry: Registry,
  { database, progress, now }: { database: Database; progress: OutboxProgress; now: () => Date },
): void {
  let reading: Promise<OutboxStatus | undefined> | undefined;
  // The gauges of one scrape share one look at the table.
  const read = () =>
    (reading ??= outboxStatus(database, now())
      .catch(() => undefined)
      .finally(() => (reading = undefined)));
  const gauge = (name: string, help: string, valueOf: (status: OutboxStatus) => number) =>
    new Gauge({
      name,
      help,
      registers: [registry],
      async collect() {
        const status = await read();
        if (status) this.set(valueOf(status));
      },
    });
  gauge('outbox_pending', 'Events that wait to be published', ({ pending }) => pending);
  gauge(
    'outbox_oldest_seconds',
    'Age of the oldest event that waits to be published',
    (status) => status.oldestSeconds,
  );
  gauge(
    'outbox_set_aside',
    'Events that are set aside, since their topic does not take them',
    (status) => status.setAside,
  );
  new Gauge({
    name: 'outbox_stuck',
    help: 'Topics whose first event has waited for a minute: 0 while events are published',
    registers: [registry],
    async collect() {
      const stuck = await progress.stuckTopics().catch(() => undefined);
      if (stuck) this.set(stuck.size);
    },
  });
}
