import type { KubernetesObject } from '../runtime/objects.ts';
import type { KubernetesClient } from '../runtime/transport/kubernetes-client.ts';
import { longestEventMessage, newestEvent } from './newest-event.ts';

/**
 * Why the API server refuses to create pods, or volume claims, for a StatefulSet, in its own words. The StatefulSet's
 * controller tells that in Events and nowhere else. Undefined when it says nothing, or the operator may not look.
 */
export async function creationRefusal(
  client: KubernetesClient,
  { metadata }: KubernetesObject,
): Promise<string | undefined> {
  const failed = `involvedObject.uid=${metadata.uid},reason=FailedCreate`;
  const newest = await newestEvent(client, metadata.namespace, failed);
  return newest?.message && shorten(newest.message);
}

/** `create Pod events-0 in StatefulSet events failed error: WORDS`: who reads the condition knows which StatefulSet. */
function shorten(message: string): string {
  const words = message.replace(/^create (Pod|Claim) (\S+) .*?failed error: /is, '$1 $2 cannot be created: ');
  return words.slice(0, longestEventMessage);
}
