import { describe, expect, it } from '@jest/globals';
import { ExpectedError } from '../../../src/lib/errors.ts';
import { createLogger, type LogLevel } from '../../../src/lib/log.ts';

function recordingLogger(level: LogLevel = 'info') {
  const lines: string[] = [];
  const logger = createLogger({ name: 'chat-api', level, destination: { write: (line) => lines.push(line) } });
  const parsed = () => lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  return { logger, lines, parsed };
}

describe('createLogger', () => {
  it('writes one line of JSON with name, level, ISO time, fields and message', () => {
    const { logger, parsed } = recordingLogger();
    logger.info({ topic: 'task-events' }, 'Sent');
    expect(parsed()).toEqual([
      {
        name: 'chat-api',
        level: 'info',
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
        pid: process.pid,
        hostname: expect.any(String),
        topic: 'task-events',
        msg: 'Sent',
      },
    ]);
  });

  it('says nothing below its level', () => {
    const { logger, lines } = recordingLogger('warn');
    logger.info('not this');
    logger.warn('this');
    expect(lines).toHaveLength(1);
  });

  it('tells an expected error by code, cause and details, and no stacks', () => {
    const { logger, parsed } = recordingLogger();
    const cause = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
    const details = { brokers: 3 };
    const error = new ExpectedError('BrokerUnreachable', 'no broker', { retryable: true, cause, details });
    logger.error({ err: error }, 'Failed');
    const [{ err } = { err: undefined }] = parsed();
    expect(err).toMatchObject({ code: 'BrokerUnreachable', retryable: true, details, cause: { code: 'ECONNREFUSED' } });
    expect(JSON.stringify(err)).not.toContain('stack');
  });

  it('tells where an unexpected error came from', () => {
    const { logger, parsed } = recordingLogger();
    const cause = new RangeError('too many');
    logger.error({ err: new TypeError('x is not a function', { cause }) }, 'Failed');
    expect(parsed()[0]?.err).toMatchObject({
      type: 'TypeError',
      stack: expect.stringContaining('log.test.ts'),
      cause: { type: 'RangeError', stack: expect.stringContaining('log.test.ts') },
    });
  });

  it('lets no secret out, by the name of a field or in a URI of a message', () => {
    const { logger, lines } = recordingLogger();
    logger.info({ sasl: { username: 'u', password: 's3cret' }, databaseUri: 's3cret' }, 'Connecting');
    logger.info({ connection: { sasl: { password: 's3cret' } }, authorization: 'Bearer s3cret' }, 'Connecting');
    const cause = new Error('invalid URI postgresql://app:s3cret@host/db');
    logger.info({ err: new ExpectedError('DatabaseUnreachable', 'no', { cause }) }, 'Failed');
    expect(lines.join('')).not.toContain('s3cret');
    expect(lines.join('')).toContain('postgresql://app:[redacted]@host/db');
  });
});
