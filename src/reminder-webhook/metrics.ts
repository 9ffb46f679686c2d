import { Counter, Gauge, Histogram, type Registry } from '../lib/metrics.ts';

/** In seconds. */
const buckets = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 300, 3600, 86_400];

export type WebhookMetrics = ReturnType<typeof createWebhookMetrics>;

export function createWebhookMetrics(registry: Registry) {
  const registers = [registry];
  return {
    requests: new Counter({
      name: 'reminder_webhook_requests_total',
      help: 'Requests that were sent, by the status of the answer or the code of the error.',
      labelNames: ['result'] as const,
      registers,
    }),
    duration: new Histogram({
      name: 'reminder_webhook_request_duration_seconds',
      help: 'How long requests took, from the look at the name to the end of the answer.',
      buckets: buckets.filter((seconds) => seconds <= 30),
      registers,
    }),
    delay: new Histogram({
      name: 'reminder_webhook_delivery_delay_seconds',
      help: 'From the time that a reminder fired to the answer of the target that has taken it.',
      buckets,
      registers,
    }),
    skipped: new Counter({
      name: 'reminder_webhook_skipped_reminders_total',
      help: 'Reminders that were not sent since they had fired before there was a webhook.',
      registers,
    }),
    deadLetters: new Counter({
      name: 'reminder_webhook_dead_letters_total',
      help: 'Reminders that were given up, by the code of the error.',
      labelNames: ['code'] as const,
      registers,
    }),
    recreated: new Counter({
      name: 'reminder_webhook_topics_recreated_total',
      help: 'Topics that were deleted and created again, and are read from their beginning since.',
      labelNames: ['topic'] as const,
      registers,
    }),
  };
}

/** @param secondsWithoutSuccess asked at each scrape */
export function registerSuccess(registry: Registry, secondsWithoutSuccess: () => number) {
  return new Gauge({
    name: 'reminder_webhook_seconds_without_success',
    help: 'For how long reminders have failed without one that was delivered; 0 while all is well.',
    registers: [registry],
    collect() {
      this.set(secondsWithoutSuccess());
    },
  });
}
