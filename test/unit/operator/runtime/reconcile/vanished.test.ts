import { beforeEach, describe, expect, it } from '@jest/globals';
import { eventTopics } from '../../../../../src/operator/kinds.ts';
import type { EventTopic } from '../../../../../src/api/event-topic.ts';
import { ObjectCache } from '../../../../../src/operator/runtime/cache/object-cache.ts';
import type { BatchController, Waiting } from '../../../../../src/operator/runtime/reconcile/controller.ts';
import { Reconciler, type Services } from '../../../../../src/operator/runtime/reconcile/reconciler.ts';
import { ManualClock } from '../../../../../src/operator/runtime/testing/manual-clock.ts';
import { createLogger } from '../../../../../src/lib/log.ts';

const key = { namespace: 'shop', name: 'orders' };
const finalizer = 'kafka-events.dev/event-topic';

/** What is asked to be finalized, and what comes of it. */
let finalized: EventTopic[];
let waiting: Waiting | undefined;
let cache: ObjectCache<EventTopic>;

function put(uid: string, finalizers: string[] = []): void {
  cache.put({
    apiVersion: 'kafka-events.dev/v1alpha1',
    kind: 'EventTopic',
    metadata: { ...key, uid, resourceVersion: '1', generation: 1, creationTimestamp: '1', finalizers },
    spec: { clusterRef: { name: 'events' }, deletionPolicy: 'Delete', managementPolicy: 'Manage' },
  });
}

/** An operator whose resource is gone by the time that something was done for it. */
function reconciler(after: () => void): Reconciler<EventTopic> {
  const controller: BatchController<EventTopic> = {
    ...{ name: 'event-topic', kind: eventTopics, batchSize: 10 },
    reconcileBatch: (contexts) => {
      after();
      const readiness = { ready: true, reason: 'TopicReady', message: '' } as const;
      return Promise.resolve(contexts.map(() => ({ readiness, status: { managedTopicId: 'made' } })));
    },
    finalizer: {
      needed: () => true,
      finalizeBatch: (contexts) => {
        finalized.push(...contexts.map(({ object }) => object));
        return Promise.resolve(contexts.map(() => waiting));
      },
    },
  };
  const client = {
    guardedBy: () => client,
    get: () => Promise.resolve(undefined),
    mergePatch: (_kind: unknown, _key: unknown, patch: { metadata: object }) => {
      const present = cache.get(key)!;
      return Promise.resolve({ ...present, metadata: { ...present.metadata, ...patch.metadata } });
    },
  };
  const services = {
    client,
    caches: { of: () => cache, informer: () => ({ observe: (object: EventTopic) => cache.put(object) }) },
    recorder: { record: () => {} },
    clock: new ManualClock(),
    logger: createLogger({ name: 'test', level: 'silent' }),
  } as unknown as Services;
  return new Reconciler(controller, services, { isLasting: () => true });
}

const reconcile = async (reconciling: Reconciler<EventTopic>) =>
  (await reconciling.reconcile([key], new AbortController().signal))[0];

beforeEach(() => {
  [finalized, waiting, cache] = [[], undefined, new ObjectCache<EventTopic>()];
});

describe('a resource whose deletion had begun before the finalizer came', () => {
  it('is finalized though it is gone, with what was made for it', async () => {
    put('first');
    const reconciling = reconciler(() => cache.remove(key));
    expect(await reconcile(reconciling)).toEqual({});
    expect(finalized).toMatchObject([
      {
        metadata: { uid: 'first', finalizers: [finalizer], deletionTimestamp: expect.any(String) as unknown },
        status: { managedTopicId: 'made' },
      },
    ]);
    await reconcile(reconciling);
    expect(finalized).toHaveLength(1);
  });

  it('is finalized until that is done, also beside a successor', async () => {
    put('first');
    waiting = { reason: 'DeletingTopic', message: '', requeueAfterMilliseconds: 5000 };
    let isSuccessor = false;
    const reconciling = reconciler(() => isSuccessor || cache.remove(key));
    expect(await reconcile(reconciling)).toEqual(waiting);
    expect(await reconcile(reconciling)).toEqual(waiting);
    isSuccessor = true;
    put('second');
    waiting = undefined;
    expect(await reconcile(reconciling)).toMatchObject({ ready: true });
    expect(finalized.map(({ metadata }) => metadata.uid)).toEqual(['first', 'first', 'first']);
    await reconcile(reconciling);
    expect(finalized).toHaveLength(3);
  });

  it('is not one whose finalizer somebody has taken off: that lets it go without', async () => {
    put('first', [finalizer]);
    await reconcile(reconciler(() => cache.remove(key)));
    expect(finalized).toEqual([]);
  });
});
