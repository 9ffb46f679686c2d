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
const mostCleared = 500;
const clearedKey = 'kafka-events-cleared-reminders';

/** The reminders that fired, also those from while the page or the API was away, until the user clears them. */
export class Reminders extends Store {
  /** The newest first. @type {Reminder[]} */
  all = [];
  /** Those that the user has not looked at yet: they stand in the corner until somebody does something about them. */
  unseen = /** @type {Reminder[]} */ ([]);

  /** @param {Reminder} reminder @returns {boolean} whether it was news */
  add(reminder) {
    if (this.all.some(({ id }) => id === reminder.id) || cleared().includes(reminder.id)) return false;
    this.all = [reminder, ...this.all]
      .sort((one, other) => other.fired_at.localeCompare(one.fired_at))
      .slice(0, mostKept);
    this.unseen = [reminder, ...this.unseen].slice(0, mostKept);
    this.changed();
    return true;
  }

  /** The toast goes away, the reminder stays in the list. @param {string[]} ids */
  see(ids) {
    this.unseen = this.unseen.filter(({ id }) => !ids.includes(id));
    this.changed();
  }

  /** Gone for good, in this browser. @param {string[]} ids */
  clear(ids) {
    localStorage.setItem(clearedKey, JSON.stringify([...ids, ...cleared()].slice(0, mostCleared)));
    this.all = this.all.filter(({ id }) => !ids.includes(id));
    this.see(ids);
  }

  forget() {
    localStorage.removeItem(clearedKey);
    this.all = [];
    this.unseen = [];
    this.changed();
  }
}

/** @returns {string[]} */
function cleared() {
  /** @type {unknown} */
  const ids = JSON.parse(localStorage.getItem(clearedKey) ?? '[]');
  return Array.isArray(ids) ? ids.filter((id) => typeof id === 'string') : [];
}
