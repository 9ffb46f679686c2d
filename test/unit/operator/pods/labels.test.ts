import { describe, expect, it } from '@jest/globals';
import { labelValue } from '../../../../src/operator/pods/labels.ts';

describe('the name of a resource as the value of a label', () => {
  it('is the name, as far as a label can hold it', () => {
    expect(labelValue('a'.repeat(63))).toBe('a'.repeat(63));
  });

  it('is cut where it is longer, and stays unlike all others', () => {
    const names = ['a', 'b'].map((end) => `${'x'.repeat(249)}${end}`);
    const [one, other] = names.map(labelValue);
    expect(one).not.toBe(other);
    for (const value of [one, other]) expect(value).toMatch(/^[a-z0-9][-a-z0-9.]{0,61}[a-z0-9]$/);
  });
});
