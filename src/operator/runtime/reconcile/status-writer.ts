import type { Condition } from '../../../lib/kubernetes-object.ts';
import type { Clock } from '../../../lib/clock.ts';
import { errorCode, isRetryable } from '../../../lib/errors.ts';
import type { Logger } from '../../../lib/log.ts';
import type { Caches } from '../cache/caches.ts';
import { conditionsOf, type ExtraCondition } from './conditions.ts';
import type { BatchController, Managed } from './controller.ts';
import type { EventRecorder } from './event-recorder.ts';
import { mergePatch, type JsonObject } from './merge-patch.ts';
import { keyOf } from '../objects.ts';
import type { KubernetesClient } from '../transport/kubernetes-client.ts';
import { hasCode, isTransient } from '../transport/kubernetes-error.ts';
import { needsWarning, type Problem, type Readiness } from './readiness.ts';

interface StatusServices {
  readonly client: KubernetesClient;
  readonly caches: Caches;
  readonly recorder: EventRecorder;
  readonly clock: Clock;
  readonly logger: Logger;
}

type Described<T extends Managed> = Pick<BatchController<T>, 'name' | 'kind' | 'conditionTypes'>;

/**
 * Writes the status of a resource as its controller returned it, removes what others wrote into it, and sends nothing if
 * nothing differs.
 */
export class StatusWriter<T extends Managed> {
  readonly #controller: Described<T>;
  readonly #services: StatusServices;

  constructor(controller: Described<T>, services: StatusServices) {
    this.#controller = controller;
    this.#services = services;
  }

  /**
   * @param object what was reconciled: the status is about its generation, even if a newer one is known by now
   * @returns whether the resource is there; its status says so by now
   */
  async write(object: T, readiness: Readiness, facts: object, extra?: readonly ExtraCondition[]): Promise<boolean> {
    const present = this.#present(object);
    if (!present) return false;
    try {
      return await this.#write(object, present, readiness, facts, { extra });
    } catch (error) {
      if (!hasCode(error, 'Conflict')) throw error;
      // What was done outside the API server counts as well for a resource that was changed or deleted just now.
      const newer = await this.#ask(present);
      return newer !== undefined && (await this.#write(object, newer, readiness, facts, { extra }));
    }
  }

  /** Writes facts beside what the status says. @param object at its newest version, or it fails with Conflict */
  async record(object: T, facts: object, client: KubernetesClient): Promise<void> {
    const { name: fieldManager, kind } = this.#controller;
    const known = (object.status ?? {}) as JsonObject;
    const status = mergePatch(known, { ...known, ...facts });
    if (!status) return;
    const patch = { metadata: { resourceVersion: object.metadata.resourceVersion }, status };
    const written = await client.mergePatch(kind, keyOf(object), patch, { fieldManager, subresource: 'status' });
    this.#services.caches.informer(kind)?.observe(written);
  }

  /** Writes only that the resource is not ready, and why. Everything else that was last known stays. */
  async writeProblem(object: T, problem: Problem): Promise<void> {
    const present = this.#present(object);
    if (!present) return;
    const { conditionTypes = [] } = this.#controller;
    const { conditions = [], ...facts } = present.status ?? {};
    const kept = conditions.filter(({ type }) => conditionTypes.includes(type));
    await this.#write(object, present, { ready: false, ...problem }, facts, { kept });
  }

  async writeFailure(object: T, error: Error): Promise<void> {
    const { message } = error;
    const reason = errorCode(error);
    await this.writeProblem(object, { failed: !isRetryable(error), needsPerson: isTransient(error), reason, message });
  }

  /** The newest version that is known; undefined for a resource that is gone, also when a successor has its name. */
  #present(object: T): T | undefined {
    const present = this.#services.caches.of(this.#controller.kind).get(keyOf(object));
    return present?.metadata.uid === object.metadata.uid ? present : undefined;
  }

  /** The newest version that there is; undefined as above. */
  async #ask(object: T): Promise<T | undefined> {
    const { client, caches } = this.#services;
    const { kind } = this.#controller;
    const newest = await client.get(kind, keyOf(object));
    if (newest?.metadata.uid !== object.metadata.uid) return undefined;
    caches.informer(kind)?.observe(newest);
    return newest;
  }

  async #write(
    { metadata: { generation } }: T,
    present: T,
    readiness: Readiness,
    facts: object,
    { extra, kept = [] }: { readonly extra?: readonly ExtraCondition[] | undefined; readonly kept?: Condition[] },
  ): Promise<boolean> {
    const { client, caches, clock } = this.#services;
    const { name: fieldManager, kind } = this.#controller;
    const previous = present.status?.conditions;
    const conditions = conditionsOf({ previous, readiness, extra, generation, now: clock.now() });
    const wanted = { ...facts, observedGeneration: generation, conditions: [...conditions, ...kept] };
    const status = mergePatch((present.status ?? {}) as JsonObject, wanted);
    if (!status) return true;
    // A difference holds for this version alone. The uid would not do: in a patch of a status the server ignores it.
    const patch = { metadata: { resourceVersion: present.metadata.resourceVersion }, status };
    try {
      const written = await client.mergePatch(kind, keyOf(present), patch, { fieldManager, subresource: 'status' });
      caches.informer(kind)?.observe(written);
    } catch (error) {
      // What was deleted may be gone before the watch says so.
      if (hasCode(error, 'NotFound')) return false;
      throw error;
    }
    this.#reportTransition(present, previous, readiness);
    return true;
  }

  /** One Event and one line of the log for each change of Ready that has been written. */
  #reportTransition(object: T, previous: readonly Condition[] | undefined, readiness: Readiness): void {
    const { recorder, logger } = this.#services;
    const before = previous?.find(({ type }) => type === 'Ready');
    const to = readiness.ready ? 'True' : 'False';
    if (before?.reason === readiness.reason && before.status === to) return;
    const { reason, message } = readiness;
    const isWarning = needsWarning(readiness);
    const type = isWarning ? 'Warning' : 'Normal';
    recorder.record(object, { type, reason, message, controller: this.#controller.name });
    const fields = { kind: object.kind, ...keyOf(object), from: before?.status ?? 'Unknown', to, reason, message };
    logger[isWarning ? 'warn' : 'info'](fields, 'Ready changed');
  }
}
