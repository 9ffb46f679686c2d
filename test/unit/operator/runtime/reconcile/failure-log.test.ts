import { describe, expect, it } from '@jest/globals';
import { ExpectedError } from '../../../../../src/lib/errors.ts';
import { createLogger } from '../../../../../src/lib/log.ts';
import { FailureLog } from '../../../../../src/operator/runtime/reconcile/failure-log.ts';

function recorded() {
  const lines: string[] = [];
  const destination = { write: (line: string) => lines.push(line) };
  const failures = new FailureLog(createLogger({ name: 'operator', level: 'debug', destination }));
  const parsed = () => lines.map((line) => JSON.parse(line) as { level: string; name: string; err: object });
  return { failures, parsed, levels: () => parsed().map(({ level }) => level) };
}

const away = (message = 'no broker answers') => new ExpectedError('BrokerUnreachable', message, { retryable: true });

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

  it('are warned of again after a success, and for each key', () => {
    const { failures, levels } = recorded();
    failures.failed('tasks/one', away());
    failures.failed('tasks/two', away());
    failures.succeeded('tasks/one');
    failures.failed('tasks/one', away());
    expect(levels()).toEqual(['warn', 'warn', 'warn']);
  });

  it('are errors, each with its stack, when nobody expected them', () => {
    const { failures, parsed, levels } = recorded();
    failures.failed('tasks/one', new TypeError('x is not a function'));
    failures.failed('tasks/one', new TypeError('x is not a function'));
    expect(levels()).toEqual(['error', 'error']);
    expect(parsed()[1]?.err).toMatchObject({ stack: expect.stringContaining('failure-log.test.ts') });
  });
});
