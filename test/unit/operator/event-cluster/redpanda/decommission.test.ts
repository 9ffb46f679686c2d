import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { brokerHost } from '../../../../../src/operator/event-cluster/names.ts';
import { decommission, recommission } from '../../../../../src/operator/event-cluster/redpanda/decommission.ts';
import { disksOfMembers } from '../../../../../src/operator/event-cluster/redpanda/members.ts';
import { healMembers } from '../../../../../src/operator/event-cluster/redpanda/heal-members.ts';
import { fakeBrokers, someAnswers, type FakeAnswers } from '../../../../support/fake-brokers.ts';
import { adminThrough } from '../../../../support/redpanda-admin-through.ts';
import { RedpandaStandIn, type StandInBroker } from '../../../../support/redpanda-stand-in.ts';

const cluster = { namespace: 'tasks', name: 'events' };
const hosts = [0, 1, 2, 3, 4].map((index) => brokerHost(cluster, index));
const admin = adminThrough(() => standIn);

let standIn: RedpandaStandIn;
let answers: FakeAnswers;

beforeEach(async () => {
  standIn = await RedpandaStandIn.of(hosts);
  answers = { ...someAnswers(), members: 5 };
});
afterEach(() => standIn.close());

const broker = (index: number) => standIn.brokers.findLast(({ start }) => start.rpcHost === hosts[index])!;
const drain = (staying: number, leaving: readonly number[]) =>
  decommission(
    cluster,
    { leaving, staying },
    { admin, brokers: fakeBrokers(answers), connection: { bootstrapServers: ['events:9092'], clientId: 'test' } },
  );
/** Started anew after its volume was lost: with another id. */
async function loseVolume(index: number): Promise<StandInBroker> {
  const ghost = broker(index);
  standIn.stop(ghost);
  await standIn.start({ rpcHost: hosts[index]!, seeds: hosts });
  return ghost;
}

describe('Redpanda brokers that leave', () => {
  it('hand over their replicas one broker after the other, whoever asks', async () => {
    broker(4).replicas = 2;
    broker(3).replicas = 1;
    expect(await drain(3, [3, 4])).toEqual({ step: 'moving', message: 'broker 4 is still handing over its replicas' });
    expect(await drain(3, [3, 4])).toEqual({ step: 'moving', message: 'broker 4 is still handing over 1 replica' });
    expect(await drain(3, [3, 4])).toEqual({ step: 'empty', from: 4 });
    // Its pod may go on for a while: it is no member any more.
    expect(await drain(3, [3, 4])).toEqual({ step: 'empty', from: 4 });
    expect(broker(3).membership).toBe('active');
    await drain(3, [3]);
    expect(await drain(3, [3])).toEqual({ step: 'empty', from: 3 });
    const decommissions = [4, 3].map((index) => `PUT /v1/brokers/${broker(index).nodeId}/decommission`);
    expect(standIn.writes).toEqual(decommissions);
  });

  it('are not asked to where a topic needs them: Redpanda would begin, and never end', async () => {
    standIn.createTopic('wide', 5);
    answers.replicas = [[0, 1, 2, 3, 4]];
    expect(await drain(3, [3, 4])).toMatchObject({
      step: 'refused',
      message: expect.stringMatching(/^spec\.brokers is 3, but topic tasks has 5 replicas/),
    });
    expect(standIn.writes).toEqual([]);
  });

  it('leave in an orderly way when they are away, too, and with the ids that they had before', async () => {
    const ghost = await loseVolume(4);
    standIn.stop(broker(4));
    ghost.replicas = broker(4).replicas = 1;
    expect(await drain(3, [3, 4])).toMatchObject({ step: 'moving' });
    expect([ghost.membership, broker(4).membership]).toEqual(['draining', 'draining']);
    expect(await drain(3, [3, 4])).toEqual({ step: 'empty', from: 4 });
  });

  it('stay if they are wanted again, as long as they have not left', async () => {
    broker(4).replicas = 3;
    await drain(3, [3, 4]);
    await recommission(admin, cluster, [3, 4]);
    expect([3, 4].map((index) => broker(index).membership)).toEqual(['active', 'active']);
    await drain(3, [3, 4]);
    standIn.stop(broker(4));
    await recommission(admin, cluster, [4]);
    expect(broker(4).membership).toBe('active');

    broker(3).replicas = 0;
    await drain(3, [3]);
    await drain(3, [3]);
    await expect(recommission(admin, cluster, [3])).rejects.toMatchObject({
      code: 'AdminMissing',
      message: expect.stringMatching(/empty volume: delete its claim data-events-3 and its pod events-3$/),
    });
  });
});

describe('members of a Redpanda cluster', () => {
  const heal = (ending: readonly number[] = [], starting: readonly number[] = []) =>
    healMembers(admin, cluster, {
      staying: 5,
      running: 5,
      pods: hosts.map((_, index) => ({
        ...{ index, ready: broker(index).alive },
        ...{ ending: ending.includes(index), starting: starting.includes(index) },
      })),
    });

  it('are rid of the ghosts of lost volumes, which would keep all others from their maintenance', async () => {
    broker(2).inMaintenance = true;
    const ghost = await loseVolume(2);
    await heal();
    expect(ghost).toMatchObject({ inMaintenance: false, membership: 'draining' });
    expect(broker(2).membership).toBe('active');
    const writes = [...standIn.writes];
    await heal();
    expect(standIn.writes).toEqual(writes);
  });

  it('are left alone while a broker is away, and while a ghost still seems to be alive', async () => {
    standIn.stop(broker(1));
    const ghost = await loseVolume(2);
    ghost.healthLag = 1;
    await heal();
    expect(standIn.writes).toEqual([]);
    await heal();
    expect(standIn.writes).toEqual([`PUT /v1/brokers/${ghost.nodeId}/decommission`]);
  });

  it('say how much space they have left, those that are alive', async () => {
    standIn.stop(broker(1));
    const half = { usableBytes: 1, totalBytes: 2 };
    expect(await disksOfMembers(admin, cluster, [0, 1, 2])).toEqual(
      new Map([
        [0, half],
        [2, half],
      ]),
    );
  });

  it('are named where somebody has put one into maintenance, unless it is about to end, or starts', async () => {
    expect(await heal()).toEqual({ trouble: undefined });
    broker(1).inMaintenance = true;
    expect(await heal()).toEqual({
      trouble:
        'Broker 1 is in maintenance mode. To end it, run: kubectl exec --namespace tasks events-1 -- ' +
        `rpk cluster maintenance disable ${broker(1).nodeId}`,
    });
    expect(await heal([1])).toEqual({ trouble: undefined });
    expect(await heal([], [1])).toEqual({ trouble: undefined });
    expect(standIn.writes).toEqual([]);
  });
});
