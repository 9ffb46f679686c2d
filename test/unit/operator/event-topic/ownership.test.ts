import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { EventCluster } from '../../../../src/api/event-cluster.ts';
import type { EventTopic } from '../../../../src/api/event-topic.ts';
import { claimants, finalizerName, ownerOf } from '../../../../src/operator/event-topic/claims.ts';
import { topicFinalizer } from '../../../../src/operator/event-topic/delete-topics.ts';
import { keepTopics } from '../../../../src/operator/event-topic/keep-topics.ts';
import { notManaged } from '../../../../src/operator/event-topic/report.ts';
import type { TopicContext } from '../../../../src/operator/event-topic/topic-work.ts';
import { eventClusters, eventTopics } from '../../../../src/operator/kinds.ts';
import type { Caches } from '../../../../src/operator/runtime/cache/caches.ts';
import { ObjectCache } from '../../../../src/operator/runtime/cache/object-cache.ts';
import type { Outcome } from '../../../../src/operator/runtime/reconcile/controller.ts';
import { FakeTopicAdmin } from '../../../support/fake-topic-admin.ts';
import { ManualClock } from '../../../../src/operator/runtime/testing/manual-clock.ts';

const home = 'home';
const names = ['alpha', 'beta'];

/** An operator that can die between any two steps, its resources, and a broker that others use as well. */
class World {
  readonly admin = new FakeTopicAdmin();
  readonly clusters = new ObjectCache<EventCluster>();
  readonly topics = new ObjectCache<EventTopic>();
  /** Ids of the topics that each resource, by uid, has managed according to its own status. */
  readonly managed = new Map<string, Set<string>>();
  readonly #brokers = { admin: this.admin, moveBytesPerSecond: 0, isExternal: true };
  #version = 1;
  readonly #caches = {
    of: (kind: unknown) => (kind === eventTopics ? this.topics : kind === eventClusters ? this.clusters : undefined),
  } as unknown as Caches;

  constructor() {
    this.clusters.put({
      apiVersion: 'kafka-events.dev/v1alpha1',
      kind: 'EventCluster',
      metadata: this.#metadata('events', home),
      spec: { engine: 'External', storage: {}, allowedNamespaces: { names: ['friend'] } } as EventCluster['spec'],
      status: { clusterId: 'one' },
    });
  }

  #metadata(name: string, namespace: string) {
    const version = String((this.#version += 1));
    return {
      name,
      namespace,
      uid: `uid-${version}`,
      resourceVersion: version,
      creationTimestamp: version.padStart(9, '0'),
    };
  }

  declare(name: string, namespace: string, topicName: string, policies: object): void {
    if (this.topics.get({ name, namespace })) return;
    this.topics.put({
      apiVersion: 'kafka-events.dev/v1alpha1',
      kind: 'EventTopic',
      metadata: { ...this.#metadata(name, namespace), generation: 1, finalizers: [finalizerName] },
      spec: {
        clusterRef: { name: 'events', namespace: home },
        topicName,
        deletionPolicy: 'Delete',
        managementPolicy: 'Manage',
        ...policies,
      },
    });
  }

  update(topic: EventTopic, change: (topic: EventTopic) => object): void {
    const resourceVersion = String((this.#version += 1));
    const changed = { ...topic, ...change(topic) } as EventTopic;
    this.topics.put({ ...changed, metadata: { ...changed.metadata, resourceVersion } });
  }

  /** @param dies whether the operator dies before it has written the status */
  async reconcile(topic: EventTopic, dies: boolean): Promise<void> {
    const outcome = await this.#keep(this.#context(topic));
    if (outcome instanceof Error || dies) return;
    this.update(topic, () => ({ status: { ...outcome.status, observedGeneration: 1 } }));
    const { managedTopicId } = outcome.status;
    if (managedTopicId === undefined) return;
    const { uid } = topic.metadata;
    this.managed.set(uid, (this.managed.get(uid) ?? new Set()).add(managedTopicId));
  }

  async #keep(context: TopicContext): Promise<Outcome<EventTopic> | Error> {
    const { object } = context;
    const claims = claimants(object, this.#caches);
    if (!claims.some(({ metadata }) => metadata.uid === object.metadata.uid)) return new Error('no consent');
    const owner = object.spec.managementPolicy === 'Manage' ? ownerOf(claims) : object;
    if (owner?.metadata.uid !== object.metadata.uid) {
      return notManaged(context, { reason: 'TopicTaken', message: '', failed: true });
    }
    return (await keepTopics(this.#brokers, [context]))[0]!;
  }

  async finalize(topic: EventTopic, dies: boolean): Promise<void> {
    const finalizer = topicFinalizer(() => ({ brokers: this.#brokers }));
    const waiting = finalizer.needed(topic) ? (await finalizer.finalizeBatch([this.#context(topic)]))[0] : undefined;
    if (waiting === undefined && !dies) this.topics.remove(topic.metadata);
  }

  #context(object: EventTopic): TopicContext {
    const clock = new ManualClock();
    return {
      object,
      caches: this.#caches,
      clock: { ...clock, now: () => clock.now(), monotonic: () => 0, sleep: () => Promise.resolve() },
      logger: { warn: () => {} },
      signal: new AbortController().signal,
      deletedForMilliseconds: 0,
      event: () => {},
    } as unknown as TopicContext;
  }
}

const resource = fc.nat(3);
const management = fc.constantFrom('Manage', 'Manage', 'Manage', 'Observe', 'Plan');
const deletion = fc.constantFrom('Delete', 'Delete', 'Delete', 'Retain');
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('reconcile' as const), resource, dies: fc.boolean() }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('declare' as const),
      resource,
      namespace: fc.constantFrom(home, 'friend', 'stranger'),
      topic: fc.constantFrom(...names, ...names, '__consumer_offsets'),
      managementPolicy: management,
      deletionPolicy: deletion,
    }),
  },
  fc.record({
    do: fc.constant('policy' as const),
    resource,
    managementPolicy: management,
    deletionPolicy: deletion,
  }),
  { weight: 2, arbitrary: fc.record({ do: fc.constant('delete' as const), resource, dies: fc.boolean() }) },
  fc.record({ do: fc.constant('somebody creates' as const), topic: fc.constantFrom(...names) }),
  fc.record({ do: fc.constant('somebody deletes' as const), topic: fc.constantFrom(...names) }),
);

type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** @returns the resource that the step finalized */
async function take(world: World, wanted: Step): Promise<EventTopic | undefined> {
  const all = world.topics.list();
  const topic = 'resource' in wanted ? all[wanted.resource % Math.max(1, all.length)] : undefined;
  if (wanted.do === 'declare') {
    const { namespace, managementPolicy, deletionPolicy } = wanted;
    world.declare(`r${wanted.resource}`, namespace, wanted.topic, { managementPolicy, deletionPolicy });
  } else if (wanted.do === 'somebody creates') {
    if (!world.admin.topics.has(wanted.topic)) world.admin.create(wanted.topic);
  } else if (wanted.do === 'somebody deletes') {
    world.admin.topics.delete(wanted.topic);
  } else if (topic && wanted.do === 'policy') {
    const { managementPolicy, deletionPolicy } = wanted;
    world.update(topic, ({ spec }) => ({ spec: { ...spec, managementPolicy, deletionPolicy } }));
  } else if (topic && wanted.do === 'reconcile') {
    if (!topic.metadata.deletionTimestamp) await world.reconcile(topic, wanted.dies);
  } else if (topic && wanted.do === 'delete') {
    world.update(topic, ({ metadata }) => ({ metadata: { ...metadata, deletionTimestamp: 'now' } }));
    const deleted = world.topics.get(topic.metadata)!;
    await world.finalize(deleted, wanted.dies);
    return deleted;
  }
  return undefined;
}

describe('what a resource has never managed', () => {
  it('it never deletes, in whatever order things happen and operators die', async () => {
    let deletions = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 60 }), async (steps) => {
        const world = new World();
        world.admin.create('__consumer_offsets');
        for (const wanted of steps) {
          const before = world.admin.deleted.length;
          const others = world.topics.list();
          const finalized = await take(world, wanted);
          const deleted = world.admin.deleted.slice(before);
          deletions += deleted.length;
          for (const id of deleted) {
            expect(world.managed.get(finalized!.metadata.uid)).toContain(id);
            const alsoNaming = others.filter(
              ({ metadata, spec }) =>
                metadata.uid !== finalized!.metadata.uid &&
                metadata.namespace !== 'stranger' &&
                metadata.deletionTimestamp === undefined &&
                spec.topicName === finalized!.spec.topicName,
            );
            expect(alsoNaming).toEqual([]);
          }
          expect(world.admin.topics.get('__consumer_offsets')?.configs.size).toBe(0);
        }
        for (const { metadata, status } of world.topics.list('stranger')) {
          expect([metadata.namespace, status?.managedTopicId]).toEqual(['stranger', undefined]);
        }
      }),
      { numRuns: 1500 },
    );
    // The property would hold as well where nothing is ever deleted.
    expect(deletions).toBeGreaterThan(50);
  });
});
