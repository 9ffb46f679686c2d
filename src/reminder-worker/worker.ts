import type { ConsumedMessage } from '../kafka/consumer-options.ts';
import { createConsumer } from '../kafka/consumer.ts';
import { createGroupAdmin } from '../kafka/groups.ts';
import { registerLag } from '../kafka/lag-metric.ts';
import { createProducer, type Producer } from '../kafka/producer.ts';
import { createTopicLimits } from '../kafka/topic-limits.ts';
import { systemClock as clock } from '../lib/clock.ts';
import type { ReminderWorkerConfiguration } from './configuration.ts';
import type { Database } from '../lib/database.ts';
import { errorCode, toError } from '../lib/errors.ts';
import { createHealthServer } from '../lib/health.ts';
import type { Component } from '../lib/lifecycle.ts';
import type { Logger } from '../lib/log.ts';
import { createRegistry } from '../lib/metrics.ts';
import { outlast } from '../lib/outlast.ts';
import { BackgroundWork } from './background-work.ts';
import { catchUp, type CatchUpOptions } from './catch-up.ts';
import { DueLoop } from './due-loop.ts';
import { EventProcessor, type EventProcessorOptions } from './event-processor.ts';
import { createWorkerMetrics, registerProgress, registerStuckPartitions, type WorkerMetrics } from './metrics.ts';
import { checkProgress } from './progress.ts';
import { ReminderPublisher } from './reminder-publisher.ts';
import { applyEvents } from './schedule/apply-events.ts';
import { AddedReminders } from './schedule/added.ts';
import type { Fired } from './schedule/fire-due-reminders.ts';
import { LeadTimeAdoption } from './schedule/adopt-lead-times.ts';
import { Forgetting } from './schedule/forget.ts';
import { setLeadTimes } from './schedule/lead-times.ts';
import { sendDeadLetter } from '../kafka/send-dead-letter.ts';
import { migrateSchedule } from './schedule/migrate-schedule.ts';
import { openScheduleDatabase } from './schedule/schedule-database.ts';
import { workerStatus } from './status.ts';

/** The rows of reminders are locked while they are sent. */
const reminderTimes = { requestMilliseconds: 5000, connectMilliseconds: 2000 };
/** Prometheus gives up a scrape after 10 s. */
const scrapeTimes = { requestMilliseconds: 2000, connectMilliseconds: 1000 };

