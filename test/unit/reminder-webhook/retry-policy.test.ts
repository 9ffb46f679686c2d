import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ExpectedError } from '../../../src/lib/errors.ts';
import {
  answerError,
  longestPauseMilliseconds,
  requestedPause,
  retryDelay,
} from '../../../src/reminder-webhook/retry-policy.ts';

const answer = (status: number, retryAfter?: string) => ({ status, retryAfter });

describe('answerError', () => {
  it.each([200, 201, 202, 204, 299])('takes %d for a delivery', (status) => {
    expect(answerError(answer(status))).toBeUndefined();
  });

  it.each([
    [408, 'TargetUnavailable', true],
    [429, 'TargetUnavailable', true],
    [502, 'TargetUnavailable', true],
    [503, 'TargetUnavailable', true],
    [504, 'TargetUnavailable', true],
    [500, 'TargetFailed', true],
    [501, 'TargetFailed', true],
    [599, 'TargetFailed', true],
    [301, 'TargetRefused', false],
    [307, 'TargetRefused', false],
    [400, 'TargetRefused', false],
    [401, 'TargetRefused', false],
    [404, 'TargetRefused', false],
    [410, 'TargetRefused', false],
  ])('takes %d for %s', (status, code, retryable) => {
    expect(answerError(answer(status))).toMatchObject({ code, retryable });
  });
});

describe('requestedPause', () => {
  const now = new Date('2026-01-01T00:00:00Z');

  it.each([
    ['seconds', answer(503, '7'), 7000],
    ['a date', answer(429, 'Thu, 01 Jan 2026 00:00:09 GMT'), 9000],
    ['a date that is past', answer(429, 'Wed, 31 Dec 2025 00:00:00 GMT'), 0],
    ['as long as is allowed, of more', answer(503, '999999999'), longestPauseMilliseconds],
    ['nothing, without the header', answer(503), 0],
    ['nothing, of what is neither', answer(503, 'soon'), 0],
    ['nothing, of an answer that means this reminder alone', answer(500, '7'), 0],
    ['nothing, of a delivery', answer(200, '7'), 0],
  ])('is %s', (_, given, milliseconds) => {
    expect(requestedPause(given, now)).toBe(milliseconds);
  });

  it('is within its limits, whatever a target says', () => {
    const headers = fc.oneof(fc.string(), fc.integer().map(String), fc.date({ noInvalidDate: true }).map(String));
    fc.assert(
      fc.property(headers, (retryAfter) => {
        const pause = requestedPause(answer(503, retryAfter), now);
        expect(pause).toBeGreaterThanOrEqual(0);
        expect(pause).toBeLessThanOrEqual(longestPauseMilliseconds);
      }),
    );
  });
});

describe('retryDelay', () => {
  const backoff = { initial: 1000, maximum: 60_000, factor: 2, jitter: 'full' } as const;
  const policy = { maxAttempts: 3, maxAgeMilliseconds: 3_600_000, backoff };
  const almostOne = () => 0.999_999;
  const error = (code: string, retryable: boolean) => new ExpectedError(code, code, { retryable });
  const attempt = { error: error('TargetUnreachable', true), attempts: 1, failures: 0, ageMilliseconds: 0 };

  it('doubles from the first to the longest', () => {
    const delays = [1, 2, 3, 7, 1000].map((attempts) => retryDelay({ ...attempt, attempts }, policy, almostOne));
    expect(delays).toEqual([1000, 2000, 4000, 60_000, 60_000]);
    expect(retryDelay(attempt, policy, () => 0)).toBe(0);
  });

  it.each([
    ['what is refused', { error: error('TargetRefused', false) }],
    ['what nobody expects', { error: new Error('a mistake') }],
    ['what the target could not cope with so often', { failures: 3 }],
    ['what is too old', { ageMilliseconds: 3_600_000 }],
  ])('gives up %s', (_, changed) => {
    expect(retryDelay({ ...attempt, ...changed }, policy, almostOne)).toBeUndefined();
  });

  it('does not count what is no fault of the reminder', () => {
    expect(retryDelay({ ...attempt, attempts: 500, failures: 2 }, policy, almostOne)).toBeDefined();
  });
});
