import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { batches } from '../../../src/kafka/batches.ts';

const limits = { items: 3, weight: 10 };
const cut = (weights: readonly number[]) => [...batches(weights, limits, (weight) => weight)];

describe('batches', () => {
  it('are none of nothing', () => {
    expect(cut([])).toEqual([]);
  });

  it('end where there are too many items, or too heavy ones', () => {
    expect(cut([1, 1, 1, 1])).toEqual([[1, 1, 1], [1]]);
    expect(cut([5, 5, 1])).toEqual([[5, 5], [1]]);
  });

  it('have an item to itself that is heavier than a batch may be', () => {
    expect(cut([1, 11, 1])).toEqual([[1], [11], [1]]);
  });

  it('are all items in their order, within the limits, and no two of them would go together', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(12)), (weights) => {
        const cuts = cut(weights);
        expect(cuts.flat()).toEqual(weights);
        const sum = (batch: readonly number[]) => batch.reduce((one, other) => one + other, 0);
        for (const batch of cuts) {
          expect(batch.length).toBeLessThanOrEqual(limits.items);
          if (batch.length > 1) expect(sum(batch)).toBeLessThanOrEqual(limits.weight);
        }
        for (const [index, batch] of cuts.slice(1).entries()) {
          const together = [...cuts[index]!, batch[0]!];
          expect(together.length > limits.items || sum(together) > limits.weight).toBe(true);
        }
      }),
    );
  });
});
