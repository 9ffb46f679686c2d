import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import type { EventTopic } from '../../../../../src/api/event-topic.ts';
import { errorCode } from '../../../../../src/lib/errors.ts';
import { configMaps, eventTopics, managedByLabel } from '../../../../../src/operator/kinds.ts';
import { ownerReference } from '../../../../../src/operator/runtime/objects.ts';
import {
  watchOwned,
  type Context,
  type Controller,
  type Outcome,
} from '../../../../../src/operator/runtime/reconcile/controller.ts';
import { eventually, startKubernetes, type Kubernetes } from '../../../../support/kubernetes.ts';
import { runController, type RunningManager } from '../../../../support/running-manager.ts';

let kubernetes: Kubernetes;
let namespace: string;
let running: RunningManager | undefined;
/** Names of the resources that were reconciled, in that order. */
let reconciled: string[];

beforeAll(async () => {
  kubernetes = await startKubernetes();
});
afterAll(() => kubernetes?.stop());
beforeEach(async () => {
  namespace = await kubernetes.createNamespace();
  reconciled = [];
});
afterEach(stop);

async function stop(): Promise<void> {
  await running?.stop();
  running = undefined;
}

const well: Outcome<EventTopic> = { readiness: { ready: true, reason: 'Well', message: 'all is well' }, status: {} };

function run(
  options: Partial<Controller<EventTopic>>,
  reconcile: (context: Context<EventTopic>) => Promise<void> | void = () => {},
): void {
  const controller: Controller<EventTopic> = {
    name: 'scripted',
    kind: eventTopics,
    reconcile: async (context) => {
      reconciled.push(context.object.metadata.name);
      await reconcile(context);
      return well;
    },
    ...options,
  };
  running = runController(kubernetes, controller, { namespaces: [namespace] });
}

const create = (name: string, cluster = 'events') =>
  kubernetes.client.create(eventTopics, {
    metadata: { namespace, name },
    spec: { clusterRef: { name: cluster } },
  } as object);

const hasReason = (name: string, reason: string) =>
  eventually(async () => {
    const topic = await kubernetes.client.get(eventTopics, { namespace, name });
    expect(topic?.status?.conditions).toContainEqual(expect.objectContaining({ type: 'Ready', reason }));
  });

describe('the runtime', () => {
  it('wakes both owners of a child that is handed over', async () => {
    run({ watches: [watchOwned(configMaps, eventTopics)] });
    const [giver, taker] = await Promise.all([create('giver'), create('taker')]);
    await Promise.all(['giver', 'taker'].map((name) => hasReason(name, 'Well')));
    const child = { namespace, name: 'child' };
    const metadata = { ...child, labels: managedByLabel, ownerReferences: [ownerReference(giver)] };
    reconciled = [];
    await kubernetes.client.create(configMaps, { metadata });
    await eventually(() => expect(reconciled).toEqual(['giver']));
    reconciled = [];
    await kubernetes.client.mergePatch(configMaps, child, { metadata: { ownerReferences: [ownerReference(taker)] } });
    await eventually(() => expect(reconciled.toSorted()).toEqual(['giver', 'taker']));
    reconciled = [];
    await kubernetes.client.delete(configMaps, child);
    await eventually(() => expect(reconciled).toEqual(['taker']));
  });

  it('lets resources of one lane wait for those of no other', async () => {
    const hung = ['hung-1', 'hung-2', 'hung-3'];
    await Promise.all(hung.map((name) => create(name, 'silent')));
    const lane = ({ spec }: EventTopic) => spec.clusterRef.name;
    run({ lane, concurrency: 1 }, async ({ object, signal }) => {
      if (object.spec.clusterRef.name === 'silent') await once(signal, 'abort');
    });
    await eventually(() => expect(reconciled).toHaveLength(1));
    await Promise.all(['a', 'b', 'c'].map((name) => create(name)));
    await Promise.all(['a', 'b', 'c'].map((name) => hasReason(name, 'Well')));
    expect(reconciled.filter((name) => hung.includes(name))).toHaveLength(1);
  });

  it('reports work that does not end, refuses what it writes later, and tries again', async () => {
    const resumed = Promise.withResolvers<void>();
    const refusals: string[] = [];
    const note = async (write: () => unknown) => {
      try {
        await write();
        refusals.push('written');
      } catch (error) {
        refusals.push(errorCode(error));
      }
    };
    let attempts = 0;
    run({ reconcileMilliseconds: 300 }, async ({ object, apply, client, event }) => {
      attempts += 1;
      if (attempts > 1) return resumed.promise;
      await resumed.promise;
      await note(() => apply(configMaps, { metadata: { name: 'late' } }));
      await note(() => client.mergePatch(eventTopics, object.metadata, { metadata: { labels: { late: 'yes' } } }));
      await note(() => event('Normal', 'Late', 'this is late'));
    });
    await create('slow');
    await hasReason('slow', 'ReconcileTimeout');
    const topic = await kubernetes.client.get(eventTopics, { namespace, name: 'slow' });
    expect(topic?.status?.conditions).toContainEqual(expect.objectContaining({ type: 'Reconciling', status: 'True' }));
    await eventually(() => expect(attempts).toBeGreaterThan(1));
    resumed.resolve();
    await eventually(() => expect(refusals).toEqual(Array(3).fill('ReconcileTimeout')));
    await hasReason('slow', 'Well');
    expect(await kubernetes.client.get(configMaps, { namespace, name: 'late' })).toBeUndefined();
  });

  it('begins with what has changed since it last ran', async () => {
    const old = Array.from({ length: 10 }, (_, index) => `old-${index}`);
    await Promise.all(old.map((name) => create(name)));
    run({});
    await Promise.all(old.map((name) => hasReason(name, 'Well')));
    await stop();
    await create('young');
    await kubernetes.client.mergePatch(eventTopics, { namespace, name: 'old-7' }, { spec: { partitions: 5 } });
    reconciled = [];
    run({});
    await eventually(() => expect(reconciled).toHaveLength(11));
    expect(reconciled.slice(0, 2).toSorted()).toEqual(['old-7', 'young']);
  });

  it('handles a resource that never stops changing only so often, and misses none of its changes', async () => {
    const seen: (string | undefined)[] = [];
    run({ rateLimit: { burst: 3, perSecond: 1 } }, ({ object }) => void seen.push(object.metadata.annotations?.['at']));
    const start = performance.now();
    await create('flipped');
    const patch = (at: string) =>
      kubernetes.client.mergePatch(eventTopics, { namespace, name: 'flipped' }, { metadata: { annotations: { at } } });
    for (let at = 1; at <= 50; at += 1) await patch(String(at));
    await eventually(() => expect(seen.at(-1)).toBe('50'));
    const seconds = (performance.now() - start) / 1000;
    // The burst, one a second, the first look, and one that a whole second has begun for.
    expect(seen.length).toBeLessThanOrEqual(3 + seconds + 2);
  });
});
