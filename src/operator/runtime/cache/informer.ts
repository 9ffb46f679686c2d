import { backoffMilliseconds } from '../../../lib/backoff.ts';
import type { Clock } from '../../../lib/clock.ts';
import { toError } from '../../../lib/errors.ts';
import type { Logger } from '../../../lib/log.ts';
import { OutageLog, type OutageLogOptions } from '../../../lib/outage-log.ts';
import type { ObjectKind } from '../object-kind.ts';
import type { KubernetesClient } from '../transport/kubernetes-client.ts';
import { hasCode, isTransient } from '../transport/kubernetes-error.ts';
import { ObjectCache, versionOf } from './object-cache.ts';
import { keyOf, type KubernetesObject } from '../objects.ts';
import { slim } from './slim.ts';
import { endsInitialEvents, longestSilence, type WatchEvent } from '../transport/watch.ts';
import { WatchProgress } from './watch-progress.ts';

/** Something happened to an object. */
export interface Change<T> {
  /** Its current state, or the last one if it was deleted. */
  readonly object: T;
  /** Its previous state; undefined if it is new to us. */
  readonly previous: T | undefined;
  readonly deleted: boolean;
}

export interface InformerOptions<T extends KubernetesObject> {
  readonly client: Pick<KubernetesClient, 'pages' | 'watch' | 'watchTiming'>;
  readonly kind: ObjectKind<T>;
  /** Empty for all. `none` for a kind that may not be read: its cache stays empty, and the server is not asked. */
  readonly namespaces: readonly string[] | 'none';
  readonly clock: Clock;
  readonly logger: Logger;
  /** Shared by all informers of one API server, so that an outage is reported once. Its own if omitted. */
  readonly outage?: OutageLog;
  /** Milliseconds of a monotonic clock. */
  readonly monotonic?: () => number;
  /** Whether to throw, in tests, when somebody changes a cached object: they are shared. */
  readonly freeze?: boolean;
}

/** A starting server briefly refuses even what is allowed. */
const refusalPatience = 3;

/** Reports outages that affect all watches. */
export const watchOutage = (options: Pick<OutageLogOptions, 'logger' | 'clock'>): OutageLog =>
  new OutageLog({ ...options, begun: 'Watches broke', ended: 'Watches work again' });

const backoff = { initial: 200, maximum: 10_000, factor: 2, jitter: 'full' } as const;

/** After this many streams in a row that broke in the middle of a list, lists are read in pages. */
const brokenLists = 3;

/**
 * Keeps a copy of all objects of a kind: lists them once, then follows the watch. When the watch breaks it goes on
 * from the last version it saw; only when the server no longer knows that version (410) is everything listed again,
 * and what was missed is reported as changes.
 *
 * Guarantees of the cache, whatever breaks and in whatever order responses and events arrive:
 * - It never goes back to an older version of an object, and one that was seen to be deleted never comes back.
 * - Once `observe` has been called with the answer to a write, the cache never shows an older state: an object that is
 *   new is there, one that the write has removed is not.
 * - Once nothing changes any more, it becomes equal to what the server has.
 *
 * Lists are streamed on the connection of the watch that follows them. A server that does not support this is asked for
 * pages from then on.
 */
export class Informer<T extends KubernetesObject> {
  readonly kind: ObjectKind<T>;
  readonly cache: ObjectCache<T>;
  readonly #options: InformerOptions<T>;
  readonly #now: () => number;
  readonly #handlers: ((change: Change<T>) => void)[] = [];
  readonly #unsynced: Set<string | undefined>;
  readonly #synced = Promise.withResolvers<void>();
  readonly #outage: OutageLog;
  /** What exists but the API server does not let us see. */
  readonly #refusals: OutageLog;
  /** When the API server was last heard from, for each namespace. */
  readonly #heardAt = new Map<string | undefined, number>();
  /** Of the watch of each namespace. */
  readonly #progress: ReadonlyMap<string | undefined, WatchProgress<T>>;
  #streamsLists = true;

  constructor(options: InformerOptions<T>) {
    this.kind = options.kind;
    this.#options = options;
    this.#now = options.monotonic ?? (() => performance.now());
    this.#outage = options.outage ?? watchOutage(options);
    this.#refusals = new OutageLog({ ...options, begun: 'Watch refused', ended: 'Watch accepted again' });
    this.cache = new ObjectCache({ freeze: options.freeze ?? false });
    const all = options.namespaces === 'none' ? [] : options.namespaces;
    const namespaces = options.namespaces.length === 0 ? [undefined] : all;
    this.#unsynced = new Set(namespaces);
    if (this.hasSynced) this.#synced.resolve();
    this.#progress = new Map(namespaces.map((namespace) => [namespace, new WatchProgress()]));
  }

