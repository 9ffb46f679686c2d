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

/** The status without what the runtime itself keeps. */
export type Facts<T extends Managed> = Omit<NonNullable<T['status']>, keyof BaseStatus>;

/** What every controller has, however many resources it takes at once. */
interface ControllerBase<T extends Managed> {
  /** In logs and metrics, and as field manager: web-site. */
  readonly name: string;
  readonly kind: ObjectKind<T>;
  /** What else wakes it, beside changes of its own resources' specs and metadata. */
  readonly watches?: readonly Watch[];
  /** Types of the conditions that it adds to Ready, Reconciling and Stalled: all others are removed from the status. */
  readonly conditionTypes?: readonly string[];
  /**
   * How many resources, or batches of them, at once in each lane; never one resource twice. 4 when left out. From 2 on,
   * one of them is kept for resources that changed: the periodic look at thousands of others does not delay them.
   */
  readonly concurrency?: number;
  /**
   * Resources of one lane, such as those of one broker cluster, wait for one another; those of other lanes never do. One
   * lane for all when left out. It is asked each time a resource is to be reconciled.
   */
  readonly lane?: (object: T, caches: Caches) => string;
  /**
   * How often changes make it reconcile one resource; further changes are held back and then handled together. 20 at
   * once and then 1 a second when left out. Retries and `requeueAfterMilliseconds` are not counted.
   */
  readonly rateLimit?: Allowance;
  /**
   * How long it may take until its answer; 120,000 when left out. After that its `signal` aborts, nothing more is
   * written through its context, and the resources have failed with the retryable error ReconcileTimeout.
   */
  readonly reconcileMilliseconds?: number;
}

/** Keeps the resources of one kind as their specs say. README.md shows the smallest one. */
export interface Controller<T extends Managed> extends ControllerBase<T> {
  /**
   * Brings the world closer to the spec and tells what it saw. An error becomes a condition and is tried again: later
   * each time when it is retryable, rarely otherwise.
   */
  reconcile(context: Context<T>): Promise<Outcome<T>>;
  /** What must be done before a resource may go. */
  readonly finalizer?: Finalizer<T>;
}

export interface Finalizer<T extends Managed> {
  /** Whether this resource needs it; a finalizer that is not needed is taken away. */
  needed(object: T): boolean;
  /** Undefined lets the resource go. It must end in that some day, whatever is broken. */
  finalize(context: Context<T>): Promise<Waiting | undefined>;
}

/** What came of one of many: an error is that one's own, and no matter of the others. */
export type Result<Value> = Value | Error;

/**
 * A controller that takes whatever waits at once, for work that is cheaper together. Results are in the order of the
 * contexts; an error that is thrown is the result of all.
 */
export interface BatchController<T extends Managed> extends ControllerBase<T> {
  /** How many resources make a batch at most. */
  readonly batchSize: number;
  reconcileBatch(contexts: readonly Context<T>[]): Promise<readonly Result<Outcome<T>>[]>;
  readonly finalizer?: BatchFinalizer<T>;
}

export interface BatchFinalizer<T extends Managed> extends Pick<Finalizer<T>, 'needed'> {
  finalizeBatch(contexts: readonly Context<T>[]): Promise<readonly Result<Waiting | undefined>[]>;
}

/** Why a resource cannot go yet, and when to look again. */
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
  /** When to look again though nothing changed: what no watch tells, such as the state of a broker. */
  readonly requeueAfterMilliseconds?: number;
}

/** What a controller works with while it handles one resource. */
export interface Context<T extends Managed> {
  /** From the cache: at least as new as our own last write. Never to be changed. */
  readonly object: T;
  readonly client: KubernetesClient;
  readonly caches: Caches;
  readonly clock: Clock;
  readonly logger: Logger;
  /**
   * How long ago this process first saw that the resource is deleted; 0 for one that is not. No clock of another machine,
   * and no jump of this one's, makes it longer: it is what the patience of a finalizer goes by.
   */
  readonly deletedForMilliseconds: number;
  /**
   * Aborts when the operator stops or is no longer the leader, and when reconciling has taken too long. To be checked
   * before each write that goes elsewhere than to the API server: the next attempt may have begun.
   */
  readonly signal: AbortSignal;
  /** Server-side apply of an object that `object` owns; nothing is sent when nothing differs. */
  readonly apply: <Child extends KubernetesObject>(kind: ObjectKind<Child>, manifest: Manifest) => Promise<Child>;
  /** Tells people, beside what the runtime itself tells when Ready changes. */
  readonly event: (type: 'Normal' | 'Warning', reason: string, message: string) => void;
}

/** Changes of one kind, and the resources of the controller that they concern. */
export interface Watch {
  readonly kind: ObjectKind;
  /**
   * For an object that changed it is called twice, with the object as it is and, `object` and `previous` exchanged, as it
   * was. So whoever an object no longer refers to is woken, too.
   */
  readonly requests: (change: Change<KubernetesObject>, caches: Caches) => readonly Key[];
}

export function watch<T extends KubernetesObject>(
  kind: ObjectKind<T>,
  requests: (change: Change<T>, caches: Caches) => readonly Key[],
): Watch {
  // The caches hand objects of the kind to it, and nothing else.
  return { kind, requests: (change, caches) => requests(change as Change<T>, caches) };
}

/** Wakes the controller for the owner of each object of a kind that changes. */
export function watchOwned<T extends KubernetesObject>(kind: ObjectKind<T>, owner: ObjectKind): Watch {
  return watch(kind, ({ object }) => {
    const reference = controllerOf(object);
    if (reference?.kind !== owner.kind || reference.apiVersion !== owner.apiVersion) return [];
    return [{ namespace: object.metadata.namespace, name: reference.name }];
  });
}
