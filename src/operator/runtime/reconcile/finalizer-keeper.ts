import type { Caches } from '../cache/caches.ts';
import type { BatchController, Managed } from './controller.ts';
import type { KubernetesClient } from '../transport/kubernetes-client.ts';
import { groupOf } from '../object-kind.ts';
import { keyOf } from '../objects.ts';

interface FinalizerServices {
  readonly client: KubernetesClient;
  readonly caches: Caches;
}

/** Puts a controller's finalizer on resources that need it, and takes it off; those of others stay as they are. */
export class FinalizerKeeper<T extends Managed> {
  readonly #controller: Pick<BatchController<T>, 'kind' | 'finalizer'>;
  readonly #services: FinalizerServices;
  readonly #name: string;

  constructor(controller: Pick<BatchController<T>, 'name' | 'kind' | 'finalizer'>, services: FinalizerServices) {
    this.#controller = controller;
    this.#services = services;
    this.#name = `${groupOf(controller.kind)}/${controller.name}`;
  }

  isOn({ metadata }: T): boolean {
    return metadata.finalizers?.includes(this.#name) ?? false;
  }

  /** The object with the finalizer on it, or off it, as it needs. */
  async seeTo(object: T): Promise<T> {
    const needed = this.#controller.finalizer?.needed(object) ?? false;
    if (!needed) return this.takeOff(object);
    return this.isOn(object) ? object : this.#patch(object, [...this.#others(object), this.#name]);
  }

  async takeOff(object: T): Promise<T> {
    return this.isOn(object) ? this.#patch(object, this.#others(object)) : object;
  }

  #others({ metadata }: T): string[] {
    return (metadata.finalizers ?? []).filter((name) => name !== this.#name);
  }

  async #patch(object: T, finalizers: readonly string[]): Promise<T> {
    const { client, caches } = this.#services;
    const { kind } = this.#controller;
    // The version makes it fail, rather than undo what somebody else did to the list meanwhile.
    const { resourceVersion, uid } = object.metadata;
    const patched = await client.mergePatch(kind, keyOf(object), { metadata: { resourceVersion, uid, finalizers } });
    caches.informer(kind)?.observe(patched);
    return patched;
  }
}
