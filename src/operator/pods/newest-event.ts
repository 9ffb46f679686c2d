import type { CoreV1Event } from '@kubernetes/client-node';
import { ExpectedError } from '../../lib/errors.ts';
import { events } from '../runtime/object-kind.ts';
import type { Observed } from '../runtime/objects.ts';
import type { KubernetesClient } from '../runtime/transport/kubernetes-client.ts';

/** In characters: an admission plugin, or a driver of volumes, may say anything. */
export const longestEventMessage = 1000;

/** The newest Event in a namespace that a field selector selects; undefined when none does, or the operator may not look. */
export async function newestEvent(
  client: KubernetesClient,
  namespace: string | undefined,
  fieldSelector: string,
  matches: (event: Observed<CoreV1Event>) => boolean = () => true,
): Promise<Observed<CoreV1Event> | undefined> {
  try {
    const page = await client.pages({ ...events, fieldSelector }, namespace).next();
    const found = page.done ? [] : page.value.items.filter(matches);
    return found.toSorted((one, other) => eventTime(other) - eventTime(one))[0];
  } catch (error) {
    if (error instanceof ExpectedError) return undefined;
    throw error;
  }
}

/** When it was last seen, in milliseconds. */
export function eventTime({ lastTimestamp, eventTime, metadata }: Observed<CoreV1Event>): number {
  return Date.parse(String(lastTimestamp ?? eventTime ?? metadata.creationTimestamp));
}
