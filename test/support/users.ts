import type { EventUser } from '../../src/api/event-user.ts';
import { eventUsers } from '../../src/operator/kinds.ts';
import type { Key } from '../../src/operator/runtime/objects.ts';
import { expect } from '@jest/globals';
import { eventually, type Kubernetes } from './kubernetes.ts';

export function declareUser({ client }: Pick<Kubernetes, 'client'>, key: Key, spec: object): Promise<EventUser> {
  const manifest = { metadata: { ...key }, spec: { clusterRef: { name: 'events' }, ...spec } };
  return client.create(eventUsers, manifest);
}

/** Waits until Ready says so about the newest spec. */
export function userHas(
  kubernetes: Kubernetes,
  key: Key,
  ready: { readonly status: string; readonly reason: string; readonly message?: unknown },
): Promise<EventUser> {
  return eventually(async () => {
    const user = await kubernetes.client.get(eventUsers, key);
    expect(user?.status?.observedGeneration).toBe(user?.metadata.generation);
    expect(user?.status?.conditions).toContainEqual(expect.objectContaining({ type: 'Ready', ...ready }));
    return user!;
  });
}
