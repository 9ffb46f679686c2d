import type { Clock } from '../../../lib/clock.ts';
import { errorCode, ExpectedError, isExpected, isRetryable, toError } from '../../../lib/errors.ts';
import type { Logger } from '../../../lib/log.ts';
import type { Applier } from './applier.ts';
import { attempt, type Attempt } from './attempt.ts';
import type { Caches } from '../cache/caches.ts';
import type { BatchController, Context, Managed, Outcome, Result, Waiting } from './controller.ts';
import type { EventRecorder } from './event-recorder.ts';
import { FinalizerKeeper } from './finalizer-keeper.ts';
import type { KubernetesClient } from '../transport/kubernetes-client.ts';
import type { FailureLog } from './failure-log.ts';
import { hasCode, isAway } from '../transport/kubernetes-error.ts';
import { keyOf, keyText, type Key } from '../objects.ts';
import type { Problem } from './readiness.ts';
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

/** What happens to a key next. */
export interface Next {
  readonly requeueAfterMilliseconds?: number | undefined;
  /** Whether all is well, so that the next look has time. */
  readonly ready?: boolean;
}

const defaultReconcileMilliseconds = 120_000;

/**
 * Handles every resource in the same way. A deleted one is finalized. Any other gets or loses its finalizer as needed, is
 * reconciled, and has its status written if it changed.
 */
export class Reconciler<T extends Managed> {
  readonly #controller: BatchController<T>;
  readonly #services: Services;
  readonly #finalizers: FinalizerKeeper<T>;
  readonly #status: StatusWriter<T>;
  readonly #failures: Pick<FailureLog, 'isLasting'>;
  /** Resources that are gone though the finalizer was on them, by their keys. */
  readonly #vanished = new Map<string, T>();
  /** When each resource that still exists was first seen to be deleted. */
  readonly #deletedAt = new Map<string, { readonly uid: string; readonly milliseconds: number }>();

  constructor(controller: BatchController<T>, services: Services, failures: Pick<FailureLog, 'isLasting'>) {
    this.#controller = controller;
    this.#services = services;
    this.#failures = failures;
    this.#finalizers = new FinalizerKeeper(controller, services);
    this.#status = new StatusWriter(controller, services);
  }

  /**
   * Handles the resources of the keys, together.
   *
   * @returns for each key what comes next; for one that failed the error, which its status states by then if it lasts
   */
  async reconcile(keys: readonly Key[], signal: AbortSignal): Promise<Result<Next>[]> {
    const cache = this.#services.caches.of(this.#controller.kind);
    const objects = keys.map((key) => cache.get(key));
    const vanished = keys.map((key) => this.#vanished.get(keyText(key)));
    keys.forEach((key, index) => objects[index] ?? vanished[index] ?? this.#deletedAt.delete(keyText(key)));
    const present = objects.filter((object) => object !== undefined);
    const [going, staying] = [present.filter(isGoing), present.filter((object) => !isGoing(object))];
    const gone = vanished.filter((object) => object !== undefined);
    const [finalized, advanced, undone] = await Promise.all([
      this.#finalize(going, signal),
      this.#advance(staying, signal),
      this.#undo(gone, signal),
    ]);
    const results = new Map([...zip(going, finalized), ...zip(staying, advanced), ...zip(gone, undone)]);
    // If a new resource has the name, its result counts; the rest of the undoing follows at the next attempt.
    return objects.map((object, index) => results.get(object ?? vanished[index]!) ?? {});
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
    if (waiting) {
      await this.#status.writeProblem(object, { failed: false, ...waiting });
      return waiting;
    }
    const left = await this.#takeOff(object).catch((error: unknown) => this.#fail(object, toError(error), signal));
    const others = left?.metadata.finalizers ?? [];
    if (left && others.length > 0) await this.#status.writeProblem(left, heldByOthers(others));
    return {};
  }

  /** Undefined when the resource is gone already. */
  async #takeOff(object: T): Promise<T | undefined> {
    try {
      return await this.#finalizers.takeOff(object);
    } catch (error) {
      if (hasCode(error, 'NotFound')) return undefined;
      throw error;
    }
  }

  async #advance(objects: readonly T[], signal: AbortSignal): Promise<Result<Next>[]> {
    const seenTo = await eachResult(objects, (object) => this.#finalizers.seeTo(object));
    const kept = seenTo.flatMap((object) => (object instanceof Error ? [] : [object]));
    const before = new Set(objects);
    const isHeldNow = (object: T) => this.#finalizers.isOn(object) && !before.has(object);
    const reconciled = await this.#attempt(kept, signal, (contexts) => this.#controller.reconcileBatch(contexts));
    const outcomes = reconciled.values();
    return eachResult(seenTo, (object, index) =>
      object instanceof Error
        ? this.#fail(objects[index]!, object, signal)
        : this.#conclude(object, outcomes.next().value!, signal, isHeldNow(object)),
    );
  }

  /** @param isHeldNow whether the finalizer was put on in this attempt */
  async #conclude(object: T, outcome: Result<Outcome<T>>, signal: AbortSignal, isHeldNow: boolean): Promise<Next> {
    if (outcome instanceof Error) return this.#fail(object, outcome, signal);
    signal.throwIfAborted();
    const { readiness, status, conditions, requeueAfterMilliseconds } = outcome;
    const isThere = await this.#status.write(object, readiness, status, conditions);
    if (!isThere && isHeldNow) return this.#vanish({ ...object, status }, signal);
    return { requeueAfterMilliseconds, ready: readiness.ready };
  }

