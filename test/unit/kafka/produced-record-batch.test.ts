import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import createRecord from 'kafkajs/src/protocol/recordBatch/record/v0/index.js';
import { RecordBatch } from 'kafkajs/src/protocol/recordBatch/v0/index.js';
import { decodeRecordBatches } from '../../../src/kafka/client/fetch/record-batch.ts';
import { encodeRecordBatch } from '../../../src/kafka/client/produce/record-batch.ts';

const plain = { now: 1_800_000_000_000, producerId: -1n, producerEpoch: 0, firstSequence: 0, isTransactional: false };

const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array)),
  fc.string({ unit: 'binary', maxLength: 100 }),
);
const message = fc.record({
  key: fc.option(bytes),
  value: fc.option(bytes),
  headers: fc.dictionary(
    fc.string({ minLength: 1, maxLength: 10 }),
    fc.oneof(bytes, fc.array(bytes, { maxLength: 3 })),
    {
      maxKeys: 4,
    },
  ),
});
const messages = fc.array(message, { minLength: 1, maxLength: 200 });

const asBuffer = (given: Buffer | string | null) => (given === null ? null : Buffer.from(given));

describe('a record batch that is produced', () => {
  it('is byte for byte what kafkajs makes of the messages', async () => {
    await fc.assert(
      fc.asyncProperty(messages, fc.bigInt({ min: -1n, max: 2n ** 62n }), fc.nat(30_000), async (some, id, epoch) => {
        const records = some.map((one, offsetDelta) =>
          createRecord({ ...one, offsetDelta, timestampDelta: 0 } as never),
        );
        const properties = { producerId: id, producerEpoch: epoch, firstSequence: 7, isTransactional: true };
        const times = { firstTimestamp: plain.now, maxTimestamp: plain.now };
        const batch = { ...properties, ...times, records, lastOffsetDelta: some.length - 1, transactional: true };
        const { buffer } = await RecordBatch(batch);
        expect(encodeRecordBatch(some, { ...properties, now: plain.now }).equals(buffer)).toBe(true);
      }),
    );
  });

  it('has no key where none was given', async () => {
    const [read] = await decodeRecordBatches(encodeRecordBatch([{ value: 'x' }], plain), 0n, {
      messages: 1,
      bytes: 100,
    });
    expect(read).toMatchObject({ key: null, value: Buffer.from('x'), headers: {} });
  });

  it('is read as what was sent, with times of its own, and headers without a value', async () => {
    const timed = message.chain((one) => fc.nat(2 ** 42).map((timestamp) => ({ ...one, timestamp })));
    await fc.assert(
      fc.asyncProperty(fc.array(timed, { minLength: 1, maxLength: 50 }), async (some) => {
        const sent = some.map((one) => ({ ...one, headers: { ...one.headers, none: null } }));
        const read = await decodeRecordBatches(encodeRecordBatch(sent, plain), 0n, { messages: 1e6, bytes: 1e9 });
        expect(read.map(({ key, value, timestamp }) => ({ key, value, timestamp }))).toEqual(
          some.map(({ key, value, timestamp }) => ({
            key: asBuffer(key),
            value: asBuffer(value),
            timestamp: String(timestamp),
          })),
        );
        expect(read.every(({ headers }) => 'none' in headers)).toBe(true);
      }),
    );
  });
});
