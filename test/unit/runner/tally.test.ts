import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { emptyTally, failure, slowestLines, succeeded, sum, summaryLine, type Tally } from '../../runner/tally.ts';

const tally: fc.Arbitrary<Tally> = fc.record({
  passed: fc.nat(1000),
  failed: fc.nat(1000),
  skipped: fc.nat(1000),
  failures: fc.array(fc.string()),
  times: fc.array(fc.record({ file: fc.string(), seconds: fc.nat(100) })),
});

describe('summaryLine', () => {
  it('says how many passed and failed, and how many were skipped if any were', () => {
    expect(summaryLine({ ...emptyTally, passed: 12 })).toBe('12 passed, 0 failed');
    expect(summaryLine({ ...emptyTally, passed: 12, failed: 1, skipped: 3 })).toBe('12 passed, 1 failed, 3 skipped');
  });
});

describe('sum', () => {
  it('gives the same total however the tallies are grouped', () => {
    fc.assert(
      fc.property(fc.array(tally), fc.array(tally), (first, second) => {
        expect(sum([sum(first), sum(second)])).toEqual(sum([...first, ...second]));
      }),
    );
  });
});

describe('slowestLines', () => {
  it('names the files that took longest', () => {
    const times = [1.2, 128.4, 7.6].map((seconds, index) => ({ file: `${index}.test.ts`, seconds }));
    expect(slowestLines({ ...emptyTally, times }, 2)).toEqual([' 128 s  1.test.ts', '   8 s  2.test.ts']);
  });
});

describe('succeeded', () => {
  it('holds only if some passed and none failed', () => {
    expect(succeeded({ ...emptyTally, passed: 1 })).toBe(true);
    expect(succeeded(emptyTally)).toBe(false);
    expect(succeeded({ ...emptyTally, skipped: 4 })).toBe(false);
    expect(succeeded(sum([{ ...emptyTally, passed: 9 }, failure('lint')]))).toBe(false);
  });
});
