import { setImmediate } from 'node:timers/promises';
import type { Controller, Managed } from './controller.ts';
import { FailureLog } from './failure-log.ts';
import type { Change } from './informer.ts';
import type { RuntimeMetrics } from './metrics.ts';
import { keyOf, keyText, parseKey } from './objects.ts';
import { Reconciler, type Services } from './reconciler.ts';
import { WorkQueue } from './work-queue.ts';

const defaultConcurrency = 4;

/** Runs a controller: what it watches fills its queue, and its workers empty it. */
export class ControllerRunner<T extends Managed> {
  readonly #controller: Controller<T>;
  readonly #services: Services;
  readonly #metrics: RuntimeMetrics;
  readonly #queue: WorkQueue;
  readonly #reconciler: Reconciler<T>;
  readonly #failures: FailureLog;

  constructor(controller: Controller<T>, services: Services, metrics: RuntimeMetrics) {
    this.#controller = controller;
    this.#services = services;
    this.#metrics = metrics;
    this.#queue = new WorkQueue({ clock: services.clock, observer: metrics.queue(controller.name) });
    this.#reconciler = new Reconciler(controller, services);
    this.#failures = new FailureLog(services.logger.child({ controller: controller.name }));
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
    for (let key = await this.#queue.take(); key !== undefined; key = await this.#queue.take()) {
      await this.#handle(key, signal);
      this.#queue.done(key);
      // Lets sockets and timers have their turn when all work is done from caches.
      await setImmediate();
    }
  }

  async #handle(key: string, signal: AbortSignal): Promise<void> {
    const ended = this.#metrics.reconcileStarted(this.#controller.name);
    try {
      const { requeueAfterMilliseconds } = await this.#reconciler.reconcile(parseKey(key), signal);
      this.#queue.succeeded(key);
      this.#failures.succeeded(key);
      if (requeueAfterMilliseconds !== undefined) this.#queue.addAfter(key, requeueAfterMilliseconds);
      ended(requeueAfterMilliseconds === undefined ? 'success' : 'requeue_after');
    } catch (error) {
      ended('error');
      if (signal.aborted) return;
      this.#queue.retry(key);
      this.#failures.failed(key, error);
    }
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
