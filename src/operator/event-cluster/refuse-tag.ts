import type { EventCluster } from '../../api/event-cluster.ts';
import { tagOf } from '../pods/image.ts';
import type { Problem } from '../runtime/reconcile/readiness.ts';

/** A release of either engine, and no more: any other tag may stand for whatever its author says. */
const release = /^v?([0-9]+\.[0-9]+\.[0-9]+)$/;

/** Why the image cannot be of that version: whoever raises the version alone changes nothing, and would be told it runs. */
export function refuseTag({ image, version }: Pick<EventCluster['spec'], 'image' | 'version'>): Problem | undefined {
  if (image === undefined || version === undefined) return undefined;
  const tag = tagOf(image);
  const [ofImage, wanted] = [tag, version].map((text) => release.exec(text)?.[1]);
  if (ofImage === undefined || wanted === undefined || ofImage === wanted) return undefined;
  const message =
    `spec.version is ${version}, but spec.image has the tag ${tag}, and the image is what runs. Set spec.version to ` +
    `${tag} or remove it, or change spec.image.`;
  return { reason: 'VersionRefused', message, failed: true };
}
