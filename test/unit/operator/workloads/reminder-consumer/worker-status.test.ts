import { describe, expect, it } from '@jest/globals';
import { readWorkers } from '../../../../../src/operator/workloads/reminder-consumer/worker-status.ts';

type Pods = Parameters<typeof readWorkers>[0];

const podAt = (podIP: string, isReady = true, phase = 'Running') => ({
  metadata: { name: `worker-${podIP}` },
  status: { phase, podIP, conditions: [{ type: 'Ready', status: isReady ? 'True' : 'False' }] },
});

/** What the operator makes of pods that answer so, each at its own address. */
function read(answers: readonly unknown[]) {
  const pods = answers.map((_, index) => podAt(String(index))) as unknown as Pods;
  return readWorkers(pods, (podIp) => Promise.resolve(answers[Number(podIp)]));
}

const behind = (behindSeconds?: number) => ({ reminders: { behindSeconds }, stuckPartitions: [] });
const at = (offset: string, topic = 'task-events') => ({ topic, partition: 0, offset, seconds: 31 });

describe('what workers say', () => {
  it.each([
    [[], undefined],
    [[behind(0)], undefined],
    [[behind(4.9)], undefined],
    [[behind(5)], 5],
    [[behind(59)], 30],
    [[behind(90_000)], 86_400],
    // One that has published all that is due is enough, but not one that has not looked yet.
    [[behind(90), behind(0.1)], undefined],
    [[behind(90), behind()], 60],
  ])('of the lateness is rounded, and left out while all is on time: %j', async (answers, latenessSeconds) => {
    expect(await read(answers)).toEqual({ latenessSeconds, stuck: undefined });
  });

  it.each([
    'no object',
    null,
    { outbox: {} },
    behind(-1),
    { reminders: { stuckAt: 'a lie' }, stuckPartitions: [] },
    { reminders: {}, stuckPartitions: [at('17', 'not a topic\nat all')] },
    { reminders: {}, stuckPartitions: Array.from({ length: 101 }, () => at('1')) },
  ])('is not believed where no worker would say so: %j', async (answer) => {
    expect(await read([answer, behind(7)])).toEqual({ latenessSeconds: 5, stuck: undefined });
  });

  it('of what is stuck is named, in an order that stays, and no more than three times', async () => {
    const answers = [
      { reminders: {}, stuckPartitions: [at('3'), at('2'), at('1')] },
      { reminders: { stuckAt: 'database' }, stuckPartitions: [] },
    ];
    const { stuck } = await read(answers);
    expect(stuck).toMatchObject({ reason: 'Stuck', failed: false, needsPerson: true });
    expect(stuck?.message).toMatch(
      /^worker-1 could not publish .* offset 1 .* offset 2 .* The same applies to 1 more\. See the worker's log for the cause\.$/,
    );
    expect((await read(answers.map((answer) => ({ ...answer })))).stuck).toEqual(stuck);
  });

  it('is asked of a bounded number of pods that run, first those that are not ready', async () => {
    const ready = Array.from({ length: 30 }, (_, index) => podAt(`ready-${index}`));
    const others = [podAt('pending', false, 'Pending'), podAt('stuck', false)];
    const asked: string[] = [];
    const answers = readWorkers([...ready, ...others] as unknown as Pods, (podIp) => {
      asked.push(podIp);
      return Promise.reject(new Error('no answer'));
    });
    expect(await answers).toEqual({ latenessSeconds: undefined, stuck: undefined });
    expect(asked).toHaveLength(20);
    expect(asked[0]).toBe('stuck');
    expect(asked).not.toContain('pending');
  });
});
