import { setImmediate } from 'node:timers/promises';
import type { BatchController, Managed, Result } from './controller.ts';
import { FailureLog } from './failure-log.ts';
import type { Change } from '../cache/informer.ts';
import type { ReconcileResult, RuntimeMetrics } from '../metrics.ts';
import { keyOf, keyText, parseKey } from '../objects.ts';
import { Reconciler, type Next, type Services } from './reconciler.ts';
import { allResults } from './results.ts';
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

  constructor(controller: BatchController<T>, services: Services, metrics: RuntimeMetrics) {
    this.#controller = controller;
    this.#services = services;
    this.#metrics = metrics;
    this.#queue = new WorkQueue({ clock: services.clock, observer: metrics.queue(controller.name) });
    this.#failures = new FailureLog(services.logger.child({ controller: controller.name }), services.clock);
    this.#reconciler = new Reconciler(controller, services, this.#failures);
  }

  /** To be called before the informers run. */
  watch(): void {
    const { caches } = this.#services;
    const { kind, watches = [] } = this.#controller;
    caches.informer(kind)!.onChange((change) => {
      if (concernsController(change)) this.#queue.add(keyText(keyOf(change.object)));
    });
    for (const { kind: watched, requests } of watches) {
      caches.informer(watched)!.onChange((change) => {
        for (const key of requests(change, caches)) this.#queue.add(keyText(key));
      });
    }
  }

  /** Works until the signal aborts, and ends when the last piece of work has. */
  async run(signal: AbortSignal): Promise<void> {
    const { name, concurrency = defaultConcurrency } = this.#controller;
    this.#metrics.workers(name, concurrency);
    signal.addEventListener('abort', () => this.#queue.close(), { once: true });
    if (signal.aborted) this.#queue.close();
    await Promise.all(Array.from({ length: concurrency }, () => this.#work(signal)));
  }

  async #work(signal: AbortSignal): Promise<void> {
    const { batchSize } = this.#controller;
    for (let keys = await this.#queue.take(batchSize); keys.length > 0; keys = await this.#queue.take(batchSize)) {
      await this.#handle(keys, signal);
      // Lets sockets and timers have their turn when all work is done from caches.
      await setImmediate();
    }
  }

  async #handle(keys: readonly string[], signal: AbortSignal): Promise<void> {
    const ended = keys.map(() => this.#metrics.reconcileStarted(this.#controller.name));
    const results = await allResults(keys.length, () => this.#reconciler.reconcile(keys.map(parseKey), signal));
    keys.forEach((key, index) => {
      ended[index]!(this.#conclude(key, results[index]!, signal));
      this.#queue.done(key);
    });
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
    const { requeueAfterMilliseconds } = result;
    if (requeueAfterMilliseconds === undefined) return 'success';
    this.#queue.addAfter(key, requeueAfterMilliseconds);
    return 'requeue_after';
  }
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
