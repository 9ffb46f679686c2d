import { createReminderFeed } from '../chat-api/live/reminder-feed.ts';
import { KafkaPublisher } from '../chat-api/outbox/kafka-publisher.ts';
import { createChatApi } from '../chat-api/program.ts';
import { systemClock as clock } from '../lib/clock.ts';
import { chatApiConfiguration } from '../chat-api/configuration.ts';
import { runProgram } from '../lib/lifecycle.ts';
import { createLogger } from '../lib/log.ts';

const configuration = chatApiConfiguration();
const { kafka: connection, topics, logLevel } = configuration;
const logger = createLogger({ name: 'chat-api', level: logLevel });

const publisher = new KafkaPublisher({ connection, topics: [topics.events, topics.updates], logger, clock });
const random = () => Math.random();
const { components, reminders } = createChatApi({ configuration, publisher, logger, clock, random });
const reminderFeed = createReminderFeed({ connection, topic: topics.reminders, reminders, clock, logger });

process.exit(await runProgram([publisher, ...components, reminderFeed], { logger }));
