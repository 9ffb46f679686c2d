import { createHash } from 'node:crypto';
import type { ClusterName } from '../names.ts';

/**
 * The id that volumes are formatted with: 16 bytes in base64url, as Kafka wants it. It follows from the EventCluster's
 * name alone, so that an EventCluster that is made again finds its retained volumes to be its own, and a restart in the
 * middle of the first start needs no memory of it.
 */
export function clusterId({ name, namespace }: ClusterName): string {
  const hash = createHash('sha256').update(`kafka-events/${namespace}/${name}`).digest();
  const id = hash.subarray(0, 16).toString('base64url');
  // Kafka's tools read a leading dash as an option.
  return id.replace(/^-/, '_');
}
