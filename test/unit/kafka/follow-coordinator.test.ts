import { describe, expect, it, jest } from '@jest/globals';
import ConsumerGroup from 'kafkajs/src/consumer/consumerGroup.js';
import Runner from 'kafkajs/src/consumer/runner.js';
import { createErrorFromCode } from 'kafkajs/src/protocol/error.js';
// What is tried here is put in place by it.
import '../../../src/kafka/client/options.ts';

const notCoordinator = () => createErrorFromCode(16);
const unknownMember = () => createErrorFromCode(25);

interface FakeCoordinator {
  readonly heartbeat: () => Promise<void>;
  readonly leaveGroup: () => Promise<void>;
  readonly commit: () => Promise<void>;
}

function fakeCoordinator(answer: () => Promise<void>): FakeCoordinator & { readonly asked: string[] } {
  const asked: string[] = [];
  const ask = (request: string) => () => {
    asked.push(request);
    return answer();
  };
  return { asked, heartbeat: ask('heartbeat'), leaveGroup: ask('leave'), commit: ask('commit') };
}

const well = () => Promise.resolve();
const moved = () => Promise.reject(notCoordinator());

/** A member that joined at the first, and finds the second. */
function memberOf(first: FakeCoordinator, second: () => FakeCoordinator) {
  const findGroupCoordinator = jest.fn(() => Promise.resolve(second()));
  const group = new ConsumerGroup({
    logger: { namespace: () => ({}) },
    groupId: 'readers',
    cluster: { findGroupCoordinator, refreshMetadata: well },
    instrumentationEmitter: { emit: () => {} },
  });
  group.coordinator = first;
  group.generationId = 7;
  group.memberId = 'one';
  group.offsetManager = {
    coordinator: first,
    commitOffsets() {
      return (this.coordinator as FakeCoordinator).commit();
    },
  };
  return { group, findGroupCoordinator };
}

describe('a member whose coordinator has moved', () => {
  it('commits to the new one, gives it signs of life, and leaves there', async () => {
    const [first, second] = [fakeCoordinator(moved), fakeCoordinator(well)];
    const { group, findGroupCoordinator } = memberOf(first, () => second);
    await group.commitOffsets();
    await group.heartbeat({ interval: -1 });
    await group.leave();
    expect([first.asked, second.asked]).toEqual([['commit'], ['commit', 'heartbeat', 'leave']]);
    expect(findGroupCoordinator).toHaveBeenCalledTimes(1);
  });

  it('finds it for a sign of life as well', async () => {
    const [first, second] = [fakeCoordinator(moved), fakeCoordinator(well)];
    const { group } = memberOf(first, () => second);
    await group.heartbeat({ interval: -1 });
    await group.commitOffsets();
    expect([first.asked, second.asked]).toEqual([['heartbeat'], ['heartbeat', 'commit']]);
  });

  it('looks for it once, however many requests wait', async () => {
    const { group, findGroupCoordinator } = memberOf(fakeCoordinator(moved), () => fakeCoordinator(well));
    await Promise.all([group.commitOffsets(), group.commitOffsets(), group.heartbeat({ interval: -1 })]);
    expect(findGroupCoordinator).toHaveBeenCalledTimes(1);
  });

  it('looks again while it is not there yet', async () => {
    const answers = [moved, moved, well];
    const second = fakeCoordinator(() => answers.shift()!());
    const { group } = memberOf(fakeCoordinator(moved), () => second);
    await group.commitOffsets();
    expect(second.asked).toEqual(['commit', 'commit', 'commit']);
  });

  it('gives up in the end', async () => {
    jest.useFakeTimers();
    try {
      const { group } = memberOf(fakeCoordinator(moved), () => fakeCoordinator(moved));
      const refused = expect(group.commitOffsets()).rejects.toMatchObject({ type: 'NOT_COORDINATOR_FOR_GROUP' });
      await jest.advanceTimersByTimeAsync(11_000);
      await refused;
    } finally {
      jest.useRealTimers();
    }
  });

  it('commits nothing of before when it has joined anew meanwhile', async () => {
    const second = fakeCoordinator(well);
    const { group } = memberOf(fakeCoordinator(moved), () => {
      group.generationId = 8;
      return second;
    });
    await expect(group.commitOffsets()).rejects.toMatchObject({ type: 'ILLEGAL_GENERATION' });
    expect(second.asked).toEqual([]);
  });

  it('looks for nothing once the consumer stops', async () => {
    const { group, findGroupCoordinator } = memberOf(fakeCoordinator(moved), () => fakeCoordinator(well));
    const logger = { namespace: () => logger };
    const runner = new Runner({
      ...{ logger, consumerGroup: group, concurrency: 1, instrumentationEmitter: { emit: () => {} } },
      onCrash: () => {},
    });
    await runner.stop();
    await expect(group.commitOffsets()).rejects.toThrow();
    expect(findGroupCoordinator).not.toHaveBeenCalled();
  });
});

it('takes every other refusal for what it is', async () => {
  const { group, findGroupCoordinator } = memberOf(
    fakeCoordinator(() => Promise.reject(unknownMember())),
    () => fakeCoordinator(well),
  );
  await expect(group.commitOffsets()).rejects.toMatchObject({ type: 'UNKNOWN_MEMBER_ID' });
  expect(findGroupCoordinator).not.toHaveBeenCalled();
});
