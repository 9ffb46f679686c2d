import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { backoffMilliseconds } from '../../../src/lib/backoff.ts';

const backoffs = fc.record({
  initial: fc.integer({ min: 1, max: 10_000 }),
  maximum: fc.integer({ min: 10_000, max: 1_000_000 }),
  factor: fc.double({ min: 1, max: 10, noNaN: true }),
});
const attempts = fc.integer({ min: 1, max: 10_000 });

function mustNotBeCalled(): number {
  throw new Error('there is no chance in this');
}

describe('backoffMilliseconds', () => {
  it('multiplies the delay with each attempt until it is as long as allowed', () => {
    const backoff = { initial: 100, maximum: 1000, factor: 3 };
    const delays = [1, 2, 3, 4, 5].map((attempt) => backoffMilliseconds(backoff, attempt, mustNotBeCalled));
    expect(delays).toEqual([100, 300, 900, 1000, 1000]);
  });

  it('never shrinks, and stays between the initial and the maximal delay, for any number of attempts', () => {
    fc.assert(
      fc.property(backoffs, attempts, (backoff, attempt) => {
        const delay = backoffMilliseconds(backoff, attempt);
        expect(delay).toBeGreaterThanOrEqual(backoff.initial);
        expect(delay).toBeLessThanOrEqual(backoff.maximum);
        expect(backoffMilliseconds(backoff, attempt + 1)).toBeGreaterThanOrEqual(delay);
      }),
    );
  });

  it('takes the random part of the delay with full jitter', () => {
    fc.assert(
      fc.property(backoffs, attempts, fc.double({ min: 0, max: 0.999, noNaN: true }), (backoff, attempt, part) => {
        const delay = backoffMilliseconds(backoff, attempt);
        const jittered = backoffMilliseconds({ ...backoff, jitter: 'full' }, attempt, () => part);
        expect(Math.abs(jittered - delay * part)).toBeLessThanOrEqual(1);
      }),
    );
  });
});
