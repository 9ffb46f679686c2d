import { describe, expect, it } from '@jest/globals';
import { boundOf, parseQuantity } from '../../../../src/operator/pods/quantity.ts';

describe('a quantity', () => {
  it.each([
    ['250m', 0.25],
    ['2.5Gi', 2.5 * 1024 ** 3],
    ['1e3', 1000],
    ['20G', 20e9],
    [4, 4],
    ['0', 0],
  ])('of %s is %d', (text, value) => {
    expect(parseQuantity(text)).toBe(value);
  });

  it.each(['', 'Gi', '1x', '1.2.3', 'abc'])('is not what "%s" says', (text) => {
    expect(parseQuantity(text)).toBeUndefined();
  });

  it('bounds a container by its limit, or by its request', () => {
    expect(boundOf('cpu', { requests: { cpu: '1' }, limits: { cpu: '2' } })).toBe(2);
    expect(boundOf('cpu', { requests: { cpu: '1' }, limits: { memory: '2Gi' } })).toBe(1);
    expect(boundOf('memory', {})).toBeUndefined();
  });
});
