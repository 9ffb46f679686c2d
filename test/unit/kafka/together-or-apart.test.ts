import { afterEach, describe, expect, it } from '@jest/globals';
import Encoder from 'kafkajs/src/protocol/encoder.js';
import { createUserAdmin } from '../../../src/kafka/user-admin.ts';
import { createLogger } from '../../../src/lib/log.ts';
import { ManualClock } from '../../../src/operator/runtime/testing/manual-clock.ts';
import {
  apiKeys,
  apiVersions,
  metadataOf,
  startFakeKafkaBroker,
  type WireRequest,
} from '../../support/fake-kafka-broker.ts';

const logger = createLogger({ name: 'test', level: 'silent' });
const modern = { [apiKeys.metadata]: 12, [apiKeys.apiVersions]: 2, [apiKeys.describeAcls]: 1 };
const mebibyte = 2 ** 20;
const opened: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0)) await close();
});

/** Whom a request asks about; `*` for all. */
function askedFor({ body }: WireRequest): string {
  const afterFilter = 1 + 2 + 1; // any resource type, no name, any pattern type
  const length = body.readInt16BE(afterFilter);
  return length < 0 ? '*' : body.toString('utf8', afterFilter + 2, afterFilter + 2 + length);
}

function answer(entries: readonly (readonly [principal: string, topic: string])[]): Buffer {
  const encoder = new Encoder().writeInt32(0).writeInt16(0).writeString(null).writeInt32(entries.length);
  for (const [principal, topic] of entries) {
    encoder.writeInt8(2).writeString(topic).writeInt8(3).writeInt32(1);
    encoder.writeString(principal).writeString('*').writeInt8(3).writeInt8(3);
  }
  return encoder.buffer;
}

const topicsOf = (size: number) =>
  Array.from({ length: Math.ceil(size / 250) }, (_, index) => `t${index}`.padEnd(230, 'x'));

/** A broker with so many bytes of entries of each principal, and a client that takes a mebibyte at the most. */
async function withEntries(sizes: Readonly<Record<string, number>>) {
  const all = Object.entries(sizes).flatMap(([principal, size]) =>
    topicsOf(size).map((topic) => [principal, topic] as const),
  );
  const asked: string[] = [];
  const broker = await startFakeKafkaBroker((request) => {
    if (request.apiKey === apiKeys.apiVersions) return apiVersions(request, modern);
    if (request.apiKey === apiKeys.metadata) return metadataOf(request);
    const principal = askedFor(request);
    asked.push(principal);
    return answer(all.filter(([its]) => principal === '*' || its === principal));
  });
  const clock = new ManualClock();
  const admin = createUserAdmin(
    { bootstrapServers: [`127.0.0.1:${broker.port}`], clientId: 'test' },
    { logger, clock, answers: { bytes: mebibyte } },
  );
  opened.push(
    () => admin.close(),
    () => broker.stop(),
  );
  return { admin, asked, clock };
}

describe('entries of many users', () => {
  it('are asked for together, as long as that is no more than one answer may hold', async () => {
    const { admin, asked } = await withEntries({ 'User:a': 500, 'User:b': 1000, 'User:other': 1000 });
    const found = await admin.describeAcls(['User:a', 'User:b', 'User:c']);
    expect([...found].map(([principal, acls]) => [principal, acls instanceof Error ? acls : acls.length])).toEqual([
      ['User:a', 2],
      ['User:b', 4],
    ]);
    expect(asked).toEqual(['*']);
  });

  it('are asked for one by one where they are more, and then for some time', async () => {
    const { admin, asked, clock } = await withEntries({ 'User:a': 500, 'User:b': 1000, 'User:other': mebibyte });
    for (let times = 0; times < 2; times += 1) {
      const found = await admin.describeAcls(['User:a', 'User:b', 'User:c']);
      expect([...found].map(([principal, acls]) => [principal, acls instanceof Error ? acls : acls.length])).toEqual([
        ['User:a', 2],
        ['User:b', 4],
      ]);
    }
    expect(asked).toEqual(['*', 'User:a', 'User:b', 'User:c', 'User:a', 'User:b', 'User:c']);
    await clock.advance(600_000);
    await admin.describeAcls(['User:a', 'User:b']);
    expect(asked.slice(7)).toEqual(['*', 'User:a', 'User:b']);
  });

  it('that are too many of one user keep nobody else from being known, and are said to be too many', async () => {
    const { admin } = await withEntries({ 'User:a': 500, 'User:greedy': mebibyte, 'User:z': 500 });
    const found = await admin.describeAcls(['User:a', 'User:greedy', 'User:z']);
    expect(found.get('User:a')).toHaveLength(2);
    expect(found.get('User:z')).toHaveLength(2);
    const tooMany = {
      code: 'TooManyAcls',
      retryable: false,
      message: 'User:greedy has more access control entries than fit into 1 MiB, the most that is read',
    };
    expect(found.get('User:greedy')).toMatchObject(tooMany);
    expect((await admin.describeAcls(['User:greedy'])).get('User:greedy')).toMatchObject(tooMany);
  });
});
