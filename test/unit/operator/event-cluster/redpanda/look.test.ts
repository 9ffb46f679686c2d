import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Answer } from '../../../../../localcluster/redpanda-stand-in/admin-api.ts';
import { restartProperty } from '../../../../../localcluster/redpanda-stand-in/cluster-properties.ts';
import { brokerHost } from '../../../../../src/operator/event-cluster/names.ts';
import { planCluster } from '../../../../../src/operator/event-cluster/plan.ts';
import { alignClusterProperties } from '../../../../../src/operator/event-cluster/redpanda/cluster-properties.ts';
import { lookAtBrokers } from '../../../../../src/operator/event-cluster/redpanda/look.ts';
import { adminThrough } from '../../../../support/redpanda-admin-through.ts';
import { RedpandaStandIn } from '../../../../support/redpanda-stand-in.ts';
import { anEventCluster } from '../../../../support/resources.ts';

const plan = planCluster(anEventCluster(), 3, { statefulSet: undefined, firstClaim: undefined });
// Not in the order of their numbers: ids follow who joined when.
const hosts = [2, 0, 1].map((index) => brokerHost(plan, index));

let standIn: RedpandaStandIn;

beforeEach(async () => {
  standIn = await RedpandaStandIn.of(hosts);
});
afterEach(() => standIn.close());

const look = (ready = [0, 1, 2]) =>
  lookAtBrokers(
    adminThrough(() => standIn),
    plan,
    ready,
  );
const healthNow = async () => (await look())?.health();
const broker = (index: number) => standIn.brokers.find(({ start }) => start.rpcHost === brokerHost(plan, index))!;

describe('what Redpanda brokers say of themselves', () => {
  it('is that all is well, when it is, whatever their ids are', async () => {
    expect(await look()).toMatchObject({
      controllerId: broker(2).nodeId,
      underReplicatedPartitions: 0,
      restarts: new Set(),
    });
    expect(await healthNow()).toEqual({ controllerIndex: 2, unsettled: undefined, risks: new Map() });
  });

  it('is not what the Kafka protocol says, by which all replicas are in sync, always', async () => {
    standIn.createTopic('tasks', 3);
    standIn.underReplicated = 7;
    expect(standIn.partition('tasks').isr).toHaveLength(3);
    expect(await look()).toMatchObject({ underReplicatedPartitions: 7 });
  });

  it('is which of them a restart would harm, and what it would cost', async () => {
    broker(0).risks = { rf1_offline: ['kafka/single/0'] };
    broker(1).risks = { full_acks_produce_unavailable: ['kafka/tasks/1'] };
    broker(2).risks = { unavailable: ['kafka/tasks/2'], acks1_data_loss: ['kafka/tasks/3'] };
    expect((await healthNow())?.risks).toEqual(
      new Map([
        [1, 'the availability of kafka/tasks/1'],
        [2, 'messages of kafka/tasks/3'],
      ]),
    );
  });

  it('is which of them has not yet taken back its load', async () => {
    broker(1).loadReclaimed = 40;
    expect((await healthNow())?.unsettled).toEqual({
      reason: 'LoadNotReclaimed',
      message: 'broker 1 has recovered 40 % of its load since its last start',
    });
  });

  it.each<[string, Answer]>([
    ['cannot answer', [503, '']],
    ['answers otherwise', [200, { risk: [] }]],
  ])('puts a restart off while one of them %s', async (_, answer) => {
    broker(0).ill = (_method, path) => (path.includes('restart_probe') ? answer : undefined);
    expect(await healthNow()).toBeUndefined();
    expect(await look()).toMatchObject({ underReplicatedPartitions: 0 });
  });

  it('is the health of the whole cluster for releases that have no probes', async () => {
    for (const each of standIn.brokers)
      each.ill = (_method, path) => (path.includes('restart_probe') ? [404, {}] : undefined);
    expect(await healthNow()).toEqual({ controllerIndex: 2, unsettled: undefined, risks: new Map() });
    standIn.leaderless = 1;
    expect((await healthNow())?.unsettled).toMatchObject({ reason: 'UnderReplicated' });
  });

  it('is which of them need a restart to take in a property', async () => {
    const urls = [0, 1, 2].map((index) => `http://${brokerHost(plan, index)}:9644`);
    const set = (wanted: object) =>
      alignClusterProperties(
        adminThrough(() => standIn),
        urls,
        { ...wanted },
      );
    expect(await set({ log_segment_size: 1 })).toEqual({ version: 2 });
    expect(await look()).toMatchObject({ restarts: new Set(), configVersions: [2, 2, 2] });
    broker(0).lateWithConfig = true;
    expect(await set({ [restartProperty]: 7 })).toEqual({ version: 3 });
    const late = await look();
    expect(late?.restarts).toEqual(new Set([1, 2]));
    expect(late?.configVersions.toSorted()).toEqual([2, 3, 3]);
    broker(0).lateWithConfig = false;
    expect(await look()).toMatchObject({ restarts: new Set([0, 1, 2]), configVersions: [3, 3, 3] });
    broker(1).needsRestart = false;
    expect((await look())?.restarts).toEqual(new Set([0, 2]));
  });

  it('leaves out what a broker was before it lost its volume', async () => {
    const before = broker(0);
    before.needsRestart = true;
    standIn.stop(before);
    await standIn.start(before.start);
    expect((await look())?.restarts).toEqual(new Set());
    expect((await look())?.configVersions).toHaveLength(3);
  });

  it('is unknown when none answers, and is asked of the next while one does not', async () => {
    expect(await look([])).toBeUndefined();
    broker(0).ill = () => [503, ''];
    expect(await look([0, 1])).toMatchObject({ underReplicatedPartitions: 0 });
    for (const each of standIn.brokers) each.ill = () => [503, ''];
    expect(await look()).toBeUndefined();
  });
});
