/** @typedef {import('./api.js').Task} Task @typedef {import('./outbox.js').Change} Change */

/**
 * What the browser keeps of one user (IndexedDB): the last list of tasks, to be read without a connection, and the
 * changes that could not be sent yet. A browser that keeps nothing, such as a private window, is no reason to fail.
 */
export class Storage {
  #name;
  /** @type {Promise<IDBDatabase> | undefined} */
  #opened;

  /** @param {string} owner */
  constructor(owner) {
    this.#name = `kafka-events-tasks-${owner}`;
  }

  /** @returns {Promise<Task[] | undefined>} */
  async tasks() {
    const kept = await this.#do('readonly', (store) => store.get('tasks'));
    return /** @type {Task[] | undefined} */ (kept);
  }

  /** @param {Task[]} tasks */
  async keepTasks(tasks) {
    await this.#do('readwrite', (store) => store.put(tasks, 'tasks'));
  }

  /** @returns {Promise<Change[]>} */
  async changes() {
    const kept = await this.#do('readonly', (store) => store.getAll(changeKeys));
    return /** @type {Change[] | undefined} */ (kept) ?? [];
  }

  /** @param {Change} change */
  async put(change) {
    await this.#do('readwrite', (store) => store.put(change, `change ${change.key}`));
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

  /** @param {IDBTransactionMode} mode @param {(store: IDBObjectStore) => IDBRequest} work @returns {Promise<unknown>} */
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

const changeKeys = IDBKeyRange.bound('change ', 'change \uffff');

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
