import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { TokenBucket } from '../../../../../src/operator/runtime/reconcile/token-bucket.ts';

const allowance = { burst: 10, perSecond: 5 };

describe('a token bucket', () => {
  it('never lets through more than its burst and what time has added, and never less to one who waits', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(2000), { maxLength: 200 }), (gaps) => {
        const bucket = new TokenBucket(allowance, 0);
        let now = 0;
        let passed = 0;
        for (const gap of gaps) {
          now += gap;
          const taken = bucket.take(now);
          if (gap >= 200) expect(taken).toBe(true);
          passed += Number(taken);
          expect(passed).toBeLessThanOrEqual(allowance.burst + (now / 1000) * allowance.perSecond + 1e-6);
        }
      }),
    );
  });

  it('says how long to wait for the next one', () => {
    const bucket = new TokenBucket(allowance, 0);
    expect(bucket.waitMilliseconds(0)).toBe(0);
    for (let index = 0; index < allowance.burst; index += 1) bucket.take(0);
    expect(bucket.waitMilliseconds(50)).toBe(150);
    expect(bucket.take(199)).toBe(false);
    expect(bucket.take(200)).toBe(true);
  });
});
