import { Counter, Gauge, Histogram, type Registry } from '../lib/metrics.ts';

/** In seconds: fine where the promises are (reminders within 250 ms, events within 2 s), coarse beyond. */
const buckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 300, 3600];

export type WorkerMetrics = ReturnType<typeof createWorkerMetrics>;

export function createWorkerMetrics(registry: Registry) {
  const registers = [registry];
  return {
    lateness: new Histogram({
      name: 'reminder_worker_reminder_lateness_seconds',
      help: 'From the time that a reminder was due to its acknowledgement by Kafka.',
      buckets,
      registers,
    }),
    delay: new Histogram({
      name: 'reminder_worker_event_delay_seconds',
      help: 'From the time that an event was made to the commit of the schedule that it leads to.',
      buckets,
      registers,
    }),
    events: new Counter({
      name: 'reminder_worker_events_total',
      help: 'Events that were applied to the schedule, repeated ones included.',
      labelNames: ['topic', 'event_type'] as const,
      registers,
    }),
    deadLetters: new Counter({
      name: 'reminder_worker_dead_letters_total',
      help: 'Messages that were given up, by the code of the error.',
      labelNames: ['topic', 'code'] as const,
      registers,
    }),
    lag: new Gauge({
      // As kafka_exporter calls it.
      name: 'kafka_consumergroup_lag',
      help: 'Messages that a partition has after those that were last read from it, on the member that reads it.',
      labelNames: ['consumergroup', 'topic', 'partition'] as const,
      registers,
    }),
  };
}
