import { backoffMilliseconds } from '../../../lib/backoff.ts';
import type { Clock } from '../../../lib/clock.ts';
import { toError } from '../../../lib/errors.ts';
import type { Logger } from '../../../lib/log.ts';
import { OutageLog, type OutageLogOptions } from '../../../lib/outage-log.ts';
import type { ObjectKind } from '../object-kind.ts';
import type { KubernetesClient } from '../transport/kubernetes-client.ts';
import { hasCode, isTransient } from '../transport/kubernetes-error.ts';
import { ObjectCache } from './object-cache.ts';
import { keyOf, keyText, type KubernetesObject } from '../objects.ts';
import { slim } from './slim.ts';
import { longestSilence, type WatchEvent } from '../transport/watch.ts';

/** Something happened to an object. */
export interface Change<T> {
  /** As it is now, or as it was last when it is deleted. */
  readonly object: T;
  /** As it was before; undefined for one that is new to us. */
  readonly previous: T | undefined;
  readonly deleted: boolean;
}

export interface InformerOptions<T extends KubernetesObject> {
  readonly client: Pick<KubernetesClient, 'pages' | 'watch' | 'watchTiming'>;
  readonly kind: ObjectKind<T>;
  /** Empty for all. */
  readonly namespaces: readonly string[];
  readonly clock: Clock;
  readonly logger: Logger;
  /** Shared by informers that one API server serves, so that its absence is reported once; its own when left out. */
  readonly outage?: OutageLog;
  /** Milliseconds since whenever, which the wall clock cannot move. */
  readonly monotonic?: () => number;
  /** Whether a change to what is cached throws, in tests: it is shared. */
  readonly freeze?: boolean;
}

/** A server that starts refuses even what is allowed, for a moment. */
const refusalPatience = 3;

/** Reports what keeps watches from the API server as a whole. */
export const watchOutage = (options: Pick<OutageLogOptions, 'logger' | 'clock'>): OutageLog =>
  new OutageLog({ ...options, begun: 'Watches broke', ended: 'Watches work again' });

const backoff = { initial: 200, maximum: 10_000, factor: 2, jitter: 'full' } as const;

/**
 * Keeps a copy of all objects of a kind: lists them once, then follows the watch. When the watch breaks it goes on
 * from the last version it saw; only when the server no longer knows that version (410) is everything listed again,
 * and what was missed told as changes.
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
  /** What the API server does not let us see, though it is there. */
  readonly #refusals: OutageLog;
  /** When the API server was last heard, about each namespace. */
  readonly #heardAt = new Map<string | undefined, number>();

  constructor(options: InformerOptions<T>) {
    this.kind = options.kind;
    this.#options = options;
    this.#now = options.monotonic ?? (() => performance.now());
    this.#outage = options.outage ?? watchOutage(options);
    this.#refusals = new OutageLog({ ...options, begun: 'Watch refused', ended: 'Watch accepted again' });
    this.cache = new ObjectCache({ freeze: options.freeze ?? false });
    this.#unsynced = new Set(options.namespaces.length === 0 ? [undefined] : options.namespaces);
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

  /** Since when nothing has been heard, not even that nothing happened, if that is too long for a watch that lives. */
  get silentSince(): Date | undefined {
    const { client, clock } = this.#options;
    const silence = this.#now() - Math.min(...this.#heardAt.values());
    if (silence <= longestSilence(client.watchTiming)) return undefined;
    return new Date(clock.now().getTime() - silence);
  }

  /** Ends when the signal aborts; nothing that the API server does ends it. */
  async run(signal: AbortSignal): Promise<void> {
    await Promise.all([...this.#unsynced].map((namespace) => this.#follow(namespace, signal)));
  }

  /** Takes in the answer to our own write, which the watch brings only later. */
  observe(object: T): void {
    const present = this.cache.get(keyOf(object));
    // One that is not there may be deleted already, and the answer late.
    if (present?.metadata.uid === object.metadata.uid) this.#put(object);
  }

  async #follow(namespace: string | undefined, signal: AbortSignal): Promise<void> {
    const { client, clock, kind } = this.#options;
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
      try {
        version ??= await this.#list(namespace);
        for await (const event of client.watch(kind, namespace, version, signal, accepted)) {
          failures = 0;
          version = this.#take(event);
          this.#hear(namespace);
        }
        this.#hear(namespace);
      } catch (error) {
        if (signal.aborted) return;
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

  async #list(namespace: string | undefined): Promise<string> {
    const listed = new Set<string>();
    let version = '';
    for await (const { items, resourceVersion } of this.#options.client.pages(this.kind, namespace)) {
      for (const item of items) this.#put(item);
      for (const item of items) listed.add(keyText(keyOf(item)));
      version = resourceVersion;
      this.#hear(namespace);
    }
    for (const present of this.cache.list(namespace)) if (!listed.has(keyText(keyOf(present)))) this.#remove(present);
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

  /** @returns the version up to which we know everything */
  #take(event: WatchEvent<T>): string {
    if (event.type === 'DELETED') this.#remove(event.object);
    else if (event.type !== 'BOOKMARK') this.#put(event.object);
    return event.object.metadata.resourceVersion;
  }

  #put(object: T): void {
    const kept = slim(object);
    const previous = this.cache.get(keyOf(kept));
    if (this.cache.put(kept)) this.#tell({ object: kept, previous, deleted: false });
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
