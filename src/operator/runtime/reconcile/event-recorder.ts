import { createHash } from 'node:crypto';
import type { Clock } from '../../../lib/clock.ts';
import { toError } from '../../../lib/errors.ts';
import type { Logger } from '../../../lib/log.ts';
import { events, groupOf } from '../object-kind.ts';
import type { KubernetesClient } from '../transport/kubernetes-client.ts';
import { hasCode } from '../transport/kubernetes-error.ts';
import { TokenBucket } from './token-bucket.ts';
import type { KubernetesObject } from '../objects.ts';

export interface EventDetails {
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
  /** The controller that speaks. */
  readonly controller: string;
}

/** Events that say the same of the same object: one object in the API with a count. */
interface Series {
  readonly name: string;
  readonly namespace: string;
  count: number;
  /** Milliseconds since the epoch. */
  sentAt: number;
  lastSeenAt: number;
}

/** Repetitions within this time are counted, later ones begin anew (as in client-go). */
const seriesMilliseconds = 6 * 60_000;
/** A count is written at most this often. */
const updateMilliseconds = 30_000;
/**
 * When thousands of objects have something to say at once, their conditions say it: Events beyond this are left out, so
 * that they do not take the API server from the work itself. Warnings have an allowance of their own.
 */
const allowances = { Normal: { burst: 100, perSecond: 5 }, Warning: { burst: 500, perSecond: 25 } } as const;
/** The API's limit, in characters. */
const longestNote = 1024;

export interface EventRecorderOptions {
  readonly client: KubernetesClient;
  readonly clock: Clock;
  readonly logger: Logger;
  /** The pod that speaks. */
  readonly instance: string;
}

/** Tells people what happened to an object (`kubectl describe`). Never fails: what cannot be told is logged. */
export class EventRecorder {
  readonly #options: EventRecorderOptions;
  readonly #series = new Map<string, Series>();
  readonly #buckets: Readonly<Record<EventDetails['type'], TokenBucket>>;
  #leftOut = 0;
  /** Writes go one after another, so that a count is never older than the one before. */
  #writes: Promise<void> = Promise.resolve();

  constructor(options: EventRecorderOptions) {
    this.#options = options;
    const now = options.clock.monotonic();
    this.#buckets = {
      Normal: new TokenBucket(allowances.Normal, now),
      Warning: new TokenBucket(allowances.Warning, now),
    };
  }

  record(regarding: KubernetesObject, details: EventDetails): void {
    const now = this.#options.clock.now().getTime();
    this.#dropOld(now);
    const key = JSON.stringify([regarding.metadata.uid, details]);
    const series = this.#series.get(key);
    if (series) this.#repeat(series, now);
    else if (this.#buckets[details.type].take(this.#options.clock.monotonic()))
      this.#begin(key, regarding, details, now);
    else this.#leftOut += 1;
  }

  /** Resolves when everything said so far has been written, or the time is over. */
  async flush(milliseconds: number): Promise<void> {
    const written = new AbortController();
    await Promise.race([this.#writes, this.#options.clock.sleep(milliseconds, written.signal)]);
    written.abort();
  }

  #begin(key: string, regarding: KubernetesObject, details: EventDetails, now: number): void {
    const { namespace, name } = regarding.metadata;
    const suffix = createHash('sha1').update(`${key}${now}`).digest('hex').slice(0, 16);
    const series = { name: `${name.slice(0, 230)}.${suffix}`, namespace, count: 1, sentAt: now, lastSeenAt: now };
    this.#series.set(key, series);
    this.#tellWhatWasLeftOut();
    this.#write(async ({ client, instance }) => {
      await client.create(events, {
        metadata: { name: series.name, namespace },
        eventTime: microTime(now),
        type: details.type,
        reason: details.reason,
        action: 'Reconcile',
        note: shorten(details.message),
        reportingController: `${groupOf(regarding)}/${details.controller}`,
        reportingInstance: instance,
        regarding: reference(regarding),
      } as object);
    });
  }

  #repeat(series: Series, now: number): void {
    series.count += 1;
    series.lastSeenAt = now;
    if (series.count > 2 && now - series.sentAt < updateMilliseconds) return;
    series.sentAt = now;
    const count = { count: series.count, lastObservedTime: microTime(now) };
    this.#write(async ({ client }) => {
      await client.mergePatch(events, series, { series: count });
    });
  }

  #write(request: (options: EventRecorderOptions) => Promise<void>): void {
    this.#writes = this.#writes
      .then(() => request(this.#options))
      .catch((error: unknown) => {
        // The event has expired, or its namespace is going away: nobody is left to be told.
        if (hasCode(error, 'NotFound') || hasCode(error, 'Forbidden')) return;
        this.#options.logger.warn({ err: toError(error) }, 'Could not write an Event');
      });
  }

  #tellWhatWasLeftOut(): void {
    if (this.#leftOut > 0)
      this.#options.logger.info({ leftOut: this.#leftOut }, 'Events were left out: too many at once');
    this.#leftOut = 0;
  }

  #dropOld(now: number): void {
    for (const [key, { lastSeenAt }] of this.#series) {
      if (now - lastSeenAt > seriesMilliseconds) this.#series.delete(key);
    }
  }
}

function reference({ apiVersion, kind, metadata }: KubernetesObject) {
  const { namespace, name, uid, resourceVersion } = metadata;
  return { apiVersion, kind, namespace, name, uid, resourceVersion };
}

const microTime = (milliseconds: number) => new Date(milliseconds).toISOString().replace('Z', '000Z');

const shorten = (note: string) => (note.length <= longestNote ? note : `${note.slice(0, longestNote - 3)}...`);