  /** To be called before the informer runs. */
  onChange(handler: (change: Change<T>) => void): void {
    this.#handlers.push(handler);
  }

  get hasSynced(): boolean {
    return this.#unsynced.size === 0;
  }

  /** Resolves when everything has been listed once. */
  get synced(): Promise<void> {
    return this.#synced.promise;
  }

  /** Since when nothing has arrived, not even a bookmark, if that is longer than a healthy watch can be silent. */
  get silentSince(): Date | undefined {
    const { client, clock } = this.#options;
    const silence = this.#now() - Math.min(...this.#heardAt.values());
    if (silence <= longestSilence(client.watchTiming)) return undefined;
    return new Date(clock.now().getTime() - silence);
  }

  /** Ends when the signal aborts, and never because of the API server. */
  async run(signal: AbortSignal): Promise<void> {
    await Promise.all([...this.#unsynced].map((namespace) => this.#follow(namespace, signal)));
  }

  /** Applies the response to our own write at once; the watch reports it only later. */
  observe(object: T): void {
    const progress = this.#progress.get(undefined) ?? this.#progress.get(object.metadata.namespace);
    if (!progress) return;
    const present = this.cache.get(keyOf(object));
    const isPresent = present?.metadata.uid === object.metadata.uid;
    // It was there, and has been deleted since: the answer is late.
    if (!isPresent && progress.hasPassed(object)) return;
    if (hasEnded(object)) {
      progress.bury(object);
      if (isPresent) this.#remove(present);
    } else if (this.#put(object, progress) && !isPresent) progress.expect(object);
  }

  async #follow(namespace: string | undefined, signal: AbortSignal): Promise<void> {
    const { client, clock, kind, logger } = this.#options;
    const progress = this.#progress.get(namespace)!;
    let version: string | undefined;
    let failures = 0;
    let refusals = 0;
    const accepted = () => {
      refusals = 0;
      this.#accepted(namespace);
    };
    while (!signal.aborted) {
      // An attempt counts as failed until the first event, so that a watch which ends at once is not asked for in a loop.
      failures += 1;
      const listed = new Set<string>();
      try {
        if (!this.#streamsLists) version ??= await this.#list(namespace, listed);
        for await (const event of client.watch(kind, namespace, version, signal, accepted)) {
          this.#hear(namespace);
          version = version === undefined ? this.#takeInitial(event, namespace, listed) : this.#take(event, progress);
          // A list that breaks again and again is a failure, however much of it came.
          if (version !== undefined) failures = 0;
        }
        this.#hear(namespace);
      } catch (error) {
        if (signal.aborted) return;
        if (version === undefined && this.#streamsLists && this.#cannotStream(error, listed, failures)) {
          this.#streamsLists = false;
          failures = 0;
          logger.debug({ kind: kind.plural, err: toError(error) }, 'Reading lists in pages from now on');
          continue;
        }
        const expired = hasCode(error, 'Expired');
        if (expired) version = undefined;
        // A server that says 410 is well, and answers a list at once.
        failures = expired ? 1 : Math.max(failures, 1);
        refusals = expired || isTransient(error) ? 0 : refusals + 1;
        if (!expired) this.#failed(namespace, error, refusals);
      }
      if (failures > 0) await clock.sleep(backoffMilliseconds(backoff, failures), signal);
    }
  }

  /** The server cannot, or something in between never lets a list come to its end. */
  #cannotStream(error: unknown, listed: ReadonlySet<string>, failures: number): boolean {
    return hasCode(error, 'StreamingUnsupported') || (listed.size > 0 && failures >= brokenLists);
  }

  async #list(namespace: string | undefined, listed: Set<string>): Promise<string> {
    const progress = this.#progress.get(namespace)!;
    let version = '';
    for await (const { items, resourceVersion } of this.#options.client.pages(this.kind, namespace)) {
      for (const item of items) this.#put(item, progress);
      for (const { metadata } of items) listed.add(metadata.uid);
      version = resourceVersion;
      this.#hear(namespace);
    }
    return this.#completeList(namespace, version, listed);
  }

  /** @returns the version of the list once it is complete */
  #takeInitial(event: WatchEvent<T>, namespace: string | undefined, listed: Set<string>): string | undefined {
    const progress = this.#progress.get(namespace)!;
    if (endsInitialEvents(event)) return this.#completeList(namespace, event.object.metadata.resourceVersion, listed);
    if (event.type === 'BOOKMARK') return undefined;
    const { object, type } = event;
    if (type === 'DELETED') {
      listed.delete(object.metadata.uid);
      progress.bury(object, true);
      this.#removeUpTo(object, progress);
    } else {
      listed.add(object.metadata.uid);
      this.#put(object, progress);
    }
    return undefined;
  }

