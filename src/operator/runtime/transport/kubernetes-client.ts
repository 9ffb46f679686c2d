import type { HttpRequest, HttpTransport } from './http-transport.ts';
import type { ObjectKind } from '../object-kind.ts';
import { hasCode } from './kubernetes-error.ts';
import type { Key, KubernetesObject, Manifest } from '../objects.ts';
import { defaultWatchTiming, watchFromStart, watchObjects, type WatchEvent, type WatchTiming } from './watch.ts';

/** All objects of a kind at one version of the whole. */
export interface ObjectList<T> {
  readonly items: T[];
  readonly resourceVersion: string;
}

export interface ApplyOptions {
  readonly fieldManager: string;
  readonly subresource?: 'status';
}

export interface PatchOptions {
  /** The field manager of changes; the server chooses a name if omitted. */
  readonly fieldManager?: string;
  readonly subresource?: 'status';
}

export interface DeleteOptions {
  /** Only this object, not a later one of the same name. */
  readonly uid?: string;
  /** Only the object as it was seen. */
  readonly resourceVersion?: string;
  readonly propagationPolicy?: 'Background' | 'Foreground' | 'Orphan';
}

interface ListPage<T> {
  readonly metadata: { readonly resourceVersion: string; readonly continue?: string };
  readonly items: Omit<T, 'apiVersion' | 'kind'>[];
}

const pageSize = 500;
/** A version is known for minutes: a list that outlasts it twice would not end at all. */
const listAttempts = 3;

/**
 * Reads and writes objects of the API server. Every call but a list is one request, and throws a ExpectedError with
 * a KubernetesErrorCode.
 */
export class KubernetesClient {
  readonly #transport: HttpTransport;
  readonly watchTiming: WatchTiming;
  readonly #beforeWrite: (() => void) | undefined;

  constructor(transport: HttpTransport, watchTiming = defaultWatchTiming, beforeWrite?: () => void) {
    this.#transport = transport;
    this.watchTiming = watchTiming;
    this.#beforeWrite = beforeWrite;
  }

