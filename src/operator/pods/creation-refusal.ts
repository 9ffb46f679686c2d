import type { CoreV1Event } from '@kubernetes/client-node';
import { ExpectedError } from '../../lib/errors.ts';
import type { ObjectKind } from '../runtime/object-kind.ts';
import type { KubernetesObject, Observed } from '../runtime/objects.ts';
import type { KubernetesClient } from '../runtime/transport/kubernetes-client.ts';

/** In characters: an admission plugin may say anything. */
const longest = 1000;

/**
 * Why the API server refuses to create pods, or volume claims, for a StatefulSet, in its own words. The StatefulSet's
 * controller tells that in Events and nowhere else. Undefined when it says nothing, or the operator may not look.
 */
export async function creationRefusal(client: KubernetesClient, owner: KubernetesObject): Promise<string | undefined> {
  try {
    const page = await client.pages(failedCreations(owner), owner.metadata.namespace).next();
    const newest = (page.done ? [] : page.value.items).toSorted((one, other) => timeOf(other) - timeOf(one))[0];
    return newest?.message && shorten(newest.message);
  } catch (error) {
    if (error instanceof ExpectedError) return undefined;
    throw error;
  }
}

const failedCreations = ({ metadata }: KubernetesObject): ObjectKind<Observed<CoreV1Event>> => ({
  apiVersion: 'v1',
  kind: 'Event',
  plural: 'events',
  fieldSelector: `involvedObject.uid=${metadata.uid},reason=FailedCreate`,
});

function timeOf({ lastTimestamp, eventTime, metadata }: Observed<CoreV1Event>): number {
  return Date.parse(String(lastTimestamp ?? eventTime ?? metadata.creationTimestamp));
}

/** `create Pod events-0 in StatefulSet events failed error: WORDS`: who reads the condition knows which StatefulSet. */
function shorten(message: string): string {
  const words = message.replace(/^create (Pod|Claim) (\S+) .*?failed error: /is, '$1 $2 cannot be created: ');
  return words.slice(0, longest);
}
