import type { Condition } from '../../../lib/kubernetes-object.ts';
import type { Clock } from '../../../lib/clock.ts';
import { errorCode, isRetryable } from '../../../lib/errors.ts';
import type { Caches } from '../cache/caches.ts';
import { conditionsOf, isExtra, type ExtraCondition } from './conditions.ts';
import type { BatchController, Managed } from './controller.ts';
import type { EventRecorder } from './event-recorder.ts';
import type { KubernetesClient } from '../transport/kubernetes-client.ts';
import type { Problem, Readiness } from './readiness.ts';

interface StatusServices {
  readonly client: KubernetesClient;
  readonly caches: Caches;
  readonly recorder: EventRecorder;
  readonly clock: Clock;
}

/** Writes what a controller saw into the status, and sends nothing when it is there already. */
export class StatusWriter<T extends Managed> {
  readonly #controller: Pick<BatchController<T>, 'name' | 'kind'>;
  readonly #services: StatusServices;

  constructor(controller: Pick<BatchController<T>, 'name' | 'kind'>, services: StatusServices) {
    this.#controller = controller;
    this.#services = services;
  }

  async write(object: T, readiness: Readiness, facts: object, extra?: readonly ExtraCondition[]): Promise<void> {
    const { client, caches, clock } = this.#services;
    const { name: fieldManager, kind } = this.#controller;
    const { generation, name, namespace, uid } = object.metadata;
    const previous = object.status?.conditions;
    const conditions = conditionsOf({ previous, readiness, extra, generation, now: clock.now() });
    const status = { ...facts, observedGeneration: generation, conditions };
    if (sameJson(status, object.status)) return;
    this.#tellTransition(object, previous, readiness);
    const patch = { metadata: { name, namespace, uid }, status };
    const written = await client.apply(kind, patch, { fieldManager, subresource: 'status' });
    caches.informer(kind)?.observe(written);
  }

  /** Tells only that the resource is not ready, and why: what else was seen of it last stays. */
  async writeProblem(object: T, problem: Problem): Promise<void> {
    const { conditions = [], ...facts } = object.status ?? {};
    await this.write(object, { ready: false, ...problem }, facts, conditions.filter(isExtra));
  }

  async writeFailure(object: T, error: Error): Promise<void> {
    const { message } = error;
    await this.writeProblem(object, { failed: !isRetryable(error), reason: errorCode(error), message });
  }

  #tellTransition(object: T, previous: readonly Condition[] | undefined, readiness: Readiness): void {
    const before = previous?.find(({ type }) => type === 'Ready');
    if (before?.reason === readiness.reason && before.status === (readiness.ready ? 'True' : 'False')) return;
    const type = !readiness.ready && readiness.failed ? 'Warning' : 'Normal';
    const { reason, message } = readiness;
    this.#services.recorder.record(object, { type, reason, message, controller: this.#controller.name });
  }
}

/** Equal as JSON: a field that is undefined is no field. */
export function sameJson(one: unknown, other: unknown): boolean {
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return one === other;
  const keys = new Set([...Object.keys(one), ...Object.keys(other)]);
  return (
    Array.isArray(one) === Array.isArray(other) &&
    [...keys].every((key) => sameJson((one as Fields)[key], (other as Fields)[key]))
  );
}

type Fields = Readonly<Record<string, unknown>>;
