import type { Informer } from './informer.ts';
import type { ObjectKind } from './kinds.ts';
import type { Lister } from './object-cache.ts';
import type { KubernetesObject } from './objects.ts';

/** What the informers hold: objects of every kind that some controller watches. */
export class Caches {
  readonly #informers = new Map<string, Informer<KubernetesObject>>();

  add(kind: ObjectKind, informer: Informer<KubernetesObject>): void {
    this.#informers.set(identity(kind), informer);
  }

  /** Undefined for a kind that nobody watches. */
  informer<T extends KubernetesObject>(kind: ObjectKind<T>): Informer<T> | undefined {
    // Added by the same kind, so it holds the type that the kind is tied to.
    return this.#informers.get(identity(kind)) as unknown as Informer<T> | undefined;
  }

  /** Reads objects of a kind; the kind must be among the watches of a controller. */
  of<T extends KubernetesObject>(kind: ObjectKind<T>): Lister<T> {
    const informer = this.informer(kind);
    if (!informer) throw new Error(`no controller watches ${kind.plural}`);
    return informer.cache;
  }

  all(): Informer<KubernetesObject>[] {
    return [...this.#informers.values()];
  }
}

/** The same kind under other selectors is another set of objects. */
const identity = ({ apiVersion, plural, labelSelector = '', fieldSelector = '' }: ObjectKind) =>
  `${apiVersion}/${plural}?${labelSelector}&${fieldSelector}`;