/** The parts of the worker, in the order in which they start: each after those that it needs. */
export function createReminderWorker(configuration: ReminderWorkerConfiguration, logger: Logger): Component[] {
  const { kafka, groupId, topics, remindersTopic, deadLetterTopic } = configuration;
  const registry = createRegistry('reminder-worker');
  const metrics = createWorkerMetrics(registry);
  const { databaseUri: uri, podName: applicationName } = configuration;
  const database = openScheduleDatabase({ uri, applicationName, logger });
  // Events of many partitions may all wait for one task that another worker has locked: reminders do not wait with them.
  const dueDatabase = openScheduleDatabase({ uri, applicationName, logger, maximumConnections: 4 });
  // One each, since a producer that fails starts anew, in the middle of what else it is sending.
  const reminderProducer = createProducer(kafka, { logger, times: reminderTimes });
  const deadLetterProducer = createProducer(kafka, { logger });
  const limits = createTopicLimits(kafka, { logger, clock });
  const groups = createGroupAdmin(kafka, { logger, times: scrapeTimes });
  let scheduleId: string | undefined;
  const readLag = () => groups.lag(groupId, topics, scheduleId);
  registerLag(registry, groupId, readLag);

  const publisher = new ReminderPublisher({
    send: (messages) => reminderProducer.sendEach(remindersTopic, messages),
    clock,
  });
  const dueLoop = new DueLoop({
    database: dueDatabase,
    publish: (reminders) => publisher.publish(reminders),
    clock,
    logger,
    onFired: (latenessSeconds, refused) => {
      latenessSeconds.forEach((seconds) => metrics.lateness.observe(seconds));
      reportRefused(refused, metrics, logger);
    },
  });
  registerProgress(registry, () => dueLoop.secondsWithoutProgress());
  const added = new AddedReminders({
    database: dueDatabase,
    clock,
    logger,
    onAdded: (fireAt) => dueLoop.added(fireAt),
  });

  const processor = new EventProcessor({
    apply: async (events) => {
      const earliest = await applyEvents(database, events);
      if (earliest) added.announce(earliest);
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
    state: () => scheduleId,
    process: (messages, signal) => processor.process(messages, signal),
    logger,
    onRecreated: (topic) => metrics.recreated.inc({ topic }),
  });
  registerStuckPartitions(registry, () => consumer.stuck());
  const readiness = {
    database: async () => void (await dueDatabase.query('SELECT 1')),
    group: () => consumer.check(),
    events: () => checkProgress(consumer.stuck()),
    reminders: () => dueLoop.check(),
  };
  return [
    createHealthServer({
      port: configuration.metricsPort,
      registry,
      logger,
      readiness,
      routes: { '/status': () => workerStatus(dueLoop, consumer.stuck()) },
    }),
    schedule([database, dueDatabase], configuration, logger, (id) => (scheduleId = id)),
    reminderProducer,
    deadLetterProducer,
    rehearsal(reminderProducer, remindersTopic),
    { name: 'groups', start: () => {}, stop: () => Promise.all([groups.close(), limits.close()]).then(() => {}) },
    consumer,
    catchingUp(readLag, logger),
    added,
    dueLoop,
    adoptingLeadTimes(database, logger),
    forgetting(database, configuration, metrics, logger),
  ];
}

const startBackoff = { initial: 200, maximum: 5000, factor: 2 };

/** Waits for the database when it is away; /readyz says so meanwhile. All are connections to the same one. */
function schedule(
  [database, ...others]: readonly [Database, ...Database[]],
  configuration: ReminderWorkerConfiguration,
  logger: Logger,
  onFound: (scheduleId: string | undefined) => void,
): Component {
  const { groupId, leadTimesSeconds, leadTimesRevision } = configuration;
  return {
    name: 'schedule',
    start: async ({ signal }) => {
      const prepare = async () => {
        onFound(await migrateSchedule(database, groupId));
        for (const other of others) other.schema = database.schema;
        const isSet = await setLeadTimes(database, { seconds: leadTimesSeconds, revision: leadTimesRevision });
        if (!isSet) logger.warn({ leadTimesSeconds, leadTimesRevision }, 'Newer lead times than these are in use');
      };
      const onFailure = (error: unknown) => logger.warn({ err: toError(error) }, 'Waiting for the database');
      await outlast(prepare, { clock, backoff: startBackoff, signal, onFailure });
    },
    stop: () => Promise.all([database, ...others].map((one) => one.close())).then(() => {}),
  };
}

/** So that the first reminder is as fast as others. While the brokers are away it cannot be. */
function rehearsal(producer: Producer, topic: string): Component {
  return { name: 'rehearsal', start: () => void producer.rehearse(topic).catch(() => {}), stop: () => {} };
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

const minute = 60_000;
/** How soon it is noticed that the worker which adopts lead times has gone away in the middle of it. */
const adoptionLookMilliseconds = 10_000;

function adoptingLeadTimes(database: Database, logger: Logger): Component {
  const adoption = new LeadTimeAdoption(database);
  const step = () => adoption.step();
  return new BackgroundWork({
    name: 'adopting lead times',
    step,
    idleMilliseconds: adoptionLookMilliseconds,
    clock,
    logger,
  });
}

function forgetting(
  database: Database,
  { deletedTaskDays }: ReminderWorkerConfiguration,
  metrics: WorkerMetrics,
  logger: Logger,
): Component {
  const onForgotten = (count: Readonly<Record<'reminders' | 'tasks', number>>) => {
    metrics.forgotten.inc({ what: 'reminders' }, count.reminders);
    metrics.forgotten.inc({ what: 'tasks' }, count.tasks);
  };
  const work = new Forgetting(database, { deletedTaskDays, onForgotten });
  const step = () => work.step();
  return new BackgroundWork({ name: 'forgetting', step, idleMilliseconds: 10 * minute, clock, logger });
}

function reportRefused(refused: Fired['refused'], metrics: WorkerMetrics, logger: Logger): void {
  for (const { reminder, error } of refused) {
    const { taskId, dueAt } = reminder;
    metrics.refused.inc({ code: errorCode(error) });
    logger.error({ taskId, dueAt, err: error }, 'Gave up a reminder');
  }
}

function retrying({ retry }: ReminderWorkerConfiguration): Pick<EventProcessorOptions, 'maxAttempts' | 'backoff'> {
  const { maxAttempts, initialDelayMilliseconds: initial, maxDelayMilliseconds: maximum } = retry;
  return { maxAttempts, backoff: { initial, maximum, factor: 2 } };
}

function counting(metrics: WorkerMetrics): Pick<EventProcessorOptions, 'onApplied' | 'onDeadLetter'> {
  return {
    onApplied: (received) => {
      const now = clock.now().getTime();
      for (const { event } of received) metrics.delay.observe((now - Date.parse(event.timestamp)) / 1000);
      const topic = received[0]!.message.topic;
      for (const [type, events] of Map.groupBy(received, ({ event }) => event.event_type)) {
        metrics.events.inc({ topic, event_type: type }, events.length);
      }
    },
    onDeadLetter: ({ topic }: ConsumedMessage, error: unknown) => {
      metrics.deadLetters.inc({ topic, code: errorCode(error) });
    },
  };
}
