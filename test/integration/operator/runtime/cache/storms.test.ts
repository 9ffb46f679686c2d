import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { EventTopic } from '../../../../../src/api/event-topic.ts';
import type { Controller } from '../../../../../src/operator/runtime/reconcile/controller.ts';
import { Informer } from '../../../../../src/operator/runtime/cache/informer.ts';
import { systemClock } from '../../../../../src/lib/clock.ts';
import { eventTopics } from '../../../../../src/operator/kinds.ts';
import { hasCode } from '../../../../../src/operator/runtime/transport/kubernetes-error.ts';
import { eventually, startKubernetes, type Kubernetes } from '../../../../support/kubernetes.ts';
import { runController, silentLogger, type RunningManager } from '../../../../support/running-manager.ts';

let kubernetes: Kubernetes;
let key: { namespace: string; name: string };
let running: RunningManager | undefined;

beforeAll(async () => {
  kubernetes = await startKubernetes();
});
afterAll(() => kubernetes?.stop());
beforeEach(async () => {
  key = { namespace: await kubernetes.createNamespace(), name: 'contested' };
});
afterEach(() => running?.stop());

/** Keeps a status that depends on the spec, and a finalizer that comes and goes with it. */
const controller: Controller<EventTopic> = {
  name: 'contender',
  kind: eventTopics,
  reconcile: ({ object }) =>
    Promise.resolve({
      readiness: { ready: true, reason: 'Seen', message: `${object.spec.partitions} partitions` },
      status: { partitions: object.spec.partitions ?? 0 },
    }),
  finalizer: {
    needed: ({ spec }) => spec.partitions! % 2 === 1,
    finalize: () => Promise.resolve(undefined),
  },
};

/** Reads and writes back until nobody came between, as people do who edit. */
async function change(edit: (topic: EventTopic) => EventTopic): Promise<void> {
  for (;;) {
    const topic = (await kubernetes.client.get(eventTopics, key))!;
    try {
      await kubernetes.client.replace(eventTopics, edit(topic));
      return;
    } catch (error) {
      if (!hasCode(error, 'Conflict')) throw error;
    }
  }
}

const label = (name: string) =>
  change((topic) => ({
    ...topic,
    metadata: { ...topic.metadata, labels: { ...topic.metadata.labels, [name]: 'here' } },
  }));
const grow = () =>
  change((topic) => ({ ...topic, spec: { ...topic.spec, partitions: (topic.spec.partitions ?? 0) + 1 } }));

/** The reasons that Ready has had while the work went on. */
async function reasonsDuring(work: () => Promise<void>): Promise<Set<string | undefined>> {
  const reasons = new Set<string | undefined>();
  const options = { client: kubernetes.client, clock: systemClock, logger: silentLogger };
  const informer = new Informer({ ...options, kind: eventTopics, namespaces: [key.namespace] });
  informer.onChange(({ object }) =>
    reasons.add(object.status?.conditions?.find(({ type }) => type === 'Ready')?.reason),
  );
  const stopping = new AbortController();
  const watching = informer.run(stopping.signal);
  await work();
  stopping.abort();
  await watching;
  return reasons;
}

describe('a resource that everybody writes at once', () => {
  it('keeps what each of them wrote, and the controller keeps its status and finalizer', async () => {
    running = runController(kubernetes, controller);
    const spec = { clusterRef: { name: 'events' }, partitions: 1 };
    await kubernetes.client.create(eventTopics, { metadata: { ...key }, spec } as object);
    const reasons = await reasonsDuring(async () => {
      const labels = Array.from({ length: 40 }, (_, index) => `writer-${index}`);
      await Promise.all([...labels.map(label), ...Array.from({ length: 20 }, grow)]);
      await eventually(async () => {
        const topic = (await kubernetes.client.get(eventTopics, key))!;
        expect(Object.keys(topic.metadata.labels ?? {}).sort()).toEqual(labels.toSorted());
        expect(topic.spec.partitions).toBe(21);
        expect(topic.status).toMatchObject({ partitions: 21, observedGeneration: topic.metadata.generation });
        expect(topic.metadata.finalizers).toEqual(['kafka-events.dev/contender']);
      });
    });
    // Pending is how every resource begins. A conflict is nothing to tell people of.
    expect(new Set([...reasons, 'Pending'])).toEqual(new Set(['Pending', 'Seen']));
  });
});
