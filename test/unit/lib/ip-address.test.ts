import { describe, expect, it } from '@jest/globals';
import { fullAddress } from '../../../src/lib/ip-address.ts';

describe('an address as Java compares it', () => {
  it.each([
    ['::1', '0:0:0:0:0:0:0:1'],
    ['::', '0:0:0:0:0:0:0:0'],
    ['2001:DB8::00a1:0', '2001:db8:0:0:0:0:a1:0'],
    ['fe80:1:2:3:4:5:6:7', 'fe80:1:2:3:4:5:6:7'],
    ['2001:db8:0:1::', '2001:db8:0:1:0:0:0:0'],
    ['10.0.0.1', '10.0.0.1'],
    ['*', '*'],
  ])('is, of %s, %s', (address, full) => {
    expect(fullAddress(address)).toBe(full);
    expect(fullAddress(full)).toBe(full);
  });
});
