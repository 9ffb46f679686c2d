import type { ObjectMeta } from '../../../lib/kubernetes-object.ts';
import { keyText, keyOf, type Key, type KubernetesObject } from '../objects.ts';

/** Returns the values by which an object can be found. */
export type Index<T> = (object: T) => readonly string[];

/** Reads what is cached. */
export interface Lister<T extends KubernetesObject> {
  get(key: Key): T | undefined;
  list(namespace?: string): T[];
  /** Objects for which the index returns the value. The index is built on first use: pass the same function each time. */
  by(index: Index<T>, value: string): T[];
}

/**
 * Objects of one kind by namespace and name; never goes back to an older version of one while it holds it. That what has
 * been removed does not come back is for the informer to see to, which knows how far the watch has come.
 */
export class ObjectCache<T extends KubernetesObject> implements Lister<T> {
  readonly #objects = new Map<string, T>();
  readonly #indexes = new Map<Index<T>, Map<string, Set<string>>>();
  readonly #freeze: boolean;

  /** @param options.freeze whether objects that are put in can no longer be changed, all the way down */
  constructor({ freeze = false }: { readonly freeze?: boolean } = {}) {
    this.#freeze = freeze;
  }

  get(key: Key): T | undefined {
    return this.#objects.get(keyText(key));
  }

  list(namespace?: string): T[] {
    const objects = [...this.#objects.values()];
    return namespace === undefined ? objects : objects.filter(({ metadata }) => metadata.namespace === namespace);
  }

  by(index: Index<T>, value: string): T[] {
    const keys = this.#indexed(index).get(value) ?? [];
    return [...keys].map((key) => this.#objects.get(key)!);
  }

  /** Whether the object was new, or newer than the one before. */
  put(object: T): boolean {
    const key = keyText(keyOf(object));
    const present = this.#objects.get(key);
    if (present && versionOf(object) <= versionOf(present)) return false;
    if (present) this.#unindex(key, present);
    if (this.#freeze) deepFreeze(object);
    this.#objects.set(key, object);
    for (const [index, keysByValue] of this.#indexes) addTo(keysByValue, index(object), key);
    return true;
  }

  remove(key: Key): T | undefined {
    const text = keyText(key);
    const present = this.#objects.get(text);
    if (present) this.#unindex(text, present);
    this.#objects.delete(text);
    return present;
  }

  #indexed(index: Index<T>): Map<string, Set<string>> {
    const known = this.#indexes.get(index);
    if (known) return known;
    const keysByValue = new Map<string, Set<string>>();
    for (const [key, object] of this.#objects) addTo(keysByValue, index(object), key);
    this.#indexes.set(index, keysByValue);
    return keysByValue;
  }

  #unindex(key: string, object: T): void {
    for (const [index, keysByValue] of this.#indexes) {
      for (const value of index(object)) {
        const keys = keysByValue.get(value);
        keys?.delete(key);
        if (keys?.size === 0) keysByValue.delete(value);
      }
    }
  }
}

function addTo(keysByValue: Map<string, Set<string>>, values: readonly string[], key: string): void {
  for (const value of values) {
    const keys = keysByValue.get(value) ?? new Set();
    keysByValue.set(value, keys.add(key));
  }
}

function deepFreeze(value: object): void {
  for (const part of Object.values(value)) if (typeof part === 'object' && part !== null) deepFreeze(part as object);
  Object.freeze(value);
}

/** Versions of one kind are numbers that grow, which Kubernetes promises since 1.35 and has always kept. */
export function versionOf({ metadata }: { readonly metadata: Pick<ObjectMeta, 'resourceVersion'> }): bigint {
  return BigInt(metadata.resourceVersion);
}
