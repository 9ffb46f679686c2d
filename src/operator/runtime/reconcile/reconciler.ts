import type { Clock } from '../../../lib/clock.ts';
import type { Logger } from '../../../lib/log.ts';
import type { Applier } from './applier.ts';
import { attempt, type Attempt } from './attempt.ts';
import type { Caches } from '../cache/caches.ts';
import type { BatchController, Context, Managed, Outcome, Result, Waiting } from './controller.ts';
import type { EventRecorder } from './event-recorder.ts';
import { FinalizerKeeper } from './finalizer-keeper.ts';
import type { KubernetesClient } from '../transport/kubernetes-client.ts';
import { isTransient } from '../transport/kubernetes-error.ts';
import { keyOf, type Key } from '../objects.ts';
import { allResults, eachResult } from './results.ts';
import { StatusWriter } from './status-writer.ts';

/** What all controllers share. */
export interface Services {
  readonly client: KubernetesClient;
  readonly caches: Caches;
  readonly applier: Applier;
  readonly recorder: EventRecorder;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** What becomes of a key. */
export interface Next {
  readonly requeueAfterMilliseconds?: number | undefined;
  /** Whether all is well, so that the next look has time. */
  readonly ready?: boolean;
}

const defaultReconcileMilliseconds = 120_000;

/**
 * The one way in which every resource is handled: finalized if it is deleted; else its finalizer seen to, reconciled,
 * and its status written if it changed.
 */
export class Reconciler<T extends Managed> {
  readonly #controller: BatchController<T>;
  readonly #services: Services;
  readonly #finalizers: FinalizerKeeper<T>;
  readonly #status: StatusWriter<T>;
  /** When each resource was first seen to be deleted, by uid. */
  readonly #deletedAt = new Map<string, number>();

  constructor(controller: BatchController<T>, services: Services) {
    this.#controller = controller;
    this.#services = services;
    this.#finalizers = new FinalizerKeeper(controller, services);
    this.#status = new StatusWriter(controller, services);
  }

  /**
   * Handles the resources of the keys, together.
   *
   * @returns for each key what comes next; for one that failed the error, which by then its status tells
   */
  async reconcile(keys: readonly Key[], signal: AbortSignal): Promise<Result<Next>[]> {
    const cache = this.#services.caches.of(this.#controller.kind);
    const objects = keys.map((key) => cache.get(key));
    const present = objects.filter((object) => object !== undefined);
    const [going, staying] = [present.filter(isGoing), present.filter((object) => !isGoing(object))];
    const [finalized, advanced] = await Promise.all([this.#finalize(going, signal), this.#advance(staying, signal)]);
    const results = new Map([...zip(going, finalized), ...zip(staying, advanced)]);
    return objects.map((object) => (object && results.get(object)) ?? {});
  }

  async #finalize(objects: readonly T[], signal: AbortSignal): Promise<Result<Next>[]> {
    const { finalizer } = this.#controller;
    const held = objects.filter((object) => this.#finalizers.isOn(object) && finalizer?.needed(object));
    const answers = await this.#attempt(held, signal, (contexts) => finalizer!.finalizeBatch(contexts));
    const waiting = new Map(zip(held, answers));
    return eachResult(objects, (object) => this.#letGo(object, waiting.get(object), signal));
  }

  async #letGo(object: T, waiting: Result<Waiting | undefined>, signal: AbortSignal): Promise<Next> {
    if (waiting instanceof Error) return this.#fail(object, waiting, signal);
    if (!waiting) {
      await this.#finalizers.takeOff(object);
      this.#deletedAt.delete(object.metadata.uid);
    } else await this.#status.writeProblem(object, { failed: false, ...waiting });
    return waiting ?? {};
  }

  async #advance(objects: readonly T[], signal: AbortSignal): Promise<Result<Next>[]> {
    const seenTo = await eachResult(objects, (object) => this.#finalizers.seeTo(object));
    const kept = seenTo.flatMap((object) => (object instanceof Error ? [] : [object]));
    const reconciled = await this.#attempt(kept, signal, (contexts) => this.#controller.reconcileBatch(contexts));
    const outcomes = reconciled.values();
    return eachResult(seenTo, (object, index) =>
      object instanceof Error
        ? this.#fail(objects[index]!, object, signal)
        : this.#conclude(object, outcomes.next().value!, signal),
    );
  }

  async #conclude(object: T, outcome: Result<Outcome<T>>, signal: AbortSignal): Promise<Next> {
    if (outcome instanceof Error) return this.#fail(object, outcome, signal);
    signal.throwIfAborted();
    const { readiness, status, conditions, requeueAfterMilliseconds } = outcome;
    await this.#status.write(object, readiness, status, conditions);
    return { requeueAfterMilliseconds, ready: readiness.ready };
  }

  /** Tells the error in the status, unless it is one that passes by itself. @throws that error */
  async #fail(object: T, error: Error, signal: AbortSignal): Promise<never> {
    if (!isTransient(error) && !signal.aborted) await this.#status.writeFailure(object, error);
    throw error;
  }

  /** Lets the controller work, as long as it may take. */
  #attempt<Value>(
    objects: readonly T[],
    signal: AbortSignal,
    work: (contexts: readonly Context<T>[]) => Promise<readonly Result<Value>[]>,
  ): Promise<readonly Result<Value>[]> {
    const { reconcileMilliseconds: milliseconds = defaultReconcileMilliseconds } = this.#controller;
    return allResults(objects.length, () =>
      attempt({ ...this.#services, milliseconds, signal }, (current) =>
        work(objects.map((object) => this.#context(object, current))),
      ),
    );
  }

  #context(object: T, { client, signal, assertCurrent }: Attempt): Context<T> {
    const { caches, clock, applier, recorder } = this.#services;
    const { name: controller } = this.#controller;
    const logger = () => this.#services.logger.child({ controller, ...keyOf(object) });
    return {
      object,
      client,
      caches,
      clock,
      signal,
      deletedForMilliseconds: this.#deletedFor(object),
      // Few have anything to say, and a child costs more than all else here.
      get logger() {
        return logger();
      },
      apply: (kind, manifest) => applier.apply(kind, manifest, { client, owner: object, fieldManager: controller }),
      event: (type, reason, message) => {
        assertCurrent();
        recorder.record(object, { type, reason, message, controller });
      },
    };
  }

  #deletedFor(object: T): number {
    if (!isGoing(object)) return 0;
    const { uid } = object.metadata;
    const now = this.#services.clock.monotonic();
    const since = this.#deletedAt.get(uid) ?? now;
    this.#deletedAt.set(uid, since);
    return now - since;
  }
}

const isGoing = ({ metadata }: Managed) => metadata.deletionTimestamp !== undefined;

function zip<Left, Right>(left: readonly Left[], right: readonly Right[]): [Left, Right][] {
  return left.map((item, index) => [item, right[index]!]);
}
