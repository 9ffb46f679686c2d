import { keyOf, keyText, type KubernetesObject } from '../objects.ts';
import { versionOf, type ObjectCache } from './object-cache.ts';

type Versioned = Parameters<typeof versionOf>[0];

interface Grave {
  /** The newest known version. */
  readonly seen: bigint;
  readonly isLast: boolean;
}

/**
 * How far a watch has come, and what responses to our own writes have revealed ahead of it.
 *
 * A watch reports changes in order: an object that is not cached, and whose version the watch has passed, has been
 * deleted since. So only what is ahead of the watch has to be remembered, and it is forgotten when the watch, or a list,
 * gets there.
 */
export class WatchProgress<T extends KubernetesObject> {
  #version = 0n;
  /** New objects that are known only from the response to a write, by key. */
  readonly #ahead = new Map<string, T>();
  /** Objects that are gone, by uid. */
  readonly #gone = new Map<string, Grave>();

  /** The version up to which everything has been reported. */
  get version(): bigint {
    return this.#version;
  }

  hasPassed(object: Versioned): boolean {
    return versionOf(object) <= this.#version;
  }

  advance(object: Versioned): void {
    this.#version = versionOf(object);
  }

  /** A list at that version is complete, with objects of these uids. */
  completeList(version: bigint, listed: ReadonlySet<string>): void {
    this.#version = version;
    for (const [uid, { seen, isLast }] of this.#gone) {
      // One that was listed, or is newer than the list, is yet to be told of by the watch, and then that it went.
      if (seen <= version && (isLast || !listed.has(uid))) this.#gone.delete(uid);
    }
    for (const [key, { metadata }] of this.#ahead) if (listed.has(metadata.uid)) this.#ahead.delete(key);
  }

  /**
   * Ignores everything about this object from now on.
   *
   * @param isLast whether it is as it was deleted, according to the watch: then a later version is a return, to what the
   *   kind's selectors match
   */
  bury(object: T, isLast = false): void {
    this.#gone.set(object.metadata.uid, { seen: versionOf(object), isLast });
  }

  /** The watch has reported the deletion, and will report nothing older. */
  unbury({ metadata }: T): void {
    this.#gone.delete(metadata.uid);
  }

  isGone(object: T): boolean {
    const grave = this.#gone.get(object.metadata.uid);
    return grave !== undefined && (!grave.isLast || versionOf(object) <= grave.seen);
  }

  /** The watch is expected to report this object. */
  expect(object: T): void {
    this.#ahead.set(keyText(keyOf(object)), object);
  }

  /** The watch has reported it, and will report its deletion too. */
  confirm(object: T): void {
    const key = keyText(keyOf(object));
    if (this.#ahead.get(key)?.metadata.uid === object.metadata.uid) this.#ahead.delete(key);
  }

  /** What the watch has passed without bringing it: the selectors of the kind leave it out. */
  *passedBy(cache: ObjectCache<T>): Generator<T> {
    for (const [key, { metadata }] of this.#ahead) {
      const present = cache.get(metadata);
      const isStillThere = present?.metadata.uid === metadata.uid;
      // They are nearly in the order of their versions, so that most calls end at the first.
      if (isStillThere && !this.hasPassed(present)) return;
      this.#ahead.delete(key);
      if (isStillThere) yield present;
    }
  }
}
