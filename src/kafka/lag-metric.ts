import { Gauge, type Registry } from '../lib/metrics.ts';

/**
 * Tells how far a consumer group is behind, by the name that kafka_exporter has for it; every member tells the same.
 *
 * @param readLag asked at each scrape: messages by topic
 */
export function registerLag(registry: Registry, groupId: string, readLag: () => Promise<ReadonlyMap<string, number>>) {
  return new Gauge({
    name: 'kafka_consumergroup_lag_sum',
    help: 'Messages of a topic that the consumer group has yet to process; none while Kafka does not say.',
    labelNames: ['consumergroup', 'topic'] as const,
    registers: [registry],
    async collect() {
      this.reset();
      const lag = await readLag().catch(() => new Map<string, number>());
      for (const [topic, messages] of lag) this.set({ consumergroup: groupId, topic }, messages);
    },
  });
}
