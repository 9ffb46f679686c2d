import { createReminderFeed } from '../chat-api/live/reminder-feed.ts';
import { RecentReminders } from '../chat-api/live/reminders.ts';
import { createChatApi } from '../chat-api/program.ts';
import { createProducer } from '../kafka/producer.ts';
import { systemClock as clock } from '../lib/clock.ts';
import { chatApiConfiguration } from '../chat-api/configuration.ts';
import { runProgram } from '../lib/lifecycle.ts';
import { createLogger } from '../lib/log.ts';

const configuration = chatApiConfiguration();
const { kafka: connection, topics, podName, logLevel } = configuration;
const logger = createLogger({ name: 'chat-api', level: logLevel });

const producer = createProducer(connection, { logger });
const reminders = new RecentReminders();
const consumer = createReminderFeed({ connection, topic: topics.reminders, podName, reminders, logger });
const random = () => Math.random();
const { components } = createChatApi({ configuration, publisher: producer, reminders, logger, clock, random });

process.exit(await runProgram([producer, ...components, consumer], { logger }));
