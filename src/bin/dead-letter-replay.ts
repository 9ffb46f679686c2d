import { deadLetterReplayConfiguration } from '../dead-letter-replay/configuration.ts';
import { createDeadLetterReplay } from '../dead-letter-replay/program.ts';
import { runProgram } from '../lib/lifecycle.ts';
import { createLogger } from '../lib/log.ts';

/** By which a Job knows whether a pod is worth another one; see its podFailurePolicy. */
const exitCodes = { complete: 0, interrupted: 1, failed: 3 };

const configuration = deadLetterReplayConfiguration();
const logger = createLogger({ name: 'dead-letter-replay', level: configuration.logLevel });
const { components, done, end } = createDeadLetterReplay(configuration, logger);
await runProgram(components, { logger, done });
process.exit(exitCodes[end()]);
