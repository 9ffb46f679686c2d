import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { LookupAddress } from 'node:dns';
import { AddressRules, checkedLookup, isCidr } from '../../../src/lib/address-rules.ts';

const rules = new AddressRules([], 'spec.webhook.allowedCidrs');

/** Any address of a network: the first bits are given, the others are random. */
function addressIn(network: readonly number[], bits: number): fc.Arbitrary<number[]> {
  return fc.uint8Array({ minLength: network.length, maxLength: network.length }).map((random) =>
    network.map((byte, index) => {
      const fixed = Math.min(8, Math.max(0, bits - 8 * index));
      const mask = (0xff << (8 - fixed)) & 0xff;
      return (byte & mask) | (random[index]! & ~mask & 0xff);
    }),
  );
}

const ipv4 = (bytes: readonly number[]) => bytes.join('.');
const ipv6 = (bytes: readonly number[]) =>
  Array.from({ length: 8 }, (_, index) => ((bytes[2 * index]! << 8) | bytes[2 * index + 1]!).toString(16)).join(':');
/** 16 bytes that begin so. */
const v6 = (...beginning: number[]) => [...beginning, ...Array<number>(16 - beginning.length).fill(0)];

describe('the rules for addresses', () => {
  it.each([
    ['this network', [0, 0, 0, 0], 8],
    ['private addresses', [10, 0, 0, 0], 8],
    ['carrier-grade NAT', [100, 64, 0, 0], 10],
    ['loopback', [127, 0, 0, 0], 8],
    ['link-local addresses, with the metadata of clouds', [169, 254, 0, 0], 16],
    ['more private addresses', [172, 16, 0, 0], 12],
    ['the most private addresses', [192, 168, 0, 0], 16],
    ['multicast', [224, 0, 0, 0], 4],
    ['reserved addresses and broadcast', [240, 0, 0, 0], 4],
  ])('refuse all of %s, in IPv4, mapped into IPv6 and by NAT64', (_, network, bits) => {
    const check = (bytes: number[]) => {
      expect(rules.isAllowed(ipv4(bytes))).toBe(false);
      for (const beginning of [v6().slice(0, 10).concat(0xff, 0xff), v6(0, 0x64, 0xff, 0x9b).slice(0, 12)]) {
        const address = ipv6([...beginning, ...bytes]);
        expect([address, rules.isAllowed(address)]).toEqual([address, false]);
      }
      expect(rules.isAllowed(`::ffff:${ipv4(bytes)}`)).toBe(false);
    };
    fc.assert(fc.property(addressIn(network, bits), check));
  });

  it.each([
    ['the unspecified address and loopback', v6(), 127],
    ['IPv4 in IPv6, mapped or not', v6(), 80],
    ['NAT64', v6(0, 0x64, 0xff, 0x9b), 96],
    ['local NAT64', v6(0, 0x64, 0xff, 0x9b, 0, 1), 48],
    ['Teredo', v6(0x20, 0x01, 0, 0), 32],
    ['6to4', v6(0x20, 0x02), 16],
    ['documentation', v6(0x20, 0x01, 0x0d, 0xb8), 32],
    ['unique local addresses', v6(0xfc), 7],
    ['link-local addresses', v6(0xfe, 0x80), 10],
    ['site-local addresses', v6(0xfe, 0xc0), 10],
    ['multicast', v6(0xff), 8],
  ])('refuse all of %s in IPv6', (_, network, bits) => {
    fc.assert(
      fc.property(addressIn(network, bits), (bytes) => {
        const address = ipv6(bytes);
        expect([address, rules.isAllowed(address)]).toEqual([address, false]);
      }),
    );
  });

  it.each(['1.1.1.1', '8.8.8.8', '93.184.215.14', '172.32.0.1', '192.169.0.1', '2606:4700::1111', '2a00:1450::8a'])(
    'let %s pass',
    (address) => expect(rules.isAllowed(address)).toBe(true),
  );

  it.each(['', 'localhost', '127.1', '0x7f.0.0.1', '1.1.1.1:80', '[::1]', 'fe80::1%lo'])(
    'refuse "%s", which is no address',
    (text) => expect(rules.isAllowed(text)).toBe(false),
  );

  it('let pass what is allowed, and nothing beside it', () => {
    const some = new AddressRules(['10.1.0.0/16', 'fd00:1::/32', '127.0.0.1/32']);
    const allowed = ['10.1.2.3', 'fd00:1::5', '127.0.0.1', '1.1.1.1'];
    expect(allowed.filter((address) => !some.isAllowed(address))).toEqual([]);
    const refused = ['10.2.0.0', 'fd00:2::5', '127.0.0.2', '169.254.169.254'];
    expect(refused.filter((address) => some.isAllowed(address))).toEqual([]);
  });

  it.each(['http://127.0.0.1/', 'http://2130706433/', 'http://0x7f.1/', 'http://[::ffff:127.0.0.1]/', 'http://[::1]/'])(
    'refuse the host of %s, for which nobody looks up a name',
    (url) => {
      const check = () => rules.checkHost(new URL(url).hostname);
      expect(check).toThrow(expect.objectContaining({ code: 'AddressRefused', retryable: true }));
    },
  );

  it.each(['http://1.1.1.1/', 'http://[2606:4700::1111]/', 'http://example.org/'])('let the host of %s pass', (url) => {
    expect(() => rules.checkHost(new URL(url).hostname)).not.toThrow();
  });
});

describe('checkedLookup', () => {
  const find = (addresses: readonly string[], all: boolean) =>
    new Promise<string | LookupAddress[]>((resolve, reject) => {
      const found = addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
      const lookup = checkedLookup(rules, (_, __, callback) => callback(null, found));
      lookup('hooks.example.org', { all }, (error, address) => (error ? reject(error) : resolve(address)));
    });

  it('gives a connection only the addresses that are allowed', async () => {
    expect(await find(['10.0.0.1', '1.1.1.1'], true)).toEqual([{ address: '1.1.1.1', family: 4 }]);
    expect(await find(['::1', '2606:4700::1111'], false)).toBe('2606:4700::1111');
  });

  it('fails where there is none, and says what to do', async () => {
    await expect(find(['127.0.0.1', '::1'], true)).rejects.toMatchObject({
      code: 'AddressRefused',
      message: expect.stringMatching(/hooks\.example\.org is at 127\.0\.0\.1, ::1, .*spec\.webhook\.allowedCidrs/),
    });
    await expect(find([], false)).rejects.toMatchObject({ code: 'AddressRefused' });
  });
});

describe('isCidr', () => {
  it.each(['10.0.0.0/8', '0.0.0.0/0', '::/0', 'fd00::/8', '::1/128', '1.2.3.4/32'])('takes %s', (text) => {
    expect(isCidr(text)).toBe(true);
  });
  it.each(['10.0.0.0', '10.0.0.0/33', '::/129', '10.0.0/8', 'a/8', '/8', '10.0.0.0/-1', '10.0.0.0/8/8', ''])(
    'refuses %s',
    (text) => expect(isCidr(text)).toBe(false),
  );
});