  /**
   * A deletion that began before the finalizer came lets the resource go all the same, though the API server has accepted
   * it meanwhile. What was done for the resource is undone as if it had been held.
   */
  async #vanish(object: T, signal: AbortSignal): Promise<Next> {
    const { metadata } = object;
    const deletionTimestamp = this.#services.clock.now().toISOString();
    const gone = { ...object, metadata: { ...metadata, deletionTimestamp } };
    this.#services.logger.info(keyOf(object), 'Deleted while the finalizer was being added');
    this.#vanished.set(keyText(keyOf(gone)), gone);
    const [next = {}] = await this.#undo([gone], signal);
    if (next instanceof Error) throw next;
    return next;
  }

  async #undo(objects: readonly T[], signal: AbortSignal): Promise<Result<Next>[]> {
    const { finalizer } = this.#controller;
    const answers = await this.#attempt(objects, signal, (contexts) => finalizer!.finalizeBatch(contexts));
    return objects.map((object, index) => {
      const answer = answers[index];
      if (answer === undefined) this.#vanished.delete(keyText(keyOf(object)));
      return answer ?? {};
    });
  }

  /** States the error in the status, unless it may pass by itself. @throws that error */
  async #fail(object: T, error: Error, signal: AbortSignal): Promise<never> {
    if (signal.aborted || !this.#failures.isLasting(keyText(keyOf(object)), error)) throw error;
    try {
      await this.#status.writeFailure(object, error);
    } catch (unwritten) {
      throw bothErrors(error, toError(unwritten));
    }
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
      record: (facts) => this.#status.record(object, facts, client),
      event: (type, reason, message) => {
        assertCurrent();
        recorder.record(object, { type, reason, message, controller });
      },
    };
  }

  #deletedFor(object: T): number {
    if (!isGoing(object)) return 0;
    const { uid } = object.metadata;
    const key = keyText(keyOf(object));
    const now = this.#services.clock.monotonic();
    const seen = this.#deletedAt.get(key);
    if (seen?.uid === uid) return now - seen.milliseconds;
    this.#deletedAt.set(key, { uid, milliseconds: now });
    return 0;
  }
}

/** Ours is off by then: what the resource stood for is gone, or left to others. */
function heldByOthers(finalizers: readonly string[]): Problem {
  const message = `Deleted. Waiting for others to remove their finalizers: ${finalizers.join(', ')}.`;
  return { reason: 'Deleted', message, failed: false };
}

/** An error, and why the status could not state it. */
function bothErrors(error: Error, unwritten: Error): Error {
  const code = errorCode(unwritten);
  if (hasCode(unwritten, 'Conflict') || code === errorCode(error)) return error;
  if (!isExpected(error) && !isAway(unwritten)) return error;
  const message = `${unwritten.message} (it was to state: ${error.message})`;
  return new ExpectedError(code, message, { retryable: isRetryable(unwritten), cause: error });
}

const isGoing = ({ metadata }: Managed) => metadata.deletionTimestamp !== undefined;

function zip<Left, Right>(left: readonly Left[], right: readonly Right[]): [Left, Right][] {
  return left.map((item, index) => [item, right[index]!]);
}
