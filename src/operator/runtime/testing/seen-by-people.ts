import type { Condition } from '../../../lib/kubernetes-object.ts';
import { events, type ObjectKind } from '../object-kind.ts';
import { keyText, type Key, type KubernetesObject } from '../objects.ts';
import type { Managed } from '../reconcile/controller.ts';
import type { KubernetesClient } from '../transport/kubernetes-client.ts';

/** What `kubectl describe` shows of an Event. */
export interface SeenEvent {
  readonly type: string;
  readonly reason: string;
  readonly message: string;
  /** How often it was recorded. */
  readonly count: number;
}

/**
 * The conditions of a resource by type, as the API server has them.
 *
 * @throws {Error} when there is no such resource
 */
export async function readConditions<T extends Managed>(
  client: KubernetesClient,
  kind: ObjectKind<T>,
  key: Key,
): Promise<Readonly<Record<string, Condition>>> {
  const object = await client.get(kind, key);
  if (!object) throw new Error(`there is no ${kind.kind} ${keyText(key)}`);
  return Object.fromEntries((object.status?.conditions ?? []).map((condition) => [condition.type, condition]));
}

/** The Events about this very object, not one of the same name before it; oldest first. */
export async function readEvents(client: KubernetesClient, { metadata }: KubernetesObject): Promise<SeenEvent[]> {
  const about = { ...events, fieldSelector: `involvedObject.uid=${metadata.uid}` };
  const { items } = await client.list(about, metadata.namespace);
  return items
    .toSorted((one, other) => Number(one.metadata.resourceVersion) - Number(other.metadata.resourceVersion))
    .map(({ type = '', reason = '', message = '', count = 1 }) => ({ type, reason, message, count }));
}
