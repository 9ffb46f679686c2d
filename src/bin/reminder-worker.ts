import { reminderWorkerConfiguration } from '../reminder-worker/configuration.ts';
import { runProgram } from '../lib/lifecycle.ts';
import { createLogger } from '../lib/log.ts';
import { createReminderWorker } from '../reminder-worker/worker.ts';

const configuration = reminderWorkerConfiguration();
const logger = createLogger({ name: 'reminder-worker', level: configuration.logLevel });
process.exit(await runProgram(createReminderWorker(configuration, logger), { logger }));
