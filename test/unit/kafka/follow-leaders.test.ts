import { expect, it } from '@jest/globals';
import ConsumerGroup from 'kafkajs/src/consumer/consumerGroup.js';
import { createErrorFromCode } from 'kafkajs/src/protocol/error.js';
// What is tried here is put in place by it.
import '../../../src/kafka/client/options.ts';

/** By the codes of Kafka's protocol, what a consumer does after a fetch that was answered with them. */
const afterFetch: readonly [string, number, readonly string[]][] = [
  ['the leader is not known yet', 5, ['refresh']],
  ['another broker leads', 6, ['refresh']],
  ['the leader is of a later epoch', 74, ['refresh']],
  ['the leader is of an epoch that is not known', 75, ['refresh']],
  ['the broker has no replica any more', 3, ['refresh']],
];

function consumerThat(done: string[]): ConsumerGroup {
  const note = (what: string) => () => Promise.resolve(void done.push(what));
  const group = new ConsumerGroup({
    logger: { namespace: () => ({ debug: () => {} }) },
    groupId: 'readers',
    cluster: { findGroupCoordinator: note('find'), refreshMetadata: note('refresh') },
    instrumentationEmitter: { emit: () => {} },
  });
  return Object.assign(group, { joinAndSync: note('join') });
}

it.each(afterFetch)('when %s (%i): %j', async (_, code, expected) => {
  const done: string[] = [];
  await consumerThat(done).recoverFromFetch(createErrorFromCode(code));
  expect(done).toEqual(expected);
});

it('leaves what nothing can be done about to whoever asked', async () => {
  const done: string[] = [];
  const refused = createErrorFromCode(29);
  await expect(consumerThat(done).recoverFromFetch(refused)).rejects.toBe(refused);
  expect(done).toEqual([]);
});
