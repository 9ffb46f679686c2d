import { Store } from './store.js';

/**
 * @typedef {object} Reminder
 * @property {string} id
 * @property {string} task_id
 * @property {string} title
 * @property {string} due_date
 * @property {string} fired_at
 * @property {number} lead_time_seconds
 */

const mostKept = 100;

/** The reminders that fired, also those from while the page or the API was away, until the user clears them. */
export class Reminders extends Store {
  /** The newest first. @type {Reminder[]} */
  all = [];
  /** Those that the user has not looked at yet: they stand in the corner until somebody does something about them. */
  unseen = /** @type {Reminder[]} */ ([]);
  /** The server may send them again. @type {Set<string>} */
  #told = new Set();
  /** Those that were cleared here: the server may not know yet. @type {Set<string>} */
  #cleared = new Set();

  /** The ids that are known now: what `load` may take away, once the list has been read. */
  get ids() {
    return new Set(this.all.map(({ id }) => id));
  }

  /**
   * The whole list as it was read, the newest first: what is not in it was cleared elsewhere, unless it came meanwhile.
   *
   * @param {Reminder[]} reminders @param {Set<string>} before
   */
  load(reminders, before) {
    const listed = new Set(reminders.map(({ id }) => id));
    const later = this.all.filter(({ id }) => !before.has(id) && !listed.has(id));
    this.all = [...later, ...reminders].filter(({ id }) => !this.#cleared.has(id)).slice(0, mostKept);
    const { ids } = this;
    this.unseen = this.unseen.filter(({ id }) => ids.has(id));
    this.changed();
  }

  /** One that has just fired, or fired while the page was away. @param {Reminder} reminder @returns {boolean} whether it was news */
  add(reminder) {
    const { id } = reminder;
    if (this.#cleared.has(id) || this.#told.has(id)) return false;
    this.#told.add(id);
    if (!this.ids.has(id)) this.all = [reminder, ...this.all].slice(0, mostKept);
    this.unseen = [reminder, ...this.unseen].slice(0, mostKept);
    this.changed();
    return true;
  }

  /** The toast goes away, the reminder stays in the list. @param {string[]} ids */
  see(ids) {
    this.unseen = this.unseen.filter(({ id }) => !ids.includes(id));
    this.changed();
  }

  /** @param {string[]} ids */
  clear(ids) {
    for (const id of ids) this.#cleared.add(id);
    this.all = this.all.filter(({ id }) => !ids.includes(id));
    this.see(ids);
  }

  forget() {
    this.all = [];
    this.unseen = [];
    this.#told.clear();
    this.#cleared.clear();
    this.changed();
  }
}
