import { runProgram } from '../lib/lifecycle.ts';
import { createLogger } from '../lib/log.ts';
import { reminderWebhookConfiguration } from '../reminder-webhook/configuration.ts';
import { createReminderWebhook } from '../reminder-webhook/program.ts';

const configuration = reminderWebhookConfiguration();
const logger = createLogger({ name: 'reminder-webhook', level: configuration.logLevel });
process.exit(await runProgram(createReminderWebhook(configuration, logger), { logger }));