  /** Removes what was not listed, unless it is newer than all that the server has told: then a write of ours made it. */
  #completeList(namespace: string | undefined, version: string, listed: ReadonlySet<string>): string {
    const progress = this.#progress.get(namespace)!;
    const { version: told } = progress;
    progress.completeList(BigInt(version), listed);
    for (const present of this.cache.list(namespace)) {
      const isNewer = versionOf(present) > told && !progress.hasPassed(present);
      if (!listed.has(present.metadata.uid) && !isNewer) this.#remove(present);
    }
    this.#unsynced.delete(namespace);
    if (this.hasSynced) this.#synced.resolve();
    return version;
  }

  /** @param refusals how many in a row, in place of an answer that might only be late */
  #failed(namespace: string | undefined, error: unknown, refusals: number): void {
    const kind = this.kind.plural;
    const fields = { kind, ...(namespace !== undefined && { namespace }) };
    const part = `${kind}/${namespace ?? ''}`;
    if (refusals < refusalPatience) return this.#outage.failed(error, fields, part);
    this.#refusals.failed(error, fields, part);
    this.#outage.ended({}, part);
  }

  #accepted(namespace: string | undefined): void {
    const kind = this.kind.plural;
    const part = `${kind}/${namespace ?? ''}`;
    this.#outage.ended({}, part);
    this.#refusals.ended({ kind }, part);
  }

  #hear(namespace: string | undefined): void {
    this.#heardAt.set(namespace, this.#now());
  }

  /** @returns the version up to which everything is known */
  #take(event: WatchEvent<T>, progress: WatchProgress<T>): string {
    // A connection that repeats events reports nothing new.
    if (progress.hasPassed(event.object)) return String(progress.version);
    if (event.type === 'DELETED') {
      this.#removeUpTo(event.object, progress);
      progress.unbury(event.object);
    } else if (event.type !== 'BOOKMARK') {
      this.#put(event.object, progress);
      progress.confirm(event.object);
    }
    progress.advance(event.object);
    for (const object of progress.passedBy(this.cache)) this.#remove(object);
    return String(progress.version);
  }

  /** @returns whether it was new or newer */
  #put(object: T, progress: WatchProgress<T>): boolean {
    if (progress.isGone(object)) return false;
    const kept = slim(object);
    const previous = this.cache.get(keyOf(kept));
    if (!this.cache.put(kept)) return false;
    if (previous && previous.metadata.uid !== kept.metadata.uid) progress.bury(previous);
    this.#tell({ object: kept, previous, deleted: false });
    return true;
  }

  /** What is cached may be another object of that name: one that came later stays, one from before is gone as well. */
  #removeUpTo(deleted: T, progress: WatchProgress<T>): void {
    const present = this.cache.get(keyOf(deleted));
    if (!present || versionOf(present) > versionOf(deleted)) return;
    if (present.metadata.uid !== deleted.metadata.uid) progress.bury(present);
    this.#remove(present);
  }

  #remove(object: T): void {
    const previous = this.cache.remove(keyOf(object));
    if (previous) this.#tell({ object: previous, previous, deleted: true });
  }

  #tell(change: Change<T>): void {
    for (const handler of this.#handlers) {
      try {
        handler(change);
      } catch (error) {
        // A mistake in one handler must not keep the change from the others, nor end the watch.
        const { plural } = this.kind;
        this.#options.logger.error({ kind: plural, ...keyOf(change.object), err: toError(error) }, 'Handler failed');
      }
    }
  }
}

/** The write took off the last finalizer of an object that was to be deleted: the answer is the last that it was. */
function hasEnded({ metadata }: KubernetesObject): boolean {
  const { deletionTimestamp, deletionGracePeriodSeconds = 0, finalizers = [] } = metadata as Metadata;
  return deletionTimestamp !== undefined && deletionGracePeriodSeconds === 0 && finalizers.length === 0;
}

type Metadata = KubernetesObject['metadata'] & { readonly deletionGracePeriodSeconds?: number };
