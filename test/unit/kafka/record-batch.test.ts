import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { snappyCompress } from 'hysnappy';
import Encoder from 'kafkajs/src/protocol/encoder.js';
import createRecord from 'kafkajs/src/protocol/recordBatch/record/v0/index.js';
import { RecordBatch } from 'kafkajs/src/protocol/recordBatch/v0/index.js';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { decodeRecordBatches } from '../../../src/kafka/client/fetch/record-batch.ts';

const unlimited = () => ({ messages: Infinity, bytes: Infinity });

/** As Java's clients write it: blocks of 32 kB, each with its size. */
function xerialSnappy(bytes: Buffer): Buffer {
  const parts: Buffer[] = [Buffer.from('82534e415050590000000001' + '00000001', 'hex')];
  for (let start = 0; start < bytes.length; start += 32_768) {
    const block = snappyCompress(Uint8Array.from(bytes.subarray(start, start + 32_768)));
    const size = Buffer.alloc(4);
    size.writeInt32BE(block.length);
    parts.push(size, Buffer.from(block));
  }
  return Buffer.concat(parts);
}

/** A frame with one block for each run of equal bytes: a literal, and a match that repeats it. */
function lz4Frame(bytes: Buffer): Buffer {
  const parts: Buffer[] = [Buffer.from('04224d18604000', 'hex')];
  for (let start = 0, end = 0; start < bytes.length; start = end) {
    while (end < bytes.length && bytes[end] === bytes[start] && end - start < 60_000) end += 1;
    const block = lz4Block(bytes[start]!, end - start);
    const size = Buffer.alloc(4);
    size.writeUInt32LE(block.length > 0 ? block.length : 0x8000_0000 + (end - start));
    parts.push(size, block.length > 0 ? block : bytes.subarray(start, end));
  }
  return Buffer.concat([...parts, Buffer.alloc(4)]);
}

/** One literal, a match of offset 1, five literals; empty when there is too little for that. */
function lz4Block(byte: number, length: number): Buffer {
  const match = length - 6;
  if (match < 4) return Buffer.alloc(0);
  const more = match - 4 - 15;
  const lengths = more < 0 ? [] : [...Array<number>(Math.floor(more / 255)).fill(255), more % 255];
  const token = 0x10 + Math.min(15, match - 4);
  return Buffer.from([token, byte, 1, 0, ...lengths, 0x50, byte, byte, byte, byte, byte]);
}

const compressors: Readonly<Record<number, (bytes: Buffer) => Buffer>> = {
  0: (bytes) => bytes,
  1: (bytes) => gzipSync(bytes),
  2: xerialSnappy,
  3: lz4Frame,
  4: (bytes) => zstdCompressSync(bytes),
};

interface Message {
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: Readonly<Record<string, Buffer | Buffer[] | undefined>>;
}

interface BatchOptions {
  readonly base?: number;
  readonly compression?: number;
  readonly compress?: (bytes: Buffer) => Buffer;
  readonly lastDelta?: number;
  readonly count?: number;
}

const firstTimestamp = 1_700_000_000_000;

/** A batch as kafkajs writes it, in whatever compression. */
async function encodeBatch(messages: readonly Message[], options: BatchOptions = {}): Promise<Buffer> {
  const { base = 0, compression = 0, lastDelta = messages.length - 1, count = messages.length } = options;
  const records = messages.map((message, offsetDelta) => createRecord({ ...message, offsetDelta, timestampDelta: 5 }));
  const encoded = await RecordBatch({ firstTimestamp, lastOffsetDelta: lastDelta, records });
  const batch = encoded.buffer;
  const compress = options.compress ?? compressors[compression]!;
  const whole = Buffer.concat([batch.subarray(0, 61), compress(batch.subarray(61))]);
  whole.writeBigInt64BE(BigInt(base), 0);
  whole.writeInt32BE(whole.length - 12, 8);
  whole.writeInt16BE(compression, 21);
  whole.writeInt32BE(count, 57);
  return whole;
}

