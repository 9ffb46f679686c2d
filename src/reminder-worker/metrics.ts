import type { StuckPartition } from '../kafka/progress.ts';
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
    refused: new Counter({
      name: 'reminder_worker_refused_reminders_total',
      help: 'Reminders that were given up since Kafka will never take them, by the code of the error.',
      labelNames: ['code'] as const,
      registers,
    }),
    forgotten: new Counter({
      name: 'reminder_worker_forgotten_rows_total',
      help: 'Rows that were removed since they are not needed any more: published reminders and deleted tasks.',
      labelNames: ['what'] as const,
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
    recreated: new Counter({
      name: 'reminder_worker_topics_recreated_total',
      help: 'Topics that were deleted and created again, and are read from their beginning since.',
      labelNames: ['topic'] as const,
      registers,
    }),
  };
}

/** @param secondsWithoutProgress asked at each scrape */
export function registerProgress(registry: Registry, secondsWithoutProgress: () => number) {
  return new Gauge({
    name: 'reminder_worker_seconds_without_progress',
    help: 'How long due reminders have been waiting for another worker, Kafka or the database; near 0 while all is well.',
    registers: [registry],
    collect() {
      this.set(secondsWithoutProgress());
    },
  });
}

/** @param stuck asked at each scrape */
export function registerStuckPartitions(registry: Registry, stuck: () => readonly StuckPartition[]) {
  return new Gauge({
    name: 'reminder_worker_stuck_partitions',
    help: 'Partitions of this worker whose next message has not got through for 30 seconds or longer.',
    registers: [registry],
    collect() {
      this.set(stuck().length);
    },
  });
}
