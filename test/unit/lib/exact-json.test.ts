import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseExactJson, stringifyExactJson } from '../../../src/lib/exact-json.ts';

const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
const nearTheLimit = fc.bigInt({ min: 2n ** 53n - 3n, max: 2n ** 53n + 3n }).chain((n) => fc.constantFrom(n, -n));
const digits = fc.oneof(int64, nearTheLimit, fc.bigInt()).map(String);

describe('exact JSON', () => {
  it('keeps every digit of every integer, wherever it stands', () => {
    const around = fc.constantFrom(
      (n: string) => n,
      (n: string) => `[${n}]`,
      (n: string) => `["1234567890123456",${n}]`,
      (n: string) => `{"a":{"b":[true,${n}]}}`,
      (n: string) => `{"${n}":${n}}`,
    );
    fc.assert(
      fc.property(digits, around, (number, within) => {
        const text = within(number);
        expect(stringifyExactJson(parseExactJson(text))).toBe(text);
      }),
      { numRuns: 1_000 },
    );
  });

  it('makes a bigint of an integer that a number cannot hold, and of nothing else', () => {
    fc.assert(
      fc.property(digits, (number) => {
        const isSafe = Number.isSafeInteger(Number(number));
        expect(parseExactJson(number)).toBe(isSafe ? Number(number) : BigInt(number));
      }),
    );
    expect(parseExactJson('[1e300, 12345678901234567.5, "9007199254740993", 0.1234567890123456, -0]')).toEqual([
      1e300,
      12345678901234567.5,
      '9007199254740993',
      0.1234567890123456,
      -0,
    ]);
  });

  it('changes no other value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify([value, 1234567890123456]);
        expect(JSON.parse(stringifyExactJson(parseExactJson(text)))).toEqual(JSON.parse(text));
        expect(stringifyExactJson(value)).toBe(JSON.stringify(value));
      }),
    );
  });

  it('reads what is nested too deep for exactness, and refuses what is not JSON or refers to itself', () => {
    const deep = '['.repeat(50_000) + '9007199254740993' + ']'.repeat(50_000);
    expect(Array.isArray(parseExactJson(deep))).toBe(true);
    expect(() => parseExactJson('{"a":1234567890123456')).toThrow(SyntaxError);
    const self: { me?: unknown } = {};
    self.me = self;
    expect(() => stringifyExactJson(self)).toThrow(TypeError);
  });
});
