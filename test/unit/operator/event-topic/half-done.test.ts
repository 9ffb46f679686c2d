import { describe, expect, it } from '@jest/globals';
import type { EventTopic } from '../../../../src/api/event-topic.ts';
import { ExpectedError } from '../../../../src/lib/errors.ts';
import { topicFinalizer } from '../../../../src/operator/event-topic/delete-topics.ts';
import { keepTopics } from '../../../../src/operator/event-topic/keep-topics.ts';
import type { TopicContext } from '../../../../src/operator/event-topic/topic-work.ts';
import { eventClusters } from '../../../../src/operator/kinds.ts';
import type { Outcome } from '../../../../src/operator/runtime/reconcile/controller.ts';
import { FakeTopicAdmin } from '../../../support/fake-topic-admin.ts';
import { anEventCluster } from '../../../support/resources.ts';

/** Brokers of which one, once topics were created, is asked in vain, or has not heard of them yet. */
class LateBrokers extends FakeTopicAdmin {
  readonly #describes: 'nobody' | 'nothing';
  #isLate = false;

  constructor(describes: 'nobody' | 'nothing') {
    super();
    this.#describes = describes;
    const { createTopics } = this;
    this.createTopics = async (...request) => {
      this.#isLate = true;
      return createTopics(...request);
    };
  }

