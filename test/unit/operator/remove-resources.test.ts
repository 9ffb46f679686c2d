import { describe, expect, it } from '@jest/globals';
import { createLogger } from '../../../src/lib/log.ts';
import { removeResources } from '../../../src/operator/remove-resources.ts';
import type { ObjectKind } from '../../../src/operator/runtime/object-kind.ts';
import type { KubernetesObject } from '../../../src/operator/runtime/objects.ts';

const label = { name: 'app.kubernetes.io/instance', value: 'release' };

function object(kind: string, name: string, metadata: Partial<KubernetesObject['metadata']> = {}): KubernetesObject {
  const required = { name, namespace: 'space', uid: `${kind}-${name}`, resourceVersion: '1', creationTimestamp: '' };
  return { apiVersion: 'kafka-events.dev/v1alpha1', kind, metadata: { ...required, ...metadata } };
}

const ours = { labels: { [label.name]: label.value } };
const ownedBy = (uid: string) => ({
  ownerReferences: [{ apiVersion: 'v1', kind: 'ReminderConsumer', name: 'w', uid }],
});

/** An API server whose operator takes a few looks to let go of what is deleted. */
function slowServer(objects: KubernetesObject[], looksUntilGone: number) {
  const deleted: string[] = [];
  let looks = 0;
  return {
    deleted,
    client: {
      // The Job, of which Helm says no more.
      get: () => Promise.resolve(undefined),
      list: <T extends KubernetesObject>(kind: ObjectKind<T>) => {
        looks++;
        const isGone = ({ metadata }: KubernetesObject) => deleted.includes(metadata.name) && looks > looksUntilGone;
        const items = objects.filter((object) => object.kind === kind.kind && !isGone(object)) as T[];
        return Promise.resolve({ items, resourceVersion: '1' });
      },
      delete: (_kind: ObjectKind, { name }: { name: string }) => {
        deleted.push(name);
        return Promise.resolve();
      },
    },
  };
}

/** Sleeps in no time, and tells how long it would have been. */
function fastClock() {
  let now = 0;
  return {
    now: () => new Date(now),
    monotonic: () => now,
    sleep: (milliseconds: number) => {
      now += milliseconds;
      return Promise.resolve();
    },
  };
}

const logger = createLogger({ name: 'test', level: 'silent' });
const options = { logger, namespace: 'space', label, jobName: 'job' };

describe('removing the resources of a release', () => {
  it('deletes those of the release alone, clusters last, and waits until they are gone', async () => {
    const cluster = object('EventCluster', 'events', ours);
    const server = slowServer([cluster, object('EventTopic', 'topic', ours), object('EventTopic', 'foreign')], 12);
    await removeResources({ ...options, client: server.client, clock: fastClock() });
    expect(server.deleted).toEqual(['topic', 'events']);
  });

  it('gives up on what stays, and names it', async () => {
    const server = slowServer([object('EventTopic', 'stuck', ours)], Infinity);
    const removed = removeResources({ ...options, client: server.client, clock: fastClock() });
    await expect(removed).rejects.toMatchObject({
      code: 'ResourcesRemain',
      message: expect.stringContaining('EventTopic stuck') as unknown,
    });
  });

  it('waits for the topics that a removed consumer owns', async () => {
    const deadLetters = object('EventTopic', 'dead-letters', ownedBy('ReminderConsumer-worker'));
    const server = slowServer([object('ReminderConsumer', 'worker', ours), deadLetters], 0);
    const removed = removeResources({ ...options, client: server.client, clock: fastClock() });
    await expect(removed).rejects.toMatchObject({
      message: expect.stringContaining('EventTopic dead-letters') as unknown,
    });
  });
});