const bytes = fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array));
const runs = fc
  .array(fc.tuple(fc.nat({ max: 255 }), fc.nat({ max: 70_000 })), { maxLength: 4 })
  .map((parts) => Buffer.concat(parts.map(([byte, length]) => Buffer.alloc(length, byte))));
const arbitraryMessage: fc.Arbitrary<Message> = fc.record({
  key: fc.option(bytes),
  value: fc.option(fc.oneof(bytes, runs)),
  headers: fc.dictionary(fc.string({ minLength: 1, maxLength: 10 }), bytes, { maxKeys: 3, noNullPrototype: true }),
});

/** jest compares buffers byte by byte, which takes minutes for all of these. */
const asText = ({ offset, key, value, headers }: Message & { readonly offset: string }) =>
  JSON.stringify([offset, key?.toString('base64'), value?.toString('base64'), headers]);

const message = (value: string): Message => ({ key: Buffer.from('key'), value: Buffer.from(value), headers: {} });

describe('batches of records', () => {
  it('give what was put into them, in each compression, in order', async () => {
    const batches = fc.array(fc.tuple(fc.array(arbitraryMessage, { minLength: 1, maxLength: 5 }), fc.nat({ max: 4 })), {
      minLength: 1,
      maxLength: 3,
    });
    await fc.assert(
      fc.asyncProperty(batches, async (list) => {
        const encoded = await Promise.all(
          list.map(([messages, compression], index) => encodeBatch(messages, { base: index * 10, compression })),
        );
        const decoded = await decodeRecordBatches(Buffer.concat(encoded), 0n, unlimited());
        const expected = list.flatMap(([messages], batch) =>
          messages.map((one, index) => ({ ...one, offset: String(batch * 10 + index) })),
        );
        expect(decoded.map(asText)).toEqual(expected.map(asText));
        expect(decoded.every((one) => one.timestamp === String(firstTimestamp + 5) && !one.isControlRecord)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it('read a single block of Snappy, as clients write it that are not in Java', async () => {
    const batch = await encodeBatch([message('raw')], {
      compression: 2,
      compress: (all) => Buffer.from(snappyCompress(all)),
    });
    expect(await decodeRecordBatches(batch, 0n, unlimited())).toMatchObject([{ value: Buffer.from('raw') }]);
  });

  it('read several frames of Zstandard, also such as are to be skipped', async () => {
    const skippable = Buffer.from('502a4d1804000000' + '01020304', 'hex');
    const frames = (whole: Buffer) => {
      const [first, second] = [whole.subarray(0, 10), whole.subarray(10)].map((part) => zstdCompressSync(part));
      return Buffer.concat([skippable, first!, skippable, second!, skippable]);
    };
    const sent = message('a'.repeat(1000));
    const batch = await encodeBatch([sent], { compression: 4, compress: frames });
    expect(await decodeRecordBatches(batch, 0n, unlimited())).toMatchObject([{ value: sent.value }]);
  });

  it('keep a header that comes twice, and one that has an odd name', async () => {
    const header = (name: string, value: string) =>
      new Encoder().writeVarIntString(name).writeVarIntBytes(Buffer.from(value)).buffer;
    const body = Buffer.concat([
      Buffer.from([0, 0, 0, 1, 1]), // attributes, time, offset, and neither key nor value
      Buffer.from([3 << 1]),
      header('twice', 'a'),
      header('__proto__', 'b'),
      header('twice', 'c'),
    ]);
    const records = Buffer.concat([new Encoder().writeVarInt(body.length).buffer, body]);
    const batch = await encodeBatch([message('')], { compress: () => records });
    const [decoded] = await decodeRecordBatches(batch, 0n, unlimited());
    expect(decoded!.headers.twice).toEqual([Buffer.from('a'), Buffer.from('c')]);
    expect(Object.entries(decoded!.headers)).toContainEqual(['__proto__', Buffer.from('b')]);
  });

  it('begin at the offset that was asked for, and end where the last is cut off', async () => {
    const all = Buffer.concat([
      await encodeBatch(['a', 'b', 'c'].map(message)),
      await encodeBatch([message('d')], { base: 3 }),
    ]);
    const decoded = await decodeRecordBatches(all.subarray(0, all.length - 1), 1n, unlimited());
    expect(decoded.map(({ value }) => String(value))).toEqual(['b', 'c']);
  });

  it('count offsets without a message as read', async () => {
    const compacted = await encodeBatch(['a', 'b'].map(message), { lastDelta: 9 });
    const empty = await encodeBatch([], { base: 10, lastDelta: 4 });
    const decoded = await decodeRecordBatches(Buffer.concat([compacted, empty]), 0n, unlimited());
    expect(decoded.map(({ offset, isControlRecord }) => [offset, isControlRecord])).toEqual([
      ['0', false],
      ['1', false],
      ['9', true],
      ['14', true],
    ]);
  });

  it('are decoded no further than the limits allow, and go on from there', async () => {
    const all = Buffer.concat([
      await encodeBatch(['a', 'b', 'c'].map(message), { compression: 1 }),
      await encodeBatch(['d', 'e'].map(message), { base: 3 }),
    ]);
    const values: string[] = [];
    for (let next = 0n; next < 5n;) {
      const decoded = await decodeRecordBatches(all, next, { messages: 2, bytes: Infinity });
      expect(decoded.length).toBeLessThanOrEqual(2);
      values.push(...decoded.map(({ value }) => String(value)));
      next = BigInt(decoded.at(-1)!.offset) + 1n;
    }
    expect(values).toEqual(['a', 'b', 'c', 'd', 'e']);
  });
});

describe('a batch that cannot be read', () => {
  const tooMuch = 17 * 2 ** 20;
  const cases: Readonly<Record<string, BatchOptions>> = {
    'gzip that holds too much': { compression: 1, compress: () => gzipSync(Buffer.alloc(tooMuch)) },
    'snappy that holds too much': { compression: 2, compress: () => xerialSnappy(Buffer.alloc(tooMuch)) },
    'lz4 that holds too much': { compression: 3, compress: () => lz4Frame(Buffer.alloc(tooMuch)) },
    'zstd that holds too much': { compression: 4, compress: () => zstdCompressSync(Buffer.alloc(tooMuch)) },
    'a compression that nobody knows': { compression: 7, compress: (all) => all },
    'bytes that are no gzip': { compression: 1, compress: (all) => all },
    'bytes that are no snappy': { compression: 2, compress: (all) => all },
    'bytes that are no lz4': { compression: 3, compress: (all) => all },
    'bytes that are no zstd': { compression: 4, compress: (all) => all },
    'more records than there are': { count: 2 ** 31 - 1 },
    'records that are cut off': { compress: (all) => all.subarray(0, -1) },
  };

  it.each(Object.entries(cases))('%s: is one message that says so, and the next is read', async (_, options) => {
    const bad = await encodeBatch(['a', 'b'].map(message), options);
    const good = await encodeBatch([message('c')], { base: 2 });
    const decoded = await decodeRecordBatches(Buffer.concat([bad, good]), 0n, unlimited());
    expect(decoded).toHaveLength(2);
    expect(decoded[0]).toMatchObject({ offset: '1', key: null, isControlRecord: false });
    expect(decoded[0]!.value!.equals(bad)).toBe(true);
    expect(decoded[0]!.unreadable).toMatchObject({ code: 'BatchUnreadable', retryable: false });
    expect(decoded[1]).toMatchObject({ offset: '2', value: Buffer.from('c') });
  });

  it('comes out of any damage, and never as an endless loop or another error', async () => {
    const damage = fc.array(fc.tuple(fc.double({ min: 0, max: 0.999, noNaN: true }), fc.nat({ max: 255 })), {
      minLength: 1,
    });
    const text = 'a quite long text that is quite long, long, long '.repeat(20);
    await fc.assert(
      fc.asyncProperty(damage, fc.nat({ max: 4 }), async (changes, compression) => {
        const batch = await encodeBatch([message(text), message(text)], { compression });
        for (const [place, byte] of changes) batch[61 + Math.floor(place * (batch.length - 61))] = byte;
        const decoded = await decodeRecordBatches(batch, 0n, unlimited());
        expect(decoded.at(-1)!.offset).toBe('1');
      }),
      { numRuns: 300 },
    );
  });
});
