import type { ConsumedMessage } from '../kafka/consumer-options.ts';
import { createConsumer } from '../kafka/consumer.ts';
import { createGroupAdmin } from '../kafka/groups.ts';
import { createProducer } from '../kafka/producer.ts';
import { createTopicLimits } from '../kafka/topic-limits.ts';
import { systemClock as clock } from '../lib/clock.ts';
import type { ReminderWorkerConfiguration } from './configuration.ts';
import { openDatabase, type Database } from '../lib/database.ts';
import { errorCode, toError } from '../lib/errors.ts';
import { createHealthServer } from '../lib/health.ts';
import type { Component } from '../lib/lifecycle.ts';
import type { Logger } from '../lib/log.ts';
import { createRegistry } from '../lib/metrics.ts';
import { outlast } from '../lib/outlast.ts';
import { Wakeup } from '../lib/wakeup.ts';
import { catchUp, type CatchUpOptions } from './catch-up.ts';
import { DueLoop } from './due-loop.ts';
import { EventProcessor, type EventProcessorOptions } from './event-processor.ts';
import { createWorkerMetrics, registerLag, registerStuckPartitions, type WorkerMetrics } from './metrics.ts';
import { reminderDueMessages } from './reminder-due.ts';
import { checkProgress } from './progress.ts';
import { applyEvents, type VersionedEvent } from './schedule/apply-events.ts';
import { listenForAdded } from './schedule/added.ts';
import { adoptLeadTimes } from './schedule/lead-times.ts';
import { sendDeadLetter } from './send-dead-letter.ts';
import { migrateSchedule } from './schedule/migrate-schedule.ts';

/** Prometheus gives up a scrape after 10 s. */
const scrapeTimes = { requestMilliseconds: 2000, connectMilliseconds: 1000 };

/** The parts of the worker, in the order in which they start: each after those that it needs. */
export function createReminderWorker(configuration: ReminderWorkerConfiguration, logger: Logger): Component[] {
  const { kafka, groupId, topics, remindersTopic, deadLetterTopic } = configuration;
  const registry = createRegistry('reminder-worker');
  const metrics = createWorkerMetrics(registry);
  const database = openDatabase({ uri: configuration.databaseUri, applicationName: configuration.podName, logger });
  const wakeup = new Wakeup(clock);
  // One each, since a producer that fails starts anew, in the middle of what else it is sending.
  const reminderProducer = createProducer(kafka, { logger });
  const deadLetterProducer = createProducer(kafka, { logger });
  const limits = createTopicLimits(kafka, { logger, clock });
  const groups = createGroupAdmin(kafka, { logger, times: scrapeTimes });
  const readLag = () => groups.lag(groupId, topics);
  registerLag(registry, groupId, readLag);

  const processor = new EventProcessor({
    apply: async (events) => {
      const earliest = await applyEvents(database, events);
      if (earliest) wakeup.wake(earliest);
    },
    sendDeadLetter: (letter) =>
      sendDeadLetter({ topic: deadLetterTopic, producer: deadLetterProducer, limits }, letter),
    groupId,
    ...retrying(configuration),
    clock,
    logger,
    ...counting(metrics),
  });
  const consumer = createConsumer(kafka, {
    groupId,
    topics,
    process: (messages, signal) => processor.process(messages, signal),
    logger,
    onRecreated: (topic) => metrics.recreated.inc({ topic }),
  });
  registerStuckPartitions(registry, () => consumer.stuck());
  const dueLoop = new DueLoop({
    database,
    publish: (reminders) => reminderProducer.send(remindersTopic, reminderDueMessages(reminders, clock.now())),
    wakeup,
    clock,
    logger,
    onFired: (latenessSeconds) => latenessSeconds.forEach((seconds) => metrics.lateness.observe(seconds)),
  });
  const readiness = {
    database: async () => void (await database.query('SELECT 1')),
    group: () => consumer.check(),
    progress: () => checkProgress(consumer.stuck()),
  };
  return [
    createHealthServer({ port: configuration.metricsPort, registry, logger, readiness }),
    schedule(database, configuration, logger),
    reminderProducer,
    deadLetterProducer,
    { name: 'groups', start: () => {}, stop: () => Promise.all([groups.close(), limits.close()]).then(() => {}) },
    consumer,
    catchingUp(readLag, logger),
    listenForAdded({ database, wakeup, clock, logger }),
    dueLoop,
  ];
}

const startBackoff = { initial: 200, maximum: 5000, factor: 2 };

/** Waits for the database when it is away; /readyz says so meanwhile. */
function schedule(database: Database, { leadTimesSeconds }: ReminderWorkerConfiguration, logger: Logger): Component {
  return {
    name: 'schedule',
    start: async ({ signal }) => {
      const prepare = async () => {
        await migrateSchedule(database);
        await adoptLeadTimes(database, leadTimesSeconds, clock.now());
      };
      const onFailure = (error: unknown) => logger.warn({ err: toError(error) }, 'Waiting for the database');
      await outlast(prepare, { clock, backoff: startBackoff, signal, onFailure });
    },
    stop: () => database.close(),
  };
}

/** Reminders wait for the events that were made while no worker ran. */
function catchingUp(readLag: CatchUpOptions['readLag'], logger: Logger): Component {
  return {
    name: 'catching up',
    start: async ({ signal }) => {
      const isCaughtUp = await catchUp({ readLag, clock, signal });
      if (!isCaughtUp) logger.warn('Reminders begin before all events are read');
    },
    stop: () => {},
  };
}

function retrying({ retry }: ReminderWorkerConfiguration): Pick<EventProcessorOptions, 'maxAttempts' | 'backoff'> {
  const { maxAttempts, initialDelayMilliseconds: initial, maxDelayMilliseconds: maximum } = retry;
  return { maxAttempts, backoff: { initial, maximum, factor: 2 } };
}

function counting(metrics: WorkerMetrics): Pick<EventProcessorOptions, 'onApplied' | 'onDeadLetter'> {
  return {
    onApplied: ({ topic }: ConsumedMessage, { event }: VersionedEvent) => {
      metrics.events.inc({ topic, event_type: event.event_type });
      metrics.delay.observe((clock.now().getTime() - Date.parse(event.timestamp)) / 1000);
    },
    onDeadLetter: ({ topic }: ConsumedMessage, error: unknown) => {
      metrics.deadLetters.inc({ topic, code: errorCode(error) });
    },
  };
}
