import { Store } from './store.js';

/** @typedef {import('./api.js').Task} Task */

/** The user's tasks: whatever order news of them arrives in, the newest version of each stays. */
export class TaskList extends Store {
  /** @type {Map<string, Task>} */
  #tasks = new Map();
  /** Versions of deleted tasks: a list that was read before must not bring them back. @type {Map<string, number>} */
  #deleted = new Map();
  /** The ids that are in the list that is being read, or came meanwhile. @type {Set<string>} */
  #found = new Set();
  /** False until the list has been read for the first time. */
  isLoaded = false;
  /** @type {Task[] | undefined} */
  #all;

  /** The same array until something changes. */
  get all() {
    return (this.#all ??= [...this.#tasks.values()]);
  }

  /** @override */
  changed() {
    this.#all = undefined;
    super.changed();
  }

  /** @param {string} id */
  get(id) {
    return this.#tasks.get(id);
  }

  /** @param {Task} task @returns {boolean} whether it was news */
  put(task) {
    this.#found.add(task.id);
    const isNews = this.#keep(task);
    if (isNews) this.changed();
    return isNews;
  }

  /** @param {string} id @param {number} version of the deletion @returns {boolean} whether it was news */
  delete(id, version) {
    const known = Math.max(this.#tasks.get(id)?.version ?? 0, this.#deleted.get(id) ?? 0);
    if (version < known) return false;
    this.#deleted.set(id, version);
    if (!this.#tasks.delete(id)) return false;
    this.changed();
    return true;
  }

  /** What the browser has kept, to be shown until the list has been read. @param {Task[]} tasks */
  restore(tasks) {
    if (this.isLoaded) return;
    for (const task of tasks) this.#keep(task);
    this.changed();
  }

  /**
   * The whole list, as it is read page by page: what is not in it is gone, unless it came meanwhile.
   *
   * @param {AsyncIterable<Task[]>} pages
   */
  async load(pages) {
    const found = (this.#found = new Set());
    for await (const page of pages) {
      for (const task of page) {
        found.add(task.id);
        this.#keep(task);
      }
      this.changed();
    }
    for (const id of this.#tasks.keys()) if (!found.has(id)) this.#tasks.delete(id);
    this.isLoaded = true;
    this.changed();
  }

  /** @param {Task} task @returns {boolean} whether it was news */
  #keep(task) {
    const known = Math.max(this.#tasks.get(task.id)?.version ?? 0, this.#deleted.get(task.id) ?? 0);
    if (task.version <= known) return false;
    this.#tasks.set(task.id, task);
    return true;
  }

  clear() {
    this.#tasks.clear();
    this.#deleted.clear();
    this.isLoaded = false;
    this.changed();
  }
}
