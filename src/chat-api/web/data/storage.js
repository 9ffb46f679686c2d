/** @typedef {import('./api.js').Task} Task @typedef {import('./outbox.js').Change} Change */

/**
 * What the browser keeps of one user (IndexedDB): the last list of tasks, to be read without a connection, and the
 * changes that could not be sent yet. A browser that keeps nothing, such as a private window, is no reason to fail.
 */
export class Storage {
  #name;
  /** The tasks as they were kept, or are about to be. @type {Map<string, Task>} */
  #kept = new Map();
  /** @type {Promise<IDBDatabase> | undefined} */
  #opened;

  /** @param {string} owner */
  constructor(owner) {
    this.#name = `kafka-events-tasks-${owner}`;
  }

  /** @returns {Promise<Task[]>} */
  async tasks() {
    /** @type {Task[]} */
    const tasks = [];
    for (let range = keysOf('task'); ;) {
      const next = /** @type {Task[] | undefined} */ (
        await this.#do('readonly', (store) => store.getAll(range, atOnce))
      );
      tasks.push(...(next ?? []));
      for (const task of next ?? []) this.#kept.set(task.id, task);
      if (!next || next.length < atOnce) return tasks;
      range = keysOf('task', next.at(-1)?.id);
    }
  }

  /** Writes what is new since the last time, not all of thousands of tasks for each change. @param {readonly Task[]} tasks */
  async keepTasks(tasks) {
    const ids = new Set(tasks.map(({ id }) => id));
    const gone = [...this.#kept.keys()].filter((id) => !ids.has(id));
    const changed = tasks.filter((task) => this.#kept.get(task.id) !== task);
    this.#kept = new Map(tasks.map((task) => [task.id, task]));
    const steps = [
      ...gone.map((id) => (/** @type {IDBObjectStore} */ store) => store.delete(`task ${id}`)),
      ...changed.map((task) => (/** @type {IDBObjectStore} */ store) => store.put(task, `task ${task.id}`)),
    ];
    while (steps.length > 0) {
      const [last, ...others] = steps.splice(0, atOnce).toReversed();
      await this.#do('readwrite', (store) => {
        for (const step of others) step(store);
        return last?.(store);
      });
    }
  }

  /** @returns {Promise<Change[]>} */
  async changes() {
    const kept = await this.#do('readonly', (store) => store.getAll(keysOf('change')));
    return /** @type {Change[] | undefined} */ (kept) ?? [];
  }

  /** @param {Change} change */
  async put(change) {
    await this.#do('readwrite', (store) => store.put(change, `change ${change.key}`));
  }

  /** @param {string} key of a change */
  async has(key) {
    return (await this.#do('readonly', (store) => store.count(`change ${key}`))) !== 0;
  }

  /** @param {string} key */
  async delete(key) {
    await this.#do('readwrite', (store) => store.delete(`change ${key}`));
  }

  /** Forgets all of the user. */
  async destroy() {
    const database = await this.#opened?.catch(() => undefined);
    database?.close();
    const deleting = indexedDB.deleteDatabase(this.#name);
    // Another tab has it open still, and closes it when it notices that the user is gone.
    const isBlocked = new Promise((resolve) => deleting.addEventListener('blocked', resolve));
    await Promise.race([result(deleting), isBlocked]).catch(() => {});
  }

  /** @param {IDBTransactionMode} mode @param {(store: IDBObjectStore) => IDBRequest | undefined} work @returns {Promise<unknown>} */
  async #do(mode, work) {
    try {
      const database = await (this.#opened ??= open(this.#name));
      return await result(
        /** @type {IDBRequest<unknown>} */ (work(database.transaction('kept', mode).objectStore('kept'))),
      );
    } catch (error) {
      console.warn('This browser keeps nothing for later', error);
      return undefined;
    }
  }
}

/** So many tasks are read or written at a time: few enough for no frame to wait for it. */
const atOnce = 200;

/** @param {'task' | 'change'} kind @param {string} [after] */
const keysOf = (kind, after = '') => IDBKeyRange.bound(`${kind} ${after}`, `${kind} \uffff`, true);

/** @param {string} name */
function open(name) {
  const opening = indexedDB.open(name, 1);
  opening.addEventListener('upgradeneeded', () => opening.result.createObjectStore('kept'));
  opening.addEventListener('success', () =>
    opening.result.addEventListener('versionchange', () => opening.result.close()),
  );
  return result(opening);
}

/** @template T @param {IDBRequest<T>} asked @returns {Promise<T>} */
function result(asked) {
  return new Promise((resolve, reject) => {
    asked.addEventListener('success', () => resolve(asked.result));
    asked.addEventListener('error', () => reject(asked.error ?? new Error('IndexedDB failed')));
  });
}
