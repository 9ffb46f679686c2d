import { logLevel, type logCreator } from 'kafkajs';
import type { Logger } from '../../lib/log.ts';

/**
 * Lines that kafkajs writes as errors or warnings although all is well: groups rebalance, leaders and coordinators
 * move, topics are created. The message or the error in the line begins with one of these.
 */
const everydayLife = [
  'The group is rebalancing',
  'Response Heartbeat',
  'Response JoinGroup',
  'Response SyncGroup',
  'Response GroupCoordinator',
  'The replica is not available',
  'This server is not the leader',
  'There is no leader for this topic-partition',
  'The coordinator is loading',
  'This is not the correct coordinator',
  'The group coordinator is not available',
];

/**
 * kafkajs's lines as pino's. What goes wrong is thrown, and logged by whoever asked, so its ERROR is our warn, and its
 * INFO, which tells of each join and each start, our debug.
 */
export function createLogCreator(logger: Logger): logCreator {
  return () =>
    ({ level, namespace, log: { message, timestamp: _timestamp, logger: _logger, ...fields } }) => {
      // Stacks lead into kafkajs and nowhere else.
      const { stack: _stack, ...line } = { ...fields, component: namespace } as Record<string, unknown>;
      if (level === logLevel.DEBUG) logger.trace(line, message);
      else if (level === logLevel.INFO || isEverydayLife(message, line.error)) logger.debug(line, message);
      else logger.warn(line, message);
    };
}

function isEverydayLife(message: string, error: unknown): boolean {
  return everydayLife.some(
    (start) => message.startsWith(start) || (typeof error === 'string' && error.startsWith(start)),
  );
}
