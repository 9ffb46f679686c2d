import type { HttpRequest, HttpTransport } from './http-transport.ts';
import type { ObjectKind } from './kinds.ts';
import { hasCode } from './kubernetes-error.ts';
import type { Key, KubernetesObject, Manifest } from './objects.ts';
import { defaultWatchTiming, watchObjects, type WatchEvent, type WatchTiming } from './watch.ts';

/** All objects of a kind at one version of the whole. */
export interface ObjectList<T> {
  readonly items: T[];
  readonly resourceVersion: string;
}

export interface ApplyOptions {
  readonly fieldManager: string;
  readonly subresource?: 'status';
}

export interface DeleteOptions {
  /** Only this very object, not one of the same name that came after it. */
  readonly uid?: string;
  readonly propagationPolicy?: 'Background' | 'Foreground' | 'Orphan';
}

interface ListPage<T> {
  readonly metadata: { readonly resourceVersion: string; readonly continue?: string };
  readonly items: Omit<T, 'apiVersion' | 'kind'>[];
}

const pageSize = '500';

/**
 * Reads and writes objects of the API server. Every call is one request, and throws a KafkaEventsError with a
 * KubernetesErrorCode.
 */
export class KubernetesClient {
  readonly #transport: HttpTransport;
  readonly #watchTiming: WatchTiming;

  constructor(transport: HttpTransport, watchTiming = defaultWatchTiming) {
    this.#transport = transport;
    this.#watchTiming = watchTiming;
  }

  async get<T extends KubernetesObject>(kind: ObjectKind<T>, key: Key): Promise<T | undefined> {
    try {
      return await this.#send<T>({ method: 'GET', path: objectPath(kind, key) });
    } catch (error) {
      if (hasCode(error, 'NotFound')) return undefined;
      throw error;
    }
  }

  /** Everything in a namespace, or in all of them, within the kind's selectors. Large lists take several requests. */
  async list<T extends KubernetesObject>(kind: ObjectKind<T>, namespace?: string): Promise<ObjectList<T>> {
    const items: T[] = [];
    let next: string | undefined;
    for (;;) {
      const query = { ...selectors(kind), limit: pageSize, continue: next };
      const page = await this.#send<ListPage<T>>({ method: 'GET', path: collectionPath(kind, namespace), query });
      // Items of a list leave out what the list itself says.
      for (const item of page.items) items.push({ apiVersion: kind.apiVersion, kind: kind.kind, ...item } as T);
      next = page.metadata.continue;
      if (!next) return { items, resourceVersion: page.metadata.resourceVersion };
    }
  }

  /** What happens after a version, until the server ends the watch (some minutes), it fails, or the signal aborts. */
  watch<T extends KubernetesObject>(
    kind: ObjectKind<T>,
    namespace: string | undefined,
    resourceVersion: string,
    signal: AbortSignal,
  ): AsyncGenerator<WatchEvent<T>> {
    const query = { ...selectors(kind), resourceVersion };
    return watchObjects(this.#transport, collectionPath(kind, namespace), query, this.#watchTiming, signal);
  }

  create<T extends KubernetesObject>(kind: ObjectKind<T>, manifest: Manifest): Promise<T> {
    const path = collectionPath(kind, manifest.metadata?.namespace);
    return this.#send({ method: 'POST', path, body: typed(kind, manifest) });
  }

  /** Writes the whole object; fails with Conflict when it is not the newest version that was read. */
  replace<T extends KubernetesObject>(kind: ObjectKind<T>, object: T): Promise<T> {
    return this.#send({ method: 'PUT', path: objectPath(kind, object.metadata), body: object });
  }

  /** Server-side apply: the fields of the manifest become ours, whoever had them, and those we no longer name go. */
  apply<T extends KubernetesObject>(kind: ObjectKind<T>, manifest: Manifest, options: ApplyOptions): Promise<T> {
    return this.#send({
      method: 'PATCH',
      path: objectPath(kind, namedKey(manifest)) + (options.subresource ? `/${options.subresource}` : ''),
      query: { fieldManager: options.fieldManager, force: 'true' },
      body: typed(kind, manifest),
      contentType: 'application/apply-patch+yaml',
    });
  }

  /** Merges the patch into the object (RFC 7386). */
  mergePatch<T extends KubernetesObject>(kind: ObjectKind<T>, key: Key, patch: object): Promise<T> {
    const path = objectPath(kind, key);
    return this.#send({ method: 'PATCH', path, body: patch, contentType: 'application/merge-patch+json' });
  }

  /** Marks the object for deletion; one that is not there counts as deleted. */
  async delete(kind: ObjectKind, key: Key, options: DeleteOptions = {}): Promise<void> {
    const { uid, propagationPolicy = 'Background' } = options;
    const body = { propagationPolicy, ...(uid !== undefined && { preconditions: { uid } }) };
    try {
      await this.#send({ method: 'DELETE', path: objectPath(kind, key), body });
    } catch (error) {
      if (!hasCode(error, 'NotFound')) throw error;
    }
  }

  close(): void {
    this.#transport.close();
  }

  /** The kind says what the answer is. */
  async #send<T>(request: HttpRequest): Promise<T> {
    return (await this.#transport.send(request)) as T;
  }
}

const selectors = ({ labelSelector, fieldSelector }: ObjectKind) => ({ labelSelector, fieldSelector });

const typed = ({ apiVersion, kind }: ObjectKind, manifest: Manifest) => ({ ...manifest, apiVersion, kind });

function namedKey({ metadata }: Manifest): Key {
  if (!metadata?.name || !metadata.namespace) throw new Error('a manifest needs metadata.name and metadata.namespace');
  return { namespace: metadata.namespace, name: metadata.name };
}

function collectionPath({ apiVersion, plural }: ObjectKind, namespace: string | undefined): string {
  const root = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  return `${root}${namespace === undefined ? '' : `/namespaces/${namespace}`}/${plural}`;
}

function objectPath(kind: ObjectKind, { namespace, name }: Key): string {
  return `${collectionPath(kind, namespace)}/${name}`;
}