  /**
   * The same client with one more guard, which is called right before a write is sent: what it throws is thrown, and
   * nothing is sent.
   */
  guardedBy(beforeWrite: () => void): KubernetesClient {
    return new KubernetesClient(this.#transport, this.watchTiming, () => {
      this.#beforeWrite?.();
      beforeWrite();
    });
  }

  async get<T extends KubernetesObject>(kind: ObjectKind<T>, key: Key): Promise<T | undefined> {
    try {
      return await this.#send<T>({ method: 'GET', path: objectPath(kind, key) });
    } catch (error) {
      if (hasCode(error, 'NotFound')) return undefined;
      throw error;
    }
  }

  /** Everything in a namespace, or in all of them, within the kind's selectors. */
  async list<T extends KubernetesObject>(kind: ObjectKind<T>, namespace?: string): Promise<ObjectList<T>> {
    for (let attempt = 1; ; attempt++) {
      try {
        const items: T[] = [];
        let resourceVersion = '';
        for await (const page of this.pages(kind, namespace)) {
          items.push(...page.items);
          resourceVersion = page.resourceVersion;
        }
        return { items, resourceVersion };
      } catch (error) {
        if (!hasCode(error, 'Expired') || attempt === listAttempts) throw error;
      }
    }
  }

  /**
   * A list in pieces, all of the same version of the whole, so that a long one neither fills the memory nor keeps
   * others waiting; where objects are so large that a piece exceeds what an answer may have, in smaller pieces. Fails
   * with Expired when the server no longer knows that version before the last piece was read.
   */
  async *pages<T extends KubernetesObject>(kind: ObjectKind<T>, namespace?: string): AsyncGenerator<ObjectList<T>> {
    let limit = pageSize;
    for (let next: string | undefined = ''; next !== undefined;) {
      const query = { ...selectors(kind), limit: String(limit), continue: next || undefined };
      let page: ListPage<T>;
      try {
        page = await this.#send({ method: 'GET', path: collectionPath(kind, namespace), query });
      } catch (error) {
        if (!hasCode(error, 'AnswerTooLarge') || limit === 1) throw error;
        limit = Math.ceil(limit / 2);
        continue;
      }
      // Items of a list leave out what the list itself says.
      const items = page.items.map((item) => ({ apiVersion: kind.apiVersion, kind: kind.kind, ...item }) as T);
      yield { items, resourceVersion: page.metadata.resourceVersion };
      next = page.metadata.continue || undefined;
    }
  }

  /**
   * What happens after a version, until the server ends the watch (some minutes), it fails, or the signal aborts. Without
   * a version, everything that is there comes first, and the bookmark that ends it: see watchFromStart.
   *
   * @param onOpen called when the server has accepted the watch, long before anything may happen
   */
  watch<T extends KubernetesObject>(
    kind: ObjectKind<T>,
    namespace: string | undefined,
    resourceVersion: string | undefined,
    signal: AbortSignal,
    onOpen?: () => void,
  ): AsyncGenerator<WatchEvent<T>> {
    const path = collectionPath(kind, namespace);
    if (resourceVersion === undefined) {
      return watchFromStart(this.#transport, path, selectors(kind), this.watchTiming, signal, onOpen);
    }
    const query = { ...selectors(kind), resourceVersion };
    return watchObjects(this.#transport, path, query, this.watchTiming, signal, onOpen);
  }

  create<T extends KubernetesObject>(kind: ObjectKind<T>, manifest: Manifest): Promise<T> {
    const path = collectionPath(kind, manifest.metadata?.namespace);
    return this.#write({ method: 'POST', path, body: typed(kind, manifest) });
  }

  /** Writes the whole object; fails with Conflict when it is not the newest version that was read. */
  replace<T extends KubernetesObject>(kind: ObjectKind<T>, object: T): Promise<T> {
    return this.#write({ method: 'PUT', path: objectPath(kind, object.metadata), body: object });
  }

  /** Server-side apply: the fields of the manifest become ours, whoever had them, and those we no longer name go. */
  apply<T extends KubernetesObject>(kind: ObjectKind<T>, manifest: Manifest, options: ApplyOptions): Promise<T> {
    return this.#write({
      method: 'PATCH',
      path: objectPath(kind, namedKey(manifest)) + (options.subresource ? `/${options.subresource}` : ''),
      query: { fieldManager: options.fieldManager, force: 'true' },
      body: typed(kind, manifest),
      contentType: 'application/apply-patch+yaml',
    });
  }

  /** Merges the patch into the object (RFC 7386). */
  mergePatch<T extends KubernetesObject>(
    kind: ObjectKind<T>,
    key: Key,
    patch: object,
    { fieldManager, subresource }: PatchOptions = {},
  ): Promise<T> {
    return this.#write({
      method: 'PATCH',
      path: objectPath(kind, key) + (subresource ? `/${subresource}` : ''),
      query: { fieldManager },
      body: patch,
      contentType: 'application/merge-patch+json',
    });
  }

  /** Posts to a subresource of the object, such as `eviction` of a pod. */
  async postTo(kind: ObjectKind, key: Key, subresource: string, body: object): Promise<void> {
    await this.#write({ method: 'POST', path: `${objectPath(kind, key)}/${subresource}`, body });
  }

  /** Marks the object for deletion; one that is not there counts as deleted. */
  async delete(kind: ObjectKind, key: Key, options: DeleteOptions = {}): Promise<void> {
    const { propagationPolicy = 'Background', ...preconditions } = options;
    const body = { propagationPolicy, preconditions };
    try {
      await this.#write({ method: 'DELETE', path: objectPath(kind, key), body });
    } catch (error) {
      if (!hasCode(error, 'NotFound')) throw error;
    }
  }

  close(): void {
    this.#transport.close();
  }

  #write<T>(request: HttpRequest): Promise<T> {
    return this.#send({ ...request, ...(this.#beforeWrite && { beforeSending: this.#beforeWrite }) });
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
  return `${root}${namespace ? `/namespaces/${namespace}` : ''}/${plural}`;
}

function objectPath(kind: ObjectKind, { namespace, name }: Key): string {
  return `${collectionPath(kind, namespace)}/${name}`;
}
