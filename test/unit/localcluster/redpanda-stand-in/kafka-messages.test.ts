import { describe, expect, it } from '@jest/globals';
import { isKnown } from '../../../../localcluster/redpanda-stand-in/kafka-apis.ts';
import {
  callAllInSync,
  hideApis,
  refuseEvenFactors,
} from '../../../../localcluster/redpanda-stand-in/kafka-messages.ts';

const int8 = (value: number) => Buffer.from([value]);
const int16 = (value: number) => Buffer.from([value >> 8, value & 0xff]);
const int32 = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
};
const text = (value: string) => Buffer.concat([int16(value.length), Buffer.from(value)]);
const none = int16(-1);
const list = (...items: readonly Buffer[]) => Buffer.concat([int32(items.length), ...items]);
const nodes = (...ids: readonly number[]) => list(...ids.map(int32));
const message = (...parts: readonly Buffer[]) => Buffer.concat(parts);

describe('what the stand-in for Redpanda makes of messages', () => {
  it('is a factor that Kafka refuses, of each even one', () => {
    const topic = (name: string, factor: number) =>
      message(
        ...[text(name), int32(3), int16(factor)],
        list(message(int32(0), nodes(1, 2))),
        list(message(text('a'), none)),
      );
    const request = (...factors: readonly number[]) => {
      const topics = factors.map((factor, index) => topic(`topic-${index}`, factor));
      return message(int16(19), int16(4), int32(7), text('client'), list(...topics), int32(1000), int8(0));
    };
    expect(refuseEvenFactors(request(2, 3, -1, 4, 1))).toEqual(request(0, 3, -1, 0, 1));
  });

  it.each([1, 2, 4, 6, 7])('is that all replicas are in sync, in version %d', (version) => {
    const partition = (replicas: readonly number[], inSync: readonly number[]) =>
      message(
        ...[int16(0), int32(0), int32(1), version >= 7 ? int32(5) : Buffer.alloc(0)],
        ...[nodes(...replicas), nodes(...inSync), version >= 5 ? nodes(3) : Buffer.alloc(0)],
      );
    const answer = (...inSync: readonly (readonly number[])[]) =>
      message(
        ...[int32(7), version >= 3 ? int32(0) : Buffer.alloc(0)],
        list(message(int32(1), text('host'), int32(9092), none)),
        ...[version >= 2 ? text('cluster') : Buffer.alloc(0), int32(1)],
        list(
          message(int16(0), text('some'), int8(0), list(...inSync.map((ids) => partition([1, 2, 3], ids)))),
          message(int16(3), text('other'), int8(0), list()),
        ),
      );
    const all = [1, 2, 3];
    expect(callAllInSync(answer([1], [1, 2], [], all), version)).toEqual(answer(all, all, all, all));
  });

  it.each([0, 3])('leaves out what Redpanda does not know, in version %d', (version) => {
    const isCompact = version >= 3;
    const entry = (key: number, least: number, most: number) =>
      message(int16(key), int16(least), int16(most), isCompact ? int8(0) : Buffer.alloc(0));
    const answer = (...entries: readonly Buffer[]) =>
      message(
        ...[int32(7), int16(0), isCompact ? int8(entries.length + 1) : int32(entries.length), ...entries],
        ...[int32(0), Buffer.from('the rest')],
      );
    const known = [entry(0, 3, 13), entry(18, 0, 4)];
    const kafka = [...known, entry(3, 0, 13), entry(55, 0, 2), entry(75, 0, 0), entry(44, 1, 2)];
    expect(hideApis(answer(...kafka), version)).toEqual(answer(...known, entry(3, 0, 7)));
    const refused = message(int32(7), int16(35), Buffer.from('of another layout'));
    expect(hideApis(refused, version)).toBe(refused);
  });

  it('knows requests in the versions that Redpanda has', () => {
    const known = [
      [3, 7],
      [3, 8],
      [55, 0],
      [18, 99],
    ].map(([key, version]) => isKnown(key!, version!));
    expect(known).toEqual([true, false, false, true]);
  });
});
