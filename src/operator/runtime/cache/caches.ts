import type { Informer } from './informer.ts';
import type { ObjectKind } from '../object-kind.ts';
import type { Lister } from './object-cache.ts';
import type { KubernetesObject } from '../objects.ts';

/** What the informers cache: the objects of every kind that a controller watches. */
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

  /** Resolves when every kind has been listed once. */
  async synced(): Promise<void> {
    await Promise.all(this.all().map((informer) => informer.synced));
  }

  /** @throws {Error} until the caches are filled: a process that cannot see the cluster cannot do anything */
  readonly assertSynced = (): void => {
    const waiting = this.all().filter((informer) => !informer.hasSynced);
    if (waiting.length > 0) throw new Error(`not listed yet: ${waiting.map(({ kind }) => kind.plural).join(', ')}`);
  };

  /** @throws {Error} while the caches may be out of date, because neither changes nor bookmarks arrive */
  readonly assertHeard = (): void => {
    const silent = this.all().filter(({ silentSince }) => silentSince);
    const times = silent.map(({ kind, silentSince }) => `${kind.plural} since ${silentSince!.toISOString()}`);
    if (times.length > 0) throw new Error(`nothing heard of ${times.join(', ')}`);
  };
}

/** Kinds are constants, and looked up several times for each object. */
const identities = new WeakMap<ObjectKind, string>();

/** The same kind with other selectors is another set of objects. */
function identity(kind: ObjectKind): string {
  const known = identities.get(kind);
  if (known !== undefined) return known;
  const { apiVersion, plural, labelSelector = '', fieldSelector = '' } = kind;
  const text = `${apiVersion}/${plural}?${labelSelector}&${fieldSelector}`;
  identities.set(kind, text);
  return text;
}
