import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import createRecord from 'kafkajs/src/protocol/recordBatch/record/v0/index.js';
import { RecordBatch } from 'kafkajs/src/protocol/recordBatch/v0/index.js';
import { createHash } from 'node:crypto';
import type { ConsumedMessage } from '../../../src/kafka/consumer-options.ts';
import { batchSizeOf } from '../../../src/kafka/message-size.ts';
import type { OutgoingMessage } from '../../../src/kafka/outgoing-message.ts';
import { ExpectedError } from '../../../src/lib/errors.ts';
import { cutToFit, deadLetter } from '../../../src/kafka/dead-letter.ts';
import { sendDeadLetter } from '../../../src/kafka/send-dead-letter.ts';

const failure = { error: new Error('no event'), attempts: 1, groupId: 'reminders' };
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

function letterOf(content: Partial<ConsumedMessage>): OutgoingMessage {
  const place = { topic: 'task-events', partition: 2, offset: '7' };
  return deadLetter({ ...place, key: null, value: null, headers: {}, ...content }, failure);
}

/** As kafkajs would send it. */
async function sentSize({ key, value, headers = {} }: OutgoingMessage): Promise<number> {
  const bytes = (field: string | Buffer) => Buffer.from(field);
  const own = Object.entries(headers).map(([name, field]): [string, Buffer] => [name, bytes(field as string | Buffer)]);
  const record = createRecord({
    key: key === null ? null : bytes(key),
    value: value === null ? null : bytes(value),
    headers: Object.fromEntries(own),
    offsetDelta: 0,
    timestampDelta: 0,
  });
  const { buffer } = await RecordBatch({ firstTimestamp: 0, lastOffsetDelta: 0, records: [record] });
  return buffer.length;
}

describe('a dead letter', () => {
  it('that fits is left as it is', () => {
    const letter = letterOf({ value: Buffer.from('?') });
    expect(cutToFit(letter, batchSizeOf(letter))).toBe(letter);
  });

  it('that does not fit loses the end of its value, and tells its size and digest', () => {
    const value = Buffer.from('x'.repeat(1_048_388));
    const cut = cutToFit(letterOf({ key: Buffer.from('k'), value, headers: { a: Buffer.from('b') } }), 1_048_588);
    expect(cut).toMatchObject({
      key: Buffer.from('k'),
      headers: {
        a: Buffer.from('b'),
        '__dlq.errors.offset': '7',
        '__dlq.original.value.size': '1048388',
        '__dlq.original.value.sha256': sha256(value),
      },
    });
    expect(cut.value!.length).toBeGreaterThan(1_047_000);
    expect(batchSizeOf(cut)).toBeLessThanOrEqual(1_048_588);
  });

  it('fits into any topic that can take its own headers, whatever makes it large', async () => {
    const large = fc.nat({ max: 5000 }).map((length) => Buffer.alloc(length, 'y'));
    const contents = fc.record({
      key: fc.option(large),
      value: fc.option(large),
      headers: fc.dictionary(fc.string(), large),
    });
    await fc.assert(
      fc.asyncProperty(contents, fc.integer({ min: 1000, max: 8000 }), async (content, limit) => {
        const cut = cutToFit(letterOf(content), limit);
        expect(await sentSize(cut)).toBeLessThanOrEqual(limit);
        expect(cut.headers).toMatchObject({ '__dlq.errors.offset': '7' });
        if (cut.key?.length !== content.key?.length) {
          expect(cut.headers!['__dlq.original.key.sha256']).toBe(sha256(content.key!));
        }
      }),
    );
  });

  it('names a reason of any length in brief', () => {
    const { headers } = deadLetter(
      { topic: 't', partition: 0, offset: '0', key: null, value: null, headers: {} },
      { ...failure, error: new Error('x'.repeat(100_000)) },
    );
    expect(headers!['__dlq.errors.message']).toHaveLength(1000);
  });
});

describe('sending a dead letter', () => {
  const tooLarge = new ExpectedError('MessageTooLarge', 'too large');
  const limits = { maxMessageBytes: () => Promise.resolve(1_048_588) };

  /** A broker that takes less than its topic says. */
  function broker(limit: number) {
    const sizes: number[] = [];
    const send = (_: string, [letter]: readonly OutgoingMessage[]) => {
      sizes.push(batchSizeOf(letter!));
      return sizes.at(-1)! > limit ? Promise.reject(tooLarge) : Promise.resolve();
    };
    return { sizes, producer: { send } };
  }

  it('halves what the broker does not take', async () => {
    const { sizes, producer } = broker(300_000);
    await sendDeadLetter({ topic: 'dead', producer, limits }, letterOf({ value: Buffer.alloc(2_000_000) }));
    expect(sizes).toHaveLength(3);
    expect(sizes.at(-1)).toBeGreaterThan(200_000);
  });

  it('ends with the error of a broker that takes nothing', async () => {
    const { producer } = broker(0);
    const sending = sendDeadLetter({ topic: 'dead', producer, limits }, letterOf({ value: Buffer.alloc(2_000_000) }));
    await expect(sending).rejects.toBe(tooLarge);
  });
});
