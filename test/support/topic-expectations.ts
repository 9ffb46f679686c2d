import { expect } from '@jest/globals';
import type { EventTopic } from '../../src/api/event-topic.ts';
import { eventTopics } from '../../src/operator/kinds.ts';
import { events } from '../../src/operator/runtime/object-kind.ts';
import type { Key } from '../../src/operator/runtime/objects.ts';
import { eventually, type Kubernetes } from './kubernetes.ts';

/** Waits until Ready says so about the newest spec. */
export function topicHas(
  kubernetes: Kubernetes,
  key: Key,
  ready: { readonly status: string; readonly reason: string; readonly message?: unknown },
  milliseconds?: number,
): Promise<EventTopic> {
  return eventually(async () => {
    const topic = await kubernetes.client.get(eventTopics, key);
    expect(topic?.status?.observedGeneration).toBe(topic?.metadata.generation);
    expect(topic?.status?.conditions).toContainEqual(expect.objectContaining({ type: 'Ready', ...ready }));
    return topic!;
  }, milliseconds);
}

/** The Events about an object, as `Reason: message`. */
export async function eventsAbout(kubernetes: Kubernetes, { namespace, name }: Key): Promise<string[]> {
  const { items } = await kubernetes.client.list(events, namespace);
  return items
    .filter(({ involvedObject }) => involvedObject.name === name)
    .map(({ reason, message }) => `${reason}: ${message}`);
}
