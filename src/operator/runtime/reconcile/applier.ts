import { createHash } from 'node:crypto';
import { stringifyExactJson } from '../../../lib/exact-json.ts';
import type { Caches } from '../cache/caches.ts';
import type { ObjectKind } from '../object-kind.ts';
import type { KubernetesClient } from '../transport/kubernetes-client.ts';
import { slim } from '../cache/slim.ts';
import { keyOf, keyText, ownerReference, type Key, type KubernetesObject, type Manifest } from '../objects.ts';

type Labels = Readonly<Record<string, string>>;

interface Applied {
  /** Fingerprints of what was wanted, and of what the server made of it. */
  readonly wanted: string;
  readonly live: string;
}

interface ApplyContext {
  /** Of the attempt at reconciling, which may be over. */
  readonly client: KubernetesClient;
  readonly owner: KubernetesObject;
  readonly fieldManager: string;
}

/**
 * Server-side apply that sends nothing while both sides are as they were after the last time: the manifest, and the
 * object apart from its status. Somebody else's change to the object makes it send again, which puts our fields back.
 */
export class Applier {
  readonly #caches: Caches;
  readonly #labels: Labels;
  readonly #applied = new Map<string, Applied>();

  /** @param labels what everything that is applied carries */
  constructor(caches: Caches, labels: Labels) {
    this.#caches = caches;
    this.#labels = labels;
  }

  /** Applies what the owner owns, in the owner's namespace. */
  async apply<T extends KubernetesObject>(
    kind: ObjectKind<T>,
    manifest: Manifest,
    { client, owner, fieldManager }: ApplyContext,
  ): Promise<T> {
    const owned = ownedManifest(manifest, owner, this.#labels);
    const key = { namespace: owner.metadata.namespace, name: owned.metadata.name };
    const wanted = fingerprint(owned);
    const informer = this.#caches.informer(kind);
    const present = informer?.cache.get(key);
    const last = this.#applied.get(appliedKey(kind, key));
    if (present && last?.wanted === wanted && last.live === liveFingerprint(present)) return present;
    const live = await client.apply(kind, owned, { fieldManager });
    if (!informer) return live;
    informer.observe(live);
    // What is cached is slim, too.
    this.#applied.set(appliedKey(kind, key), { wanted, live: liveFingerprint(slim(live)) });
    return live;
  }

  /** To be called for what is deleted, so that memory does not grow with all that ever was. */
  forget(kind: ObjectKind, object: KubernetesObject): void {
    this.#applied.delete(appliedKey(kind, keyOf(object)));
  }
}

const appliedKey = ({ plural }: ObjectKind, key: Key) => `${plural}/${keyText(key)}`;

function ownedManifest(manifest: Manifest, owner: KubernetesObject, labels: Labels) {
  const { metadata } = manifest;
  if (!metadata?.name) throw new Error('a manifest needs metadata.name');
  return {
    ...manifest,
    metadata: {
      ...metadata,
      name: metadata.name,
      namespace: owner.metadata.namespace,
      labels: { ...metadata.labels, ...labels },
      ownerReferences: [ownerReference(owner)],
    },
  };
}

function fingerprint(value: unknown): string {
  return createHash('sha1').update(stringifyExactJson(value)).digest('base64');
}

/**
 * The server writes the fields in an order that does not change, so text can be compared. Only the type comes in another
 * order in the items of a list, which leave it out.
 */
function liveFingerprint(object: KubernetesObject): string {
  const { apiVersion: _apiVersion, kind: _kind, ...rest } = object;
  const metadata = { ...object.metadata, resourceVersion: undefined, generation: undefined, managedFields: undefined };
  return fingerprint({ ...rest, metadata, status: undefined });
}
