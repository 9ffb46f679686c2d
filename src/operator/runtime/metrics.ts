import { Counter, Gauge, Histogram, type Registry } from '../../lib/metrics.ts';
import type { QueueObserver } from './reconcile/work-queue.ts';

export type ReconcileResult = 'success' | 'requeue_after' | 'error';

const seconds = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

/** By the names of controller-runtime, client-go and Kubernetes, so that dashboards made for those work. */
export class RuntimeMetrics {
  readonly #reconciles;
  readonly #reconcileErrors;
  readonly #reconcileSeconds;
  readonly #activeWorkers;
  readonly #maximumWorkers;
  readonly #queueDepth;
  readonly #queueAdds;
  readonly #queueRetries;
  readonly #queueSeconds;
  readonly #workSeconds;
  /** When the work under way began, in milliseconds since whenever, by controller. */
  readonly #begun = new Map<string, Set<{ readonly at: number }>>();
  readonly #leader;
  readonly #requests;
  readonly #requestSeconds;

  constructor(registry: Registry) {
    const registers = [registry];
    const controller = { registers, labelNames: ['controller'] as const };
    const queue = { registers, labelNames: ['name'] as const };
    this.#reconciles = new Counter({
      name: 'controller_runtime_reconcile_total',
      help: 'Reconciliations by controller and result.',
      registers,
      labelNames: ['controller', 'result'] as const,
    });
    this.#reconcileErrors = new Counter({
      ...controller,
      name: 'controller_runtime_reconcile_errors_total',
      help: 'Reconciliations that ended in an error.',
    });
    this.#reconcileSeconds = new Histogram({
      ...controller,
      name: 'controller_runtime_reconcile_time_seconds',
      help: 'Duration of reconciliations.',
      buckets: seconds,
    });
    this.#activeWorkers = new Gauge({
      ...controller,
      name: 'controller_runtime_active_workers',
      help: 'Reconciliations in progress; a batch counts as one.',
    });
    this.#maximumWorkers = new Gauge({
      ...controller,
      name: 'controller_runtime_max_concurrent_reconciles',
      help: 'Maximum number of concurrent reconciliations, over all lanes that have work.',
    });
    this.#queueDepth = new Gauge({ ...queue, name: 'workqueue_depth', help: 'Keys waiting.' });
    this.#queueAdds = new Counter({ ...queue, name: 'workqueue_adds_total', help: 'Keys added.' });
    this.#queueRetries = new Counter({ ...queue, name: 'workqueue_retries_total', help: 'Keys added again later.' });
    this.#queueSeconds = new Histogram({
      ...queue,
      name: 'workqueue_queue_duration_seconds',
      help: 'Time that keys wait in the queue.',
      buckets: seconds,
    });
    this.#workSeconds = new Histogram({
      ...queue,
      name: 'workqueue_work_duration_seconds',
      help: 'Time that keys are worked on.',
      buckets: seconds,
    });
    const begun = this.#begun;
    new Gauge({
      ...queue,
      name: 'workqueue_unfinished_work_seconds',
      help: 'Total time that work in progress has taken so far; grows without bound if some of it is stuck.',
      collect() {
        for (const [name, works] of begun) this.set({ name }, sum(ages(works)));
      },
    });
    new Gauge({
      ...queue,
      name: 'workqueue_longest_running_processor_seconds',
      help: 'Time that the longest work in progress has taken so far.',
      collect() {
        for (const [name, works] of begun) this.set({ name }, Math.max(0, ...ages(works)));
      },
    });
    this.#leader = new Gauge({
      registers,
      name: 'leader_election_master_status',
      help: 'Whether this process is the leader.',
      labelNames: ['name'] as const,
    });
    this.#requests = new Counter({
      registers,
      name: 'rest_client_requests_total',
      help: 'Requests to the API server by method and status.',
      labelNames: ['method', 'code'] as const,
    });
    this.#requestSeconds = new Histogram({
      registers,
      name: 'rest_client_request_duration_seconds',
      help: 'Time from a request to the headers of its response.',
      labelNames: ['verb'] as const,
      buckets: seconds,
    });
  }

  /** @returns a function to be told the result at the end */
  reconcileStarted(controller: string): (result: ReconcileResult) => void {
    const endReconcile = this.#reconcileSeconds.startTimer({ controller });
    const endWork = this.#workSeconds.startTimer({ name: controller });
    const work = { at: performance.now() };
    const works = this.#begun.get(controller) ?? new Set();
    this.#begun.set(controller, works.add(work));
    return (result) => {
      endReconcile();
      endWork();
      works.delete(work);
      this.#reconciles.inc({ controller, result });
      if (result === 'error') this.#reconcileErrors.inc({ controller });
    };
  }

  /** @param concurrency how many reconciliations may be under way at once in each lane */
  queue(name: string, concurrency: number): QueueObserver {
    const working = (batches: number, lanes: number) => {
      this.#activeWorkers.set({ controller: name }, batches);
      this.#maximumWorkers.set({ controller: name }, concurrency * Math.max(1, lanes));
    };
    working(0, 0);
    return {
      working,
      added: () => this.#queueAdds.inc({ name }),
      retried: () => this.#queueRetries.inc({ name }),
      taken: (waitedMilliseconds) => this.#queueSeconds.observe({ name }, waitedMilliseconds / 1000),
      depth: (length) => this.#queueDepth.set({ name }, length),
    };
  }

  leading(name: string, leads: boolean): void {
    this.#leader.set({ name }, leads ? 1 : 0);
  }

  /** To be given to the transport. */
  readonly requestAnswered = (method: string, code: string, duration: number): void => {
    this.#requests.inc({ method, code });
    this.#requestSeconds.observe({ verb: method }, duration);
  };
}

const ages = (works: Iterable<{ readonly at: number }>) => [...works].map(({ at }) => (performance.now() - at) / 1000);

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);
