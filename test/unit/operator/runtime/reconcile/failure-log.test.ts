import { describe, expect, it } from '@jest/globals';
import { ExpectedError } from '../../../../../src/lib/errors.ts';
import { createLogger } from '../../../../../src/lib/log.ts';
import { FailureLog } from '../../../../../src/operator/runtime/reconcile/failure-log.ts';
import { statusError, transportError } from '../../../../../src/operator/runtime/transport/kubernetes-error.ts';
import { ManualClock } from '../../../../../src/operator/runtime/testing/manual-clock.ts';

function recorded() {
  const lines: string[] = [];
  const destination = { write: (line: string) => lines.push(line) };
  const clock = new ManualClock();
  const failures = new FailureLog(createLogger({ name: 'operator', level: 'debug', destination }), clock);
  const parsed = () =>
    lines.map((line) => JSON.parse(line) as { level: string; name: string; msg: string; err: object });
  return { failures, clock, parsed, levels: () => parsed().map(({ level }) => level) };
}

const away = (message = 'no broker answers') => new ExpectedError('BrokerUnreachable', message, { retryable: true });
const serverAway = () => transportError(new Error('connect ECONNREFUSED'), 'PATCH /api');
const serverFailed = () => statusError({ code: 500, message: 'failed calling webhook' }, 'PATCH /api');
const conflict = () => statusError({ code: 409, reason: 'Conflict' }, 'PATCH /api');

describe('failures', () => {
  it('are warned of once for each cause, also when its words change', () => {
    const { failures, parsed, levels } = recorded();
    failures.failed('tasks/one', away());
    failures.failed('tasks/one', away('broker 2 does not answer'));
    failures.failed('tasks/one', new ExpectedError('InvalidConfig', 'retention is wrong'));
    failures.failed('tasks/one', away());
    expect(levels()).toEqual(['warn', 'debug', 'warn', 'warn']);
    const err = { code: 'BrokerUnreachable', message: 'no broker answers', retryable: true };
    expect(parsed()[0]).toMatchObject({ namespace: 'tasks', name: 'one', msg: 'Reconciliation failed', err });
  });

  it('end with a line, and are warned of again after that, and for each key', async () => {
    const { failures, clock, parsed, levels } = recorded();
    failures.failed('tasks/one', away());
    failures.failed('tasks/two', away());
    await clock.advance(2_500);
    failures.succeeded('tasks/one');
    failures.succeeded('tasks/one');
    failures.failed('tasks/one', away());
    expect(levels()).toEqual(['warn', 'warn', 'info', 'warn']);
    const msg = 'Reconciliation succeeded again';
    expect(parsed()[2]).toMatchObject({ namespace: 'tasks', name: 'one', failures: 1, seconds: 2.5, msg });
  });

  it('are errors with a stack when nobody expected them, once for each message', () => {
    const { failures, parsed, levels } = recorded();
    failures.failed('tasks/one', new TypeError('x is not a function'));
    failures.failed('tasks/one', new TypeError('x is not a function'));
    failures.failed('tasks/one', new TypeError('y is not a function'));
    expect(levels()).toEqual(['error', 'debug', 'error']);
    expect(parsed()[2]?.err).toMatchObject({ stack: expect.stringContaining('failure-log.test.ts') });
  });

  it('of the API server are lasting, and warned of, from the third in a row', () => {
    const { failures, levels } = recorded();
    const lasting = [serverFailed(), conflict(), serverFailed(), conflict(), serverFailed(), serverFailed()].map(
      (error) => {
        const isLasting = failures.isLasting('tasks/one', error);
        failures.failed('tasks/one', error);
        return isLasting;
      },
    );
    expect(lasting).toEqual([false, false, false, false, true, true]);
    expect(levels()).toEqual(['debug', 'debug', 'debug', 'debug', 'warn', 'debug']);
    failures.succeeded('tasks/one');
    expect(levels().at(-1)).toBe('info');
    expect(failures.isLasting('tasks/one', serverFailed())).toBe(false);
  });

  it('are one outage for all keys while the API server is away', () => {
    const { failures, parsed } = recorded();
    const keys = ['tasks/one', 'tasks/two', 'tasks/three'];
    for (const key of [...keys, ...keys, ...keys, ...keys]) {
      expect(failures.isLasting(key, serverAway())).toBe(false);
      failures.failed(key, serverAway());
    }
    for (const key of keys) failures.succeeded(key);
    const lines = parsed().filter(({ level }) => level !== 'debug');
    expect(lines.map(({ msg }) => msg)).toEqual([
      'Reconciliation waits for the API server',
      'Reconciliation continues',
    ]);
  });
});
