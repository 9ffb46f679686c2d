import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { matches } from '../../../src/dead-letter-replay/filter.ts';
import { judge } from '../../../src/dead-letter-replay/judge.ts';
import { readLetter } from '../../../src/dead-letter-replay/letter.ts';
import { fromCommitted, toCommitted } from '../../../src/dead-letter-replay/progress.ts';
import type { StoredMessage } from '../../../src/kafka/read-partition.ts';
import type { MessageHeaders } from '../../../src/kafka/message-headers.ts';

interface Sample {
  readonly code?: string;
  readonly key?: string;
  readonly seconds?: number;
  readonly partition?: number;
  readonly offset?: number;
  readonly headers?: MessageHeaders;
}

function stored({ code = 'A', key = 'k', seconds = 0, partition = 0, offset = 0, headers }: Sample): StoredMessage {
  return {
    ...{ topic: 'dead', partition, offset: String(offset), timestamp: seconds * 1000 },
    key: Buffer.from(key),
    value: Buffer.from('value'),
    headers: { '__dlq.errors.topic': 'events', '__dlq.errors.code': Buffer.from(code), ...headers },
  };
}

const time = (seconds: number) => new Date(seconds * 1000).toISOString();
const sample = fc.record({
  code: fc.constantFrom('A', 'B', 'C'),
  key: fc.constantFrom('k', 'l', 'm'),
  seconds: fc.nat(10),
  partition: fc.nat(2),
  offset: fc.nat(10),
});
const bounds = { from: fc.option(fc.nat(10), { nil: undefined }), to: fc.option(fc.nat(10), { nil: undefined }) };

describe('the filter of a replay', () => {
  it('means the letters that fit everything it says', () => {
    const filter = fc.record({
      errorCodes: fc.option(fc.subarray(['A', 'B', 'C'], { minLength: 1 }), { nil: undefined }),
      keys: fc.option(fc.subarray(['k', 'l', 'm'], { minLength: 1 }), { nil: undefined }),
      ...bounds,
      offsets: fc.option(fc.array(fc.record({ partition: fc.nat(2), ...bounds }), { minLength: 1, maxLength: 3 }), {
        nil: undefined,
      }),
    });
    fc.assert(
      fc.property(filter, sample, ({ from, to, ...rest }, letter) => {
        const isWithin = (value: number, range: { from?: number | undefined; to?: number | undefined }) =>
          value >= (range.from ?? 0) && value < (range.to ?? 100);
        const expected =
          (rest.errorCodes ?? [letter.code]).includes(letter.code) &&
          (rest.keys ?? [letter.key]).includes(letter.key) &&
          isWithin(letter.seconds, { from, to }) &&
          (rest.offsets?.some((range) => range.partition === letter.partition && isWithin(letter.offset, range)) ??
            true);
        const times = { from: from === undefined ? from : time(from), to: to === undefined ? to : time(to) };
        expect(matches({ ...rest, ...times }, readLetter(stored(letter)))).toBe(expected);
      }),
    );
  });

  it('leaves out letters without a code when it names codes', () => {
    expect(matches({ errorCodes: ['A'] }, readLetter({ ...stored({}), headers: {} }))).toBe(false);
    expect(matches({}, readLetter({ ...stored({}), headers: {} }))).toBe(true);
  });
});

describe('the loop guard of a replay', () => {
  const rules = (maxReturns: number) => ({ filter: {}, maxReturns, topics: ['events'] });

  it('lets a letter go back as often as it may, however it comes to be one again', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10 }), (maxReturns) => {
        let headers: MessageHeaders = {};
        for (let returns = 0; ; returns += 1) {
          const judgement = judge(readLetter(stored({ headers })), rules(maxReturns));
          if (typeof judgement === 'string') {
            expect([judgement, returns]).toEqual(['kept', maxReturns]);
            return;
          }
          expect(judgement.topic).toBe('events');
          headers = judgement.message.headers!;
          expect(Object.keys(headers)).toEqual(['__dlq.returns']);
        }
      }),
    );
  });

  it.each([
    ['a spoiled count', { '__dlq.returns': 'x' }],
    ['a count that stands twice', { '__dlq.returns': ['0', '3'] }],
    ['a value that was cut', { '__dlq.original.size': '5' }],
    ['no topic', { '__dlq.errors.topic': undefined }],
    ['a topic of others', { '__dlq.errors.topic': '__consumer_offsets' }],
  ])('keeps a letter with %s', (_, headers) => {
    expect(judge(readLetter(stored({ headers })), rules(3))).toBe('kept');
  });
});

describe('the note of how far a replay is', () => {
  it('tells the same when it is read again', () => {
    const offset = fc.bigInt(0n, 2n ** 63n - 1n);
    const tally = fc.record({ read: fc.nat(), matched: fc.nat(), replayed: fc.nat(), kept: fc.nat() });
    fc.assert(
      fc.property(fc.record({ partition: fc.nat(), position: offset, end: offset, tally }), (progress) => {
        const committed = toCommitted(progress);
        expect(fromCommitted(committed)).toEqual(progress);
        expect(committed.metadata.length).toBeLessThan(4096);
      }),
    );
  });
});