  override describeEach(names: readonly string[]) {
    if (!this.#isLate) return super.describeEach(names);
    const timeout = new ExpectedError('Timeout', 'The brokers did not answer', { retryable: true });
    return this.#describes === 'nobody' ? Promise.reject(timeout) : Promise.resolve(new Map() as never);
  }

  recover(): void {
    this.#isLate = false;
  }
}

/** @param record what writes into the status at once */
function contextOf(
  spec: object,
  status: EventTopic['status'],
  events: string[] = [],
  record: TopicContext['record'] = () => Promise.resolve(),
): TopicContext {
  const cluster = anEventCluster({ engine: 'External', external: { bootstrapServers: 'a:1' } });
  const objects = { get: () => undefined, by: () => [] };
  const clusters = { get: () => cluster, by: () => [] };
  return {
    object: {
      apiVersion: 'kafka-events.dev/v1alpha1',
      kind: 'EventTopic',
      metadata: { name: 'orders', namespace: 'tasks', uid: 'u', resourceVersion: '1', creationTimestamp: '1' },
      spec: { clusterRef: { name: 'events' }, deletionPolicy: 'Delete', managementPolicy: 'Manage', ...spec },
      status,
    },
    caches: { of: (kind: unknown) => (kind === eventClusters ? clusters : objects) },
    clock: { sleep: () => Promise.resolve(), monotonic: () => 0 },
    signal: new AbortController().signal,
    logger: { warn: () => {} },
    event: (_type: string, reason: string) => events.push(reason),
    deletedForMilliseconds: 0,
    record,
  } as unknown as TopicContext;
}

const reconcile = async (admin: FakeTopicAdmin, context: TopicContext) =>
  (await keepTopics({ admin, moveBytesPerSecond: 0, isExternal: true }, [context]))[0] as Outcome<EventTopic>;

const config = { 'retention.ms': '1000' };

describe.each(['nobody', 'nothing'] as const)('a topic that was created, of which %s tells after that', (describes) => {
  it('is the resource’s own already', async () => {
    const admin = new LateBrokers(describes);
    const outcome = await reconcile(admin, contextOf({ config }, undefined));
    expect(outcome.readiness).toMatchObject({ ready: false, reason: 'TopicCreating' });
    const { id } = admin.topics.get('orders')!;
    expect(outcome.status).toEqual({ topicName: 'orders', topicId: id, managedTopicId: id, config });
    admin.recover();
    const events: string[] = [];
    const next = await reconcile(admin, contextOf({ config }, outcome.status, events));
    expect(next.readiness).toMatchObject({ ready: true, reason: 'TopicReady' });
    expect(events).toEqual([]);
  });

  it('goes with its resource', async () => {
    const admin = new LateBrokers(describes);
    const { status } = await reconcile(admin, contextOf({}, undefined));
    if (describes === 'nobody') admin.recover();
    const brokers = { admin, moveBytesPerSecond: 0, isExternal: true };
    const finalizer = topicFinalizer(() => ({ brokers }));
    expect(await finalizer.finalizeBatch([contextOf({}, status)])).toEqual([undefined]);
    expect([...admin.topics.keys()]).toEqual([]);
  });
});

describe('a config that was set, of which nobody could tell', () => {
  /** Brokers that do what they are asked, and whose answer is lost. */
  class SilentBrokers extends FakeTopicAdmin {
    constructor() {
      super();
      const { alterConfigs } = this;
      this.alterConfigs = async (...request) => {
        await alterConfigs(...request);
        throw new ExpectedError('Timeout', 'The brokers did not answer', { retryable: true });
      };
    }
  }
  const managed = (admin: FakeTopicAdmin) => ({ topicName: 'orders', managedTopicId: admin.create('orders') });

  it('returns to the default once it is no longer declared', async () => {
    const admin = new SilentBrokers();
    let status: EventTopic['status'] = { ...managed(admin), configShownAs: { 'retention.ms': '0:00:02' } };
    const record: TopicContext['record'] = (facts) => Promise.resolve(void (status = { ...status, ...facts }));
    await expect(reconcile(admin, contextOf({ config }, status, [], record))).rejects.toMatchObject({
      code: 'Timeout',
    });
    expect(admin.topics.get('orders')?.configs).toEqual(new Map([['retention.ms', '1000']]));
    expect(status.config).toEqual(config);
    expect(status.configShownAs).toBeUndefined();
    const others = new FakeTopicAdmin();
    others.topics.set('orders', admin.topics.get('orders')!);
    await reconcile(others, contextOf({}, status));
    expect(others.topics.get('orders')?.configs).toEqual(new Map());
  });

  it('is not set when the resource has changed meanwhile', async () => {
    const admin = new FakeTopicAdmin();
    const record = () => Promise.reject(new ExpectedError('Conflict', 'It has changed', { retryable: true }));
    const outcome = await reconcile(admin, contextOf({ config }, managed(admin), [], record));
    expect(outcome).toMatchObject({ code: 'Conflict' });
    expect(admin.topics.get('orders')?.configs).toEqual(new Map());
  });
});

describe('a topic that brokers no longer tell of', () => {
  /** Brokers that have taken a right away from the operator's user. */
  class DiscreetBrokers extends FakeTopicAdmin {
    override describeEach(names: readonly string[]) {
      const refused = new ExpectedError('NotAuthorized', 'Topic authorization failed');
      return Promise.resolve(new Map(names.map((name) => [name, refused])) as never);
    }
  }
  const admin = new DiscreetBrokers();
  const status = { topicName: 'orders', managedTopicId: admin.create('orders'), config };

  it('stays the resource’s own', async () => {
    const outcome = await reconcile(admin, contextOf({ config }, status));
    expect(outcome.readiness).toMatchObject({ ready: false, failed: true, reason: 'NotAuthorized' });
    expect(outcome.status).toEqual(status);
  });

  it('is not left behind without a word', async () => {
    const events: string[] = [];
    const { status: after } = await reconcile(admin, contextOf({ config }, status));
    const brokers = { admin, moveBytesPerSecond: 0, isExternal: true };
    const finalizer = topicFinalizer(() => ({ brokers }));
    expect(await finalizer.finalizeBatch([contextOf({}, after, events)])).toEqual([undefined]);
    expect(events).toEqual(['TopicLeftBehind']);
  });

  it('is nothing to those who only look', async () => {
    const outcome = await reconcile(admin, contextOf({ managementPolicy: 'Observe' }, status));
    expect(outcome.status).toEqual({ topicName: 'orders' });
  });
});

describe('a topic that the broker which was asked has not heard of', () => {
  /** Brokers of which the first that is asked has just started. */
  class LaggingBrokers extends FakeTopicAdmin {
    #asked = 0;

    override describeEach(names: readonly string[]) {
      this.#asked += 1;
      return this.#asked === 1 ? Promise.resolve(new Map()) : super.describeEach(names);
    }
  }

  it('is not said to be lost, and nothing was set on it', async () => {
    const admin = new LaggingBrokers();
    const status = { topicName: 'orders', managedTopicId: admin.create('orders') };
    const events: string[] = [];
    const outcome = await reconcile(admin, contextOf({ config }, status, events));
    expect(events).toEqual([]);
    expect(outcome.readiness).toMatchObject({ ready: false, reason: 'TopicChanging' });
    expect(outcome.status.config).toBeUndefined();
    const next = await reconcile(admin, contextOf({ config }, outcome.status, events));
    expect(next.readiness).toMatchObject({ ready: true });
    expect(next.status.config).toEqual(config);
  });

  it('is lost when it is created anew', async () => {
    const events: string[] = [];
    await reconcile(new FakeTopicAdmin(), contextOf({}, { topicName: 'orders', managedTopicId: 'id-0' }, events));
    expect(events).toEqual(['TopicLost']);
  });
});
