import { describe, expect, it } from '@jest/globals';
import type { EventCluster } from '../../../../src/api/event-cluster.ts';
import { lastOfItsResources } from '../../../../src/operator/event-cluster/finalizer.ts';
import { eventTopics } from '../../../../src/operator/kinds.ts';
import type { Context } from '../../../../src/operator/runtime/reconcile/controller.ts';
import { anEventCluster } from '../../../support/resources.ts';

const external = anEventCluster({ engine: 'External', external: { bootstrapServers: 'a:1' } });

/** @param metadata of its only topic */
function finalize(metadata: object, deletedForMilliseconds = 60_000) {
  const topics = [{ metadata: { namespace: 'tasks', name: 'orders', ...metadata } }];
  const context = {
    object: external,
    deletedForMilliseconds,
    caches: { of: (kind: unknown) => ({ by: () => (kind === eventTopics ? topics : []) }) },
  } as unknown as Context<EventCluster>;
  return lastOfItsResources.finalize(context);
}

const deletionTimestamp = '2026-01-01T00:00:00Z';
const ours = 'kafka-events.dev/event-topic';
const others = 'example.org/keep';

describe('an External cluster that is deleted', () => {
  it('waits for a topic that goes, as long as it has to be removed from the brokers', async () => {
    const waiting = { reason: 'ResourcesFirst' };
    expect(await finalize({ deletionTimestamp, finalizers: [ours, others] })).toMatchObject(waiting);
    expect(await finalize({ finalizers: [ours] }, 1_000)).toMatchObject(waiting);
    expect(await finalize({ finalizers: [ours] })).toBeUndefined();
  });

  it('does not wait for what only others hold, however long', async () => {
    expect(await finalize({ deletionTimestamp, finalizers: [others] })).toBeUndefined();
    expect(await finalize({ finalizers: [others] }, 0)).toBeUndefined();
  });
});
