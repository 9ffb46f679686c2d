import { createConsumer } from '../kafka/consumer.ts';
import { createGroupAdmin } from '../kafka/groups.ts';
import { registerLag } from '../kafka/lag-metric.ts';
import { createProducer } from '../kafka/producer.ts';
import { sendDeadLetter } from '../kafka/send-dead-letter.ts';
import { createTopicLimits } from '../kafka/topic-limits.ts';
import { systemClock as clock } from '../lib/clock.ts';
import { errorCode } from '../lib/errors.ts';
import { createHealthServer } from '../lib/health.ts';
import type { Component } from '../lib/lifecycle.ts';
import type { Logger } from '../lib/log.ts';
import { createRegistry } from '../lib/metrics.ts';
import { AddressRules } from '../lib/address-rules.ts';
import type { ReminderWebhookConfiguration } from './configuration.ts';
import { Deliverer, type DelivererOptions } from './deliverer.ts';
import { createWebhookMetrics, registerSuccess, type WebhookMetrics } from './metrics.ts';
import { createTarget } from '../lib/http-target.ts';
import type { RetryPolicy } from './retry-policy.ts';
import { TargetLimit } from './target-limit.ts';

/** Prometheus gives up a scrape after 10 s. */
const scrapeTimes = { requestMilliseconds: 2000, connectMilliseconds: 1000 };
/** Offsets are committed when all that are on their way together are delivered: fewer repetitions after a crash. */
const maximumMessages = 50;

/** What the program says at /status, for the operator. */
export interface WebhookStatus {
  /** Why reminders fail at the moment; left out while all is well. */
  readonly trouble: string | undefined;
}

/** In characters. */
const longestTrouble = 1000;

/** The parts of the webhook, in the order in which they start: each after those that it needs. */
export function createReminderWebhook(configuration: ReminderWebhookConfiguration, logger: Logger): Component[] {
  const { kafka, groupId, remindersTopic, deadLetterTopic, url, timeoutMilliseconds } = configuration;
  const { maxInFlight, maxPerSecond, signingKeys, since } = configuration;
  const registry = createRegistry('reminder-webhook');
  const metrics = createWebhookMetrics(registry);
  const producer = createProducer(kafka, { logger });
  const limits = createTopicLimits(kafka, { logger, clock });
  const groups = createGroupAdmin(kafka, { logger, times: scrapeTimes });
  registerLag(registry, groupId, () => groups.lag(groupId, [remindersTopic]));

  const rules = new AddressRules(configuration.allowedCidrs, 'spec.webhook.allowedCidrs');
  const target = createTarget({ url, rules, timeoutMilliseconds, clock });
  const deliverer = new Deliverer({
    target,
    limit: new TargetLimit({ maxInFlight, maxPerSecond, clock }),
    signingKeys,
    policy: policyOf(configuration),
    since,
    sendDeadLetter: (letter) => sendDeadLetter({ topic: deadLetterTopic, producer, limits }, letter),
    groupId,
    clock,
    random: () => Math.random(),
    logger,
    ...counting(metrics),
  });
  registerSuccess(registry, () => deliverer.secondsWithoutSuccess());
  const consumer = createConsumer(kafka, {
    groupId,
    topics: [remindersTopic],
    process: (messages, signal) => deliverer.process(messages, signal),
    maximumMessages,
    logger,
    onRecreated: (topic) => metrics.recreated.inc({ topic }),
  });
  const readiness = { group: () => consumer.check(), deliveries: () => deliverer.check() };
  const status = (): WebhookStatus => ({ trouble: deliverer.trouble()?.slice(0, longestTrouble) });
  return [
    createHealthServer({
      port: configuration.metricsPort,
      registry,
      logger,
      readiness,
      routes: { '/status': status },
    }),
    producer,
    { name: 'groups', start: () => {}, stop: () => Promise.all([groups.close(), limits.close()]).then(() => {}) },
    { name: 'target', start: () => {}, stop: () => target.close() },
    consumer,
  ];
}

function policyOf({ retry }: ReminderWebhookConfiguration): RetryPolicy {
  const { maxAttempts, maxAgeSeconds, initialDelayMilliseconds, maxDelayMilliseconds } = retry;
  const backoff = {
    initial: initialDelayMilliseconds,
    maximum: maxDelayMilliseconds,
    factor: 2,
    jitter: 'full',
  } as const;
  return { maxAttempts, maxAgeMilliseconds: maxAgeSeconds * 1000, backoff };
}

type Counting = Pick<DelivererOptions, 'onRequest' | 'onDelivered' | 'onSkipped' | 'onDeadLetter'>;

function counting(metrics: WebhookMetrics): Counting {
  return {
    onRequest: (result, seconds) => {
      metrics.requests.inc({ result });
      metrics.duration.observe(seconds);
    },
    onDelivered: ({ event }) => metrics.delay.observe((clock.now().getTime() - Date.parse(event.timestamp)) / 1000),
    onSkipped: () => metrics.skipped.inc(),
    onDeadLetter: (error) => metrics.deadLetters.inc({ code: errorCode(error) }),
  };
}
