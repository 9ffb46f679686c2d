import { isDeepStrictEqual } from 'node:util';
import type { Condition } from '../../api/shared.ts';
import { group } from '../../api/resource.ts';
import { errorCode, isRetryable, toError } from '../../lib/errors.ts';
import type { Clock } from '../../lib/clock.ts';
import type { Logger } from '../../lib/log.ts';
import type { Applier } from './applier.ts';
import type { Caches } from './caches.ts';
import { conditionsOf, type ExtraCondition } from './conditions.ts';
import type { Context, Controller, Managed } from './controller.ts';
import type { EventRecorder } from './event-recorder.ts';
import type { KubernetesClient } from './kubernetes-client.ts';
import { isTransient } from './kubernetes-error.ts';
import { keyOf, type Key } from './objects.ts';
import type { Readiness } from './readiness.ts';

/** What all controllers share. */
export interface Services {
  readonly client: KubernetesClient;
  readonly caches: Caches;
  readonly applier: Applier;
  readonly recorder: EventRecorder;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** What becomes of the key. */
export type Next = { readonly requeueAfterMilliseconds?: number | undefined };

/**
 * The one way in which every resource is handled: finalized if it is deleted; else its finalizer seen to, reconciled,
 * and its status written if it changed.
 */
export class Reconciler<T extends Managed> {
  readonly #controller: Controller<T>;
  readonly #services: Services;
  readonly #finalizerName: string;

  constructor(controller: Controller<T>, services: Services) {
    this.#controller = controller;
    this.#services = services;
    this.#finalizerName = `${group}/${controller.name}`;
  }

  /** @throws whatever the controller throws, after telling it in the status: the key is to be tried again */
  async reconcile(key: Key, signal: AbortSignal): Promise<Next> {
    const object = this.#services.caches.of(this.#controller.kind).get(key);
    if (!object) return {};
    try {
      if (object.metadata.deletionTimestamp !== undefined) return await this.#finalize(object, signal);
      return await this.#advance(await this.#withFinalizer(object), signal);
    } catch (error) {
      if (!isTransient(error) && !signal.aborted) await this.#writeStatus(object, failure(error), object.status ?? {});
      throw error;
    }
  }

  async #finalize(object: T, signal: AbortSignal): Promise<Next> {
    if (!this.#hasFinalizer(object)) return {};
    const { finalizer } = this.#controller;
    const waiting = finalizer?.needed(object) ? await finalizer.finalize(this.#context(object, signal)) : undefined;
    if (!waiting) {
      await this.#patchFinalizers(object, this.#otherFinalizers(object));
      return {};
    }
    await this.#writeStatus(object, { ready: false, failed: false, ...waiting }, object.status ?? {});
    return waiting;
  }

  async #advance(object: T, signal: AbortSignal): Promise<Next> {
    const { readiness, status, conditions, requeueAfterMilliseconds } = await this.#controller.reconcile(
      this.#context(object, signal),
    );
    signal.throwIfAborted();
    await this.#writeStatus(object, readiness, status, conditions);
    return { requeueAfterMilliseconds };
  }

  /** The object with the finalizer on it, or off it, as it needs. */
  async #withFinalizer(object: T): Promise<T> {
    const needed = this.#controller.finalizer?.needed(object) ?? false;
    if (needed === this.#hasFinalizer(object)) return object;
    const others = this.#otherFinalizers(object);
    return this.#patchFinalizers(object, needed ? [...others, this.#finalizerName] : others);
  }

  #hasFinalizer({ metadata }: T): boolean {
    return metadata.finalizers?.includes(this.#finalizerName) ?? false;
  }

  #otherFinalizers({ metadata }: T): string[] {
    return (metadata.finalizers ?? []).filter((name) => name !== this.#finalizerName);
  }

  async #patchFinalizers(object: T, finalizers: readonly string[]): Promise<T> {
    const { client, caches } = this.#services;
    const { kind } = this.#controller;
    // The version makes it fail, rather than undo what somebody else did to the list meanwhile.
    const { resourceVersion, uid } = object.metadata;
    const patched = await client.mergePatch(kind, keyOf(object), { metadata: { resourceVersion, uid, finalizers } });
    caches.informer(kind)?.observe(patched);
    return patched;
  }

  async #writeStatus(object: T, readiness: Readiness, facts: object, extra?: readonly ExtraCondition[]): Promise<void> {
    const { client, caches, clock } = this.#services;
    const { generation } = object.metadata;
    const previous = object.status?.conditions;
    const conditions = conditionsOf({ previous, readiness, extra, generation, now: clock.now() });
    const status = { ...facts, observedGeneration: generation, conditions };
    if (sameJson(status, object.status)) return;
    this.#tellTransition(object, previous, readiness);
    const { name, namespace, uid } = object.metadata;
    const patch = { metadata: { name, namespace, uid }, status };
    const fieldManager = this.#controller.name;
    const written = await client.apply(this.#controller.kind, patch, { fieldManager, subresource: 'status' });
    caches.informer(this.#controller.kind)?.observe(written);
  }

  #tellTransition(object: T, previous: readonly Condition[] | undefined, readiness: Readiness): void {
    const before = previous?.find(({ type }) => type === 'Ready');
    if (before?.reason === readiness.reason && before.status === (readiness.ready ? 'True' : 'False')) return;
    const type = !readiness.ready && readiness.failed ? 'Warning' : 'Normal';
    const { reason, message } = readiness;
    this.#services.recorder.record(object, { type, reason, message, controller: this.#controller.name });
  }

  #context(object: T, signal: AbortSignal): Context<T> {
    const { client, caches, clock, logger, applier, recorder } = this.#services;
    const { name: controller } = this.#controller;
    return {
      object,
      client,
      caches,
      clock,
      signal,
      logger: logger.child({ controller, ...keyOf(object) }),
      apply: (kind, manifest) => applier.apply(kind, manifest, { owner: object, fieldManager: controller }),
      event: (type, reason, message) => recorder.record(object, { type, reason, message, controller }),
    };
  }
}

function failure(error: unknown): Readiness {
  const reason = errorCode(error);
  return { ready: false, failed: !isRetryable(error), reason, message: toError(error).message };
}

/** Equal as JSON: a field that is undefined is no field. */
function sameJson(left: unknown, right: unknown): boolean {
  return isDeepStrictEqual(JSON.parse(JSON.stringify(left)), right);
}
