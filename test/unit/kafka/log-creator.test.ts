import { describe, expect, it } from '@jest/globals';
import { logLevel } from 'kafkajs';
import { createLogCreator } from '../../../src/kafka/client/log-creator.ts';
import { createLogger } from '../../../src/lib/log.ts';

interface Line {
  readonly level: string;
  readonly msg: string;
  readonly [field: string]: unknown;
}

function log(level: logLevel, message: string, fields: object = {}): Line | undefined {
  const lines: string[] = [];
  const logger = createLogger({ name: 'test', level: 'trace', destination: { write: (line) => lines.push(line) } });
  const log = { message, timestamp: '2026-01-01T00:00:00Z', logger: 'kafkajs', ...fields };
  createLogCreator(logger)(logLevel.DEBUG)({ namespace: 'Connection', level, label: '', log });
  return lines[0] === undefined ? undefined : (JSON.parse(lines[0]) as Line);
}

describe("kafkajs's lines", () => {
  it.each([
    [logLevel.ERROR, 'Connection error: connect ECONNREFUSED', 'warn'],
    [logLevel.WARN, 'Something odd', 'warn'],
    [logLevel.INFO, 'Consumer has joined the group', 'debug'],
    [logLevel.DEBUG, 'Request Fetch', 'trace'],
    [logLevel.WARN, 'The group is rebalancing, re-joining', 'debug'],
  ])('of level %d, %s, become %s', (level, message, expected) => {
    expect(log(level, message)).toMatchObject({ level: expected, msg: message, component: 'Connection' });
  });

  it('that tell of everyday life by their error are no warnings', () => {
    const error = 'There is no leader for this topic-partition as we are in the middle of a leadership election';
    expect(log(logLevel.ERROR, 'Response Metadata(key: 3, version: 6)', { error })?.level).toBe('debug');
    expect(log(logLevel.ERROR, 'Response Metadata(key: 3, version: 6)', { error: 'Not authorized' })?.level).toBe(
      'warn',
    );
  });

  it('keep their fields, but not their stacks', () => {
    const line = log(logLevel.ERROR, 'Connection timeout', { broker: 'kafka:9092', stack: 'at Socket.x' });
    expect(line).toMatchObject({ broker: 'kafka:9092' });
    expect(line).not.toHaveProperty('stack');
  });
});
