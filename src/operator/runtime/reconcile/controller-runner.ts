import { setImmediate } from 'node:timers/promises';
import { toError } from '../../../lib/errors.ts';
import type { Logger } from '../../../lib/log.ts';
import type { Caches } from '../cache/caches.ts';
import type { BatchController, Managed, Result, Watch } from './controller.ts';
import { FailureLog } from './failure-log.ts';
import type { Change } from '../cache/informer.ts';
import type { ReconcileResult, RuntimeMetrics } from '../metrics.ts';
import { keyOf, keyText, parseKey, type KubernetesObject } from '../objects.ts';
import { Reconciler, type Next, type Services } from './reconciler.ts';
import { allResults } from './results.ts';
import type { Batch } from './waiting-keys.ts';
import { WorkQueue } from './work-queue.ts';

const defaultConcurrency = 4;

/** Runs a controller: what it watches fills its queue, and its workers empty it. */
export class ControllerRunner<T extends Managed> {
  readonly #controller: BatchController<T>;
  readonly #services: Services;
  readonly #metrics: RuntimeMetrics;
  readonly #queue: WorkQueue;
  readonly #reconciler: Reconciler<T>;
  readonly #failures: FailureLog;
  readonly #logger: Logger;
  #running = false;

  constructor(controller: BatchController<T>, services: Services, metrics: RuntimeMetrics) {
    this.#controller = controller;
    this.#services = services;
    this.#metrics = metrics;
    const { name, batchSize, concurrency = defaultConcurrency, rateLimit } = controller;
    this.#queue = new WorkQueue({
      clock: services.clock,
      batchSize,
      concurrency,
      laneOf: (key) => this.#laneOf(key),
      ...(rateLimit && { rateLimit }),
      observer: metrics.queue(name, concurrency),
    });
    this.#logger = services.logger.child({ controller: name });
    this.#failures = new FailureLog(this.#logger, services.clock);
    this.#reconciler = new Reconciler(controller, services, this.#failures);
  }

  /** To be called before the informers run. Until the controller runs, changes wake nothing: it begins with all there is. */
  watch(): void {
    const { caches } = this.#services;
    const { kind, watches = [] } = this.#controller;
    caches.informer(kind)!.onChange((change) => {
      if (this.#running && concernsController(change)) this.#queue.add(keyText(keyOf(change.object)));
    });
    for (const watch of watches) {
      caches.informer(watch.kind)!.onChange((change) => {
        if (this.#running) for (const key of requestsOf(watch, change, caches)) this.#queue.add(key);
      });
    }
  }

  /** Works until the signal aborts, and ends when the last piece of work has. */
  async run(signal: AbortSignal): Promise<void> {
    signal.addEventListener('abort', () => this.#queue.close(), { once: true });
    if (signal.aborted) this.#queue.close();
    this.#begin();
    const works = new Set<Promise<void>>();
    let mistake: Error | undefined;
    for (let batch = await this.#queue.take(); batch; batch = await this.#queue.take()) {
      const work = this.#handle(batch, signal)
        .catch((error: unknown) => {
          mistake ??= toError(error);
          this.#queue.close();
        })
        .finally(() => works.delete(work));
      works.add(work);
      // Lets sockets and timers have their turn when all work is done from caches.
      await setImmediate();
    }
    await Promise.all(works);
    if (mistake) throw mistake;
  }

  /** What has changed while nobody led goes before what only needs another look. */
  #begin(): void {
    this.#running = true;
    for (const object of this.#services.caches.of(this.#controller.kind).list()) {
      const seen = object.status?.observedGeneration === object.metadata.generation;
      this.#queue.add(keyText(keyOf(object)), seen ? 'low' : 'normal');
    }
  }

  /** A resource that is gone takes no time, so any lane will do. */
  #laneOf(key: string): string {
    const { lane, kind } = this.#controller;
    const { caches } = this.#services;
    const object = lane && caches.of(kind).get(parseKey(key));
    try {
      return object ? lane(object, caches) : '';
    } catch (error) {
      this.#logger.error({ ...parseKey(key), err: toError(error) }, 'Could not choose a lane');
      return '';
    }
  }

  async #handle(batch: Batch, signal: AbortSignal): Promise<void> {
    const { keys } = batch;
    const ended = keys.map(() => this.#metrics.reconcileStarted(this.#controller.name));
    const results = await allResults(keys.length, () => this.#reconciler.reconcile(keys.map(parseKey), signal));
    keys.forEach((key, index) => ended[index]!(this.#conclude(key, results[index]!, signal)));
    this.#queue.done(batch);
  }

  #conclude(key: string, result: Result<Next>, signal: AbortSignal): ReconcileResult {
    if (result instanceof Error) {
      if (signal.aborted) return 'error';
      this.#queue.retry(key);
      this.#failures.failed(key, result);
      return 'error';
    }
    this.#queue.succeeded(key);
    this.#failures.succeeded(key);
    const { requeueAfterMilliseconds, ready = false } = result;
    if (requeueAfterMilliseconds === undefined) return 'success';
    this.#queue.addAfter(key, requeueAfterMilliseconds, ready ? 'low' : 'normal');
    return 'requeue_after';
  }
}

/** Also of whom the object referred to before it changed, and refers to no longer. */
function requestsOf({ requests }: Watch, change: Change<KubernetesObject>, caches: Caches): Set<string> {
  const { object, previous, deleted } = change;
  const before = previous && !deleted ? requests({ ...change, object: previous, previous: object }, caches) : [];
  return new Set([...requests(change, caches), ...before].map(keyText));
}

/** A change of status alone is our own doing: to act on it would be to run in a circle. */
function concernsController({ object, previous, deleted }: Change<Managed>): boolean {
  if (!previous || deleted) return true;
  const [now, before] = [object.metadata, previous.metadata];
  return (
    now.uid !== before.uid ||
    now.generation !== before.generation ||
    now.deletionTimestamp !== before.deletionTimestamp ||
    JSON.stringify([now.labels, now.annotations]) !== JSON.stringify([before.labels, before.annotations]) ||
    JSON.stringify(now.finalizers) !== JSON.stringify(before.finalizers)
  );
}
