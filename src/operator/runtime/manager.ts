import { once } from 'node:events';
import type { Clock } from '../../lib/clock.ts';
import { toError } from '../../lib/errors.ts';
import type { Component, StartContext } from '../../lib/lifecycle.ts';
import type { Logger } from '../../lib/log.ts';
import type { OutageLog } from '../../lib/outage-log.ts';
import { Applier } from './reconcile/applier.ts';
import { Caches } from './cache/caches.ts';
import { ControllerRunner } from './reconcile/controller-runner.ts';
import type { BatchController, Controller, Managed } from './reconcile/controller.ts';
import { EventRecorder } from './reconcile/event-recorder.ts';
import { Informer, watchOutage } from './cache/informer.ts';
import type { ObjectKind } from './object-kind.ts';
import type { KubernetesClient } from './transport/kubernetes-client.ts';
import { LeaderElection, type LeaderElectionTiming } from './leadership/leader-election.ts';
import type { RuntimeMetrics } from './metrics.ts';
import { oneByOne } from './reconcile/one-by-one.ts';
import type { Services } from './reconcile/reconciler.ts';

export interface ManagerOptions {
  readonly client: KubernetesClient;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: RuntimeMetrics;
  /** Empty for all. */
  readonly namespaces: readonly string[];
  /** Labels for everything that controllers apply. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Whether to throw, in tests, when a controller changes a cached object: they are shared. */
  readonly freezeCaches?: boolean;
  /** Unique name of this process, such as its pod's. */
  readonly identity: string;
  /** Without it, this process leads at once. */
  readonly leaderElection?: {
    readonly namespace: string;
    readonly name: string;
    readonly timing?: LeaderElectionTiming;
    /** A client with its own connections, which other work can never occupy. */
    readonly client?: KubernetesClient;
  };
}

/** How long a stop waits for Events to be written. */
const flushMilliseconds = 2_000;

/** Runs controllers: caches first, then leadership, then work. As a component of a program it starts and stops. */
export class Manager implements Component {
  readonly name = 'manager';
  readonly #options: ManagerOptions;
  readonly #services: Services;
  readonly #election: LeaderElection | undefined;
  readonly #watchOutage: OutageLog;
  readonly #runners: { run(signal: AbortSignal): Promise<void> }[] = [];
  readonly #watching = new AbortController();
  readonly #working = new AbortController();
  #watched: Promise<unknown> = Promise.resolve();
  #worked: Promise<void> = Promise.resolve();

  constructor(options: ManagerOptions) {
    this.#options = options;
    const { clock, logger, identity, leaderElection } = options;
    const client = options.client.guardedBy(this.assertLeading);
    const caches = new Caches();
    const applier = new Applier(caches, options.labels ?? {});
    const recorder = new EventRecorder({ client, clock, logger, instance: identity });
    this.#services = { client, clock, logger, caches, applier, recorder };
    this.#watchOutage = watchOutage({ logger, clock });
    const electing = { client: options.client, clock, logger, identity };
    this.#election = leaderElection && new LeaderElection({ ...electing, ...leaderElection });
  }

  /** All controllers are added before the manager starts. */
  add<T extends Managed>(controller: Controller<T> | BatchController<T>): this {
    this.#addInformer(controller.kind);
    for (const { kind } of controller.watches ?? []) this.#addInformer(kind);
    const batched = 'reconcileBatch' in controller ? controller : oneByOne(controller);
    const runner = new ControllerRunner(batched, this.#services, this.#options.metrics);
    runner.watch();
    this.#runners.push(runner);
    return this;
  }

  /**
   * To be called right before every write, including those that do not go to the API server.
   *
   * @throws {ExpectedError} LeadershipLost
   */
  readonly assertLeading = (): void => this.#election?.assertLeading();

  /** What is cached of all kinds that some controller watches; filled also while this process stands by. */
  get caches(): Caches {
    return this.#services.caches;
  }

  /** Checks for a readiness probe, by name. None is a reason to restart: an outage of the API server ends by itself. */
  get readiness(): Readonly<Record<'caches' | 'watches', () => void>> {
    const { assertSynced, assertHeard } = this.#services.caches;
    return { caches: assertSynced, watches: assertHeard };
  }

  /** Returns at once. Work begins when the caches are filled and this process leads. */
  start({ fail }: StartContext): void {
    const informers = this.#services.caches.all();
    this.#watched = Promise.all(informers.map((informer) => informer.run(this.#watching.signal)));
    this.#worked = this.#work(this.#working.signal).catch((error: unknown) => fail(toError(error)));
  }

  /** Finishes the work in progress, releases leadership, and only then stops watching. */
  async stop(): Promise<void> {
    this.#working.abort();
    await this.#worked;
    this.#watching.abort();
    await this.#watched;
  }

  #addInformer(kind: ObjectKind): void {
    const { caches, applier, clock, logger } = this.#services;
    const { client, namespaces, freezeCaches: freeze = false } = this.#options;
    if (caches.informer(kind)) return;
    const informer = new Informer({
      client,
      clock,
      logger,
      outage: this.#watchOutage,
      kind,
      // Whoever serves some namespaces has rights in these alone.
      namespaces: kind.clusterScoped && namespaces.length > 0 ? 'none' : namespaces,
      freeze,
    });
    informer.onChange(({ object, deleted }) => {
      if (deleted) applier.forget(kind, object);
    });
    caches.add(kind, informer);
  }

  /** @throws {ExpectedError} LeadershipLost */
  async #work(signal: AbortSignal): Promise<void> {
    await Promise.race([this.#services.caches.synced(), aborted(signal)]);
    if (!this.#election) return this.#run(signal);
    if (!(await this.#election.acquire(signal))) return;
    const lost = new AbortController();
    const done = new AbortController();
    const running = this.#run(AbortSignal.any([signal, lost.signal])).finally(() => done.abort());
    // Work that is still to end after a signal to stop needs the lease as much as any other.
    await this.#election.hold(done.signal).catch((error: unknown) => {
      // The next leader may begin in seconds: nothing here is waited for, least of all the API server.
      lost.abort();
      throw error;
    });
    await running;
    await this.#election.release();
  }

  async #run(signal: AbortSignal): Promise<void> {
    const { metrics, leaderElection, logger, identity } = this.#options;
    const lease = leaderElection?.name ?? 'none';
    logger.info({ identity }, 'Leading');
    metrics.leading(lease, true);
    await Promise.all(this.#runners.map((runner) => runner.run(signal)));
    await this.#services.recorder.flush(flushMilliseconds);
    metrics.leading(lease, false);
  }
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, 'abort');
}
