import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { RateLimiter } from '../../../../../src/operator/runtime/reconcile/rate-limiter.ts';
import { TokenBucket } from '../../../../../src/operator/runtime/reconcile/token-bucket.ts';

const allowance = { burst: 3, perSecond: 1 };
const attempt = fc.record({ key: fc.constantFrom('a', 'b'), gap: fc.nat(4000) });

describe('a rate limiter', () => {
  it('decides as if it had a bucket for each key for ever', () => {
    fc.assert(
      fc.property(fc.array(attempt, { maxLength: 200, size: 'max' }), (attempts) => {
        const limiter = new RateLimiter(allowance);
        const buckets = { a: new TokenBucket(allowance, 0), b: new TokenBucket(allowance, 0) };
        let now = 0;
        for (const { key, gap } of attempts) {
          now += gap;
          expect(limiter.pass(key, now) === 0).toBe(buckets[key].take(now));
        }
      }),
    );
  });

  it('remembers only keys of late', () => {
    const limiter = new RateLimiter(allowance);
    for (let index = 0; index < 10_000; index += 1) limiter.pass(`key-${index}`, index);
    expect(limiter.size).toBeLessThanOrEqual(6000);
    limiter.pass('later', 20_000);
    expect(limiter.size).toBe(1);
  });
});
