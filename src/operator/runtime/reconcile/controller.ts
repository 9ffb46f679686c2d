import type { Clock } from '../../../lib/clock.ts';
import type { Condition, Resource } from '../../../lib/kubernetes-object.ts';
import type { Logger } from '../../../lib/log.ts';
import type { Caches } from '../cache/caches.ts';
import type { ExtraCondition } from './conditions.ts';
import type { Change } from '../cache/informer.ts';
import type { ObjectKind } from '../object-kind.ts';
import type { KubernetesClient } from '../transport/kubernetes-client.ts';
import { controllerOf, type Key, type KubernetesObject, type Manifest } from '../objects.ts';
import type { Readiness } from './readiness.ts';
import type { Allowance } from './token-bucket.ts';

interface BaseStatus {
  readonly observedGeneration?: number | undefined;
  readonly conditions?: Condition[] | undefined;
}

/** A resource whose status is ours to write. */
export type Managed = Resource<unknown, BaseStatus>;

/** The status without the fields that the runtime manages. */
export type Facts<T extends Managed> = Omit<NonNullable<T['status']>, keyof BaseStatus>;

/** What every controller has, whether it handles resources one by one or in batches. */
interface ControllerBase<T extends Managed> {
  /** Name in logs and metrics, and as field manager, such as web-site. */
  readonly name: string;
  readonly kind: ObjectKind<T>;
  /** What wakes it besides changes to the spec and metadata of its own resources. */
  readonly watches?: readonly Watch[];
  /** Types of the conditions that it adds to Ready, Reconciling and Stalled. All others are removed from the status. */
  readonly conditionTypes?: readonly string[];
  /**
   * How many resources, or batches, are handled at once in each lane; 4 if omitted. A resource is never handled twice at
   * once. If 2 or more, one is reserved for resources that changed, so that periodic checks of thousands do not delay them.
   */
  readonly concurrency?: number;
  /**
   * Resources of one lane, such as those of one broker cluster, wait for one another; those of other lanes never do. One
   * lane for all if omitted. Called each time a resource is to be reconciled.
   */
  readonly lane?: (object: T, caches: Caches) => string;
  /**
   * How often changes may cause one resource to be reconciled. Further changes are held back and handled together. If
   * omitted, 20 at once and then 1 per second. Retries and `requeueAfterMilliseconds` do not count.
   */
  readonly rateLimit?: Allowance;
  /**
   * How long an attempt may take; 120,000 if omitted. After that, its `signal` aborts, its context rejects further
   * writes, and the resources fail with the retryable error ReconcileTimeout.
   */
  readonly reconcileMilliseconds?: number;
}

/** Reconciles the resources of one kind. README.md shows the smallest one. */
export interface Controller<T extends Managed> extends ControllerBase<T> {
  /**
   * Brings the world closer to the spec and returns what it observed. An error becomes a condition and is retried, with
   * growing delays if it is retryable, and rarely otherwise.
   */
  reconcile(context: Context<T>): Promise<Outcome<T>>;
  /** What must be done before a resource may be deleted. */
  readonly finalizer?: Finalizer<T>;
}

export interface Finalizer<T extends Managed> {
  /** Whether this resource needs the finalizer. One that is not needed is removed. */
  needed(object: T): boolean;
  /** Undefined lets the resource be deleted. Must eventually return undefined, whatever is broken. */
  finalize(context: Context<T>): Promise<Waiting | undefined>;
}

/** The result for one resource of a batch. An error concerns only that one. */
export type Result<Value> = Value | Error;

/**
 * A controller that handles waiting resources in batches, for work that is cheaper together. Results are in the order of
 * the contexts. If it throws, all of them failed with that error.
 */
export interface BatchController<T extends Managed> extends ControllerBase<T> {
  /** Maximum number of resources in a batch. */
  readonly batchSize: number;
  reconcileBatch(contexts: readonly Context<T>[]): Promise<readonly Result<Outcome<T>>[]>;
  readonly finalizer?: BatchFinalizer<T>;
}

export interface BatchFinalizer<T extends Managed> extends Pick<Finalizer<T>, 'needed'> {
  finalizeBatch(contexts: readonly Context<T>[]): Promise<readonly Result<Waiting | undefined>[]>;
}

/** Why a resource cannot be deleted yet, and when to check again. */
export interface Waiting {
  readonly reason: string;
  readonly message: string;
  readonly requeueAfterMilliseconds: number;
}

export interface Outcome<T extends Managed> {
  readonly readiness: Readiness;
  readonly status: Facts<T>;
  /** Its own conditions, of its `conditionTypes`. */
  readonly conditions?: readonly ExtraCondition[];
  /** When to check again even if nothing changed: for what no watch reports, such as the state of a broker. */
  readonly requeueAfterMilliseconds?: number;
}

/** What a controller works with while it handles one resource. */
export interface Context<T extends Managed> {
  /** From the cache; at least as new as our own last write. Must not be changed. */
  readonly object: T;
  readonly client: KubernetesClient;
  readonly caches: Caches;
  readonly clock: Clock;
  readonly logger: Logger;
  /**
   * How long ago this process first saw that the resource is being deleted; 0 if it is not. Measured by the monotonic
   * clock of this process. Finalizers use it to decide when to give up.
   */
  readonly deletedForMilliseconds: number;
  /**
   * Aborts when the operator stops or is no longer the leader, and when reconciling has taken too long. Check it
   * before each write that does not go to the API server: the next attempt may have begun.
   */
  readonly signal: AbortSignal;
  /** Server-side apply of an object that `object` owns. Sends nothing if nothing differs. */
  readonly apply: <Child extends KubernetesObject>(kind: ObjectKind<Child>, manifest: Manifest) => Promise<Child>;
  /**
   * Writes facts into the status at once, before something is done outside the API server that they are to be known for
   * even if this process ends before it is. Fails with Conflict when the resource has changed, or is deleted, by now.
   */
  readonly record: (facts: Partial<Facts<T>>) => Promise<void>;
  /** Records an Event, besides those that the runtime records when Ready changes. */
  readonly event: (type: 'Normal' | 'Warning', reason: string, message: string) => void;
}

/** Changes of one kind, mapped to the resources of the controller that they affect. */
export interface Watch {
  readonly kind: ObjectKind;
  /**
   * For an object that changed it is called twice, with the object as it is and, `object` and `previous` exchanged, as it
   * was. So resources that it no longer refers to are woken too.
   */
  readonly requests: (change: Change<KubernetesObject>, caches: Caches) => readonly Key[];
}

export function watch<T extends KubernetesObject>(
  kind: ObjectKind<T>,
  requests: (change: Change<T>, caches: Caches) => readonly Key[],
): Watch {
  // The caches pass only objects of this kind to it.
  return { kind, requests: (change, caches) => requests(change as Change<T>, caches) };
}

/** Wakes the controller for the owner of each changed object of a kind. */
export function watchOwned<T extends KubernetesObject>(kind: ObjectKind<T>, owner: ObjectKind): Watch {
  return watch(kind, ({ object }) => {
    const reference = controllerOf(object);
    if (reference?.kind !== owner.kind || reference.apiVersion !== owner.apiVersion) return [];
    return [{ namespace: object.metadata.namespace, name: reference.name }];
  });
}
