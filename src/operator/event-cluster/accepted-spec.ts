import type { V1StatefulSet } from '@kubernetes/client-node';
import { eventCluster, type EventCluster } from '../../api/event-cluster.ts';
import { parseExactJson, stringifyExactJson } from '../../lib/exact-json.ts';
import { versionOf, type Release } from '../pods/image.ts';
import { controllerOf, type Observed } from '../runtime/objects.ts';

/** On the StatefulSet: the spec that the brokers are made of, which they are looked after by while another is refused. */
export const acceptedSpecAnnotation = 'kafka-events.dev/accepted-spec';

/** All annotations of an object may have 256 KiB. */
const longestText = 128 * 1024;

/**
 * The StatefulSet with the spec that it is made of. A version that the spec leaves to the operator is spelled out: the next
 * release of the operator may bring another.
 */
export function withAcceptedSpec(manifest: V1StatefulSet, spec: EventCluster['spec'], release: Release): V1StatefulSet {
  const pinned = spec.image === undefined ? { ...spec, version: versionOf(spec, release) } : spec;
  const text = stringifyExactJson(pinned);
  if (Buffer.byteLength(text) > longestText) return manifest;
  const { metadata } = manifest;
  return {
    ...manifest,
    metadata: { ...metadata, annotations: { ...metadata?.annotations, [acceptedSpecAnnotation]: text } },
  };
}

/**
 * The spec that the cluster's brokers are made of. Only whether their volumes outlive the cluster is as it is declared now:
 * whoever deletes it while its spec is refused means what it says.
 *
 * @param running the StatefulSet, if there is one
 * @returns undefined where it was not noted, or the brokers are those of another resource
 */
export function acceptedSpec(
  { metadata, spec }: Pick<EventCluster, 'metadata' | 'spec'>,
  running: Observed<V1StatefulSet> | undefined,
): EventCluster['spec'] | undefined {
  const text = running?.metadata.annotations?.[acceptedSpecAnnotation];
  if (!running || text === undefined || controllerOf(running)?.uid !== metadata.uid) return undefined;
  try {
    const accepted = eventCluster.spec.parse(parseExactJson(text));
    const { reclaimPolicy } = spec.storage;
    return { ...accepted, storage: { ...accepted.storage, reclaimPolicy } };
  } catch {
    // Somebody has changed it: it is as though it had not been noted.
    return undefined;
  }
}
