import { createHash } from 'node:crypto';
import type { Clock } from '../../../lib/clock.ts';
import type { Logger } from '../../../lib/log.ts';
import { OutageLog } from '../../../lib/outage-log.ts';
import { events, groupOf } from '../object-kind.ts';
import type { KubernetesClient } from '../transport/kubernetes-client.ts';
import { hasCode, isTerminating } from '../transport/kubernetes-error.ts';
import { shorten } from './shorten.ts';
import { TokenBucket } from './token-bucket.ts';
import { wireTime, type Key, type KubernetesObject } from '../objects.ts';

export interface EventDetails {
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
  /** The reporting controller. */
  readonly controller: string;
}

/** Events that say the same of the same object: one object in the API with a count. */
interface Series {
  readonly name: string;
  readonly namespace: string;
  count: number;
  /** Both monotonic, in milliseconds. */
  sentAt: number;
  lastSeenAt: number;
}

/** Repetitions within this time are counted, later ones begin anew (as in client-go). */
const seriesMilliseconds = 6 * 60_000;
/** A count is written, or dropped Events are logged, at most this often. */
const updateMilliseconds = 30_000;
/**
 * When thousands of objects change at once, their conditions say so. Events beyond this limit are dropped, so that they
 * do not compete with the work itself for the API server. Warnings have a separate limit.
 */
const allowances = { Normal: { burst: 100, perSecond: 5 }, Warning: { burst: 500, perSecond: 25 } } as const;
/** How many writes may wait. Beyond that, the API server is down or too slow, and Events would only be late. */
const longestQueue = 1000;
/** In characters, as in events.k8s.io. */
const longestMessage = 1024;

export interface EventRecorderOptions {
  readonly client: KubernetesClient;
  readonly clock: Clock;
  readonly logger: Logger;
  /** The reporting pod. */
  readonly instance: string;
}

/** Records Events about objects (`kubectl describe`). Never fails: Events that cannot be written are dropped. */
export class EventRecorder {
  readonly #options: EventRecorderOptions;
  readonly #series = new Map<string, Series>();
  readonly #buckets: Readonly<Record<EventDetails['type'], TokenBucket>>;
  #leftOut = 0;
  /** Monotonic, in milliseconds. */
  #leftOutToldAt = -Infinity;
  readonly #outage: OutageLog;
  /** Writes go one after another, so that a count is never older than the one before. */
  #writes: Promise<void> = Promise.resolve();
  #waiting = 0;

  constructor(options: EventRecorderOptions) {
    this.#options = options;
    const { clock, logger } = options;
    const now = clock.monotonic();
    this.#buckets = {
      Normal: new TokenBucket(allowances.Normal, now),
      Warning: new TokenBucket(allowances.Warning, now),
    };
    this.#outage = new OutageLog({ logger, clock, begun: 'Could not write Events', ended: 'Events are written again' });
  }

  record(involved: KubernetesObject, details: EventDetails): void {
    const now = this.#options.clock.monotonic();
    this.#dropOld(now);
    const key = JSON.stringify([involved.metadata.uid, details]);
    const series = this.#series.get(key);
    if (series) this.#repeat(key, series, now);
    else if (this.#waiting < longestQueue && this.#buckets[details.type].take(now))
      this.#begin(key, involved, details, now);
    else this.#leftOut += 1;
  }

  /** Resolves when everything recorded so far has been written, or the time is over. */
  async flush(milliseconds: number): Promise<void> {
    const written = new AbortController();
    await Promise.race([this.#writes, this.#options.clock.sleep(milliseconds, written.signal)]);
    written.abort();
  }

  #begin(key: string, involved: KubernetesObject, details: EventDetails, now: number): void {
    const time = wireTime(this.#options.clock.now());
    const { namespace = 'default', name } = involved.metadata as Partial<Key> & { readonly name: string };
    const series = { name: eventName(name, `${key}${time}${now}`), namespace, count: 1, sentAt: now, lastSeenAt: now };
    this.#series.set(key, series);
    this.#reportLeftOut(now);
    this.#write(async ({ client, instance }) => {
      await client.create(events, {
        metadata: { name: series.name, namespace },
        involvedObject: reference(involved),
        type: details.type,
        reason: details.reason,
        message: shorten(details.message, longestMessage),
        firstTimestamp: time,
        lastTimestamp: time,
        count: 1,
        source: { component: details.controller },
        reportingComponent: `${groupOf(involved)}/${details.controller}`,
        reportingInstance: instance,
      } as object);
    });
  }

  #repeat(key: string, series: Series, now: number): void {
    // The one heard of last comes last.
    this.#series.delete(key);
    this.#series.set(key, series);
    series.count += 1;
    series.lastSeenAt = now;
    if ((series.count > 2 && now - series.sentAt < updateMilliseconds) || this.#waiting >= longestQueue) return;
    series.sentAt = now;
    const again = { count: series.count, lastTimestamp: wireTime(this.#options.clock.now()) };
    this.#write(async ({ client }) => {
      await client.mergePatch(events, series, again);
    });
  }

  #write(request: (options: EventRecorderOptions) => Promise<void>): void {
    this.#waiting += 1;
    this.#writes = this.#writes
      .then(() => request(this.#options))
      .then(() => this.#outage.ended())
      .catch((error: unknown) => {
        // The Event has expired, or its namespace is going away: nobody is left to read it.
        if (hasCode(error, 'NotFound') || isTerminating(error)) this.#outage.ended();
        else this.#outage.failed(error);
      })
      .finally(() => (this.#waiting -= 1));
  }

  /** Every Event that is let through could say so: under load, several a second. */
  #reportLeftOut(now: number): void {
    if (this.#leftOut === 0 || now - this.#leftOutToldAt < updateMilliseconds) return;
    this.#options.logger.info({ leftOut: this.#leftOut }, 'Dropped Events: too many at once');
    this.#leftOut = 0;
    this.#leftOutToldAt = now;
  }

  #dropOld(now: number): void {
    for (const [key, { lastSeenAt }] of this.#series) {
      if (now - lastSeenAt <= seriesMilliseconds) return;
      this.#series.delete(key);
    }
  }
}

function reference({ apiVersion, kind, metadata }: KubernetesObject) {
  const { namespace, name, uid, resourceVersion } = metadata;
  return { apiVersion, kind, namespace, name, uid, resourceVersion };
}

/** Names end in a letter or digit before each dot, so a name that is cut must not end in what joined its parts. */
function eventName(name: string, seed: string): string {
  const suffix = createHash('sha1').update(seed).digest('hex').slice(0, 16);
  return `${name.slice(0, 230).replace(/[-.]+$/, '')}.${suffix}`;
}
