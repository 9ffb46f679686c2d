import { describe, expect, it } from '@jest/globals';
import { errorCode, isRetryable, ExpectedError, toError } from '../../../src/lib/errors.ts';

describe('ExpectedError', () => {
  it('has a code, a cause and whether a retry helps', () => {
    const cause = new Error('ECONNREFUSED');
    const error = new ExpectedError('BrokerUnreachable', 'no broker answers', { retryable: true, cause });
    expect(error).toMatchObject({ code: 'BrokerUnreachable', message: 'no broker answers', retryable: true, cause });
    expect(isRetryable(error)).toBe(true);
    expect(errorCode(error)).toBe('BrokerUnreachable');
  });

  it('needs a person unless it says otherwise', () => {
    expect(isRetryable(new ExpectedError('InvalidConfig', 'no'))).toBe(false);
  });
});

describe('an error that nobody mapped', () => {
  it('has no code of ours and is not retried', () => {
    const error = Object.assign(new Error('x'), { retryable: true, code: 'E' });
    expect([errorCode(error), isRetryable(error)]).toEqual(['Unexpected', false]);
  });

  it('becomes an Error, whatever was thrown', () => {
    expect(toError('text').message).toBe('text');
    expect(toError(undefined).message).toBe('undefined');
    const error = new TypeError('x');
    expect(toError(error)).toBe(error);
  });
});
